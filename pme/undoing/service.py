"""Acts on changes: keep one with all that it changed, and undo it: all of it that nobody changed since, in one step.

Everything happens inside one writing transaction of the caller. What an act changed is found by comparing what stood
before it with what stands after it, so that no act has to tell, and none can forget a row.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict
from pme.people.memberships import By, administrators_stay
from pme.undoing.arrivals import take_back
from pme.undoing.history import history_of, names_follow
from pme.undoing.judging import foreseen
from pme.undoing.letters import call_off
from pme.undoing.models import Change, ChangedRow, Did, Thing
from pme.undoing.things import Row, put_back, rows_of
from pme.undoing.verdict import Facts, Why
from pme.words.speech import _

UNDO_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
IN_PART = (Thing.RECORD, Thing.COHORT)
"""Of which only those facts are kept that changed: others may be changed by others meanwhile."""


@dataclass(frozen=True)
class Stood:
    """What stood before an act, and how to look again."""

    thing: Thing
    academy_id: int
    ids: Collection[Any]
    also: tuple[ColumnElement[bool], ...]
    column: Any
    rows: dict[int, Row]

    def with_more(self, ids: Collection[Any]) -> "Stood":
        """The same, to be looked at again with further ids, which the act itself made."""
        return replace(self, ids=[*self.ids, *ids])


@dataclass(frozen=True)
class Undone:
    """What undoing did: how many people's rows were put back, and how many were left, by reason."""

    put_back: int
    left: dict[Why, int]


def stood(
    session: Session,
    thing: Thing,
    academy_id: int,
    ids: Collection[Any],
    *also: ColumnElement[bool],
    column: Any = None,
) -> Stood:
    """What stands now, to be asked for right before an act on these rows; they are held until the transaction ends."""
    rows = rows_of(session, thing, academy_id, ids, *also, column=column)
    return Stood(thing, academy_id, ids, also, column, rows)


def keep(
    session: Session,
    before: Stood | Sequence[Stood],
    did: Did,
    *,
    by: int,
    at: datetime,
    course: str = "",
    until: datetime | None = None,
) -> Change | None:
    """Keep what an act changed since `before`, so that it can be undone; None where it changed nothing."""
    session.flush()
    each = [before] if isinstance(before, Stood) else list(before)
    changed = [line for one in each for line in _differing(session, one)]
    if not changed:
        return None
    academy_id = each[0].academy_id
    _tidy(session, academy_id, at)
    change = Change(
        academy_id=academy_id,
        did=did,
        course=course,
        people=len({line["person_id"] for line in changed} - {None}),
        by_id=by,
        at=at,
        until=until or at + UNDO_FOR,
    )
    session.add(change)
    session.flush()
    session.execute(
        insert(ChangedRow), [{"academy_id": academy_id, "change_id": change.id, **line} for line in changed]
    )
    return change


def undo(session: Session, change: Change, by: By) -> Undone:
    """Put back what an act changed, where nobody changed it since; what is left is kept with its reason.

    `change` is held by the caller's transaction. Raises Conflict where it was undone before, or is too long ago.
    """
    if change.undone_at is not None:
        raise Conflict(_("This was undone before. Nothing was changed now."))
    if by.at > change.until:
        raise Conflict(_("This can no longer be undone. Nothing was changed."))
    rows = all_rows(session, change)
    with administrators_stay(session, change.academy_id):
        for row in rows:
            row.why = None
        left = foreseen(session, change, rows, by, is_held=True)
        for row in rows:
            row.why = left.get(row.id)
        back = [row for row in rows if row.why is None]
        added = [row.person_id for row in back if row.thing is Thing.RECORD and row.was is None]
        change.undone_at, change.undone_by = by.at, by.person_id
        session.flush()
        for thing in Thing:
            some = [row for row in back if row.thing is thing]
            if some:
                put_back(session, change.academy_id, thing, some, at=by.at)
        back = [row for row in back if row.why is None]
        kept = [(row.thing, row.thing_id, row.person_id, row.was, row.became) for row in back]
        names_follow(session, change.academy_id, kept)
        whom = _counted(rows)
        _record(session, change, kept, rows, set(added), by)
        if change.did is Did.INVITED:
            call_off(session, change, at=by.at)
        if added:
            take_back(session, change, [each for each in added if each is not None])
    whose = [why for why in whom.values() if why is not None]
    return Undone(len(whom) - len(whose), dict(Counter(whose)))


def all_rows(session: Session, change: Change) -> list[ChangedRow]:
    """Every row of an act."""
    return list(
        session.scalars(
            select(ChangedRow)
            .where(ChangedRow.academy_id == change.academy_id, ChangedRow.change_id == change.id)
            .order_by(ChangedRow.id)
        )
    )


def find_change(
    session: Session, academy_id: int, change_id: int, *, for_update: bool = False
) -> Change | None:
    """An act of an academy, or None."""
    wanted = select(Change).where(Change.academy_id == academy_id, Change.id == change_id)
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def _differing(session: Session, before: Stood) -> Iterable[dict[str, Any]]:
    """Rows that differ from what stood, as they are kept."""
    after = rows_of(session, before.thing, before.academy_id, before.ids, *before.also, column=before.column)
    for row in after.values():
        was = before.rows.get(row.thing_id)
        if was == row:
            continue
        facts: Facts = row.facts
        old: Facts | None = was.facts if was is not None else None
        if old is not None and before.thing in IN_PART:
            names = [name for name, value in facts.items() if old[name] != value]
            old, facts = ({name: each[name] for name in names} for each in (old, facts))
        yield {
            "person_id": row.person_id,
            "thing": before.thing,
            "thing_id": row.thing_id,
            "was": dict(old) if old is not None else None,
            "became": dict(facts),
        }


def _counted(rows: Iterable[ChangedRow]) -> dict[int, Why | None]:
    """Why each person's rows were left, or None; where an act is about nobody, each of its things."""
    people = {row.person_id: row.why for row in rows if row.person_id is not None}
    return people or {row.thing_id: row.why for row in rows}


def _record(
    session: Session, change: Change, back: list[Any], rows: list[ChangedRow], added: set[Any], by: By
) -> None:
    acts = [
        audit.Act(
            "change undone",  # not words
            actor=by.actor,
            subject=f"{thing.value} {thing_id}",
            detail={**_unnamed(thing, was, became), "change": change.id},
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
    session.add_all(history_of(change, [line for line in back if line[2] not in added], by))
    session.flush()


def _unnamed(thing: Thing, was: Facts | None, became: Facts) -> dict[str, Any]:
    """What of a row stands in the audit trail: of records and of time only which facts, never what they say."""
    if thing in (Thing.RECORD, Thing.ALLOWANCE):
        return {"facts": sorted(became) if was is not None else [], "was_added": was is None}
    return {"before": became, "after": was or {}}


def _tidy(session: Session, academy_id: int, at: datetime) -> None:
    """Forget what was done long ago: the audit trail has it."""
    old = select(Change.id).where(Change.academy_id == academy_id, Change.at < at - KEPT_FOR)
    session.execute(
        delete(ChangedRow).where(ChangedRow.academy_id == academy_id, ChangedRow.change_id.in_(old))
    )
    session.execute(delete(Change).where(Change.academy_id == academy_id, Change.at < at - KEPT_FOR))
