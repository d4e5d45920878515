"""Acts on who belongs to an academy: add people, give and take roles, suspend, end; one administrator always stays.

Each act is written to the person's history and to the audit trail, with what it was before.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.people.counting import standing_on
from pme.people.granting import OF_AN_ACADEMY, WORDS, refused_roles
from pme.people.members import Member
from pme.people.models import Academy, BrowserSession, Membership, Role, Standing, Teaching
from pme.people.models_history import Fact, PersonnelChange
from pme.words.lazily import lazy
from pme.words.speech import _

ONE_STAYS = lazy(
    "This academy would be left without an administrator. Make somebody else an administrator first, "
    "one whose account is in use and has no last day."
)


@dataclass(frozen=True)
class By:
    """Who acts, with which roles, and when."""

    person_id: int | None
    roles: frozenset[Role]
    at: datetime

    @property
    def actor(self) -> str:
        """As the audit trail names them."""
        return "command line" if self.person_id is None else f"person {self.person_id}"

    @property
    def day(self) -> date:
        """The day on which they act."""
        return self.at.date()


@contextmanager
def administrators_stay(session: Session, academy_id: int) -> Iterator[None]:
    """Whatever is done inside leaves the academy an administrator, if it had one; acts on it wait for each other.

    One who counts is active and has no last day. Raises Conflict otherwise: the transaction must not commit.
    """
    session.execute(select(Academy.id).where(Academy.id == academy_id).with_for_update())
    before = _lasting_administrators(session, academy_id)
    yield
    session.flush()
    if before and not _lasting_administrators(session, academy_id):
        raise Conflict(ONE_STAYS)


def set_roles(session: Session, member: Member, roles: Iterable[Role], by: By) -> bool:
    """Give a person exactly these roles, as far as one may; says whether anything changed.

    Raises Invalid for none, or for a role that one may not give or take.
    """
    before, after = member.roles, frozenset(roles)
    if refused := refused_roles(by.roles, before, after):
        names = ", ".join(WORDS[role].lower() for role in Role if role in refused)
        raise Invalid(
            _("You may not give or take this role: {names}. Nothing was changed.", names=names), field="roles"
        )
    if not after:
        raise Invalid(
            _("Leave at least one role. To keep somebody out, suspend them or give them a last day."),
            field="roles",
        )
    if before == after:
        return False
    like = member.memberships[0] if member.memberships else None
    with administrators_stay(session, member.academy_id):
        for role in after - before:
            session.add(
                Membership(
                    person_id=member.person_id,
                    academy_id=member.academy_id,
                    role=role,
                    standing=like.standing if like else Standing.ACTIVE,
                    valid_until=like.valid_until if like else None,
                )
            )
        session.execute(
            delete(Membership).where(
                Membership.academy_id == member.academy_id,
                Membership.person_id == member.person_id,
                Membership.role.in_(before - after),
            )
        )
        if Role.INSTRUCTOR in before - after:
            _teach_nothing(session, member)
    note(session, member, Fact.ROLES, (_listed(before), _listed(after)), by)
    _record(session, "roles changed", member, by, {"roles": _listed(before)}, {"roles": _listed(after)})
    return True


def suspend(session: Session, member: Member, by: By, *, why: str = "") -> None:
    """Keep a person out until they are let in again; their browsers are signed out. Raises Conflict unless active."""
    if member.standing(by.day) is not Standing.ACTIVE:
        raise Conflict(_("Only somebody whose account is in use can be suspended."))
    _not_oneself(member, by)
    _stand(session, member, Standing.SUSPENDED, by, why=why)
    session.execute(
        update(BrowserSession)
        .where(
            BrowserSession.person_id == member.person_id,
            BrowserSession.academy_id == member.academy_id,
            BrowserSession.ended_at.is_(None),
        )
        .values(ended_at=by.at)
    )


def reinstate(session: Session, member: Member, by: By, *, why: str = "") -> None:
    """Let a suspended person in again. Raises Conflict unless they are suspended."""
    if member.standing(by.day) is not Standing.SUSPENDED:
        raise Conflict(_("Access can be restored only to somebody who is suspended."))
    _stand(session, member, Standing.ACTIVE, by, why=why)


def set_last_day(session: Session, member: Member, day: date | None, by: By) -> bool:
    """Say until when a person belongs to the academy, None for no end; says whether anything changed.

    Who had expired counts again when the new last day is still to come.
    """
    was = member.valid_until
    lives_again = member.standing(by.day) is Standing.EXPIRED and (day is None or day >= by.day)
    if was == day and not lives_again:
        return False
    _not_oneself(member, by)
    with administrators_stay(session, member.academy_id):
        for each in member.memberships:
            if lives_again and standing_on(each.standing, each.valid_until, by.day) is Standing.EXPIRED:
                each.standing = Standing.ACTIVE
            each.valid_until = day
        session.flush()
    before, after = (each.isoformat() if each else "" for each in (was, day))
    note(session, member, Fact.ENDS, (before, after), by)
    _record(session, "last day changed", member, by, {"until": before}, {"until": after})  # not words
    return True


def appoint_to(session: Session, member: Member, courses: Iterable[str], by: By) -> bool:
    """Let an instructor teach exactly these courses; says whether anything changed. Raises Conflict for others."""
    before, after = member.teaches, frozenset(courses)
    if before == after:
        return False
    if Role.INSTRUCTOR not in member.roles:
        raise Conflict(_("Only an instructor can be appointed to a course. Give the role first."))
    session.execute(
        delete(Teaching).where(
            Teaching.academy_id == member.academy_id,
            Teaching.person_id == member.person_id,
            Teaching.course.in_(before - after),
        )
    )
    for course in sorted(after - before):
        session.execute(
            insert_into(session, Teaching)
            .values(person_id=member.person_id, academy_id=member.academy_id, course=course)
            .on_conflict_do_nothing()
        )
    was, became = (", ".join(sorted(each)) for each in (before, after))
    note(session, member, Fact.COURSES, (was, became), by)
    _record(
        session, "appointments changed", member, by, {"courses": sorted(before)}, {"courses": sorted(after)}
    )
    return True


def join_now(session: Session, member: Member, by: By) -> None:
    """Who was invited has accepted: their memberships count from now on."""
    for each in member.memberships:
        if each.standing is Standing.INVITED:
            each.standing = Standing.ACTIVE
    session.flush()
    note(session, member, Fact.STANDING, (Standing.INVITED.value, Standing.ACTIVE.value), by)
    _record(
        session,
        "invitation accepted",
        member,
        by,
        {"standing": Standing.INVITED.value},
        {"standing": Standing.ACTIVE.value},
    )


def note(
    session: Session, member: Member, fact: Fact, change: tuple[str, str], by: By, *, why: str = ""
) -> PersonnelChange:
    """Write a change into a person's history."""
    kept = PersonnelChange(
        academy_id=member.academy_id,
        person_id=member.person_id,
        fact=fact,
        was=change[0],
        became=change[1],
        why=why,
        by_id=by.person_id,
        at=by.at,
    )
    session.add(kept)
    session.flush()
    return kept


