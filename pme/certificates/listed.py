"""Certificates as staff list them: found by words and state, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.certificates.queries import Held, held, state_column
from pme.certificates.state import State

SORTS = ("number", "holder", "course", "issued", "valid")
"""What a list of certificates can be sorted by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty narrows nothing. `words` are in the holder's name, the number or the course."""

    words: str = ""
    state: State | None = None


def count_certificates(session: Session, academy_id: int, wanted: Wanted, *, at: datetime) -> int:
    """How many certificates of an academy fit."""
    return session.scalar(select(func.count(Certificate.id)).where(*_fits(academy_id, wanted, at))) or 0


def certificates_found(
    session: Session,
    academy_id: int,
    wanted: Wanted,
    *,
    at: datetime,
    sort: str = "-issued",
    offset: int,
    at_most: int,
) -> Sequence[Held]:
    """The certificates of an academy that fit, by one of `SORTS` ("-": the last first)."""
    found = session.scalars(
        select(Certificate)
        .where(*_fits(academy_id, wanted, at))
        .order_by(*_order(sort))
        .offset(offset)
        .limit(at_most)
    )
    return held(session, academy_id, found, at=at)


def find_certificate(session: Session, academy_id: int, number: str) -> Certificate | None:
    """The certificate of this number at an academy, or None."""
    return session.scalar(
        select(Certificate).where(Certificate.academy_id == academy_id, Certificate.number == number)
    )


def _order(sort: str) -> list[ColumnElement[Any]]:
    """Those that are valid without an end stand last, whichever way; of those alike, the latest first.

    Certificates are issued in the order of their ids, which are found without sorting.
    """
    by: dict[str, ColumnElement[Any]] = {
        "number": Certificate.number.expression,
        "holder": Certificate.holder_name.expression,
        "course": Certificate.course_title.expression,
        "issued": Certificate.id.expression,
        "valid": Certificate.valid_until.expression,
    }
    column = by[sort.removeprefix("-")]
    first = column.desc() if sort.startswith("-") else column.asc()
    return [first] if column is by["issued"] else [first.nulls_last(), Certificate.id.desc()]


def _fits(academy_id: int, wanted: Wanted, at: datetime) -> list[ColumnElement[bool]]:
    places = (Certificate.holder_name, Certificate.number, Certificate.course_title)
    words = [
        or_(*(func.lower(place).contains(word, autoescape=True) for place in places))
        for word in wanted.words.lower().split()
    ]
    states = [state_column(at) == wanted.state.value] if wanted.state else []
    return [Certificate.academy_id == academy_id, *words, *states]
