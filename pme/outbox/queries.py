"""Reads of letters: the log of an academy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import Session

from pme.outbox.models import Letter, LetterState

SORTS = ("letter", "to", "written", "state", "tries", "problem")
"""What an academy's letters can be sorted by."""


def letters_of(
    session: Session,
    academy_id: int,
    *,
    state: LetterState | None = None,
    text: str = "",
    sort: str = "-written",
    offset: int,
    limit: int,
) -> Sequence[Letter]:
    """A page of an academy's letters by one of `SORTS` ("-": the last first)."""
    found = select(Letter).where(*_fits(academy_id, state, text)).order_by(*_order(sort))
    return session.scalars(found.offset(offset).limit(limit)).all()


def count_letters(
    session: Session, academy_id: int, *, state: LetterState | None = None, text: str = ""
) -> int:
    """How many letters of an academy fit."""
    return session.scalar(select(func.count(Letter.id)).where(*_fits(academy_id, state, text))) or 0


def has_words(text: str) -> list[ColumnElement[bool]]:
    """That each of these words is in the address or the subject of a letter."""
    places = (Letter.address, Letter.subject)
    return [
        or_(*(func.lower(place).contains(word, autoescape=True) for place in places))
        for word in text.lower().split()
    ]


def _fits(academy_id: int, state: LetterState | None, text: str) -> list[ColumnElement[bool]]:
    in_state = [Letter.state == state] if state is not None else []
    return [Letter.academy_id == academy_id, *in_state, *has_words(text)]


def _order(sort: str) -> list[ColumnElement[Any]]:
    """What is not kept or never was stands last, whichever way; of those alike, the newest first.

    Letters are written in the order of their ids, which are found without sorting.
    """
    key = sort.removeprefix("-")
    by: dict[str, ColumnElement[Any]] = {
        "letter": func.nullif(Letter.subject, ""),
        "to": func.nullif(Letter.address, ""),
        "written": Letter.id.expression,
        "state": case({state: place for place, state in enumerate(LetterState)}, value=Letter.state),
        "tries": Letter.tries.expression,
        "problem": func.nullif(Letter.problem, ""),
    }
    first = by[key].desc() if sort.startswith("-") else by[key].asc()
    return [first] if key == "written" else [first.nulls_last(), Letter.id.desc()]


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
