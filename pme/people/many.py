"""Acts on many people of an academy at once: suspend them, let them in again, give them a last day.

Each person is told apart: whoever the one who acts may not change, or of whom the act makes no sense, is left as they
are and counted. Each act is written to the history of every person and to the audit trail, as it is for one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.people.counting import standing_of, standing_on
from pme.people.granting import may_change
from pme.people.members import last_day_of
from pme.people.memberships import By, administrators_stay
from pme.people.models import BrowserSession, Membership, Standing
from pme.people.models_history import Fact, PersonnelChange

AT_ONCE = 500


@dataclass(frozen=True)
class Turned:
    """Who was changed, and how many of those named were left as they are."""

    people: Sequence[int]
    left: int


def suspend_many(session: Session, academy_id: int, people: Collection[int], by: By) -> Turned:
    """Keep out those whose account is in use; their browsers are signed out."""
    turned = _stand(session, academy_id, people, (Standing.ACTIVE, Standing.SUSPENDED), by)
    for begin in range(0, len(turned.people), AT_ONCE):
        session.execute(
            update(BrowserSession)
            .where(
                BrowserSession.academy_id == academy_id,
                BrowserSession.person_id.in_(turned.people[begin : begin + AT_ONCE]),
                BrowserSession.ended_at.is_(None),
            )
            .values(ended_at=by.at)
        )
    return turned


def reinstate_many(session: Session, academy_id: int, people: Collection[int], by: By) -> Turned:
    """Let in again those who are suspended."""
    return _stand(session, academy_id, people, (Standing.SUSPENDED, Standing.ACTIVE), by)


def last_day_many(
    session: Session, academy_id: int, people: Collection[int], day: date | None, by: By
) -> Turned:
    """Say until when people belong to the academy, None for no end. Who had expired counts again where it fits."""
    noted = []
    with administrators_stay(session, academy_id):
        held = _changeable(session, academy_id, people, by)
        for person_id, theirs in held.items():
            was = last_day_of(theirs)
            is_over = standing_of(theirs, by.day) is Standing.EXPIRED
            lives_again = is_over and (day is None or day >= by.day)
            if was == day and not lives_again:
                continue
            for each in theirs:
                over = standing_on(each.standing, each.valid_until, by.day) is Standing.EXPIRED
                if lives_again and over:
                    each.standing = Standing.ACTIVE
                each.valid_until = day
            before, after = (one.isoformat() if one else "" for one in (was, day))
            noted.append((person_id, Fact.ENDS, before, after))
    _note(session, academy_id, noted, "last day changed", "until", by)  # not words
    return Turned([one[0] for one in noted], len(set(people)) - len(noted))


def _stand(
    session: Session, academy_id: int, people: Collection[int], change: tuple[Standing, Standing], by: By
) -> Turned:
    was, becomes = change
    turned = []
    with administrators_stay(session, academy_id):
        for person_id, theirs in _changeable(session, academy_id, people, by).items():
            if standing_of(theirs, by.day) is was:
                turned.append(person_id)
                for each in theirs:
                    each.standing = becomes
    noted = [(person_id, Fact.STANDING, was.value, becomes.value) for person_id in turned]
    _note(session, academy_id, noted, "standing changed", "standing", by)  # not words
    return Turned(turned, len(set(people)) - len(turned))


def _changeable(
    session: Session, academy_id: int, people: Collection[int], by: By
) -> dict[int, list[Membership]]:
    """The memberships, held, of those whom one may change: never oneself, nobody above, nobody erased."""
    found: dict[int, list[Membership]] = {}
    wanted = sorted(set(people) - {by.person_id or 0})
    for begin in range(0, len(wanted), AT_ONCE):
        rows = session.scalars(
            select(Membership)
            .where(
                Membership.academy_id == academy_id,
                Membership.person_id.in_(wanted[begin : begin + AT_ONCE]),
            )
            .order_by(Membership.id)
            .with_for_update()
        )
        for row in rows:
            found.setdefault(row.person_id, []).append(row)
    return {
        person_id: theirs
        for person_id, theirs in found.items()
        if may_change(by.roles, (each.role for each in theirs))
        and any(each.standing is not Standing.ERASED for each in theirs)
    }


def _note(
    session: Session,
    academy_id: int,
    noted: Sequence[tuple[int, Fact, str, str]],
    act: str,
    name: str,
    by: By,
) -> None:
    """Write what changed into every person's history and the audit trail."""
    if not noted:
        return
    session.flush()
    session.execute(
        insert(PersonnelChange),
        [
            {
                "academy_id": academy_id,
                "person_id": person_id,
                "fact": fact,
                "was": was,
                "became": became,
                "why": "",
                "by_id": by.person_id,
                "at": by.at,
            }
            for person_id, fact, was, became in noted
        ],
    )
    acts = [
        audit.Act(
            act,
            actor=by.actor,
            subject=f"person {person_id}",
            detail={"before": {name: was}, "after": {name: became}},
        )
        for person_id, _fact, was, became in noted
    ]
    audit.record_all(session, acts, at=by.at, academy_id=academy_id)
