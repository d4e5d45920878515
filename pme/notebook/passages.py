"""The passages of a page that one can choose without selecting text: its paragraphs and their sentences. Pure."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

from pme.notebook.quoting import Text

ENDS = re.compile(r"[.!?…؟][\"'”’»)\]]*\s+(?=[^\sa-z])")
SHORTEST = 20
"""Signs under which what looks like a sentence stays with the one before it: “Art. 3”."""


@dataclass(frozen=True)
class Passage:
    """A sentence or a whole paragraph. `name` is made of its words, and stays as long as they do."""

    name: str
    begin: int
    end: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A block of a page with its sentences; one sentence alone is the paragraph itself."""

    whole: Passage
    sentences: tuple[Passage, ...]


def paragraphs_of(text: Text) -> tuple[Paragraph, ...]:
    """Every block of a page in order."""
    seen: Counter[str] = Counter()

    def passage(begin: int, end: int) -> Passage:
        words = text.letters[begin:end]
        seen[words] += 1
        name = hashlib.sha256(f"{seen[words]} {words}".encode()).hexdigest()[:12]
        return Passage(name, begin, end, words)

    found = []
    for begin, end in text.blocks:
        whole = passage(begin, end)
        parts = _sentences(text.letters[begin:end])
        sentences = tuple(passage(begin + a, begin + b) for a, b in parts) if len(parts) > 1 else ()
        found.append(Paragraph(whole, sentences))
    return tuple(found)


def passage_named(text: Text, name: str) -> Passage | None:
    """The passage of this name, or None where its words have changed."""
    every = (one for each in paragraphs_of(text) for one in (each.whole, *each.sentences))
    return next((one for one in every if one.name == name), None)


def _sentences(words: str) -> list[tuple[int, int]]:
    found, begin = [], 0
    for end in ENDS.finditer(words):
        if end.end() - begin >= SHORTEST:
            found.append((begin, end.start() + len(end[0].rstrip())))
            begin = end.end()
    return [*found, (begin, len(words))] if begin < len(words) else found
