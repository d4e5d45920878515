"""What changed between two texts, in words and paragraphs instead of lines. Pure.

Paragraphs are put side by side first, then the words of two that belong together. Long texts are bounded:
where comparing would cost too much, a stretch is shown as taken out and put in as a whole.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_PAIRS = 60_000
"""How many equal pairs two sequences may have to be compared word for word."""
MOST_WORDS = 20_000
MOST_PARAGRAPHS = 3_000
MOST_TOGETHER = 1_600
"""How many pairs of changed paragraphs are tried to find which belong together."""
ALIKE = 0.3
FIRST_WORDS = 8
_TOKEN = re.compile(r"(\w+(?:['’-]\w+)*|[^\w\s])(\s*)")
_FENCE = re.compile(r"\s*(```|~~~)")


class Fate(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of words and what became of it."""

    fate: Fate
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of either text. `number` counts from 1 in the new text, for one taken out in the old.

    `first_words` names it for people and for comments; they are those of the new text where it is there.
    """

    number: int
    first_words: str
    pieces: tuple[Piece, ...]

    @property
    def fate(self) -> Fate | None:
        """Wholly the same, gone or new; None where words within it changed."""
        fates = {piece.fate for piece in self.pieces}
        return next(iter(fates)) if len(fates) == 1 else None

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return self.fate is Fate.SAME


def paragraphs(text: str) -> list[str]:
    """A Markdown text in its paragraphs; what stands in a fence stays together, a very long rest too."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip() and not fence:
            found.append([])
            continue
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""
        found[-1].append(line)
    whole = ["\n".join(lines) for lines in found if any(line.strip() for line in lines)]
    rest = whole[MOST_PARAGRAPHS:]
    return [*whole[:MOST_PARAGRAPHS], "\n\n".join(rest)] if rest else whole


def first_words(text: str) -> str:
    """The words that a paragraph begins with."""
    return " ".join(text.split()[:FIRST_WORDS])[:120]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """What changed between two texts, word by word; blanks between words do not count."""
    old, new = _tokens(before), _tokens(after)
    found: list[Piece] = []
    for fate, low, high, from_low, from_high in _steps([word for word, _ in old], [word for word, _ in new]):
        if fate is Fate.SAME:
            _put(found, Fate.SAME, "".join(word + gap for word, gap in new[from_low:from_high]))
        else:
            _put(found, Fate.GONE, "".join(word + gap for word, gap in old[low:high]))
            _put(found, Fate.NEW, "".join(word + gap for word, gap in new[from_low:from_high]))
    return tuple(_tidied(found))


def compare_texts(before: str, after: str) -> list[Paragraph]:
    """Every paragraph of two texts in reading order, with what became of its words."""
    old, new = paragraphs(before), paragraphs(after)
    keys = [[" ".join(each.split()) for each in side] for side in (old, new)]
    found: list[Paragraph] = []
    for fate, low, high, from_low, from_high in _steps(*keys):
        if fate is Fate.SAME:
            found += [_whole(Fate.SAME, at + 1, new[at]) for at in range(from_low, from_high)]
        else:
            found += _changed(old, new, range(low, high), range(from_low, from_high))
    return found


def _changed(old: Sequence[str], new: Sequence[str], gone: range, came: range) -> list[Paragraph]:
    partners = _together([old[at] for at in gone], [new[at] for at in came])
    found: list[Paragraph] = []
    g = c = 0
    for to_c, to_g in [*sorted(partners.items()), (len(came), len(gone))]:
        found += [_whole(Fate.GONE, gone[at] + 1, old[gone[at]]) for at in range(g, to_g)]
        found += [_whole(Fate.NEW, came[at] + 1, new[came[at]]) for at in range(c, to_c)]
        if to_c < len(came):
            was, now = old[gone[to_g]], new[came[to_c]]
            found.append(Paragraph(came[to_c] + 1, first_words(now), pieces(was, now)))
        g, c = to_g + 1, to_c + 1
    return found


