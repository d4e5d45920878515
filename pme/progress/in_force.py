"""How completions stand now: the row of the day, and the last that happened to it.

Whoever shows, counts or exports completions reads these columns in the statement that reads
`CourseCompletion`: `select(CourseCompletion.course, PERCENT, EDITION_ID).where(..., ~IS_REVOKED)`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from pme.progress.models import CompletionEvent, CourseCompletion, EventKind

SETTLES = (EventKind.REVOKED, EventKind.RESTORED, EventKind.REQUALIFIED)
"""What says whether a completion counts: the last of them does."""
RENEWS = (EventKind.EARNED, EventKind.REQUALIFIED)
"""What makes a completion valid anew, in an edition."""


def _last(column: InstrumentedAttribute[Any], *kinds: EventKind) -> ScalarSelect[Any]:
    event = aliased(CompletionEvent)
    return (
        select(getattr(event, column.key))
        .where(
            event.enrolment_id == CourseCompletion.enrolment_id,
            event.academy_id == CourseCompletion.academy_id,
            event.kind.in_(kinds),
        )
        .order_by(event.id.desc())
        .limit(1)
        .correlate(CourseCompletion)
        .scalar_subquery()
    )


PERCENT: ColumnElement[float] = func.coalesce(
    _last(CompletionEvent.percent, EventKind.EARNED, EventKind.AMENDED), CourseCompletion.percent
)
"""The result in force, 0-100: that of the day, or what the last regrade made of it."""
EDITION_ID: ColumnElement[int | None] = func.coalesce(
    _last(CompletionEvent.edition_id, *RENEWS), CourseCompletion.edition_id
)
"""The edition that the holder is qualified in."""
SINCE: ColumnElement[datetime] = func.coalesce(
    _last(CompletionEvent.at, *RENEWS), CourseCompletion.completed_at
)
"""Since when: earned, or the last requalification."""
IS_REVOKED: ColumnElement[bool] = func.coalesce(_last(CompletionEvent.kind, *SETTLES), "").__eq__(
    EventKind.REVOKED.value
)


@dataclass(frozen=True, slots=True)
class InForce:
    """A completion as it stands now. `percent` is 0-100."""

    enrolment_id: int
    academy_id: int
    course: str
    percent: float
    edition_id: int | None
    version_id: int
    completed_at: datetime
    since: datetime
    is_revoked: bool


def completion_in_force(session: Session, academy_id: int, enrolment_id: int) -> InForce | None:
    """How the completion of an enrolment stands, or None where there is none."""
    return next(
        iter(completions_in_force(session, academy_id, CourseCompletion.enrolment_id == enrolment_id)), None
    )


def completions_in_force(session: Session, academy_id: int, *where: ColumnElement[bool]) -> list[InForce]:
    """How the completions of an academy that fit stand, by enrolment; `where` may speak of `CourseCompletion`."""
    rows = session.execute(_in_force(*where), {"academy_id": academy_id})
    return [InForce(*row) for row in rows]


def completions_of(session: Session, academy_id: int, enrolment_ids: Collection[int]) -> list[InForce]:
    """How the completions of these enrolments of an academy stand, by enrolment."""
    rows = session.execute(IN_FORCE, {"academy_id": academy_id, "enrolment_ids": list(enrolment_ids)})
    return [InForce(*row) for row in rows]


def _in_force(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CourseCompletion.enrolment_id,
            CourseCompletion.academy_id,
            CourseCompletion.course,
            PERCENT,
            EDITION_ID,
            CourseCompletion.version_id,
            CourseCompletion.completed_at,
            SINCE,
            IS_REVOKED,
        )
        .where(CourseCompletion.academy_id == bindparam("academy_id"), *where)
        .order_by(CourseCompletion.enrolment_id)
    )


IN_FORCE = _in_force(CourseCompletion.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)))
"""Built once: it runs with the first page of every student."""


def events_of(session: Session, academy_id: int, enrolment_id: int) -> list[CompletionEvent]:
    """Everything that happened to the completion of an enrolment, in its order."""
    return list(
        session.scalars(
            select(CompletionEvent)
            .where(CompletionEvent.academy_id == academy_id, CompletionEvent.enrolment_id == enrolment_id)
            .order_by(CompletionEvent.id)
        )
    )
