"""Acts that change people: add them, sign them in, renew and end their browser sessions."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.lent import let_go
from pme.people import tries
from pme.people.counting import counts_on
from pme.people.look import Look
from pme.people.models import (
    Academy,
    BrowserSession,
    Membership,
    Person,
    Personnel,
    Role,
    Standing,
    Teaching,
)
from pme.people.passwords import Hashing, check_quality
from pme.words.speech import _, _n

PER_ADDRESS = 8
PER_NETWORK = 60
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True)
class SignedIn:
    """A fresh browser session: its row's id and the secret that only the cookie holds."""

    session_id: int
    token: str


@dataclass(frozen=True)
class Seen:
    """Which browser signs in, coarsely, and how its second step was taken; empty without one."""

    browser: str = ""
    network: str = ""
    second_step: str = ""


class TooManyFailures(Conflict):
    """Sign-in is closed for a while after many failures."""


def add_academy(session: Session, *, slug: str, name: str, nation: str, at: datetime) -> Academy:
    """Add an academy. Raises Conflict when the slug is taken."""
    if session.scalar(select(Academy.id).where(Academy.slug == slug)) is not None:
        raise Conflict(_("There is already an academy called “{slug}”.", slug=slug))
    academy = Academy(slug=slug, name=name, nation=nation, created_at=at)
    session.add(academy)
    session.flush()
    return academy


def speak_to(session: Session, person_id: int, language: str) -> None:
    """Speak this language to a person from now on: on pages, and in letters where nothing else is said."""
    session.execute(update(Person).where(Person.id == person_id).values(interface_language=language))
    session.flush()


def look_like(session: Session, person_id: int, look: Look) -> None:
    """Show pages to a person like this from now on."""
    session.execute(update(Person).where(Person.id == person_id).values(look=look.kept or None))
    session.flush()


def offer_no_tour(session: Session, person_id: int) -> None:
    """Offer the tour to a person no more; they still find it under Help."""
    session.execute(update(Person).where(Person.id == person_id).values(tour_is_over=True))
    session.flush()


def read_in(session: Session, person_id: int, language: str | None) -> None:
    """Show content to a person in this language from now on, where it is translated; None: as it was written."""
    session.execute(update(Person).where(Person.id == person_id).values(reading_language=language))
    session.flush()


def add_person(
    session: Session,
    hashing: Hashing,
    *,
    email: str,
    name: str,
    rank: str,
    password: str | None,
    at: datetime,
) -> Person:
    """Add an account; without a password nobody can sign in by one.

    Raises Invalid for a bad address or password, Conflict when the address is taken.
    """
    address = email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Invalid(_("Give an e-mail address like name@academy.example."), field="email")
    if not name.strip():
        raise Invalid(_("Give the person's name."), field="name")
    if password is not None:
        check_quality(password, email=address, name=name)
    if session.scalar(select(Person.id).where(Person.email == address)) is not None:
        raise Conflict(_("There is already an account for {address}.", address=address))
    person = Person(
        email=address,
        name=name.strip(),
        rank=rank.strip(),
        password_hash=hashing.nobody if password is None else hashing.hash(password),
        created_at=at,
    )
    session.add(person)
    session.flush()
    return person


def grant(session: Session, person_id: int, academy_id: int, role: Role) -> None:
    """Give a person a role in an academy; giving it again changes nothing.

    The academy knows of them from then on by the name and rank of their account.
    """
    account = select(
        Person.id, literal(academy_id), Person.name, Person.rank, literal(""), literal(""), literal("")
    ).where(Person.id == person_id)
    columns = ["person_id", "academy_id", "name", "rank", "nation", "service", "unit"]
    session.execute(insert_into(session, Personnel).from_select(columns, account).on_conflict_do_nothing())
    session.execute(
        insert_into(session, Membership)
        .values(person_id=person_id, academy_id=academy_id, role=role, standing=Standing.ACTIVE)
        .on_conflict_do_nothing()
    )


def appoint(session: Session, person_id: int, academy_id: int, course: str) -> None:
    """Let an instructor teach a course at an academy; saying it again changes nothing."""
    session.execute(
        insert_into(session, Teaching)
        .values(person_id=person_id, academy_id=academy_id, course=course)
        .on_conflict_do_nothing()
    )


def check_not_throttled(session: Session, *, email: str, network: str, at: datetime) -> None:
    """Raises TooManyFailures when this address or network failed too often of late."""
    for text, limit in ((email, PER_ADDRESS), (network, PER_NETWORK)):
        seen = tries.seen(session, tries.subject_of(text), at=at)
        if seen.count >= limit:
            minutes = tries.minutes_left(seen, at=at)
            raise TooManyFailures(
                _n(
                    "There were too many attempts to sign in. Try again in {n} minute, or ask your academy to help.",
                    "There were too many attempts to sign in. Try again in {n} minutes, or ask your academy to help.",
                    minutes,
                )
            )


def note_failure(session: Session, *, email: str, network: str, at: datetime) -> None:
    """Count a failed sign-in against the address and the network, and forget old ones."""
    tries.note(session, (tries.subject_of(part) for part in (email, network)), at=at)


def forget_failures(session: Session, email: str) -> None:
    """Wipe what failed for an address: its person has signed in."""
    tries.forget(session, tries.subject_of(email))


def find_by_password(session: Session, hashing: Hashing, *, email: str, password: str) -> Person | None:
    """The person with this address and password, or None; an unknown address takes as long."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    kept = person.password_hash if person else None
    let_go(session)  # few are weighed at a time
    return person if hashing.matches(kept, password) else None


def begin_session(session: Session, person_id: int, *, at: datetime, seen: Seen = Seen()) -> SignedIn | None:
    """Sign a browser in, at the person's academy; None when there is none where they are active."""
    forget_failures(session, _email(session, person_id))
    academy_id = academy_to_begin_at(session, person_id, at=at)
    if academy_id is None:
        return None
    token = secrets.token_urlsafe(32)
    row = BrowserSession(
        token_sha256=token_digest(token),
        person_id=person_id,
        academy_id=academy_id,
        started_at=at,
        renewed_at=at,
        browser=seen.browser,
        network=seen.network,
        second_step=seen.second_step,
    )
    session.add(row)
    session.flush()
    return SignedIn(row.id, token)


def academy_to_begin_at(session: Session, person_id: int, *, at: datetime) -> int | None:
    """Where a person is signed in: the academy they were at last, else their first; None without any."""
    last_used = (
        select(func.max(BrowserSession.id))
        .where(BrowserSession.person_id == person_id, BrowserSession.academy_id == Membership.academy_id)
        .correlate(Membership)
        .scalar_subquery()
    )
    return session.scalar(
        select(Membership.academy_id)
        .where(Membership.person_id == person_id, counts_on(at.date()))
        .order_by(func.coalesce(last_used, 0).desc(), Membership.id)
        .limit(1)
    )


def renew_session(session: Session, token: str, *, at: datetime) -> None:
    """Note that a signed-in browser is still in use."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.token_sha256 == token_digest(token), BrowserSession.ended_at.is_(None))
        .values(renewed_at=at)
    )


def end_session(session: Session, token: str, *, at: datetime) -> None:
    """Sign a browser out for good: its cookie is dead wherever it was copied to."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.token_sha256 == token_digest(token), BrowserSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def token_digest(token: str) -> str:
    """What is kept of a session's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _email(session: Session, person_id: int) -> str:
    return session.scalars(select(Person.email).where(Person.id == person_id)).one()
