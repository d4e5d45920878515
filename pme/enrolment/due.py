"""Until when each student has time: the date of the cohort, or a later one of their own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from pme import audit
from pme.enrolment.dates import due_of
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus, Extension
from pme.enrolment.noting import note
from pme.errors import Invalid
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST_REASON = 1000
NO_REASON = lazy("Say why. The reason stays within the academy's staff and the course's instructors.")


@dataclass(frozen=True)
class Due:
    """The dates of one enrolment. `due_on` counts; `extended_to` is the student's own date where there is one."""

    enrolment_id: int
    person_id: int
    course: str
    cohort_id: int | None
    cohort: str
    starts_on: date | None
    due_on: date | None
    extended_to: date | None
    changed_at: datetime


def dues(session: Session, academy_id: int, *scope: ColumnElement[bool]) -> list[Due]:
    """The dates of every enrolment in scope at an academy, active or not, those without any date too."""
    return _read(session, _dues(*scope), academy_id=academy_id)


def _dues(*scope: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The statement over enrolments in scope, of the academy that it is given with."""
    newest, mine = aliased(Extension), aliased(Extension)
    academy_id: ColumnElement[int] = bindparam("academy_id")
    latest = (
        select(func.max(newest.id))
        .where(newest.enrolment_id == Enrolment.id, newest.academy_id == academy_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.course,
            Enrolment.cohort_id,
            Enrolment.enrolled_at,
            Cohort.name,
            Cohort.starts_on,
            Cohort.due_on,
            Cohort.changed_at,
            mine.due_on.label("extended_to"),
            mine.at.label("extended_at"),
        )
        .outerjoin(Cohort, (Cohort.id == Enrolment.cohort_id) & (Cohort.academy_id == academy_id))
        .outerjoin(mine, (mine.id == latest) & (mine.academy_id == academy_id))
        .where(Enrolment.academy_id == academy_id, *scope)
        .order_by(Enrolment.id)
    )


def due_column(academy_id: int) -> ColumnElement[date | None]:
    """Until when the student of an enrolment has time, where its cohort is joined: to sort by."""
    newest, mine = aliased(Extension), aliased(Extension)
    latest = (
        select(func.max(newest.id))
        .where(newest.enrolment_id == Enrolment.id, newest.academy_id == academy_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    own = (
        select(mine.due_on)
        .where(mine.id == latest, mine.academy_id == academy_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return case((or_(Cohort.due_on.is_(None), own > Cohort.due_on), own), else_=Cohort.due_on)


DUES = _dues(Enrolment.id.in_(bindparam("enrolment_ids", expanding=True)))
"""Built once: it runs with the first page of every student."""


def _read(session: Session, wanted: Select[*tuple[Any, ...]], **given: object) -> list[Due]:
    rows = session.execute(wanted, given)
    return [
        Due(
            enrolment_id=row.id,
            person_id=row.person_id,
            course=row.course,
            cohort_id=row.cohort_id,
            cohort=row.name or "",
            starts_on=row.starts_on,
            due_on=due_of(row.due_on, row.extended_to),
            extended_to=row.extended_to,
            changed_at=max(at for at in (row.enrolled_at, row.changed_at, row.extended_at) if at),
        )
        for row in rows
    ]


def dues_by_enrolment(session: Session, academy_id: int, ids: Collection[int]) -> dict[int, Due]:
    """The dates of these enrolments of an academy."""
    found = _read(session, DUES, academy_id=academy_id, enrolment_ids=list(ids))
    return {due.enrolment_id: due for due in found}


def due_until(session: Session, academy_id: int, last: date) -> list[Due]:
    """Active enrolments whose due date is on or before a day, for reminders."""
    dated = or_(Cohort.due_on.is_not(None), Enrolment.id.in_(_extended(academy_id)))
    found = dues(session, academy_id, Enrolment.status == EnrolmentStatus.ACTIVE, dated)
    return [due for due in found if due.due_on is not None and due.due_on <= last]


def extensions_of(session: Session, enrolment: Enrolment) -> list[Extension]:
    """Every extension of an enrolment, the newest first."""
    return list(
        session.scalars(
            select(Extension)
            .where(Extension.academy_id == enrolment.academy_id, Extension.enrolment_id == enrolment.id)
            .order_by(Extension.id.desc())
        )
    )


def extend(
    session: Session, enrolment: Enrolment, *, due_on: date, reason: str, by: int, at: datetime
) -> Extension:
    """Give a student a due date of their own. Raises Invalid when it is none, or no reason is given.

    The reason is kept with the extension and nowhere else.
    """
    why = _reason(reason)
    cohort_due = session.scalar(
        select(Cohort.due_on).where(
            Cohort.id == enrolment.cohort_id, Cohort.academy_id == enrolment.academy_id
        )
    )
    if cohort_due is not None and due_on <= cohort_due:
        raise Invalid(
            _("The cohort is due on {day}: give a day after that.", day=f"{cohort_due:%Y-%m-%d}"), field="due"
        )
    before = extensions_of(session, enrolment)[:1]
    extension = Extension(
        academy_id=enrolment.academy_id,
        enrolment_id=enrolment.id,
        due_on=due_on,
        reason=why,
        by_id=by,
        at=at,
    )
    session.add(extension)
    session.flush()
    note(
        session,
        "due date extended",  # not words
        academy_id=enrolment.academy_id,
        by=by,
        subject=f"enrolment {enrolment.id}",
        at=at,
        before={"extension": before[0].id, "due": before[0].due_on.isoformat()} if before else {},
        after={"extension": extension.id, "due": due_on.isoformat()},
    )
    return extension


def extend_many(
    session: Session,
    academy_id: int,
    enrolments: Collection[int],
    *,
    due_on: date,
    reason: str,
    by: int,
    at: datetime,
) -> list[int]:
    """Give many students the same due date of their own; tells who got it.

    Left as they are: withdrawn ones, one's own, and those who have until then or longer in any case. Raises Invalid
    without a reason, or for one that is too long.
    """
    why = _reason(reason)
    ids = list(enrolments)
    taken = select(Enrolment.id).where(
        Enrolment.academy_id == academy_id,
        Enrolment.id.in_(ids),
        Enrolment.status == EnrolmentStatus.ACTIVE,
        Enrolment.person_id != by,
    )
    able = set(session.scalars(taken.with_for_update()))
    known = dues_by_enrolment(session, academy_id, able)
    given = [one for one in sorted(able) if (day := known[one].due_on) is None or day < due_on]
    rows = [
        {
            "academy_id": academy_id,
            "enrolment_id": one,
            "due_on": due_on,
            "reason": why,
            "by_id": by,
            "at": at,
        }
        for one in given
    ]
    if rows:
        session.execute(insert(Extension), rows)
        acts = [
            audit.Act(
                "due date extended",  # not words
                actor=f"person {by}",
                subject=f"enrolment {one}",
                detail={
                    "before": {"due": day.isoformat()} if (day := known[one].due_on) else {},
                    "after": {"due": due_on.isoformat()},
                },
            )
            for one in given
        ]
        audit.record_all(session, acts, at=at, academy_id=academy_id)
    return given


def _reason(reason: str) -> str:
    why = reason.strip()
    if not why:
        raise Invalid(NO_REASON, field="reason")
    if len(why) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {longest_reason} characters.", longest_reason=grouped(LONGEST_REASON)),
            field="reason",
        )
    return why


def _extended(academy_id: int) -> ColumnElement[int]:
    found = select(Extension.enrolment_id).where(Extension.academy_id == academy_id)
    return found.scalar_subquery()
