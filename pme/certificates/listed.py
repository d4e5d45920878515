"""Certificates as staff list them: found by words and state, one page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.certificates.queries import Held, held, state_column
from pme.certificates.state import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty narrows nothing. `words` are in the holder's name, the number or the course."""

    words: str = ""
    state: State | None = None


def count_certificates(session: Session, academy_id: int, wanted: Wanted, *, at: datetime) -> int:
    """How many certificates of an academy fit."""
    return session.scalar(select(func.count(Certificate.id)).where(*_fits(academy_id, wanted, at))) or 0


def certificates_found(
    session: Session, academy_id: int, wanted: Wanted, *, at: datetime, offset: int, at_most: int
) -> Sequence[Held]:
    """The certificates of an academy that fit, the latest first."""
    found = session.scalars(
        select(Certificate)
        .where(*_fits(academy_id, wanted, at))
        .order_by(Certificate.id.desc())
        .offset(offset)
        .limit(at_most)
    )
    return held(session, academy_id, found, at=at)


def find_certificate(session: Session, academy_id: int, number: str) -> Certificate | None:
    """The certificate of this number at an academy, or None."""
    return session.scalar(
        select(Certificate).where(Certificate.academy_id == academy_id, Certificate.number == number)
    )


def _fits(academy_id: int, wanted: Wanted, at: datetime) -> list[ColumnElement[bool]]:
    places = (Certificate.holder_name, Certificate.number, Certificate.course_title)
    words = [
        or_(*(func.lower(place).contains(word, autoescape=True) for place in places))
        for word in wanted.words.lower().split()
    ]
    states = [state_column(at) == wanted.state.value] if wanted.state else []
    return [Certificate.academy_id == academy_id, *words, *states]
