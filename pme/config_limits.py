"""For how long one session of PostgreSQL may hold up the others. Read as every other setting.

SQLite needs none of it: its writers wait in line, ten seconds at most.
"""

from dataclasses import dataclass, replace
from typing import Protocol

LONGEST = 3600  # seconds
MILLISECONDS = 1000


class Reader(Protocol):
    """What reads settings and keeps every reason to refuse."""

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number."""


@dataclass(frozen=True)
class Limits:
    """Seconds, 0 for no limit: to wait for a lock, for one statement, and to be silent in a transaction that writes."""

    lock: int = 0
    statement: int = 0
    silence: int = 0

    @classmethod
    def read(cls, reader: Reader) -> "Limits":
        """Read them."""
        return cls(
            lock=reader.number("PME_LOCK_SECONDS", 10, 0, LONGEST),
            statement=reader.number("PME_STATEMENT_SECONDS", 60, 0, LONGEST),
            silence=reader.number("PME_SILENCE_SECONDS", 60, 0, LONGEST),
        )

    @property
    def of_work(self) -> "Limits":
        """Those of a worker, whose statements may take their time."""
        return replace(self, statement=0)

    def told(self, *, is_writing: bool) -> dict[str, str]:
        """What a transaction tells PostgreSQL: settings that end with it, in milliseconds.

        A reader holds nobody up but a migration, and may wait for a slow browser.
        """
        told = {"statement_timeout": self.statement}
        if is_writing:
            told |= {"lock_timeout": self.lock, "idle_in_transaction_session_timeout": self.silence}
        return {name: str(seconds * MILLISECONDS) for name, seconds in told.items() if seconds}


NO_LIMITS = Limits()
"""Those of commands: whoever typed one can end it."""
