"""Numbers of certificates: drawn one after the other, and each accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pme.certificates.models import CertificateCounter, CertificateNumber
from pme.db import insert_into
from pme.people.models import Academy


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number that was drawn. No other transaction of the academy draws one of this year until this one ends."""

    academy_id: int
    year: int
    sequence: int
    number: str


@dataclass(frozen=True, slots=True)
class YearOfNumbers:
    """The numbers of a year: how many were drawn and issued, which were not and why, and which nothing tells of."""

    year: int
    drawn: int
    issued: int
    explained: Sequence[CertificateNumber]
    unexplained: Sequence[int]


def draw_number(session: Session, academy: Academy, *, year: int) -> Drawn:
    """The academy's next number of a year, like DEMO-2026-000001. Say of each what became of it (`account_for`)."""
    session.execute(
        insert_into(session, CertificateCounter)
        .values(academy_id=academy.id, year=year, last=0)
        .on_conflict_do_nothing()
    )
    last = session.execute(
        update(CertificateCounter)
        .where(CertificateCounter.academy_id == academy.id, CertificateCounter.year == year)
        .values(last=CertificateCounter.last + 1)
        .returning(CertificateCounter.last)
    ).scalar_one()
    return Drawn(academy.id, year, last, f"{academy.slug.upper()}-{year}-{last:06d}")


def account_for(session: Session, drawn: Drawn, *, explanation: str = "", at: datetime) -> None:
    """Keep what became of a number: a certificate bears it, or an explanation says why none does."""
    session.add(
        CertificateNumber(
            academy_id=drawn.academy_id,
            year=drawn.year,
            sequence=drawn.sequence,
            number=drawn.number,
            is_issued=not explanation,
            explanation=explanation,
            drawn_at=at,
        )
    )
    session.flush()


def numbers_by_year(session: Session, academy_id: int) -> list[YearOfNumbers]:
    """Every number that an academy drew, year by year, the latest first."""
    counters = session.execute(
        select(CertificateCounter.year, CertificateCounter.last)
        .where(CertificateCounter.academy_id == academy_id)
        .order_by(CertificateCounter.year.desc())
    ).all()
    return [_year(session, academy_id, year, last) for year, last in counters]


def _year(session: Session, academy_id: int, year: int, last: int) -> YearOfNumbers:
    of_year = (CertificateNumber.academy_id == academy_id, CertificateNumber.year == year)
    told, issued = session.execute(
        select(
            func.count(CertificateNumber.id),
            func.count(CertificateNumber.id).filter(CertificateNumber.is_issued),
        ).where(*of_year)
    ).one()
    explained = session.scalars(
        select(CertificateNumber)
        .where(*of_year, CertificateNumber.is_issued.is_(False))
        .order_by(CertificateNumber.sequence)
    ).all()
    unexplained: list[int] = []
    if told < last:
        known = set(session.scalars(select(CertificateNumber.sequence).where(*of_year)))
        unexplained = [number for number in range(1, last + 1) if number not in known]
    return YearOfNumbers(year, last, issued, explained, unexplained)
