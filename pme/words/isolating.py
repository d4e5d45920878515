"""Names, numbers and codes kept apart from the sentence around them, where that runs the other way. Pure."""

import re
from functools import lru_cache

FIRST_STRONG, END = "\u2068", "\u2069"
_PLACE = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"<[^>]*>")


def apart(value: object) -> object:
    """A text that keeps its own direction within a sentence; what is no plain text, as it is."""
    if type(value) is not str or not value:
        return value
    return f"{FIRST_STRONG}{value}{END}"


def undivided(text: str) -> str:
    """A text without the signs that keep its values apart: for names that are kept."""
    return text.replace(FIRST_STRONG, "").replace(END, "")


@lru_cache(maxsize=1024)
def places_in_tags(text: str) -> frozenset[str]:
    """The places of a text that stand within a tag, as the address of a link does."""
    return frozenset(name for tag in _TAG.findall(text) for name in _PLACE.findall(tag))
