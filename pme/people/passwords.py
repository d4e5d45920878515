"""Passwords: which are good enough, and how they are hashed (argon2id).

Length and a blocklist, no composition rules (NIST SP 800-63B §5.1.1.2). Hashes computed at one time
are limited, since each holds its memory.
"""

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pme.config import Argon2Cost
from pme.errors import Invalid
from pme.words.speech import _

SHORTEST = 15
LONGEST = 256
AT_ONCE = 4

BLOCKED = frozenset(  # not words
    "123456789012345 1234567890123456 12345678901234567890 qwertyuiopasdfgh qwertyuiopasdfghjkl "
    "passwordpassword passwordpassword1 password12345678 password1234567 aaaaaaaaaaaaaaa "
    "iloveyouiloveyou letmeinletmein1 adminadminadmin administrator123 administrator1234 "
    "changemechangeme welcomewelcome1 correcthorsebatterystaple thisisapassword thisismypassword "
    "mypasswordismypassword qwerty123456789 abcdefghijklmno abcdefghijklmnopqrstuvwxyz "
    "humansecurity123 humansecurity2026 militaryeducation".split()
)

FEWEST_DIFFERENT = 5


def check_quality(password: str, *, email: str = "", name: str = "") -> None:
    """Raises Invalid, with what to do, when a new password is too easy to guess."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise Invalid(
            _(
                "Use at least {shortest} characters. Four or five words that do not belong together are easy "
                "to remember.",
                shortest=SHORTEST,
            ),
            field="password",
        )
    if len(plain) > LONGEST:
        raise Invalid(_("Use at most {longest} characters.", longest=LONGEST), field="password")
    squeezed = "".join(plain.lower().split())
    known = [part for part in (email.partition("@")[0].lower(), "".join(name.lower().split())) if part]
    if squeezed in BLOCKED or len(set(squeezed)) < FEWEST_DIFFERENT or squeezed in known:
        raise Invalid(_("This password is one that people guess first. Choose another."), field="password")


def normal(password: str) -> str:
    """The password in Unicode NFC, so that it is the same from every keyboard."""
    return unicodedata.normalize("NFC", password)


class Hashing:
    """Hashes and verifies passwords at the cost set for this installation."""

    def __init__(self, cost: Argon2Cost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.kibibytes, parallelism=cost.lanes
        )
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self.nobody = self._hasher.hash(secrets.token_urlsafe(32))
        """Of a password that nobody knows."""

    def hash(self, password: str) -> str:
        """The hash to keep for a password."""
        with self._slots:
            return self._hasher.hash(normal(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether a password fits a kept hash; None, or that of no password yet, costs the same time and never fits."""
        with self._slots:
            try:
                self._hasher.verify(kept or self.nobody, normal(password)[: LONGEST * 4])
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept)
