"""What can be found: each page of a module, each term and each source that a page of it names. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pme.content.inline_text import plain_text
from pme.content.shapes import Module

_MARKS = re.compile(r"<sup\b.*?</sup>", re.DOTALL)
"""The numbers of references within a text."""


class Found(StrEnum):
    """What a passage is."""

    PAGE = "page"
    TERM = "term"
    SOURCE = "source"


@dataclass(frozen=True)
class Passage:
    """One thing to be found: where it stands, what it is called and what it says.

    `anchor` is its place on the page, empty for the page itself.
    """

    kind: Found
    module: str
    page: str
    anchor: str
    title: str
    text: str


def passages_of(modules: Iterable[Module]) -> Iterator[Passage]:
    """Every passage of these modules, in reading order. A term or source stands where a module names it first."""
    for module in modules:
        named: set[str] = set()
        for page in module.pages:
            yield Passage(
                Found.PAGE, module.slug, page.slug, "", page.title, plain_text(_MARKS.sub("", page.html))
            )
            for term in page.terms:
                if f"term {term.slug}" not in named:
                    named.add(f"term {term.slug}")
                    anchor = f"term-{term.slug}"
                    yield Passage(Found.TERM, module.slug, page.slug, anchor, term.term, term.definition)
            for number, citation in enumerate(page.citations, start=1):
                source = citation.source
                if f"source {source.key}" not in named:
                    named.add(f"source {source.key}")
                    text = ", ".join(part for part in (source.body, source.date) if part)
                    yield Passage(Found.SOURCE, module.slug, page.slug, f"ref-{number}", source.title, text)
