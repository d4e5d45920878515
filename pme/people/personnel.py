"""Acts on what an academy knows of a person: add somebody, correct what was wrong; every change is kept.

A certificate that was issued keeps the name that was printed on it: it is a record of its day.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme import audit
from pme.db import Base, insert_into
from pme.errors import Conflict, Invalid
from pme.people.granting import WORDS, grantable
from pme.people.members import Member, find_member
from pme.people.memberships import By, note
from pme.people.models import Academy, Membership, Person, Personnel, Role, Standing
from pme.people.models_history import Fact
from pme.people.service import EMAIL
from pme.scope import everywhere
from pme.words.speech import _

LONGEST = {"name": 120, "rank": 60, "nation": 80, "service": 80, "unit": 120, "external_id": 60, "email": 254}
LONGEST_WHY = 500
UNUSABLE = ""
"""What stands for the password of an account that nobody has activated: no password fits it."""


@dataclass(frozen=True)
class Facts:
    """What an academy knows of a person."""

    name: str
    rank: str = ""
    nation: str = ""
    service: str = ""
    unit: str = ""
    external_id: str = ""
    language: str = ""

    def tidy(self) -> "Facts":
        """The same without stray blanks. Raises Invalid where something is missing or too long."""
        texts = {name: " ".join(text.split()) for name, text in vars(self).items()}
        for name, text in texts.items():
            if name in LONGEST and len(text) > LONGEST[name]:
                raise Invalid(_("Keep this under {longest} characters.", longest=LONGEST[name]), field=name)
        if not texts["name"]:
            raise Invalid(_("Give the person's name."), field="name")
        return Facts(**texts)


def facts_of(record: Personnel) -> Facts:
    """What is known now."""
    return Facts(
        name=record.name,
        rank=record.rank,
        nation=record.nation,
        service=record.service,
        unit=record.unit,
        external_id=record.external_id or "",
        language=record.language or "",
    )


def address_of(typed: str) -> str:
    """An e-mail address as accounts are known by. Raises Invalid for what can be none."""
    address = typed.strip().lower()
    if not EMAIL.fullmatch(address) or len(address) > LONGEST["email"]:
        raise Invalid(_("Give an e-mail address like name@academy.example."), field="email")
    return address


def add_member(
    session: Session, academy_id: int, *, email: str, facts: Facts, roles: Iterable[Role], by: By
) -> Member:
    """Add somebody to an academy, to be invited: they count once they accept.

    The answer is the same whether or not the address has an account already. Raises Invalid for a bad address
    or name, for a role that one may not give, and for who is here already.
    """
    address, tidy, wanted = address_of(email), facts.tidy(), frozenset(roles)
    if not wanted:
        raise Invalid(_("Choose at least one role."), field="roles")
    if refused := wanted - grantable(by.roles):
        names = ", ".join(WORDS[role].lower() for role in Role if role in refused)
        raise Invalid(_("You may not give this role: {names}.", names=names), field="roles")
    person_id = _account(session, address, tidy, by)
    if find_member(session, academy_id, person_id) is not None:
        raise Invalid(_("Somebody at your academy has this address already. Search for it."), field="email")
    _check_number(session, academy_id, tidy, but=person_id)
    session.add(Personnel(person_id=person_id, academy_id=academy_id, **_columns(tidy)))
    for role in Role:
        if role in wanted:
            session.add(
                Membership(person_id=person_id, academy_id=academy_id, role=role, standing=Standing.INVITED)
            )
    session.flush()
    member = find_member(session, academy_id, person_id)
    assert member is not None  # noqa: S101  (it was added two lines above)
    audit.record(
        session,
        "person added",
        actor=by.actor,
        subject=f"person {person_id}",
        at=by.at,
        academy_id=academy_id,
        detail={"before": {}, "after": {"roles": [role.value for role in Role if role in wanted]}},
    )
    return member


def correct(session: Session, member: Member, facts: Facts, by: By, *, why: str = "") -> list[Fact]:
    """Change what an academy knows of a person; tells what changed.

    Raises Invalid where a name is changed without saying why, and where a number is somebody else's.
    """
    tidy, before, reason = facts.tidy(), facts_of(member.record), " ".join(why.split())
    if len(reason) > LONGEST_WHY:
        raise Invalid(
            _("Keep the reason under {longest_why} characters.", longest_why=LONGEST_WHY), field="why"
        )
    changed = [fact for fact in Fact if getattr(tidy, fact.value, "") != getattr(before, fact.value, "")]
    if not changed:
        return []
    if Fact.NAME in changed and not reason:
        raise Invalid(
            _("Say why the name changes, for example “misspelt” or “married”. It stands in the history."),
            field="why",
        )
    _check_number(session, member.academy_id, tidy, but=member.person_id)
    for name, value in _columns(tidy).items():
        setattr(member.record, name, value)
    session.flush()
    rows = [
        note(session, member, fact, (getattr(before, fact.value), getattr(tidy, fact.value)), by, why=reason)
        for fact in changed
    ]
    _follow(session, member, tidy)
    audit.record(
        session,
        "record corrected",
        actor=by.actor,
        subject=f"person {member.person_id}",
        at=by.at,
        academy_id=member.academy_id,
        detail={"facts": [fact.value for fact in changed], "changes": [row.id for row in rows]},
    )
    return changed


def readdress(session: Session, member: Member, email: str, by: By) -> Member:
    """Give an invited person the address that was meant: all that the academy holds goes over to its account.

    Whether that has an account already is not told. Raises Invalid for a bad address or one that is here
    already, and Conflict for who has accepted.
    """
    address = address_of(email)
    if address == member.holder.email:
        raise Invalid(_("This is the address already. Give the new one."), field="email")
    if any(each.standing is not Standing.INVITED for each in member.memberships):
        raise Conflict(_("This person has accepted already: they confirm another address themselves."))
    to = _account(session, address, facts_of(member.record), by)
    if find_member(session, member.academy_id, to) is not None:
        raise Invalid(_("Somebody at your academy has this address already. Search for it."), field="email")
    old, was = member.person_id, member.holder.email
    for table in Base.metadata.sorted_tables:
        if {"person_id", "academy_id"} <= set(table.columns.keys()):
            theirs = (table.c.person_id == old) & (table.c.academy_id == member.academy_id)
            if session.scalar(
                select(exists().where(theirs))
            ):  # a table that never changes has none of theirs
                session.execute(update(table).where(theirs).values(person_id=to))
    session.expire_all()
    moved = find_member(session, member.academy_id, to)
    assert moved is not None  # noqa: S101  (it was moved above)
    row = note(session, moved, Fact.EMAIL, (was, address), by)
    is_gone = _forget(session, old)
    audit.record(
        session,
        "address corrected",
        actor=by.actor,
        subject=f"person {to}",
        at=by.at,
        academy_id=member.academy_id,
        detail={"before": {"person": old}, "after": {"person": to}, "changes": [row.id]},
    )
    if is_gone:
        audit.forget_aliases(session, [old])
    return moved


def _forget(session: Session, person_id: int) -> bool:
    """Delete an account that nobody activated and nothing else refers to; tells whether it is gone."""
    try:
        with session.begin_nested():
            gone = delete(Person).where(Person.id == person_id, Person.password_hash == UNUSABLE)
            return session.scalar(gone.returning(Person.id)) is not None
    except IntegrityError:
        return False  # another academy knows them


def _account(session: Session, address: str, facts: Facts, by: By) -> int:
    """The account of an address; made without a password where there is none."""
    session.execute(
        insert_into(session, Person)
        .values(email=address, name=facts.name, rank=facts.rank, password_hash=UNUSABLE, created_at=by.at)
        .on_conflict_do_nothing()
    )
    held = (
        select(Person.id).where(Person.email == address).with_for_update()
    )  # who is added twice at once waits
    return session.scalars(held).one()


def _check_number(session: Session, academy_id: int, facts: Facts, *, but: int) -> None:
    """Raises Invalid where another person of the academy has this number."""
    if not facts.external_id:
        return
    session.execute(
        select(Academy.id).where(Academy.id == academy_id).with_for_update()
    )  # one number at a time
    other = session.scalar(
        select(Personnel.name).where(
            Personnel.academy_id == academy_id,
            Personnel.external_id == facts.external_id,
            Personnel.person_id != but,
        )
    )
    if other is not None:
        raise Invalid(
            _("{other} has this number already. Give each person their own.", other=other),
            field="external_id",
        )


def _columns(facts: Facts) -> dict[str, str | None]:
    return vars(facts) | {"external_id": facts.external_id or None, "language": facts.language or None}


def _follow(session: Session, member: Member, facts: Facts) -> None:
    """The account bears the name by which its one academy knows the person; with several, it keeps its own."""
    others = select(Personnel.id).where(
        Personnel.person_id == member.person_id, Personnel.academy_id != member.academy_id
    )
    with everywhere(session):
        is_known_elsewhere = session.scalar(others.limit(1)) is not None
    if not is_known_elsewhere:
        session.execute(
            update(Person).where(Person.id == member.person_id).values(name=facts.name, rank=facts.rank)
        )
