"""Which rows of an act may be put back now, and why the others may not.

People are whole: one row that is left leaves all of theirs.
"""

from collections.abc import Sequence

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from pme.db import Base
from pme.enrolment.models import Enrolment, EnrolmentStatus, Extension
from pme.outbox.models import LetterState
from pme.people.granting import may_change
from pme.people.memberships import By
from pme.people.models import BrowserSession, Membership, Person, Role, Standing, Teaching
from pme.progress.models import CourseCompletion
from pme.undoing.cohorts import unfit
from pme.undoing.models import Change, ChangedRow, Thing
from pme.undoing.requests import asked_anew
from pme.undoing.things import AT_ONCE, Row, rows_of
from pme.undoing.verdict import Why, verdict

OF_A_RECORD = (Thing.MEMBERSHIP, Thing.RECORD, Thing.ALLOWANCE)
TAKEN_ALONG = (
    "personnel",
    "membership",
    "enrolment",
    "accommodation",
    "personnel_change",
    "account_link",
    "letter",
    "changed_row",
)
"""What goes with somebody whom an act added and undoing takes back; all else rests on them."""

FIRST = [Why.ENTERED, Why.COMPLETED, Why.BEGUN, Why.ABOVE, Why.CHANGED, Why.UNFIT, Why.SENT, Why.GONE]
"""Of several reasons, which one is told."""


def foreseen(
    session: Session, change: Change, rows: Sequence[ChangedRow], by: By, *, is_held: bool = False
) -> dict[int, Why]:
    """Why rows of an act would stay as they are if it were undone now, by the id of each such row."""
    found: dict[int, Why] = {}
    arrived = _arrived(session, change)
    for thing in Thing:
        some = [row for row in rows if row.thing is thing]
        if some:
            found |= _of_things(session, change, thing, some, by, arrived, is_held=is_held)
    left: dict[int, Why] = {}
    for row in rows:
        if row.person_id and row.id in found:
            left[row.person_id] = min(left.get(row.person_id, found[row.id]), found[row.id], key=FIRST.index)
    return found | {row.id: left[row.person_id] for row in rows if row.person_id in left}


def _of_things(
    session: Session,
    change: Change,
    thing: Thing,
    rows: Sequence[ChangedRow],
    by: By,
    arrived: dict[int, Why],
    *,
    is_held: bool,
) -> dict[int, Why]:
    academy_id, ids = change.academy_id, [row.thing_id for row in rows]
    stands = rows_of(session, thing, academy_id, ids, is_held=is_held)
    is_enrolment, is_membership = thing is Thing.ENROLMENT, thing is Thing.MEMBERSHIP
    completed = completed_since(session, change, ids) if is_enrolment else set()
    made = [row.thing_id for row in rows if row.was is None]
    in_use = used(session, academy_id, made) if is_enrolment and made else set()
    if is_membership and made:
        in_use = _resting_on_roles(session, change, made)
    newest = newest_extensions(session, academy_id, ids) if thing is Thing.EXTENSION else set(ids)
    above = _above(session, change, rows, by, is_membership) if thing in OF_A_RECORD else set()
    past = unfit(session, academy_id, rows) if thing is Thing.COHORT else set()
    if thing is Thing.REQUEST:
        past = asked_anew(session, academy_id, ids)
    found = {}
    for row in rows:
        now = stands.get(row.thing_id)
        is_same = now is not None and now.person_id == row.person_id
        why = verdict(
            row.became if row.thing_id in newest else None,
            now.facts if now is not None and is_same else None,
            is_completed=row.thing_id in completed,
            is_used=row.thing_id in in_use or (thing is Thing.RECORD and row.person_id in arrived),
            is_above=row.person_id in above,
            is_sent=thing is Thing.LETTER and now is not None and now.facts["state"] == LetterState.SENT,
            is_unfit=row.thing_id in past,
            has_entered=_has_entered(row, now) or arrived.get(row.person_id or 0) is Why.ENTERED,
        )
        if why is not None:
            found[row.id] = why
    return found


def completed_since(session: Session, change: Change, ids: Sequence[int]) -> set[int]:
    """The enrolments that completed their course when the act was done or later."""
    found: set[int] = set()
    for begin in range(0, len(ids), AT_ONCE):
        wanted = select(CourseCompletion.enrolment_id).where(
            CourseCompletion.academy_id == change.academy_id,
            CourseCompletion.enrolment_id.in_(ids[begin : begin + AT_ONCE]),
            CourseCompletion.completed_at >= change.at,
        )
        found |= set(session.scalars(wanted))
    return found


def used(session: Session, academy_id: int, ids: Sequence[int]) -> set[int]:
    """The enrolments that some other row of the database refers to, whichever table it is of."""
    found: set[int] = set()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is not Enrolment.__table__.c.id:
                continue
            for begin in range(0, len(ids), AT_ONCE):
                wanted = select(key.parent).where(key.parent.in_(ids[begin : begin + AT_ONCE]))
                if "academy_id" in table.c:
                    wanted = wanted.where(table.c.academy_id == academy_id)
                found |= set(session.scalars(wanted.distinct()))
    return found


