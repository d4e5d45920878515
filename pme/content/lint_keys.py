"""Whether the right answers of a quiz or scenario give themselves away by their looks. Pure."""

from collections.abc import Sequence

FEWEST = 3
CLEARLY = 1.1
"""How much longer than the longest wrong answer the right one has to be to stand out."""

Shown = tuple[Sequence[int], int]
"""The lengths of the options in the order written, and the position of the right one."""


def betrayed(shown: Sequence[Shown], noun: str, right: str) -> list[str]:
    """Sentences about right answers that are mostly the longest, or always in one position."""
    if len(shown) < FEWEST:
        return []
    said = []
    longest = sum(_stands_out(lengths, position) for lengths, position in shown)
    if longest * 2 > len(shown):
        said.append(f"In {longest} of {len(shown)} {noun}s the {right} is the longest; vary the lengths.")
    positions = {position for _, position in shown}
    if len(positions) == 1:
        place = positions.pop() + 1
        said.append(f"The {right} is always number {place}; vary its position.")
    return said


def _stands_out(lengths: Sequence[int], position: int) -> bool:
    others = [length for at, length in enumerate(lengths) if at != position]
    return bool(others) and lengths[position] > CLEARLY * max(others)
