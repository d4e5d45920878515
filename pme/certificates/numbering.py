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
    own = CertificateNumber.academy_id == academy_id
    year, is_issued = CertificateNumber.year, CertificateNumber.is_issued
    counted = select(year, func.count(), func.count().filter(is_issued)).where(own).group_by(year)
    told = {each: (number, issued) for each, number, issued in session.execute(counted)}
    explained: dict[int, list[CertificateNumber]] = {}
    without = select(CertificateNumber).where(own, is_issued.is_(False))
    for each in session.scalars(without.order_by(CertificateNumber.sequence)):
        explained.setdefault(each.year, []).append(each)
    return [
        YearOfNumbers(
            of,
            last,
            told.get(of, (0, 0))[1],
            explained.get(of, ()),
            _unexplained(session, academy_id, of, last) if told.get(of, (0, 0))[0] < last else (),
        )
        for of, last in counters
    ]


def _unexplained(session: Session, academy_id: int, year: int, last: int) -> list[int]:
    of_year = CertificateNumber.academy_id == academy_id, CertificateNumber.year == year
    known = set(session.scalars(select(CertificateNumber.sequence).where(*of_year)))
    return [number for number in range(1, last + 1) if number not in known]
