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
from pme.words.speech import _

MONTHS_A_YEAR = 12
MOST_MONTHS = 120
RENEWABLE = timedelta(days=90)
"""How long before its end a holder may begin to renew a completion."""


@dataclass(frozen=True, slots=True)
class Term:
    """For how long a completion is valid: some months, or until the same day (`month`, `day`) of every year."""

    months: int | None = None
    month: int | None = None
    day: int | None = None

    def end(self, since: datetime) -> date:
        """The last valid day of what was earned or renewed at a moment.

        A fixed day so near that it could be renewed already counts for what was earned before; the next one ends this.
        """
        if self.months is not None:
            return valid_until(since, self.months)
        first = since.astimezone(UTC).date() + RENEWABLE + timedelta(days=1)
        here = date(first.year, self.month or 12, self.day or 31)
        return here if here >= first else here.replace(year=first.year + 1)

    @property
    def shortest(self) -> timedelta:
        """The least time that anything is valid by it: a month has 28 days at least."""
        return RENEWABLE if self.months is None else timedelta(days=28 * self.months)


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


def validity_of(session: Session, academy_id: int) -> dict[str, Term]:
    """For how long an academy holds completions to be valid, by course; others are valid for good."""
    rows = session.execute(
        select(
            CourseValidity.course, CourseValidity.months, CourseValidity.until_month, CourseValidity.until_day
        ).where(CourseValidity.academy_id == academy_id)
    )
    return {course: Term(months, month, day) for course, months, month, day in rows}


def end_after(session: Session, academy_id: int, course: str, *, since: datetime) -> date | None:
    """The last day on which what is earned or renewed at a moment is valid; None for no end."""
    term = validity_of(session, academy_id).get(course)
    return term.end(since) if term else None


def end_of(session: Session, standing: InForce | None) -> date | None:
    """The last day on which a completion is valid; None where there is none, or no end."""
    if standing is None:
        return None
    return end_after(session, standing.academy_id, standing.course, since=standing.since)


def is_renewable(standing: InForce, until: date | None, *, on: date) -> bool:
    """Whether its holder may begin to renew a completion that is valid until a day."""
    return not standing.is_revoked and until is not None and on >= until - RENEWABLE


def set_validity(
    session: Session, academy_id: int, course: str, term: Term | None, *, by: int, at: datetime
) -> None:
    """Say for how long a completion is valid, None: for good. Raises Invalid for what is no term."""
    if term is None:
        session.execute(
            delete(CourseValidity).where(
                CourseValidity.academy_id == academy_id, CourseValidity.course == course
            )
        )
        return
    if term.months is not None and (term.month, term.day) != (None, None):
        raise Invalid(_("Give either the months or the day of every year, not both."), field="months")
    if term.months is not None and not 1 <= term.months <= MOST_MONTHS:
        raise Invalid(
            _("Give the months, from 1 to {most}, or nothing for no end.", most=MOST_MONTHS),
            field="months",
        )
    if term.months is None and not _is_day_of_every_year(term):
        raise Invalid(_("Give a day that every year has, such as 31 December."), field="day")
    values: dict[str, object] = {
        "months": term.months,
        "until_month": term.month,
        "until_day": term.day,
        "set_by": by,
        "set_at": at,
    }
    session.execute(
        insert_into(session, CourseValidity)
        .values(academy_id=academy_id, course=course, **values)
        .on_conflict_do_update(index_elements=[CourseValidity.academy_id, CourseValidity.course], set_=values)
    )


def _is_day_of_every_year(term: Term) -> bool:
    try:
        date(2025, term.month or 0, term.day or 0)  # no leap year
    except ValueError:
        return False
    return True


def due_for_recertification(session: Session, academy_id: int, *, by: date) -> list[Due]:
    """The completions of an academy whose last valid day is `by` or before, earliest end first.

    Revoked ones and those of students who left are not among them.
    """
    terms = validity_of(session, academy_id)
    if not terms:
        return []
    # Whoever may be due is read, and the calendar decides.
    latest = {
        course: datetime.combine(by - term.shortest + timedelta(days=1), time.max, UTC)
        for course, term in terms.items()
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
    found = [Due(e, p, c, edition, since, terms[c].end(since)) for e, p, c, edition, since in rows]
    return sorted((d for d in found if d.valid_until <= by), key=lambda d: (d.valid_until, d.enrolment_id))
