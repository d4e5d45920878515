"""Second factors as an academy sees them: whether it asks for them, who still has none, and the reset of a lost one.

An academy sees how many factors a person has, never which secrets.
"""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict
from pme.people.counting import counts_on
from pme.people.factors import Factors, factors_of, reset_factors
from pme.people.factors_models import AppFactor, Passkey
from pme.people.links import signs_in_elsewhere
from pme.people.members import Member
from pme.people.memberships import By
from pme.people.models import Academy, Membership, Person, Personnel, Role
from pme.people.queries import person_by_email
from pme.people.sessions import end_others
from pme.words.lazily import lazy
from pme.words.speech import _

ONESELF = lazy("You change your own second step on your account page.")
ELSEWHERE = lazy(
    "This person signs in at another academy too, so their second step cannot be reset here. "
    "The administrator of the installation can do it."
)


def ask_of_staff(session: Session, academy: Academy, *, asks: bool, by: By) -> bool:
    """Say whether everybody who is more than a student takes a second step; tells whether that is new."""
    before, academy.asks_second_step = academy.asks_second_step, asks
    if before != asks:
        session.flush()
        audit.record(
            session,
            "second step asked of staff" if asks else "second step not asked of staff",
            actor=by.actor,
            subject=f"academy {academy.id}",
            at=by.at,
            academy_id=academy.id,
            detail={"before": {"asked": before}, "after": {"asked": asks}},
        )
    return before != asks


def staff_without_factor(session: Session, academy_id: int, day: date) -> list[tuple[int, str]]:
    """Who is more than a student at an academy and has no second factor: id, and rank and name."""
    has_app = exists().where(AppFactor.person_id == Personnel.person_id, AppFactor.confirmed_at.is_not(None))
    has_passkey = exists().where(Passkey.person_id == Personnel.person_id)
    is_staff = exists().where(
        Membership.person_id == Personnel.person_id,
        Membership.academy_id == academy_id,
        Membership.role != Role.STUDENT,
        counts_on(day),
    )
    rows = session.execute(
        select(Personnel.person_id, Personnel.rank, Personnel.name)
        .where(Personnel.academy_id == academy_id, is_staff, ~has_app, ~has_passkey)
        .order_by(Personnel.name, Personnel.id)
    )
    return [(row.person_id, f"{row.rank} {row.name}".strip()) for row in rows]


def reset_for(session: Session, member: Member, by: By) -> Factors:
    """Take every factor of a person away, who has lost them, and sign them out; gives what there was.

    Raises Conflict for oneself, for nobody's factors, and for a person who signs in at another academy too.
    """
    if member.person_id == by.person_id:
        raise Conflict(ONESELF)
    if signs_in_elsewhere(session, member):
        raise Conflict(ELSEWHERE)
    if not factors_of(session, member.person_id).are_set_up:
        raise Conflict(_("This person has no second step set up: the password alone signs them in."))
    before = reset_factors(session, member.person_id)
    end_others(session, member.person_id, but=None, at=by.at)
    audit.record(
        session,
        "second step reset",
        actor=by.actor,
        subject=f"person {member.person_id}",
        at=by.at,
        academy_id=member.academy_id,
        detail={"before": before.counted, "after": factors_of(session, member.person_id).counted},
    )
    return before


def reset_everywhere(session: Session, email: str, by: By) -> Person:
    """The same for whoever runs the installation, whichever academies the person signs in at.

    Raises Conflict for oneself; and alike for an address of nobody and for somebody without a second step.
    """
    person = person_by_email(session, email)
    if person is not None and person.id == by.person_id:
        raise Conflict(ONESELF)
    if person is None or not factors_of(session, person.id).are_set_up:
        raise Conflict(_("Nobody with this address has a second step set up."))
    before = reset_factors(session, person.id)
    end_others(session, person.id, but=None, at=by.at)
    audit.record(
        session,
        "second step reset",
        actor=by.actor,
        subject=f"person {person.id}",
        at=by.at,
        academy_id=None,
        detail={"before": before.counted, "after": factors_of(session, person.id).counted},
    )
    return person
