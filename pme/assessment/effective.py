"""The results in force: of each attempt its current revision, or what it earned on the day.

Whoever shows or counts a result reads it here, in the same statement as the attempt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, func, select
from sqlalchemy.orm import Session

from pme.assessment.levels import Level
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.models_regrade import Revision

BATCH = 500

_attempt, _revision = cast("Table", Attempt.__table__), cast("Table", Revision.__table__)
_own, _revised = _attempt.c, _revision.c

MARKED = _attempt.outerjoin(_revision, and_(_revised.attempt_id == _own.id, _revised.is_current))
"""Attempts with what the columns below need: `select(...).select_from(MARKED)`."""
PERCENT: ColumnElement[float | None] = func.coalesce(_revised.percent, _own.percent)
IS_PASSED: ColumnElement[bool | None] = func.coalesce(_revised.is_passed, _own.is_passed)
LEVEL: ColumnElement[Level | None] = func.coalesce(_revised.level, _own.level)
RESULT: ColumnElement[dict[str, Any] | None] = func.coalesce(_revised.result, _own.result)
IS_REVISED: ColumnElement[bool] = _revised.id.is_not(None)


@dataclass(frozen=True, slots=True)
class EffectiveResult:
    """The result in force of a marked attempt. `percent` is 0-100; `is_revised` where a regrade changed it."""

    attempt_id: int
    enrolment_id: int
    percent: float
    is_passed: bool
    level: Level
    result: Mapping[str, Any]
    is_revised: bool


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt as it is listed, with the result in force; `percent` is None while nothing is earned."""

    id: int
    task: Task
    slug: str
    version_id: int
    number: int
    status: AttemptStatus
    started_at: datetime
    finished_at: datetime | None
    percent: float | None
    is_passed: bool | None
    level: Level | None
    is_revised: bool


LINES = (
    select(
        _own.id,
        _own.task,
        _own.slug,
        _own.version_id,
        _own.number,
        _own.status,
        _own.started_at,
        _own.finished_at,
        PERCENT,
        IS_PASSED,
        LEVEL,
        IS_REVISED,
    )
    .select_from(MARKED)
    .order_by(_own.started_at.desc(), _own.id.desc())
)
RESULTS = (
    select(_own.id, _own.enrolment_id, PERCENT, IS_PASSED, LEVEL, RESULT, IS_REVISED)
    .select_from(MARKED)
    .where(_own.percent.is_not(None))
    .order_by(_own.id)
)


def attempts_of(session: Session, enrolment_id: int, academy_id: int) -> tuple[AttemptLine, ...]:
    """Every attempt of an enrolment, latest first, in one query."""
    rows = session.execute(
        LINES.where(Attempt.enrolment_id == enrolment_id, Attempt.academy_id == academy_id)
    )
    return tuple(AttemptLine(*row) for row in rows)


def effective_result(session: Session, attempt: Attempt) -> EffectiveResult | None:
    """The result in force of one attempt; None while it has none."""
    return next(
        effective_results(session, Attempt.id == attempt.id, Attempt.academy_id == attempt.academy_id), None
    )


def effective_results(session: Session, *where: ColumnElement[bool]) -> Iterator[EffectiveResult]:
    """The results in force of the marked attempts that fit, by attempt; read in batches, columns not entities.

    `where` may speak of `Attempt`; use the columns of this file to read more of them in a statement of your own.
    """
    rows = session.execute(RESULTS.where(*where).execution_options(yield_per=BATCH))
    return (EffectiveResult(*row) for row in rows)
