"""Authenticator apps: time-based one-time codes (RFC 6238), each taken once."""

import hmac
import re
from datetime import datetime

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.errors import Conflict
from pme.people.factors_models import AppFactor
from pme.people.factors_seal import Seal
from pme.words.speech import _

STEP = 30  # seconds
DRIFT = 1
"""Steps that the clock of a phone may be off, either way."""
ISSUER = "PME"


def begin_app(session: Session, seal: Seal, person_id: int, *, at: datetime) -> None:
    """Make a fresh secret that counts once it is confirmed. Raises Conflict when an app is set up already."""
    fresh = {
        "sealed": seal.seal(pyotp.random_base32(), about=_about(person_id)),
        "last_step": 0,
        "begun_at": at,
    }
    session.execute(
        insert_into(session, AppFactor)
        .values(person_id=person_id, **fresh)
        .on_conflict_do_update(
            index_elements=["person_id"], set_=fresh, where=AppFactor.confirmed_at.is_(None)
        )
    )
    if has_app(session, person_id):
        raise Conflict(_("An authenticator app is set up already. Remove it first to set up another."))


def secret_to_confirm(session: Session, seal: Seal, person_id: int) -> str | None:
    """The secret that waits to be confirmed; None when there is none."""
    sealed = session.scalar(
        select(AppFactor.sealed).where(AppFactor.person_id == person_id, AppFactor.confirmed_at.is_(None))
    )
    return None if sealed is None else seal.open(sealed, about=_about(person_id))


def address_of(secret: str, *, email: str) -> str:
    """What the QR code says: the otpauth address that apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def confirm_app(session: Session, seal: Seal, person_id: int, code: str, *, at: datetime) -> bool:
    """Let the app count from now on, if the code is one of its own."""
    if has_app(session, person_id) or not _take(session, seal, person_id, code, at=at):
        return False
    session.execute(update(AppFactor).where(AppFactor.person_id == person_id).values(confirmed_at=at))
    return True


def take_code(session: Session, seal: Seal, person_id: int, code: str, *, at: datetime) -> bool:
    """Whether a code is one that the person's app shows now; it and all before it are worth nothing after."""
    return has_app(session, person_id) and _take(session, seal, person_id, code, at=at)


def has_app(session: Session, person_id: int) -> bool:
    """Whether an authenticator app is set up and confirmed."""
    return (
        session.scalar(
            select(AppFactor.id).where(AppFactor.person_id == person_id, AppFactor.confirmed_at.is_not(None))
        )
        is not None
    )


def remove_app(session: Session, person_id: int) -> None:
    """Take the app away, confirmed or not."""
    session.execute(delete(AppFactor).where(AppFactor.person_id == person_id))


def _take(session: Session, seal: Seal, person_id: int, code: str, *, at: datetime) -> bool:
    row = session.execute(
        select(AppFactor.sealed, AppFactor.last_step).where(AppFactor.person_id == person_id)
    ).one_or_none()
    plain = re.sub(r"\s", "", code)
    if row is None or not re.fullmatch("[0-9]{6}", plain):
        return False
    totp, now = pyotp.TOTP(seal.open(row.sealed, about=_about(person_id))), int(at.timestamp()) // STEP
    fitting = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if step > row.last_step and hmac.compare_digest(totp.generate_otp(step), plain)
    ]
    if not fitting:
        return False
    taken = session.execute(
        update(AppFactor)
        .where(AppFactor.person_id == person_id, AppFactor.last_step < fitting[0])
        .values(last_step=fitting[0])
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # of two at once, one takes it


def _about(person_id: int) -> str:
    return f"authenticator app of person {person_id}"  # not words
