"""What a recording is, told from its bytes alone: never from its name or from what a browser claims. Pure.

A reader walks the whole structure of a file. What it does not understand to the end is refused, so that no
file is two things at once. Places that hold data about people (where it was filmed, whose device) are named
in `blank`: overwriting them leaves every other byte in its place.
"""

from dataclasses import dataclass, field
from typing import Protocol, overload

from pme.words.speech import _


class Bytes(Protocol):
    """The bytes of a file: in memory, or mapped from disk so that its size costs nothing."""

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, at: int, /) -> int: ...

    @overload
    def __getitem__(self, at: slice, /) -> bytes: ...


class NotMedia(Exception):
    """A file that is not taken; the text is a sentence for the person who sent it."""


@dataclass
class Looked:
    """What a recording is. `start` and `end` are what is kept of it; each of `blank` is a place and the bytes
    to write over it, and `zero` are stretches to fill with nothing.
    """

    mime: str
    end: int
    start: int = 0
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    blank: list[tuple[int, bytes]] = field(default_factory=list)
    zero: list[tuple[int, int]] = field(default_factory=list)


LONGEST_SECONDS = 6 * 3600


def number(data: Bytes, at: int, length: int, *, little: bool = False) -> int:
    """A whole number of a file. Raises NotMedia where the file ends before it."""
    piece = data[at : at + length]
    if len(piece) != length:
        raise NotMedia(_("The file is cut short. Copy or export it again, then send the whole of it."))
    return int.from_bytes(piece, "little" if little else "big")


def sensible(looked: Looked) -> Looked:
    """The recording, if its length can be true. Raises NotMedia."""
    if not 0 < looked.seconds < LONGEST_SECONDS:
        raise NotMedia(_("The recording gives no length, or one of more than six hours. Export it again."))
    return looked
