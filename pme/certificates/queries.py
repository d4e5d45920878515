"""Reads about certificates."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate


def certificates_of(session: Session, person_id: int, academy_id: int) -> Sequence[Certificate]:
    """A person's certificates from an academy, latest first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person_id, Certificate.academy_id == academy_id)
        .order_by(Certificate.issued_at.desc())
    ).all()


def find_by_number(session: Session, number: str) -> Certificate | None:
    """The certificate of this number, or None."""
    return session.scalar(select(Certificate).where(Certificate.number == number))


def find_by_code(session: Session, code: str) -> Certificate | None:
    """The certificate of this verification code, or None. Case and dashes do not matter."""
    plain = code.replace("-", "").replace(" ", "").upper()
    return session.scalar(select(Certificate).where(Certificate.code == plain))
