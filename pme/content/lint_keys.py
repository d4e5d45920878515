"""Whether the right answers of a quiz or scenario give themselves away by their looks. Pure."""

from collections.abc import Sequence

from pme.words.lazily import lazy

FEWEST = 3
OF_ITEMS = (
    lazy("In {longest} of {all} items the right option is the longest; vary the lengths."),
    lazy("The right option is always number {place}; vary its position."),
)
OF_DECISIONS = (
    lazy("In {longest} of {all} decisions the best choice is the longest; vary the lengths."),
    lazy("The best choice is always number {place}; vary its position."),
)
CLEARLY = 1.1
"""How much longer than the longest wrong answer the right one has to be to stand out."""

Shown = tuple[Sequence[int], int]
"""The lengths of the options in the order written, and the position of the right one."""


def betrayed(shown: Sequence[Shown], words: tuple[str, str]) -> list[str]:
    """Sentences about right answers that are mostly the longest, or always in one position."""
    if len(shown) < FEWEST:
        return []
    said = []
    longest = sum(_stands_out(lengths, position) for lengths, position in shown)
    if longest * 2 > len(shown):
        said.append(words[0].format(longest=longest, all=len(shown)))
    positions = {position for _unused, position in shown}
    if len(positions) == 1:
        place = positions.pop() + 1
        said.append(words[1].format(place=place))
    return said


def _stands_out(lengths: Sequence[int], position: int) -> bool:
    others = [length for at, length in enumerate(lengths) if at != position]
    return bool(others) and lengths[position] > CLEARLY * max(others)
