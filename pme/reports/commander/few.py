"""Numbers of people that may be told to whoever does not know them: never one to four of them, and nothing from
which one to four could be worked out. What is hidden is not carried further than this file. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.words.lazily import lazy
from pme.words.speech import _

FEW = 5
"""Fewer people than this are not counted in public (assessment.md)."""
OTHERS = lazy("Other units together")


def is_few(number: int) -> bool:
    """Whether a number of people is too small to be told; nobody at all may be."""
    return 0 < number < FEW


def counted(number: int) -> str:
    """A number of people in words that may be read by anybody."""
    return _("fewer than {few}", few=FEW) if is_few(number) else str(number)


@dataclass(frozen=True)
class Part:
    """How many of some people something holds for, as it may be told; `percent` is None where it is hidden."""

    told: str
    percent: int | None = None


def part(number: int, whole: int) -> Part:
    """So many of so many people. Neither they nor the others may be few."""
    if whole < FEW:
        return Part(_("too few people to show a number"))
    if not is_few(number) and not is_few(whole - number):
        percent = round(100 * number / whole)
        return Part(
            _("{number} of {whole} ({percent} %)", number=number, whole=whole, percent=percent), percent
        )
    if whole < 2 * FEW:  # either side may be few, and to say which would tell it
        return Part(_("some of {whole}", whole=whole))
    return Part(
        _("fewer than {few} of {whole}", few=FEW, whole=whole)
        if is_few(number)
        else _("all but a few of {whole}", whole=whole)
    )


def bounds(number: int, whole: int) -> tuple[int, int]:
    """Between which numbers whoever reads `part` knows so many of so many to lie."""
    if whole < FEW:
        return 0, whole
    if not is_few(number) and not is_few(whole - number):
        return number, number
    if whole < 2 * FEW:
        return 1, whole - 1
    return (1, FEW - 1) if is_few(number) else (whole - FEW + 1, whole - 1)


@dataclass(frozen=True)
class Span:
    """Months that follow each other, such as 2026-03 to 2026-04, and how many people are counted in them."""

    first: str
    last: str
    months: int
    people: int


def spans(months: Sequence[tuple[str, int]]) -> tuple[Span, ...]:
    """Months in their order, each by itself, or with those after it until together they are not few any more.

    Empty where all of them together are few.
    """
    found: list[Span] = []
    waiting: Span | None = None
    for month, number in months:
        here = Span(month, month, 1, number)
        both = _joined(waiting, here) if waiting else here
        waiting = both if is_few(both.people) else None
        if waiting is None:
            found.append(both)
    while waiting:  # the last months are few: those before take them in
        if not found:
            return ()
        both = _joined(found.pop(), waiting)
        waiting = both if is_few(both.people) else None
        if waiting is None:
            found.append(both)
    return tuple(found)


@dataclass(frozen=True)
class Unit:
    """A unit, how many of it completed the course, and how many have yet to, in words."""

    name: str
    completed: int
    waiting: str


def units(counts: Mapping[str, tuple[int, int]], *, most: int) -> tuple[Unit, ...]:
    """Units by how many completed the course; the small ones, and those after the first `most`, as one line.

    `counts` gives for each how many completed it, and how many have yet to. Empty where all together are few.
    A unit that joins the small ones is taken by its name, so that its size does not bound what they have.
    """
    small = {name for name, (done, waiting) in counts.items() if is_few(done) or done + waiting < FEW}
    shown = sorted(counts.keys() - small, key=lambda name: (-counts[name][0], name))
    small |= set(shown[most:])
    shown = shown[:most]
    while shown and is_few(sum(counts[name][0] for name in small)):
        small.add(joins := min(shown))
        shown.remove(joins)
    lines = [Unit(name, counts[name][0], counted(counts[name][1])) for name in shown]
    completed, waiting = (sum(counts[name][place] for name in small) for place in (0, 1))
    if not is_few(completed) and (completed or waiting >= FEW):
        lines.append(Unit(str(OTHERS), completed, counted(waiting)))
    return tuple(lines)


def _joined(first: Span, second: Span) -> Span:
    return Span(first.first, second.last, first.months + second.months, first.people + second.people)
