"""How long a completion is valid, and whose is about to end: what reminders and reports ask."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.errors import Invalid
from pme.progress.in_force import EDITION_ID, IS_REVOKED, SINCE, InForce
from pme.progress.models import CourseCompletion
from pme.progress.models_requalify import CourseValidity

MONTHS_A_YEAR = 12
MOST_MONTHS = 120
RENEWABLE = timedelta(days=90)
"""How long before its end a holder may begin to renew a completion."""


@dataclass(frozen=True, slots=True)
class Due:
    """A completion that is no longer valid after `valid_until`; `since` is when it was earned or last renewed."""

    enrolment_id: int
    person_id: int
    course: str
    edition_id: int | None
    since: datetime
    valid_until: date


def valid_until(since: datetime, months: int) -> date:
    """The last day of so many months: earned on 31 January for 1 month is valid until 28 (or 29) February."""
    day = since.astimezone(UTC).date()
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def validity_of(session: Session, academy_id: int) -> dict[str, int]:
    """For how many months an academy holds completions to be valid, by course; others are valid for good."""
    rows = session.execute(
        select(CourseValidity.course, CourseValidity.months).where(CourseValidity.academy_id == academy_id)
    )
    return {row.course: row.months for row in rows}


def end_of(session: Session, standing: InForce | None) -> date | None:
    """The last day on which a completion is valid; None where there is none, or no end."""
    months = validity_of(session, standing.academy_id).get(standing.course) if standing else None
    return valid_until(standing.since, months) if standing and months else None


def is_renewable(standing: InForce, until: date | None, *, on: date) -> bool:
    """Whether its holder may begin to renew a completion that is valid until a day."""
    return not standing.is_revoked and until is not None and on >= until - RENEWABLE


def set_validity(
    session: Session, academy_id: int, course: str, *, months: int | None, by: int, at: datetime
) -> None:
    """Say for how many months a completion is valid, None: for good. Raises Invalid out of 1 to 120."""
    if months is None:
        session.execute(
            delete(CourseValidity).where(
                CourseValidity.academy_id == academy_id, CourseValidity.course == course
            )
        )
        return
    if not 1 <= months <= MOST_MONTHS:
        raise Invalid(f"Give the months, from 1 to {MOST_MONTHS}, or nothing for no end.", field="months")
    values: dict[str, object] = {"months": months, "set_by": by, "set_at": at}
    session.execute(
        insert_into(session, CourseValidity)
        .values(academy_id=academy_id, course=course, **values)
        .on_conflict_do_update(index_elements=[CourseValidity.academy_id, CourseValidity.course], set_=values)
    )


def due_for_recertification(session: Session, academy_id: int, *, by: date) -> list[Due]:
    """The completions of an academy whose last valid day is `by` or before, earliest end first.

    Revoked ones and those of students who left are not among them.
    """
    months = validity_of(session, academy_id)
    if not months:
        return []
    # A month has 28 days at least: whoever may be due is read, and the calendar decides.
    latest = {
        course: datetime.combine(by - timedelta(days=28 * number - 1), time.max, UTC)
        for course, number in months.items()
    }
    rows = session.execute(
        select(CourseCompletion.enrolment_id, Enrolment.person_id, CourseCompletion.course, EDITION_ID, SINCE)
        .join(Enrolment, Enrolment.id == CourseCompletion.enrolment_id)
        .where(
            CourseCompletion.academy_id == academy_id,
            Enrolment.academy_id == academy_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            or_(*(and_(CourseCompletion.course == c, day >= SINCE) for c, day in latest.items())),
            ~IS_REVOKED,
        )
    )
    found = [Due(e, p, c, edition, since, valid_until(since, months[c])) for e, p, c, edition, since in rows]
    return sorted((d for d in found if d.valid_until <= by), key=lambda d: (d.valid_until, d.enrolment_id))