def _stand(session: Session, member: Member, standing: Standing, by: By, *, why: str) -> None:
    was = member.standing(by.day)
    with administrators_stay(session, member.academy_id):
        for each in member.memberships:
            each.standing = standing
        session.flush()
    note(session, member, Fact.STANDING, (was.value, standing.value), by, why=why)
    _record(session, "standing changed", member, by, {"standing": was.value}, {"standing": standing.value})


def _not_oneself(member: Member, by: By) -> None:
    if member.person_id == by.person_id:
        raise Conflict(_("You cannot remove your own access. Ask somebody else who may do this."))


def _lasting_administrators(session: Session, academy_id: int) -> int:
    return (
        session.scalar(
            select(func.count(Membership.id)).where(
                Membership.academy_id == academy_id,
                Membership.role == Role.ADMINISTRATOR,
                Membership.standing == Standing.ACTIVE,
                Membership.valid_until.is_(None),
            )
        )
        or 0
    )


def _teach_nothing(session: Session, member: Member) -> None:
    session.execute(
        delete(Teaching).where(
            Teaching.academy_id == member.academy_id, Teaching.person_id == member.person_id
        )
    )


def _listed(roles: Iterable[Role]) -> str:
    held: Sequence[Role] = [role for role in (*OF_AN_ACADEMY, Role.INSTALL) if role in set(roles)]
    return ", ".join(role.value for role in held)


def _record(
    session: Session, act: str, member: Member, by: By, before: dict[str, object], after: dict[str, object]
) -> None:
    audit.record(
        session,
        act,
        actor=by.actor,
        subject=f"person {member.person_id}",
        at=by.at,
        academy_id=member.academy_id,
        detail={"before": before, "after": after},
    )
