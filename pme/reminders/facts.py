"""Who is to be reminded of what at an academy now: read from the rooms that know the dates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pme.certificates.expiry import due_by
from pme.enrolment.due import due_until
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.marking.models import Script
from pme.marking.queries import GroupLine, group_lines
from pme.marking.standing import ScriptState
from pme.people.counting import counts_on
from pme.people.models import Membership, Person, Personnel, Role, Teaching
from pme.progress.in_force import IS_REVOKED
from pme.progress.models import CourseCompletion
from pme.progress.models_requalify import Requalification
from pme.reminders.rules import (
    Arrangement,
    Reminder,
    reminder_of_due,
    reminder_of_marking,
    reminder_of_validity,
    week_of,
)

DONE_WITH = (ScriptState.READY, ScriptState.RELEASED)
"""What no marker has to do anything about."""
REQUALIFICATION = "requalification"


@dataclass(frozen=True)
class Told:
    """One reminder: who is told of what. `key` is the same as long as it is the same news."""

    kind: Reminder
    template: str
    person_id: int
    course: str
    day: date
    key: str
    number: int = 0


@dataclass(frozen=True)
class Addressee:
    """Somebody who may be written to, as the academy calls them."""

    email: str
    called: str


def told_at(session: Session, academy_id: int, arranged: Arrangement, *, at: datetime) -> list[Told]:
    """Everything that is worth a reminder at an academy now, whether it was told before or not."""
    today = arranged.today(at)
    found = (
        *_of_dues(session, academy_id, arranged, today),
        *_of_requalifications(session, academy_id, arranged, today),
        *_of_validity(session, academy_id, arranged, today),
        *_of_marking(session, academy_id, arranged, today),
    )
    return [each for each in found if each.kind not in arranged.off]


def addressees(
    session: Session, academy_id: int, person_ids: Iterable[int], *, as_: Role, day: date
) -> dict[int, Addressee]:
    """Those of these people who have a role at an academy on a day: nobody else is written to."""
    counted = exists().where(
        Membership.person_id == Person.id,
        Membership.academy_id == academy_id,
        Membership.role == as_,
        counts_on(day),
    )
    rows = session.execute(
        select(Person.id, Person.email, Personnel.rank, Personnel.name)
        .join(Personnel, (Personnel.person_id == Person.id) & (Personnel.academy_id == academy_id))
        .where(Person.id.in_(set(person_ids)), counted)
    )
    return {row.id: Addressee(row.email, f"{row.rank} {row.name}".strip()) for row in rows}


def _of_dues(session: Session, academy_id: int, arranged: Arrangement, today: date) -> Iterator[Told]:
    held = select(CourseCompletion.enrolment_id).where(CourseCompletion.academy_id == academy_id, ~IS_REVOKED)
    completed = set(session.scalars(held))
    for due in due_until(session, academy_id, today + timedelta(days=arranged.due_days)):
        kind = due.due_on and reminder_of_due(due.due_on, today=today, days=arranged.due_days)
        if due.due_on and kind and due.enrolment_id not in completed:
            key = f"{kind} {due.enrolment_id} {due.due_on}"
            yield Told(kind, kind, due.person_id, due.course, due.due_on, key)


def _of_requalifications(
    session: Session, academy_id: int, arranged: Arrangement, today: date
) -> Iterator[Told]:
    rows = session.execute(
        select(Requalification.id, Requalification.due_on, Enrolment.person_id, Enrolment.course)
        .join(Enrolment, Enrolment.id == Requalification.enrolment_id)
        .where(
            Requalification.academy_id == academy_id,
            Enrolment.academy_id == academy_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Requalification.closed_at.is_(None),
            Requalification.due_on <= today + timedelta(days=arranged.due_days),
        )
    )
    for number, due_on, person_id, course in rows:
        kind = due_on and reminder_of_due(due_on, today=today, days=arranged.due_days)
        if due_on and kind:
            key = f"{REQUALIFICATION} {kind} {number} {due_on}"
            yield Told(Reminder.RECERTIFICATION, REQUALIFICATION, person_id, course, due_on, key)


def _of_validity(session: Session, academy_id: int, arranged: Arrangement, today: date) -> Iterator[Told]:
    days = arranged.recertification_days
    kind = Reminder.RECERTIFICATION
    for due in due_by(session, academy_id, by=today + timedelta(days=days)):
        stage = reminder_of_validity(due.valid_until, today=today, days=days)
        if stage is not None:
            key = f"{kind} {due.enrolment_id} {due.valid_until}" + ("" if stage == days else f" {stage}")
            yield Told(kind, kind, due.person_id, due.course, due.valid_until, key)


def _of_marking(session: Session, academy_id: int, arranged: Arrangement, today: date) -> Iterator[Told]:
    waiting: dict[str, tuple[date, int]] = {}
    for line in group_lines(session, Script.academy_id == academy_id):
        number = _number_in(line)
        if number and line.oldest is not None:
            day, before = waiting.get(line.group.course, (date.max, 0))
            since = line.oldest.astimezone(arranged.time_zone).date()
            waiting[line.group.course] = (min(day, since), before + number)
    teachers = session.execute(
        select(Teaching.person_id, Teaching.course).where(
            Teaching.academy_id == academy_id, Teaching.course.in_(waiting)
        )
    )
    for person_id, course in teachers:
        since, number = waiting[course]
        kind = reminder_of_marking(since, today=today, days=arranged.marking_days)
        if kind is not None:
            key = f"{kind} {course} {person_id} {week_of(today)}"
            yield Told(kind, kind, person_id, course, since, key, number)


def _number_in(line: GroupLine) -> int:
    return sum(number for state, number in line.counts.items() if state not in DONE_WITH)
