"""What a task of the intake gives back: something told, and bytes."""

from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """The file is not taken; the text is the sentence for its sender."""


@dataclass
class Made:
    """What is told, and the bytes that it speaks of by their places."""

    told: dict[str, Any]
    bodies: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, body: bytes) -> tuple[int, int]:
        """Add bytes; gives their place as (from, length)."""
        place = (self.size, len(body))
        self.bodies.append(body)
        self.size += len(body)
        return place
