"""What the doctor says of one thing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How well something is."""

    FINE = "fine"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line: about what, how well it is, what was found, and what to do where something is."""

    about: str
    level: Level
    found: str
    do: str = ""


def fine(about: str, found: str) -> Finding:
    """Something that is as it should be."""
    return Finding(about, Level.FINE, found)


def look(about: str, found: str, do: str) -> Finding:
    """Something that somebody should look at."""
    return Finding(about, Level.LOOK, found, do)


def wrong(about: str, found: str, do: str) -> Finding:
    """Something that has to be put right."""
    return Finding(about, Level.WRONG, found, do)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among them."""
    order = list(Level)
    return max((each.level for each in findings), key=order.index, default=Level.FINE)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its word: 1 file, 2 files."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
