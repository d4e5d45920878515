"""Recovery codes: each stands in once for a factor that was lost. Only their hashes are kept.

A code has 80 random bits, so that its plain hash cannot be searched through.
"""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pme.people.factors_models import RecoveryCode

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: nothing that is mistaken for something else."""
READ_AS = str.maketrans("oil", "011")
LENGTH, GROUP = 16, 4
HOW_MANY = 10


def make_codes(session: Session, person_id: int) -> list[str]:
    """Fresh codes in place of all that there were; they can be read only here and now."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [_code() for _ in range(HOW_MANY)]
    session.add_all(RecoveryCode(person_id=person_id, code_sha256=_digest(code)) for code in codes)
    session.flush()
    return codes


def take_recovery_code(session: Session, person_id: int, typed: str, *, at: datetime) -> bool:
    """Whether this is one of the person's codes that was not used yet; it is used from now on."""
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_sha256 == _digest(typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def codes_left(session: Session, person_id: int) -> int:
    """How many codes can still be used."""
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


def remove_codes(session: Session, person_id: int) -> None:
    """Take all codes away, used or not."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def _digest(typed: str) -> str:
    plain = "".join(typed.lower().replace("-", "").split()).translate(READ_AS)
    return hashlib.sha256(plain.encode()).hexdigest()
