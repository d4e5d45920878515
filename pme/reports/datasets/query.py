"""How a dataset is asked: the statement that it gives for one academy, over columns and never entities.

Everything that a report joins to a person or an enrolment is of the same academy, and says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Select, SQLColumnExpression, Table, and_, case, func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Task
from pme.content.catalogue import Catalogue
from pme.db import Base
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Person, Personnel
from pme.reports.datasets.chart import Counted, Drawn
from pme.reports.datasets.column import By, Column, Kind, Row, Shape
from pme.reports.datasets.filters import Filters
from pme.words.lazily import lazy

Expression = SQLColumnExpression[Any]
"""What can be selected, compared and sorted by."""
Columns = Mapping[str, Expression]


@dataclass(frozen=True)
class Ask:
    """Whose rows are asked for, narrowed to what, at which moment; titles are those of the catalogue."""

    academy_id: int
    filters: Filters
    at: datetime
    catalogue: Catalogue = field(repr=False)
    told: Callable[[int, int], None] = field(default=lambda _done, _of: None, repr=False)
    """Is told how far it is, by what takes long."""
    within: tuple[date, date] | None = None
    """From which day and before which day a page of the rows lies, where that is known."""

    def during(self, moment: Expression) -> list[ColumnElement[bool]]:
        """That a moment lies in the period."""
        begins, ends = self.filters.begins_at, self.filters.ends_before
        return [
            *([moment >= begins] if begins else []),
            *([moment < ends] if ends else []),
        ]

    def on_days(self, day: Expression) -> list[ColumnElement[bool]]:
        """That a day, in UTC, lies in the period."""
        wanted = self.filters
        return [
            *([day >= wanted.since] if wanted.since else []),
            *([day <= wanted.until] if wanted.until else []),
            *([day >= self.within[0], day < self.within[1]] if self.within else []),
        ]

    def among(self) -> list[ColumnElement[bool]]:
        """That an enrolment and its person are among those asked for; needs `whose`."""
        wanted = self.filters
        named = {
            Personnel.unit: wanted.unit,
            Personnel.nation: wanted.nation,
            Personnel.service: wanted.service,
        }
        return [
            *([Enrolment.course.in_(wanted.courses)] if wanted.courses else []),
            *([Enrolment.cohort_id == wanted.cohort] if wanted.cohort else []),
            *(column == text for column, text in named.items() if text),
        ]

    @property
    def course_title(self) -> ColumnElement[str]:
        """The title of an enrolment's course as it is published now; its name where it is not."""
        titles = {each.content.slug: each.content.title for each in self.catalogue.courses}
        if not titles:
            return func.coalesce(Enrolment.course, "")
        return case(titles, value=Enrolment.course, else_=Enrolment.course)


@dataclass(frozen=True)
class Query:
    """A statement in parts, so that it can be counted, sorted and paged. `ties` puts equal rows in order.

    `bare` is the table that has a row for each row, where `where` speaks of nothing else: quicker to count; its
    columns are `bare_columns` where they are not the same.
    """

    columns: Columns
    source: FromClause
    where: tuple[ColumnElement[bool], ...]
    ties: tuple[Expression, ...]
    group_by: tuple[Expression, ...] = ()
    bare: FromClause | None = None
    bare_columns: Columns | None = None

    def rows(
        self, shape: Shape, *, sort: str = "", skip: int = 0, at_most: int | None = None
    ) -> Select[*tuple[Any, ...]]:
        """The statement of rows in an order; where a cell is empty, its row comes last.

        A page is found by its ties alone, so that the cells of all other rows are never worked out.
        """
        order = self._order(shape, sort)
        found = self._unsorted(shape).order_by(*order)
        if at_most is None or len(self.ties) > 1:
            return found.offset(skip or None).limit(at_most)
        (tie,) = self.ties
        page = select(tie).select_from(self.source).where(*self.where).order_by(*order)
        page = page.offset(skip or None).limit(at_most)
        return found.where(tie.in_(select(page.subquery())))

    def _order(self, shape: Shape, sort: str) -> tuple[Any, ...]:
        key, is_descending = shape.order(sort)
        column = shape.column(key)
        first = self.columns[key].desc() if is_descending else self.columns[key].asc()
        if column is not None and column.may_lack:
            first = first.nulls_last()
        return (first, *(tie.desc() if is_descending else tie.asc() for tie in self.ties))

    def count(self, shape: Shape) -> Select[int]:
        """The statement that counts the rows."""
        if self.group_by:
            return select(func.count()).select_from(self._unsorted(shape).subquery())
        return (
            select(func.count())
            .select_from(self.source if self.bare is None else self.bare)
            .where(*self.where)
        )

    def along(self, chart: Counted) -> Select[Any, int, int]:
        """The statement that counts for a chart: along what, how many, and of how many rows."""
        is_bare = chart.is_bare and self.bare is not None
        along, number = chart.along(self.bare_columns if is_bare and self.bare_columns else self.columns)
        source = self.bare if is_bare and self.bare is not None else self.source
        return select(along, number, func.count()).select_from(source).where(*self.where).group_by(along)

    def _unsorted(self, shape: Shape) -> Select[*tuple[Any, ...]]:
        found: Select[*tuple[Any, ...]] = select(*(self.columns[key].label(key) for key in shape.keys))
        return found.select_from(self.source).where(*self.where).group_by(*self.group_by)


