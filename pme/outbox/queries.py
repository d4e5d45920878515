"""Reads of letters: the log of an academy."""

from collections.abc import Sequence

from sqlalchemy import func, select
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


def counts_everywhere(session: Session) -> dict[LetterState, int]:
    """How many letters of the whole install are in which state."""
    return dict(session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all())
