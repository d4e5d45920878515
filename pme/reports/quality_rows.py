"""The statements that the figures of quality are read by, in an order in which editions come one after the other.

Whoever reads one edition and whoever reads all of them send the same statements, as many.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, Select, Text, cast, select
from sqlalchemy.orm import Session

from pme.assessment.effective import IS_PASSED, MARKED, PERCENT, RESULT
from pme.assessment.models import Attempt, Decision, Response
from pme.enrolment.models import Cohort, Enrolment

BATCH = 5_000
Where = Sequence[ColumnElement[bool]]
AnyRow = Row[*tuple[Any, ...]]
Batch = Sequence[AnyRow]
# Columns of tables, read through the session's connection: 200,000 rows come in half the time of models' columns.
_attempt, _response, _decision = Attempt.__table__.c, Response.__table__.c, Decision.__table__.c
EDITION = (_attempt.course, _attempt.task, _attempt.slug, _attempt.version_id)
"""What attempts are put in order by, before their ids: so that those at one edition in one course lie together."""


class Stream:
    """Rows of attempts in the order of their editions, given out edition by edition and never all at once.

    The first column is the attempt's id.
    """

    def __init__(self, session: Session, statement: Select[*tuple[Any, ...]]) -> None:
        found: Result[*tuple[Any, ...]] = session.connection().execute(
            statement.execution_options(yield_per=BATCH)
        )
        self._found = found
        self._batches = iter(found.partitions())
        self._held: Batch = ()

    def close(self) -> None:
        """Let go what was not read."""
        self._found.close()

    def of(self, attempts: Mapping[int, int]) -> Iterator[Batch]:
        """The next rows, as long as they are of these attempts, batch by batch."""
        return self._while(lambda row: row[0] in attempts)

    def edition(self, course: str, version_id: int) -> Iterator[Batch]:
        """The next rows, as long as they are of this edition: of marks, whose last columns tell it."""
        return self._while(lambda row: row[-1] == version_id and row[-2] == course)

    def all(self) -> Iterator[Batch]:
        """Every row."""
        return self._while(lambda _: True)

    def _while(self, fits: Callable[[AnyRow], bool]) -> Iterator[Batch]:
        while self._held or self._more():
            held = self._held
            # Those of other editions can only come after them: where the last one fits, all do.
            here = len(held) if fits(held[-1]) else next(n for n, row in enumerate(held) if not fits(row))
            self._held = held[here:]
            if here:
                yield held[:here]
            if self._held:
                return

    def _more(self) -> bool:
        self._held = next(self._batches, ())
        return bool(self._held)


def marks(session: Session, where: Where) -> Stream:
    """What is in force of the attempts that fit, and the cohorts of who made them."""
    return Stream(
        session,
        select(
            _attempt.id,
            _attempt.started_at,
            PERCENT,
            IS_PASSED,
            RESULT,
            Cohort.id,
            Cohort.name,
            _attempt.course,
            _attempt.version_id,
        )
        .select_from(MARKED)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(*where)
        .order_by(*EDITION, _attempt.id),
    )


def answers(session: Session, where: Where) -> Stream:
    """The answers to questions in the attempts that fit."""
    return Stream(
        session,
        select(
            _response.attempt_id,
            _response.item,
            cast(_response.answer, Text),  # told apart as text; each distinct one is parsed once
            _response.confidence,
            _response.seconds,
        )
        .join(Attempt, Attempt.id == _response.attempt_id)
        .where(*where)
        .order_by(*EDITION, _attempt.id),
    )


def decisions(session: Session, where: Where) -> Stream:
    """The decisions in the attempts that fit, in the order in which they were taken."""
    return Stream(
        session,
        select(
            _decision.attempt_id,
            _decision.node,
            _decision.choice,
            _decision.decided_at,
            _decision.taken_back_at,
        )
        .join(Attempt, Attempt.id == _decision.attempt_id)
        .where(*where)
        .order_by(*EDITION, _attempt.id, _decision.sequence),
    )
