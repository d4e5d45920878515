"""What undoing writes into the histories of people, and the name that an account bears after it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.people.memberships import By
from pme.people.models import Person, Personnel
from pme.people.models_history import Fact, PersonnelChange
from pme.scope import everywhere
from pme.undoing.models import Change, Thing

AT_ONCE = 500
Kept = tuple[Thing, int, int | None, dict[str, Any] | None, dict[str, Any]]
"""What was put back: of which thing, its id and person, what it was before the act and what the act made of it."""


def history_of(change: Change, back: Iterable[Kept], by: By) -> Iterator[PersonnelChange]:
    """What stands in the history of people whose record, standing or last day was put back."""
    told: set[tuple[int, Fact]] = set()
    for thing, _thing_id, person_id, was, became in back:
        if person_id is None or was is None:
            continue
        facts = {Fact.STANDING: "standing", Fact.ENDS: "valid_until"} if thing is Thing.MEMBERSHIP else {}
        if thing is Thing.RECORD:
            facts = {Fact(name): name for name in became}
        for fact, name in facts.items():
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


def names_follow(session: Session, academy_id: int, back: Iterable[Kept]) -> None:
    """The account bears the name by which its one academy knows the person; with several, it keeps its own."""
    names: dict[int, dict[str, Any]] = {}
    for thing, _thing_id, person_id, was, _became in back:
        found: dict[str, Any] = {name: was[name] for name in ("name", "rank") if was and name in was}
        if thing is Thing.RECORD and found and person_id is not None:
            names[person_id] = found
    people = sorted(names)
    for begin in range(0, len(people), AT_ONCE):
        some = people[begin : begin + AT_ONCE]
        for person_id in sorted(set(some) - _known_elsewhere(session, academy_id, some)):
            session.execute(update(Person).where(Person.id == person_id).values(names[person_id]))


def _known_elsewhere(session: Session, academy_id: int, people: Sequence[int]) -> set[int]:
    others = select(Personnel.person_id).where(
        Personnel.person_id.in_(people), Personnel.academy_id != academy_id
    )
    with everywhere(session):
        return set(session.scalars(others))
