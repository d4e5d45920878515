"""Two versions of a text that came from one: what each changed, and both put together where they can be. Pure.

Lines first, as diff3 does it; where both changed the same lines, words. What cannot be put together stands in
the merged text twice, between lines that say so, so that nothing anybody wrote is ever lost.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MINE = "==== Both changed this place. You wrote: ===="  # not words (in the file, found again by it)
THEIRS = "==== The other version says: ===="  # not words (in the file, found again by it)
END = "==== Keep what is right, and take these three lines away. ===="  # not words (in the file, found again by it)
MARKS = (MINE, THEIRS, END)
MOST_PAIRS = 200_000
"""Equal pairs of lines or words up to which two texts are compared; beyond, they count as wholly different."""
_WORDS = re.compile(r"\n|[^\S\n]+|[^\s\w]|\w+")


class Side(StrEnum):
    """Who changed a piece: nobody, one of the two, both alike, or each in their own way."""

    NOBODY = "nobody"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CLASH = "clash"


@dataclass(frozen=True)
class Piece:
    """A stretch of the three texts that belongs together."""

    side: Side
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def merged(self) -> tuple[str, ...]:
        """What it says with the changes in it; nothing where the two clash."""
        chosen = {Side.THEIRS: self.theirs, Side.CLASH: ()}
        return chosen.get(self.side, self.mine)


@dataclass(frozen=True)
class Merged:
    """Both versions as one text, and how many places of it a person has to decide."""

    text: str
    clashes: int


@dataclass(frozen=True)
class Change:
    """A run of words that stayed, was taken away or came: kind is "same", "old" or "new"."""

    kind: str
    text: str


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Both versions of a text as one. Line breaks are those of `mine`: all three are read with plain ones."""
    out: list[str] = []
    clashes = 0
    for piece in pieces(_lines(base), _lines(mine), _lines(theirs)):
        for each in _line_by_line(piece):
            text = _together(each)
            clashes += text is None
            out.append(_both(each) if text is None else text)
    return Merged("".join(out), clashes)


def marked_line(text: str) -> int | None:
    """The first line (from 1) that still waits for a decision, or None."""
    return next((n for n, line in enumerate(text.split("\n"), 1) if line.strip() in MARKS), None)


def pieces(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Piece]:
    """The three texts cut into stretches, each with who changed it."""
    found = []
    b = m = t = 0
    for b_next, m_next, t_next, length in _anchors(base, mine, theirs):
        if (b, m, t) != (b_next, m_next, t_next):
            found.append(_piece(base[b:b_next], mine[m:m_next], theirs[t:t_next]))
        if length:
            kept = tuple(base[b_next : b_next + length])
            found.append(Piece(Side.NOBODY, kept, kept, kept))
        b, m, t = b_next + length, m_next + length, t_next + length
    return found


def changes(old: str, new: str) -> list[Change]:
    """What became of a text: lines compared first, then words where lines differ."""
    out: list[Change] = []
    for kind, before, after in _differences(_lines(old), _lines(new)):
        if kind == "same":
            out.append(Change(kind, before))
            continue
        for each, was, is_now in _differences(_WORDS.findall(before), _WORDS.findall(after)):
            if each == "same":
                out.append(Change(each, was))
            else:
                out += [Change(name, text) for name, text in (("old", was), ("new", is_now)) if text]
    return out


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    a = b = 0
    for a_next, b_next, length in (*_matches(old, new), (len(old), len(new), 0)):
        if (a, b) != (a_next, b_next):
            yield "changed", "".join(old[a:a_next]), "".join(new[b:b_next])
        if length:
            yield "same", "".join(old[a_next : a_next + length]), "".join(new[b_next : b_next + length])
        a, b = a_next + length, b_next + length


def _line_by_line(piece: Piece) -> list[Piece]:
    """A clash of as many lines on every side is looked at line by line: blank lines part nothing before that."""
    if piece.side is not Side.CLASH or not len(piece.base) == len(piece.mine) == len(piece.theirs):
        return [piece]
    rows = zip(piece.base, piece.mine, piece.theirs, strict=True)
    return [_piece(*((line,) for line in row)) for row in rows]


def _together(piece: Piece) -> str | None:
    """What a piece says with the changes of both in it, or None where a person has to decide."""
    if piece.side is not Side.CLASH:
        return "".join(piece.merged)
    words = pieces(*(_WORDS.findall("".join(side)) for side in (piece.base, piece.mine, piece.theirs)))
    if any(each.side is Side.CLASH for each in words):
        return None
    return "".join(word for each in words for word in each.merged)


def _both(piece: Piece) -> str:
    return "".join([f"{MINE}\n", *_ended(piece.mine), f"{THEIRS}\n", *_ended(piece.theirs), f"{END}\n"])


def _piece(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Piece:
    b, m, t = tuple(base), tuple(mine), tuple(theirs)
    side = Side.CLASH
    if m == t:
        side = Side.NOBODY if m == b else Side.BOTH
    elif m == b:
        side = Side.THEIRS
    elif t == b:
        side = Side.MINE
    return Piece(side, b, m, t)


def _anchors(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that are the same in all three: where each begins in each, and its length; an empty one last."""
    ours, others = _matches(base, mine), _matches(base, theirs)
    i = j = 0
    while i < len(ours) and j < len(others):
        one, other = ours[i], others[j]
        start = max(one[0], other[0])
        end = min(one[0] + one[2], other[0] + other[2])
        if start < end:
            yield start, one[1] + start - one[0], other[1] + start - other[0], end - start
        if one[0] + one[2] < other[0] + other[2]:
            i += 1
        else:
            j += 1
    yield len(base), len(mine), len(theirs), 0


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """The stretches that two texts share, in order: where in each, and how long."""
    least = min(len(old), len(new))
    head = next((n for n in range(least) if old[n] != new[n]), least)
    tail = next((n for n in range(least - head) if old[-1 - n] != new[-1 - n]), least - head)
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    inside: list[tuple[int, int, int]] = []
    if _pairs(a, b) <= MOST_PAIRS:
        blocks = SequenceMatcher(_is_blank, a, b, autojunk=False).get_matching_blocks()
        inside = [(head + each.a, head + each.b, each.size) for each in blocks if each.size]
    ends = [(0, 0, head), (len(old) - tail, len(new) - tail, tail)]
    return [each for each in (ends[0], *inside, ends[1]) if each[2]]


def _is_blank(text: str) -> bool:
    return not text.strip()


def _pairs(a: Sequence[str], b: Sequence[str]) -> int:
    other = Counter(b)
    return sum(number * other[text] for text, number in Counter(a).items() if not _is_blank(text))


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _ended(lines: Sequence[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
