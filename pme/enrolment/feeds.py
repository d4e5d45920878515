"""Secret addresses of calendars: a person makes one, makes another instead, or ends it."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.enrolment.models_admission import CalendarFeed
from pme.enrolment.noting import note
from pme.people.counting import counts_on
from pme.people.models import Membership

SECRET_BYTES = 24


def make_feed(session: Session, academy_id: int, person_id: int, *, at: datetime) -> str:
    """Make a new secret address, which ends the one before it; gives the secret, which is not kept."""
    before = _end(session, academy_id, person_id, at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed(academy_id=academy_id, person_id=person_id, token_sha256=_digest(secret), made_at=at)
    session.add(feed)
    session.flush()
    _note(session, academy_id, person_id, "calendar address made", at, before, [feed.id])  # not words
    return secret


def end_feed(session: Session, academy_id: int, person_id: int, *, at: datetime) -> None:
    """End the address: it opens nothing any more. Again changes nothing."""
    before = _end(session, academy_id, person_id, at)
    if before:
        _note(session, academy_id, person_id, "calendar address ended", at, before, [])  # not words


def feed_of(session: Session, academy_id: int, person_id: int) -> CalendarFeed | None:
    """The address that a person has at an academy, or None."""
    return session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.academy_id == academy_id,
            CalendarFeed.person_id == person_id,
            CalendarFeed.ended_at.is_(None),
        )
    )


def find_feed(session: Session, secret: str, *, at: datetime) -> CalendarFeed | None:
    """The open address of this secret, of somebody who still belongs to its academy; None otherwise."""
    feed = session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.token_sha256 == _digest(secret), CalendarFeed.ended_at.is_(None)
        )
    )
    if feed is None:
        return None
    belongs = session.scalar(
        select(Membership.id)
        .where(
            Membership.person_id == feed.person_id,
            Membership.academy_id == feed.academy_id,
            counts_on(at.date()),
        )
        .limit(1)
    )
    return feed if belongs is not None else None


def _end(session: Session, academy_id: int, person_id: int, at: datetime) -> list[int]:
    return list(
        session.scalars(
            update(CalendarFeed)
            .where(
                CalendarFeed.academy_id == academy_id,
                CalendarFeed.person_id == person_id,
                CalendarFeed.ended_at.is_(None),
            )
            .values(ended_at=at)
            .returning(CalendarFeed.id)
        )
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(
    session: Session,
    academy_id: int,
    person_id: int,
    act: str,
    at: datetime,
    before: list[int],
    after: list[int],
) -> None:
    note(
        session,
        act,
        academy_id=academy_id,
        by=person_id,
        subject=f"person {person_id}",
        at=at,
        before={"feeds": before},
        after={"feeds": after},
    )
