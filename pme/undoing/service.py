"""Acts on changes: keep one with all that it changed, and undo it: all of it that nobody changed since, in one step.

Everything happens inside one writing transaction of the caller. What an act changed is found by comparing what stood
before it with what stands after it, so that no act has to tell, and none can forget a row.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict
from pme.people.granting import may_change
from pme.people.memberships import By, administrators_stay
from pme.people.models import Membership, Role
from pme.people.models_history import Fact, PersonnelChange
from pme.undoing.models import Change, ChangedRow, Did, Thing
from pme.undoing.things import Row, completed_since, newest_extensions, put_back, rows_of, used
from pme.undoing.verdict import Why, verdict
from pme.words.speech import _

UNDO_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Stood:
    """What stood before an act, and how to look again."""

    thing: Thing
    academy_id: int
    ids: Collection[int]
    also: tuple[ColumnElement[bool], ...]
    column: Any
    rows: dict[int, Row]


@dataclass(frozen=True)
class Undone:
    """What undoing did: how many people's rows were put back, and how many were left, by reason."""

    put_back: int
    left: dict[Why, int]


def stood(
    session: Session,
    thing: Thing,
    academy_id: int,
    ids: Collection[int],
    *also: ColumnElement[bool],
    column: Any = None,
) -> Stood:
    """What stands now, to be asked for right before an act on these rows; they are held until the transaction ends."""
    rows = rows_of(session, thing, academy_id, ids, *also, column=column)
    return Stood(thing, academy_id, ids, also, column, rows)


def keep(
    session: Session, before: Stood, did: Did, *, by: int, at: datetime, course: str = ""
) -> Change | None:
    """Keep what an act changed since `before`, so that it can be undone; None where it changed nothing."""
    session.flush()
    after = rows_of(session, before.thing, before.academy_id, before.ids, *before.also, column=before.column)
    changed = [row for row in after.values() if before.rows.get(row.thing_id) != row]
    if not changed:
        return None
    _tidy(session, before.academy_id, at)
    change = Change(
        academy_id=before.academy_id,
        did=did,
        course=course,
        people=len({row.person_id for row in changed}),
        by_id=by,
        at=at,
        until=at + UNDO_FOR,
    )
    session.add(change)
    session.flush()
    session.execute(
        insert(ChangedRow),
        [
            {
                "academy_id": before.academy_id,
                "change_id": change.id,
                "person_id": row.person_id,
                "thing": before.thing,
                "thing_id": row.thing_id,
                "was": dict(was.facts) if (was := before.rows.get(row.thing_id)) else None,
                "became": dict(row.facts),
            }
            for row in changed
        ],
    )
    return change


def undo(session: Session, change: Change, by: By) -> Undone:
    """Put back what an act changed, where nobody changed it since; what is left is kept with its reason.

    `change` is held by the caller's transaction. Raises Conflict where it was undone before, or is too long ago.
    """
    if change.undone_at is not None:
        raise Conflict(_("This was undone before. Nothing was changed now."))
    if by.at > change.until:
        raise Conflict(_("This can be undone no longer. Nothing was changed."))
    rows = list(
        session.scalars(
            select(ChangedRow)
            .where(ChangedRow.academy_id == change.academy_id, ChangedRow.change_id == change.id)
            .order_by(ChangedRow.id)
        )
    )
    with administrators_stay(session, change.academy_id):
        for thing in Thing:
            _judge(session, change, thing, [row for row in rows if row.thing is thing], by)
        back = [row for row in rows if row.why is None]
        kept = [(row.thing, row.thing_id, row.person_id, row.was, row.became) for row in back]
        change.undone_at, change.undone_by = by.at, by.person_id
        session.flush()
        for thing in Thing:
            put_back(session, change.academy_id, thing, [row for row in back if row.thing is thing])
        left: dict[int, Why] = {row.person_id: row.why for row in rows if row.why is not None}
        people = {row.person_id for row in rows} - set(left)
        _record(session, change, kept, rows, by)
    return Undone(len(people), dict(Counter(left.values())))


