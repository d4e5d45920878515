"""What a page says of itself when it sends an answer or a decision that its device had to keep: so that what
is sent twice is stored once, and what is sent late takes nothing back that was done elsewhere meanwhile.

The keys are made on the server, for each page anew; without a script none is sent, and nothing changes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from pme.assessment.queries import Taken
from pme.errors import Conflict
from pme.words.lazily import lazy

KEY = re.compile(r"[0-9a-f]{32}")
MOST_CHANGES = 1_000_000
"""On one page."""
ELSEWHERE = lazy("This question was answered on another page or device meanwhile, and that answer counts.")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which page an answer comes from, and the how-manieth change on it this is (0: the page did not count).

    `seen` is when the answer that the page showed was saved, as it was told (empty: it showed none). `is_late`
    says that the answer waited on the device.
    """

    form: str
    turn: int = 0
    seen: str = ""
    is_late: bool = False

    def is_behind(self, form: str | None, saved_at: datetime) -> bool:
        """Whether somebody else saved an answer after this page showed one: that one counts, not this late one."""
        return self.is_late and form != self.form and saved_at.isoformat() != self.seen


class AnsweredElsewhere(Conflict):
    """A late answer found a newer one."""


class AlreadyTaken(Conflict):
    """The decision was taken before; `stored` is what was decided, which counts."""

    def __init__(self, says: str, stored: Taken) -> None:
        super().__init__(says)
        self.stored = stored


class SentAgain(AlreadyTaken):
    """The very decision was taken before, on the same page: nothing is left to do."""


def key_in(text: str | None) -> str | None:
    """The key that a form sends, or None where it is none that the server made."""
    return text if text and KEY.fullmatch(text) else None


def new_key() -> str:
    """The key of a page."""
    return token_hex(16)


def stamp_in(form: str | None, turn: int | None, seen: str | None, *, is_late: bool) -> Stamp | None:
    """What a page says of itself, or None where it says nothing, or nothing that can be."""
    key = key_in(form)
    if key is None or turn is None or not 0 <= turn <= MOST_CHANGES:
        return None
    return Stamp(key, turn, seen or "", is_late)