def _together(gone: Sequence[str], came: Sequence[str]) -> dict[int, int]:
    """Which new paragraph is a changed old one (new -> old), in order, by the words they share."""
    if not gone or not came:
        return {}
    if len(gone) * len(came) > MOST_TOGETHER:
        return {}
    bags = [[Counter(word.lower() for word, _ in _tokens(each)) for each in side] for side in (gone, came)]
    best = [[0.0] * (len(came) + 1) for _ in range(len(gone) + 1)]
    for g in range(len(gone) - 1, -1, -1):
        for c in range(len(came) - 1, -1, -1):
            alike = _alike(bags[0][g], bags[1][c])
            best[g][c] = max(
                best[g + 1][c], best[g][c + 1], best[g + 1][c + 1] + alike if alike >= ALIKE else 0.0
            )
    found: dict[int, int] = {}
    g = c = 0
    while g < len(gone) and c < len(came):
        if best[g][c] == best[g + 1][c]:
            g += 1
        elif best[g][c] == best[g][c + 1]:
            c += 1
        else:
            found[c] = g
            g, c = g + 1, c + 1
    return found


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """How many words two paragraphs share, 0 to 1 (Dice's coefficient on bags of words)."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[Fate | None, int, int, int, int]]:
    """Stretches that are the same (SAME) or not (None), with their ends on both sides."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    low, high = len(old) - end, len(new) - end
    middle = _middle(old[start:low], new[start:high])
    steps: list[tuple[Fate | None, int, int, int, int]] = [(Fate.SAME, 0, start, 0, start)]
    steps += [(fate, a + start, b + start, c + start, d + start) for fate, a, b, c, d in middle]
    steps.append((Fate.SAME, low, len(old), high, len(new)))
    return [step for step in steps if step[1] < step[2] or step[3] < step[4]]


def _middle(old: Sequence[str], new: Sequence[str]) -> list[tuple[Fate | None, int, int, int, int]]:
    counts = Counter(new)
    pairs = sum(number * counts[word] for word, number in Counter(old).items())
    if pairs > MOST_PAIRS or len(old) + len(new) > MOST_WORDS:
        return [(None, 0, len(old), 0, len(new))]
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(Fate.SAME if tag == "equal" else None, a, b, c, d) for tag, a, b, c, d in codes]


def _tidied(found: Sequence[Piece]) -> list[Piece]:
    """Small words that happen to stand in both texts between changes count as changed: so it reads."""
    tidy: list[Piece] = []
    for at, piece in enumerate(found):
        is_island = (
            piece.fate is Fate.SAME
            and 0 < at < len(found) - 1
            and len(piece.text.split()) <= 2  # noqa: PLR2004  (an article, a comma)
            and not re.search(r"\w{4}", piece.text)
        )
        if is_island:
            tidy += [Piece(Fate.GONE, f"{piece.text.rstrip()} "), Piece(Fate.NEW, piece.text)]
        else:
            tidy.append(piece)
    joined: list[Piece] = []
    for run in _runs(tidy):
        for fate in (Fate.SAME, Fate.GONE, Fate.NEW):
            _put(joined, fate, "".join(piece.text for piece in run if piece.fate is fate))
    return joined


def _runs(found: Sequence[Piece]) -> list[list[Piece]]:
    runs: list[list[Piece]] = []
    for piece in found:
        if runs and (runs[-1][-1].fate is Fate.SAME) == (piece.fate is Fate.SAME):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _put(found: list[Piece], fate: Fate, text: str) -> None:
    if text:
        found.append(Piece(fate, text))


def _whole(fate: Fate, number: int, text: str) -> Paragraph:
    return Paragraph(number, first_words(text), (Piece(fate, text),))


def _tokens(text: str) -> list[tuple[str, str]]:
    return _TOKEN.findall(text)