@dataclass(frozen=True)
class Dataset:
    """A dataset: its shape, and either a statement (a row for each thing that happened: any number) or lines
    that are worked out (a row for each thing that is taught: some hundreds).
    """

    shape: Shape
    query: Callable[[Ask], Query] | None = None
    lines: Callable[[Session, Ask], list[Row]] | None = None
    chart: Counted | Drawn | None = None
    tasks: tuple[Task, ...] = ()
    at_most: int | None = None


WHO = (
    Column(
        "person",
        lazy("Person number"),
        Kind.WHOLE,
        lazy("Number of the person in this installation: the same in every dataset, and never given again."),
        is_personal=True,
        in_files_only=True,
    ),
    Column(
        "name",
        lazy("Name"),
        Kind.TEXT,
        lazy("Name as the academy keeps it; otherwise that of the account."),
        is_personal=True,
    ),
    Column(
        "rank",
        lazy("Rank"),
        Kind.TEXT,
        lazy("Rank as the academy keeps it; otherwise that of the account."),
        may_lack=True,
        is_personal=True,
    ),
    Column("nation", lazy("Nation"), Kind.TEXT, lazy("Nation that the person serves."), may_lack=True),
    Column("service", lazy("Service"), Kind.TEXT, lazy("Service or branch of the person."), may_lack=True),
    Column("unit", lazy("Unit"), Kind.TEXT, lazy("Unit of the person."), may_lack=True),
    Column(
        "email",
        lazy("E-mail"),
        Kind.TEXT,
        lazy("Address that the person signs in with."),
        is_personal=True,
        in_files_only=True,
    ),
    Column(
        "external_id",
        lazy("External number"),
        Kind.TEXT,
        lazy("The person's number or name in the academy's own records."),
        may_lack=True,
        is_personal=True,
        in_files_only=True,
    ),
)
"""The columns about a person, the same in every dataset that has a row for each."""

COURSE = (
    Column(
        "course",
        lazy("Course"),
        Kind.TEXT,
        lazy("Name of the course in addresses; it never changes."),
        in_files_only=True,
    ),
    Column(
        "course_title", lazy("Course title"), Kind.TEXT, lazy("Title of the course as it is published now.")
    ),
)
"""The columns about a course."""

COHORT = Column(
    "cohort",
    lazy("Cohort"),
    Kind.TEXT,
    lazy("Cohort in which the course is taken; empty: in none."),
    may_lack=True,
)


def whose(start: type[Base], academy_id: int) -> FromClause:
    """The table of enrolments, or one that names them, joined to what the academy knows of the person.

    Outer joins, though each finds its row: so that the statement keeps the order of the first table's index.
    """
    joined: FromClause = cast("Table", start.__table__)
    if start is not Enrolment:
        mine = and_(Enrolment.id == joined.c.enrolment_id, Enrolment.academy_id == academy_id)
        joined = joined.outerjoin(Enrolment, mine)
    return with_person(joined, academy_id)


def with_person(enrolled: FromClause, academy_id: int) -> FromClause:
    """Enrolments joined to what the academy knows of their people, and to their cohorts."""
    personnel = and_(Personnel.person_id == Enrolment.person_id, Personnel.academy_id == academy_id)
    cohort = and_(Cohort.id == Enrolment.cohort_id, Cohort.academy_id == academy_id)
    return (
        enrolled.outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Personnel, personnel)
        .outerjoin(Cohort, cohort)
    )


def who() -> Columns:
    """The columns of WHO, in statements over `whose`."""
    return {
        "person": Enrolment.person_id,
        "name": func.coalesce(Personnel.name, Person.name),
        "rank": _filled(func.coalesce(Personnel.rank, Person.rank)),
        "nation": _filled(Personnel.nation),
        "service": _filled(Personnel.service),
        "unit": _filled(Personnel.unit),
        "email": Person.email,
        "external_id": _filled(Personnel.external_id),
    }


def course_columns(ask: Ask) -> Columns:
    """The columns of COURSE and the cohort, in statements over `whose`."""
    return {"course": Enrolment.course, "course_title": ask.course_title, "cohort": Cohort.name}


def only(*filters: By) -> tuple[By, ...]:
    """Filters in the order in which a form shows them."""
    return tuple(by for by in By if by in filters)


def _filled(column: Any) -> ColumnElement[Any]:
    return func.nullif(column, "")
