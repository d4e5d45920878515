"""Modules that build on each other: a way that leads back to where it began lets nobody begin. Pure."""

from collections.abc import Mapping, Sequence

from pme.words.speech import _


def circle(slug: str, builds_on: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The shortest way from a module over what it builds on back to itself, both ends named; empty without one."""
    ways: list[tuple[str, ...]] = [(slug,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for before in builds_on.get(way[-1], ()):
            if before == slug:
                return (*way, slug)
            if before not in seen:
                seen.add(before)
                ways.append((*way, before))
    return ()


def in_words(way: Sequence[str]) -> str:
    """A circle as a sentence without its end, such as “a” builds on “b”, which builds on “a”."""
    first, *others = (f"“{slug}”" for slug in way)
    said = _("{first} requires {second}", first=first, second=others[0]) if others else first
    for other in others[1:]:
        said = _("{chain}, which requires {next}", chain=said, next=other)
    return said
