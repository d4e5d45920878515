"""How large and how deep a document may be before anything looks at what it says.

Also refuses what JSON-LD would drop without a word (null), and what is written in more than one way when
canonicalised (control characters, halves of characters): two readers must see the same document.
"""

import re
from collections.abc import Iterator

from pme.errors import Invalid

DEEPEST = 24
MOST_VALUES = 5_000
MOST_TEXT = 4_000_000
"""Characters in all: a status list of a million places is about 200,000."""

UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class OutOfBounds(Invalid):
    """A document that is not looked into any further."""


def within_bounds(document: object) -> None:
    """Raise OutOfBounds for a document that is too large, too deep, or not the same to every reader."""
    text = 0
    for values, (depth, is_meaning, value) in enumerate(_walk(document)):
        if depth > DEEPEST:
            raise OutOfBounds(f"The credential is nested more than {DEEPEST} levels deep.")
        if isinstance(value, str):
            text += len(value)
            if UNSAFE.search(value):
                raise OutOfBounds("The credential holds control characters, which no credential needs.")
        elif value is None and not is_meaning:
            raise OutOfBounds("The credential holds an empty value (null), which no credential may.")
        if values > MOST_VALUES or text > MOST_TEXT:
            raise OutOfBounds("The credential is larger than any that this platform reads.")


def _walk(document: object) -> Iterator[tuple[int, bool, object]]:
    """Every value with its depth, and whether it stands inside an `@context`, where null has a meaning."""
    left: list[tuple[int, bool, object]] = [(1, False, document)]
    while left:
        depth, is_meaning, value = left.pop()
        yield depth, is_meaning, value
        if isinstance(value, dict):
            for key, inner in value.items():
                left.append((depth + 1, False, key))
                left.append((depth + 1, is_meaning or key == "@context", inner))
        elif isinstance(value, list):
            left.extend((depth + 1, is_meaning, inner) for inner in value)
