"""One piece of content as it was read: its shape, and where in its files each part stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pme.content.parse_fields import Passage
from pme.content.problems import Problem, Remark

T = TypeVar("T", covariant=True)


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """Content (or a bank) with its place: `lines` maps paths such as `items.signs.options.a` to lines.

    A broken file still gives the best shape that could be made of it, so that every check can run.
    """

    file: str
    content: T
    source: Mapping[str, str]
    lines: Mapping[str, int] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()

    def line(self, place: str) -> int:
        """The line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place, 1)

    def problem(self, remark: Remark) -> Problem:
        """A remark about this content, at its line."""
        return Problem(self.file, self.line(remark.place), remark.says, remark.severity)
