"""A full-text index of one publication in one language, made by the process that is first asked for it.

SQLite's FTS5 in memory, whichever database the platform stands on: what is published never changes, so nothing
has to be kept in step, and the words of a publication fit into some megabytes.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from pme.finding.passages import Found, Passage

BEGIN, END = "\ue000", "\ue001"
"""Marks round what was looked for, from the area of Unicode that no text uses."""
MOST = 40
MOST_WORDS = 12
LONGEST = 200  # characters of what is looked for
_WORDS = re.compile(r"\w+")
_TABLE = """CREATE VIRTUAL TABLE passage USING fts5(
    title, text, kind UNINDEXED, module UNINDEXED, page UNINDEXED, anchor UNINDEXED,
    tokenize = "porter unicode61 remove_diacritics 2")"""
_FIND = f"""SELECT kind, module, page, anchor, highlight(passage, 0, '{BEGIN}', '{END}') AS title,
    snippet(passage, 1, '{BEGIN}', '{END}', '…', 32) AS text
    FROM passage WHERE passage MATCH ? AND module IN (SELECT value FROM json_each(?))
    ORDER BY bm25(passage, 6.0, 1.0) * CASE kind WHEN 'page' THEN 2.0 WHEN 'term' THEN 1.5 ELSE 1.0 END, rowid
    LIMIT ?"""  # noqa: S608  (nothing of it comes from outside)
"""A page teaches, a term explains, a source stands behind both: of equal matches they come in this order."""
AGAIN = 4
"""So many times as many are looked at, since modules that name one source or term hold it each."""
Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it was looked for."""


@dataclass(frozen=True)
class Hit:
    """One thing that was found, best first in a list of them."""

    kind: Found
    module: str
    page: str
    anchor: str
    title: Marked
    excerpt: Marked


class Index:
    """The passages of a publication in one language. Safe to ask from several threads."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(_TABLE)
        self._connection.executemany(
            "INSERT INTO passage (title, text, kind, module, page, anchor) VALUES (?, ?, ?, ?, ?, ?)",
            ((p.title, p.text, p.kind, p.module, p.page, p.anchor) for p in passages),
        )

    def find(self, looked_for: str, *, modules: Sequence[str], most: int = MOST) -> tuple[Hit, ...]:
        """What holds all these words, the last one begun perhaps, in these modules; else what holds any of them."""
        words = words_in(looked_for)
        if not words:
            return ()
        quoted = [f'"{word}"' for word in words]
        quoted[-1] += "*"
        return self._ask(" AND ".join(quoted), modules, most) or self._ask(" OR ".join(quoted), modules, most)

    def _ask(self, query: str, modules: Sequence[str], most: int) -> tuple[Hit, ...]:
        listed = "[" + ",".join(f'"{slug}"' for slug in modules) + "]"  # slugs hold nothing to be quoted
        with self._lock:
            rows = self._connection.execute(_FIND, (query, listed, most * AGAIN)).fetchall()
        once: dict[tuple[str, ...], Hit] = {}
        for kind, module, page, anchor, title, text in rows:
            hit = Hit(Found(kind), module, page, anchor, marked(title), marked(text))
            once.setdefault((module, page) if kind == Found.PAGE else (kind, title, text), hit)
        return tuple(once.values())[:most]


def words_in(looked_for: str) -> list[str]:
    """The words that somebody looks for, without signs, at most so many."""
    return _WORDS.findall(looked_for[:LONGEST])[:MOST_WORDS]


def marked(text: str) -> Marked:
    """A text with marks, in pieces."""
    pieces = []
    for number, part in enumerate(text.split(BEGIN)):
        inside, mark, after = part.partition(END)
        if number and mark:
            pieces += [(inside, True), (after, False)]
        else:
            pieces.append((part, False))
    return tuple(piece for piece in pieces if piece[0])