def find_change(
    session: Session, academy_id: int, change_id: int, *, for_update: bool = False
) -> Change | None:
    """An act of an academy, or None."""
    wanted = select(Change).where(Change.academy_id == academy_id, Change.id == change_id)
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _judge(session: Session, change: Change, thing: Thing, rows: list[ChangedRow], by: By) -> None:
    """Write on each row why it stays as it is, where it has to. People are whole: one row left leaves all of theirs."""
    if not rows:
        return
    ids = [row.thing_id for row in rows]
    stands = rows_of(session, thing, change.academy_id, ids)
    completed = (
        completed_since(session, change.academy_id, ids, change.at) if thing is Thing.ENROLMENT else set()
    )
    made = [row.thing_id for row in rows if row.was is None]
    in_use = used(session, change.academy_id, made) if thing is Thing.ENROLMENT and made else set()
    newest = newest_extensions(session, change.academy_id, ids) if thing is Thing.EXTENSION else set(ids)
    above = _above(session, change, rows, by) if thing is Thing.MEMBERSHIP else set()
    for row in rows:
        now = stands.get(row.thing_id)
        is_same = now is not None and now.person_id == row.person_id
        row.why = verdict(
            row.became if row.thing_id in newest else None,
            now.facts if now is not None and is_same else None,
            is_completed=row.thing_id in completed,
            is_used=row.thing_id in in_use,
            is_above=row.person_id in above,
        )
    left = {row.person_id: row.why for row in rows if row.why is not None}
    for row in rows:
        row.why = left.get(row.person_id)


def _above(session: Session, change: Change, rows: list[ChangedRow], by: By) -> set[int]:
    """The people of whom the one who undoes may change nothing, themselves among them."""
    people = {row.person_id for row in rows}
    held: dict[int, set[Role]] = {}
    found = session.execute(
        select(Membership.person_id, Membership.role).where(
            Membership.academy_id == change.academy_id, Membership.person_id.in_(people)
        )
    )
    for person_id, role in found:
        held.setdefault(person_id, set()).add(role)
    return {
        each for each in people if each == by.person_id or not may_change(by.roles, held.get(each, set()))
    }


def _record(session: Session, change: Change, back: list[Any], rows: list[ChangedRow], by: By) -> None:
    acts = [
        audit.Act(
            "change undone",  # not words
            actor=by.actor,
            subject=f"{thing.value} {thing_id}",
            detail={"before": became, "after": was or {}, "change": change.id},
        )
        for thing, thing_id, _person, was, became in back
    ]
    whole = audit.Act(
        "changes undone",  # not words
        actor=by.actor,
        subject=f"change {change.id}",
        detail={
            "did": change.did.value,
            "put_back": len(back),
            "left": {f"{row.thing.value} {row.thing_id}": row.why.value for row in rows if row.why},
        },
    )
    audit.record_all(session, [*acts, whole], at=by.at, academy_id=change.academy_id)
    session.add_all(_history(change, back, by))
    session.flush()


def _history(change: Change, back: Iterable[Any], by: By) -> Iterable[PersonnelChange]:
    """What stands in the history of people whose standing or last day was put back."""
    told: set[tuple[int, Fact]] = set()
    for thing, _thing_id, person_id, was, became in back:
        if thing is not Thing.MEMBERSHIP or was is None:
            continue
        for fact, name in ((Fact.STANDING, "standing"), (Fact.ENDS, "valid_until")):
            if was[name] != became[name] and (person_id, fact) not in told:
                told.add((person_id, fact))
                yield PersonnelChange(
                    academy_id=change.academy_id,
                    person_id=person_id,
                    fact=fact,
                    was=became[name] or "",
                    became=was[name] or "",
                    why="",
                    by_id=by.person_id,
                    at=by.at,
                )


def _tidy(session: Session, academy_id: int, at: datetime) -> None:
    """Forget what was done long ago: the audit trail has it."""
    old = select(Change.id).where(Change.academy_id == academy_id, Change.at < at - KEPT_FOR)
    session.execute(
        delete(ChangedRow).where(ChangedRow.academy_id == academy_id, ChangedRow.change_id.in_(old))
    )
    session.execute(delete(Change).where(Change.academy_id == academy_id, Change.at < at - KEPT_FOR))
