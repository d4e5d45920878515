"""Places that a template left for its author: `{write: what belongs here}`, anywhere in a text file. Pure.

They guide whoever writes, and stop publishing, so that no guide is ever shown to a student by mistake.
"""

import re
from collections.abc import Iterator

from pme.content.problems import Problem
from pme.words.speech import _

_GUIDE = re.compile(r"\{write:([^{}]{0,500})")
_BLANKS = re.compile(r"[\s>|]+")


def guide(says: str) -> str:
    """The mark that asks for something to be written."""
    return f"{{write: {says}}}"


def is_unwritten(text: str) -> bool:
    """Whether a text holds a place that is still to be written."""
    return "{write:" in text


def unwritten(path: str, text: str) -> Iterator[Problem]:
    """An error for each place of a file that is still to be written."""
    for found in _GUIDE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        wanted = _BLANKS.sub(" ", found[1]).strip().rstrip('"')
        guided = wanted.rstrip(".") or _("put your words here")
        yield Problem(path, line, _("Still to be written: {here}.", here=guided))
