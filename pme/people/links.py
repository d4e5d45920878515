"""Acts on links that open an account to its owner: make one, read it, use it, take it back.

A link is good once, for a while, and only until a newer one of its kind is made. Whoever has it is taken for
the owner of its address, so it is shown to staff only where no letter can be sent.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict, Invalid
from pme.people.counting import counts_on
from pme.people.members import Member, find_member
from pme.people.memberships import By, join_now, note
from pme.people.models import Membership, Person, Personnel, Standing
from pme.people.models_history import Fact
from pme.people.models_links import AccountLink, Purpose
from pme.people.personnel import UNUSABLE, address_of
from pme.people.service import token_digest
from pme.people.sessions import end_others
from pme.scope import everywhere
from pme.words.lazily import lazy
from pme.words.speech import _

LASTS = {
    Purpose.INVITATION: timedelta(days=14),
    Purpose.RESET: timedelta(hours=24),
    Purpose.ADDRESS: timedelta(days=3),
}
OWN_RESET = timedelta(hours=1)
"""How long a link is good that somebody asked for on the public page."""
NOT_IN_USE = lazy("Nobody has activated this account yet. Send the invitation again instead.")


@dataclass(frozen=True)
class Made:
    """A fresh link: its row, and the secret that is nowhere kept."""

    link: AccountLink
    token: str


def invite(session: Session, member: Member, by: By) -> Made:
    """Invite a person, or invite them again: an earlier link ends. Raises Conflict for who has accepted."""
    if not any(each.standing is Standing.INVITED for each in member.memberships):
        raise Conflict(_("This person has accepted already and can sign in."))
    made = _make(session, Purpose.INVITATION, member, member.holder.email, by)
    _record(session, "invitation sent", made.link, by)
    return made


def withdraw_invitation(session: Session, member: Member, by: By) -> bool:
    """Take an invitation back: its link opens nothing any more; says whether there was one."""
    link = open_link(session, member.academy_id, member.person_id, Purpose.INVITATION, by.at)
    if link is None:
        return False
    link.withdrawn_at = by.at
    session.flush()
    _record(session, "invitation withdrawn", link, by)
    return True


def send_reset(session: Session, member: Member, by: By) -> Made:
    """Let a person choose a new password. Raises Conflict for an account that is not in use here."""
    if member.standing(by.day) is not Standing.ACTIVE or member.holder.password_hash == UNUSABLE:
        raise Conflict(NOT_IN_USE)
    made = _make(session, Purpose.RESET, member, member.holder.email, by)
    _record(session, "new password offered", made.link, by)  # not words
    return made


def ask_reset(session: Session, person: Person, at: datetime) -> Made:
    """A person asks for a new password by themselves."""
    by = By(person.id, frozenset(), at)
    made = _add(session, Purpose.RESET, person.id, None, person.email, by, OWN_RESET)
    _record(session, "new password asked for", made.link, by)  # not words
    return made


def offer_address(session: Session, member: Member, email: str, by: By) -> Made:
    """Offer a person another address to sign in with: it counts once they confirm it with their password.

    Raises Invalid for a bad address or the same one, and Conflict where nobody has activated the account.
    """
    address = address_of(email)
    if address == member.holder.email:
        raise Invalid(_("This is the address already. Give the new one."), field="email")
    if member.standing(by.day) is not Standing.ACTIVE or member.holder.password_hash == UNUSABLE:
        raise Conflict(NOT_IN_USE)
    made = _make(session, Purpose.ADDRESS, member, address, by)
    _record(session, "new address offered", made.link, by)  # not words
    return made


def waiting(session: Session, academy_id: int, at: datetime, *, after: int, at_most: int) -> list[int]:
    """Who was added to an academy and has no open invitation, by id beyond one."""
    found = _waiting(academy_id, at).where(Personnel.person_id > after).order_by(Personnel.person_id)
    return list(session.scalars(found.limit(at_most)))


def count_waiting(session: Session, academy_id: int, at: datetime) -> int:
    """How many of them there are."""
    return session.scalar(select(func.count()).select_from(_waiting(academy_id, at).subquery())) or 0


def _waiting(academy_id: int, at: datetime) -> Select[int]:
    is_invited = exists().where(
        Membership.academy_id == academy_id,
        Membership.person_id == Personnel.person_id,
        Membership.standing == Standing.INVITED,
    )
    has_open = exists().where(
        AccountLink.academy_id == academy_id,
        AccountLink.person_id == Personnel.person_id,
        AccountLink.purpose == Purpose.INVITATION,
        AccountLink.used_at.is_(None),
        AccountLink.withdrawn_at.is_(None),
        AccountLink.expires_at > at,
    )
    return select(Personnel.person_id).where(Personnel.academy_id == academy_id, is_invited, ~has_open)


def find_link(
    session: Session, token: str, purpose: Purpose, *, for_update: bool = False
) -> AccountLink | None:
    """The link that has this secret, open or not, or None."""
    wanted = select(AccountLink).where(
        AccountLink.token_sha256 == token_digest(token), AccountLink.purpose == purpose
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def open_link(
    session: Session, academy_id: int, person_id: int, purpose: Purpose, at: datetime
) -> AccountLink | None:
    """The newest link of a kind that an academy sent to a person, if it still opens something."""
    found = session.scalar(
        select(AccountLink)
        .where(
            AccountLink.academy_id == academy_id,
            AccountLink.person_id == person_id,
            AccountLink.purpose == purpose,
        )
        .order_by(AccountLink.id.desc())
        .limit(1)
    )
    return found if found is not None and found.is_open(at) else None


def accept(session: Session, link: AccountLink, *, new_hash: str | None, at: datetime) -> None:
    """An invitation is accepted: the memberships count, and a fresh account gets its password.

    `new_hash` is None where the password of the account was given. Raises Conflict for a link that has ended.
    """
    person = _use(session, link, at)
    member = find_member(session, link.academy_id or 0, person.id, for_update=True)
    if member is None or all(each.standing is not Standing.INVITED for each in member.memberships):
        raise Conflict(_("This invitation is no longer valid. Ask your academy for a new one."))
    if new_hash is not None:
        if person.password_hash != UNUSABLE:
            raise Conflict(_("This account has a password already. Open the link again."))
        person.password_hash = new_hash
    join_now(session, member, By(person.id, frozenset(), at))


def choose_password(session: Session, link: AccountLink, *, new_hash: str, at: datetime) -> None:
    """A new password is chosen: the old one and every signed-in browser are out. Raises Conflict as above."""
    person = _use(session, link, at)
    person.password_hash = new_hash
    session.flush()
    end_others(session, person.id, but=None, at=at)
    _record(session, "password chosen anew", link, By(person.id, frozenset(), at))  # not words


def confirm_address(session: Session, link: AccountLink, at: datetime) -> None:
    """A new address counts from now on. Raises Conflict for a link that has ended, or a taken address."""
    person = _use(session, link, at)
    if session.scalar(select(Person.id).where(Person.email == link.email)) is not None:
        raise Conflict(
            _("This address belongs to another account. Ask your academy to offer another address.")
        )
    was, person.email = person.email, link.email
    session.flush()
    by = By(person.id, frozenset(), at)
    _end(session, AccountLink.person_id == person.id, AccountLink.purpose == Purpose.RESET, at=at)
    member = find_member(session, link.academy_id, person.id) if link.academy_id else None
    if member is not None:
        note(session, member, Fact.EMAIL, (was, link.email), by)
    _record(session, "address changed", link, by)


def is_welcome(session: Session, person: Person, at: datetime) -> bool:
    """Whether a person belongs anywhere at all, so that a new password is of use to them."""
    counts = select(Membership.id).where(Membership.person_id == person.id, counts_on(at.date()))
    return person.password_hash != UNUSABLE and session.scalar(counts.limit(1)) is not None


def signs_in_elsewhere(session: Session, member: Member) -> bool:
    """Whether a person of an academy has accepted at another one too."""
    elsewhere = select(Membership.id).where(
        Membership.person_id == member.person_id,
        Membership.academy_id != member.academy_id,
        Membership.standing != Standing.INVITED,
    )
    with everywhere(session):
        return session.scalar(elsewhere.limit(1)) is not None


def _make(session: Session, purpose: Purpose, member: Member, email: str, by: By) -> Made:
    return _add(session, purpose, member.person_id, member.academy_id, email, by, LASTS[purpose])


def _add(
    session: Session,
    purpose: Purpose,
    person_id: int,
    academy_id: int | None,
    email: str,
    by: By,
    lasts: timedelta,
) -> Made:
    whose = AccountLink.academy_id == academy_id if academy_id else AccountLink.academy_id.is_(None)
    _end(session, AccountLink.person_id == person_id, AccountLink.purpose == purpose, whose, at=by.at)
    token = secrets.token_urlsafe(32)
    link = AccountLink(
        purpose=purpose,
        person_id=person_id,
        academy_id=academy_id,
        email=email,
        token_sha256=token_digest(token),
        made_by=by.person_id,
        made_at=by.at,
        expires_at=by.at + lasts,
    )
    session.add(link)
    session.flush()
    return Made(link, token)


def _end(session: Session, *which: object, at: datetime) -> None:
    session.execute(
        update(AccountLink)
        .where(*which, AccountLink.used_at.is_(None), AccountLink.withdrawn_at.is_(None))  # type: ignore[arg-type]
        .values(withdrawn_at=at)
    )


def _use(session: Session, link: AccountLink, at: datetime) -> Person:
    """Use a link up, with every other of its kind. Raises Conflict for one that has ended."""
    if not link.is_open(at):
        raise Conflict(_("This link has been used or has ended. Ask for a new one."))
    link.used_at = at
    session.flush()
    if link.purpose is Purpose.RESET:
        _end(session, AccountLink.person_id == link.person_id, AccountLink.purpose == link.purpose, at=at)
    wanted = select(Person).where(Person.id == link.person_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _record(session: Session, act: str, link: AccountLink, by: By) -> None:
    audit.record(
        session,
        act,
        actor=by.actor,
        subject=f"person {link.person_id}",
        at=by.at,
        academy_id=link.academy_id,
        detail={"link": link.id, "until": link.expires_at.isoformat()},
    )
