"""Second factors of a person as a whole: what there is, the second step of a sign-in, the reset by staff."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.people.factors_app import has_app, remove_app, take_code
from pme.people.factors_models import AppFactor, HalfSignIn, Passkey
from pme.people.factors_passkeys import passkeys_of
from pme.people.factors_recovery import codes_left, remove_codes, take_recovery_code
from pme.people.factors_seal import Seal
from pme.people.service import token_digest

TIME_FOR_SECOND_STEP = timedelta(minutes=10)


@dataclass(frozen=True)
class Factors:
    """What a person has besides the password."""

    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def are_set_up(self) -> bool:
        """Whether signing in asks for a second step."""
        return self.app_since is not None or bool(self.passkeys)

    @property
    def counted(self) -> dict[str, int]:
        """How many of each kind, for the audit trail."""
        return {
            "apps": int(self.app_since is not None),
            "passkeys": len(self.passkeys),
            "codes": self.codes_left,
        }


@dataclass(frozen=True)
class Half:
    """A sign-in that has passed the first step."""

    id: int
    person_id: int
    challenge: str


def factors_of(session: Session, person_id: int) -> Factors:
    """What a person has besides the password."""
    since = session.scalar(select(AppFactor.confirmed_at).where(AppFactor.person_id == person_id))
    return Factors(since, tuple(passkeys_of(session, person_id)), codes_left(session, person_id))


def has_second_factor(session: Session, person_id: int) -> bool:
    """Whether signing in asks this person for a second step."""
    passkey = select(Passkey.id).where(Passkey.person_id == person_id).limit(1)
    return has_app(session, person_id) or session.scalar(passkey) is not None


def subject_of_throttle(person_id: int) -> str:
    """What failures of a person's second step are counted by."""
    return f"second step of person {person_id}"  # not words


def begin_half(session: Session, person_id: int, *, at: datetime) -> str:
    """Note that the password was right; gives the secret that only the cookie holds."""
    session.execute(delete(HalfSignIn).where(HalfSignIn.begun_at < at - TIME_FOR_SECOND_STEP))
    token = secrets.token_urlsafe(32)
    session.add(
        HalfSignIn(
            token_sha256=token_digest(token),
            person_id=person_id,
            challenge=secrets.token_urlsafe(32),
            begun_at=at,
        )
    )
    session.flush()
    return token


def find_half(session: Session, token: str, *, at: datetime) -> Half | None:
    """The sign-in behind a secret that has passed the first step a short while ago."""
    row = session.execute(
        select(HalfSignIn.id, HalfSignIn.person_id, HalfSignIn.challenge).where(
            HalfSignIn.token_sha256 == token_digest(token), HalfSignIn.begun_at > at - TIME_FOR_SECOND_STEP
        )
    ).one_or_none()
    return Half(*row) if row else None


def end_half(session: Session, half_id: int) -> bool:
    """Use a first step up; False when somebody was faster."""
    ended = session.execute(delete(HalfSignIn).where(HalfSignIn.id == half_id))
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def end_halves(session: Session, person_id: int) -> None:
    """Every first step of a person is worth nothing any more: the password or the factors have changed."""
    session.execute(delete(HalfSignIn).where(HalfSignIn.person_id == person_id))


def take_any_code(session: Session, seal: Seal, person_id: int, typed: str, *, at: datetime) -> str:
    """Take a code of the app or a recovery code; gives "app", "recovery", or nothing when it is neither."""
    if take_code(session, seal, person_id, typed, at=at):
        return "app"
    return "recovery" if take_recovery_code(session, person_id, typed, at=at) else ""


def drop_codes_without_factor(session: Session, person_id: int) -> None:
    """Recovery codes stand in for a factor: with the last factor they go too."""
    if not has_second_factor(session, person_id):
        remove_codes(session, person_id)


def reset_factors(session: Session, person_id: int) -> Factors:
    """Take away every factor of a person who has lost them; gives what there was."""
    before = factors_of(session, person_id)
    remove_app(session, person_id)
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    remove_codes(session, person_id)
    end_halves(session, person_id)
    return before
