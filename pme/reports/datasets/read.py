"""Reads a dataset: all rows in order, a page of them, how many. In the caller's session, so that several
datasets can be read from one snapshot.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from pme.content import catalogue
from pme.errors import Unavailable
from pme.reports.datasets.chart import Along, Chart, Counted, Drawn, counted, drawn
from pme.reports.datasets.column import Row, Shape
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.query import Ask, Dataset, Query
from pme.reports.datasets.registry import DATASETS
from pme.reports.datasets.taken import basis_of
from pme.reports.kept import Standing, Subject, standing
from pme.words.speech import _

BATCH = 1_000


class NotWorkedOut(Unavailable):
    """Lines that take long are asked for, and nobody has let them be worked out yet."""

    def __init__(self) -> None:
        super().__init__(
            _("These figures have not been calculated yet. Ask for them on the page of their report.")
        )


class Reading:
    """A dataset of one academy, narrowed and in order, ready to be read once or more than once.

    `at` is the moment that it speaks of. What lines there are is worked out once; where that takes long, they are
    those that are kept, and `standing` tells of which moment. `is_patient`: they are worked out in any case.
    """

    def __init__(
        self,
        session: Session,
        dataset: Dataset,
        academy_id: int,
        filters: Filters | None = None,
        *,
        at: datetime,
        sort: str = "",
        is_patient: bool = False,
    ) -> None:
        self.dataset = dataset
        self.shape = dataset.shape
        self.sort = sort
        self._session = session
        self._ask = Ask(academy_id, filters or Filters(), at, catalogue.current(session))
        self._is_patient = is_patient
        self._lines: list[Row] | None = None
        self._totals: list[tuple[Any, int, int]] | None = None

    @cached_property
    def standing(self) -> Standing | None:
        """How the figures stand that are kept; None where they are worked out here and now."""
        most, ask = self.dataset.at_most, self._ask
        if most is None or self._is_patient:
            return None
        basis = basis_of(self._session, ask, self.dataset.tasks)
        if sum(basis.values()) <= most:
            return None
        subject = Subject(ask.academy_id, self.shape.name, self._kept_as)
        return standing(self._session, subject, basis, wanted=ask.filters.courses)

    @property
    def as_of(self) -> datetime | None:
        """The moment that kept figures are as of; None where they are of now."""
        return self.standing.as_of if self.standing else None

    def count(self) -> int:
        """How many rows there are."""
        query = self._query()
        if query is None:
            return len(self._sorted())
        if self._totals is not None:
            return sum(rows for _, _, rows in self._totals)
        return self._session.scalar(query.count(self.shape)) or 0

    def rows(self, *, skip: int = 0, at_most: int | None = None) -> Generator[Row]:
        """The rows in order, in batches, each a tuple in the order of the columns. Close it where you stop early."""
        query = self._query()
        if query is None:
            yield from self._sorted()[skip : None if at_most is None else skip + at_most]
            return
        if at_most is not None:
            query, skip = self._narrowed(query, skip, at_most)
        statement = query.rows(self.shape, sort=self.sort, skip=skip, at_most=at_most)
        found = self._session.connection().execute(statement.execution_options(yield_per=BATCH))
        with closing(found):
            for some in found.partitions():
                yield from map(tuple, some)

    def _narrowed(self, query: Query, skip: int, at_most: int) -> tuple[Query, int]:
        """Where it is known from the chart how many rows each week has, only the weeks of a page are looked through."""
        shape, (key, is_descending) = self.dataset.chart, self.shape.order(self.sort)
        dataset = self.dataset.query
        if not isinstance(shape, Counted) or shape.days is None or not self._totals or dataset is None:
            return query, skip
        if query.bare is None or key != self.shape.order(self.shape.sort)[0]:
            return query, skip
        steps = shape.steps(sorted(self._totals, key=_step, reverse=is_descending), skip, at_most)
        if steps is None:
            return query, skip
        begins, ends = sorted(_day(step) for step in steps[:2])
        within = (begins, ends + timedelta(days=shape.days))
        return dataset(replace(self._ask, within=within)), steps[2]

    def chart(self) -> Chart | None:
        """The picture of the rows, if the dataset has one and there is anything to draw.

        Where it is counted by the database, the rows are counted with it: ask for it before their number.
        """
        shape, query = self.dataset.chart, self._query()
        if isinstance(shape, Counted) and query is not None:
            self._totals = [tuple(row) for row in self._session.execute(query.along(shape)).all()]
            chart = counted(shape, [(along, number) for along, number, _ in self._totals])
        elif isinstance(shape, Drawn):
            chart = drawn(self.shape, shape, self._sorted())
        else:
            return None
        return chart if any(bar.value for bar in chart.bars) else None

    def numbers(self, along: Along) -> list[tuple[Any, int]]:
        """What the rows of a dataset with a statement count to, along something: counted by the database."""
        query = self._query()
        if query is None:
            raise TypeError("the lines of this dataset are not counted by the database")
        found = self._session.execute(query.along(Counted("", ("", ""), along))).all()
        return [(each, number) for each, number, _ in found]

    def _query(self) -> Query | None:
        return self.dataset.query(self._ask) if self.dataset.query else None

    def _sorted(self) -> list[Row]:
        if self._lines is None:
            self._lines = in_order(self.shape, self._found(), self.sort)
        return self._lines

    def _found(self) -> list[Row]:
        """The lines in whatever order, worked out or kept."""
        if self.standing is None:
            return self.dataset.lines(self._session, self._ask) if self.dataset.lines else []
        if not self.standing.is_there:
            raise NotWorkedOut
        place, courses = self.shape.keys.index("course"), self._ask.filters.courses
        lines = (tuple(line) for line in self.standing.figures)
        return [line for line in lines if not courses or line[place] in courses]

    @property
    def _kept_as(self) -> dict[str, Any]:
        """What the kept figures are narrowed to: those of all courses serve whoever asks for some."""
        kept = self._ask.filters.kept()
        return {} if kept.keys() <= {"courses"} else kept


def rows(
    session: Session,
    dataset: Dataset | str,
    academy_id: int,
    filters: Filters | None = None,
    *,
    at: datetime,
    sort: str = "",
) -> Iterator[Row]:
    """The rows of a dataset of one academy, in the caller's session and so in its snapshot."""
    found = DATASETS[dataset] if isinstance(dataset, str) else dataset
    return Reading(session, found, academy_id, filters, at=at, sort=sort).rows()


def _step(total: tuple[Any, int, int]) -> str:
    return str(total[0])


def _day(step: Any) -> date:
    return date.fromisoformat(str(step))


def in_order(shape: Shape, lines: list[Row], sort: str) -> list[Row]:
    """Lines in an order; where a cell is empty, its line comes last, whichever way."""
    key, is_descending = shape.order(sort)
    place = shape.keys.index(key)
    full = [line for line in lines if line[place] is not None]
    empty = [line for line in lines if line[place] is None]

    def cell(line: Row) -> Any:
        return line[place]

    return sorted(full, key=cell, reverse=is_descending) + empty
