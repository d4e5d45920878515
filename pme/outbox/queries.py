"""Reads of letters: the log of an academy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from pme.outbox.models import Letter, LetterState

PAGE = 50


def letters_of(
    session: Session, academy_id: int, *, state: LetterState | None = None, before: int | None = None
) -> Sequence[Letter]:
    """A page of an academy's letters, the newest first; one more than a page where there are more."""
    found = select(Letter).where(Letter.academy_id == academy_id)
    if state is not None:
        found = found.where(Letter.state == state)
    if before is not None:
        found = found.where(Letter.id < before)
    return session.scalars(found.order_by(Letter.id.desc()).limit(PAGE + 1)).all()


def counts_of(session: Session, academy_id: int) -> dict[LetterState, int]:
    """How many letters of an academy are in which state."""
    counted = select(Letter.state, func.count()).where(Letter.academy_id == academy_id)
    return dict(session.execute(counted.group_by(Letter.state)).all())


def find_letter(
    session: Session, letter_id: int, *, academy_id: int, for_update: bool = False
) -> Letter | None:
    """A letter of an academy, or None."""
    found = select(Letter).where(Letter.id == letter_id, Letter.academy_id == academy_id)
    return session.scalar(found.with_for_update() if for_update else found)


@dataclass(frozen=True)
class Held:
    """Letters that wait since the mail server takes none: how many, since when, and what was said last."""

    count: int
    since: datetime
    says: str


HELD = select(func.count(), func.min(Letter.created_at), func.max(Letter.problem)).where(
    Letter.state == LetterState.WAITING, Letter.awaits_server
)


def held_at(session: Session, academy_id: int) -> Held | None:
    """What waits for the mail server at an academy; None where nothing does."""
    return _held(session.execute(HELD.where(Letter.academy_id == academy_id)).one())


def held_everywhere(session: Session) -> Held | None:
    """What waits for the mail server in the whole install; None where nothing does."""
    return _held(session.execute(HELD).one())


def _held(row: Row[int, datetime, str]) -> Held | None:
    return Held(*row) if row[0] else None


def counts_everywhere(session: Session) -> dict[LetterState, int]:
    """How many letters of the whole install are in which state."""
    return dict(session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all())