def newest_extensions(session: Session, academy_id: int, ids: Sequence[int]) -> set[int]:
    """Those of these extensions after which their enrolment was given none."""
    mine = select(Extension.enrolment_id).where(Extension.academy_id == academy_id, Extension.id.in_(ids))
    newest = (
        select(func.max(Extension.id))
        .where(Extension.academy_id == academy_id, Extension.enrolment_id.in_(mine))
        .group_by(Extension.enrolment_id)
    )
    return set(session.scalars(newest)) & set(ids)


def _arrived(session: Session, change: Change) -> dict[int, Why]:
    """Of the people whom an act added, those who have come in since, or on whom something rests by now."""
    added = select(ChangedRow.person_id).where(
        ChangedRow.academy_id == change.academy_id,
        ChangedRow.change_id == change.id,
        ChangedRow.thing == Thing.RECORD,
        ChangedRow.was.is_(null()),
        ChangedRow.person_id.is_not(None),
    )
    people = set(session.scalars(added))
    if not people:
        return {}
    found: dict[int, Why] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in TAKEN_ALONG or "academy_id" not in table.c:
            continue
        for key in table.foreign_keys:
            if key.column is not Person.__table__.c.id:
                continue
            rests = select(key.parent).where(table.c.academy_id == change.academy_id, key.parent.in_(added))
            found |= dict.fromkeys(session.scalars(rests.distinct()), Why.BEGUN)
    came_in = select(BrowserSession.person_id).where(
        BrowserSession.academy_id == change.academy_id, BrowserSession.person_id.in_(added)
    )
    return (
        found
        | dict.fromkeys(session.scalars(came_in.distinct()), Why.ENTERED)
        | _enrolled(session, change, added)
    )


def _enrolled(session: Session, change: Change, added: object) -> dict[int, Why]:
    """Those of the added who were enrolled by somebody else."""
    own = select(ChangedRow.thing_id).where(
        ChangedRow.academy_id == change.academy_id,
        ChangedRow.change_id == change.id,
        ChangedRow.thing == Thing.ENROLMENT,
    )
    others = select(Enrolment.person_id).where(
        Enrolment.academy_id == change.academy_id,
        Enrolment.person_id.in_(added),  # type: ignore[arg-type]
        Enrolment.id.not_in(own),
    )
    return dict.fromkeys(session.scalars(others.distinct()), Why.BEGUN)


def _has_entered(row: ChangedRow, now: Row | None) -> bool:
    """Whether somebody who was added as invited has accepted."""
    if row.thing is not Thing.MEMBERSHIP or row.was is not None or now is None:
        return False
    return bool(row.became["standing"] == Standing.INVITED != now.facts["standing"])


def _resting_on_roles(session: Session, change: Change, made: Sequence[int]) -> set[int]:
    """The memberships among these on which something rests: courses taught, or taken otherwise than by the act."""
    own = select(ChangedRow.thing_id).where(
        ChangedRow.academy_id == change.academy_id,
        ChangedRow.change_id == change.id,
        ChangedRow.thing == Thing.ENROLMENT,
        ChangedRow.was.is_(null()),
    )
    rests = {
        Role.INSTRUCTOR: select(Teaching.person_id).where(Teaching.academy_id == change.academy_id),
        Role.STUDENT: select(Enrolment.person_id).where(
            Enrolment.academy_id == change.academy_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Enrolment.id.not_in(own),
        ),
    }
    found: set[int] = set()
    for role, people in rests.items():
        for begin in range(0, len(made), AT_ONCE):
            wanted = select(Membership.id).where(
                Membership.academy_id == change.academy_id,
                Membership.id.in_(made[begin : begin + AT_ONCE]),
                Membership.role == role,
                Membership.person_id.in_(people),
            )
            found |= set(session.scalars(wanted))
    return found


def _above(
    session: Session, change: Change, rows: Sequence[ChangedRow], by: By, is_standing: bool
) -> set[int | None]:
    """The people of whom the one who undoes may change nothing; their own standing is no one's to change either."""
    people = sorted({row.person_id for row in rows if row.person_id is not None})
    held: dict[int, set[Role]] = {}
    for begin in range(0, len(people), AT_ONCE):
        found = session.execute(
            select(Membership.person_id, Membership.role).where(
                Membership.academy_id == change.academy_id,
                Membership.person_id.in_(people[begin : begin + AT_ONCE]),
            )
        )
        for person_id, role in found:
            held.setdefault(person_id, set()).add(role)
    return {
        each
        for each in people
        if (is_standing and each == by.person_id) or not may_change(by.roles, held.get(each, set()))
    }
