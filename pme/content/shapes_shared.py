"""What shapes of all kinds are made of: sources, terms, content notes, outcomes, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 2
"""Number of the compiled form; raise it when a shape changes so that old versions are read anew."""


class Shape(BaseModel):
    """A frozen fact about content that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Translatable(Shape):
    """Content that may be had in several languages. `translations` hold it whole, by language; their ids, keys
    and ways are the source's, only their texts are not. Fields that say nothing are left out of a version,
    so that content without translations is the version that it was before there were any.

    A translation says what it was translated from (`source_language`), and in `behind` the places that are
    shown in that language, because they are not translated or have changed since.
    """

    translations: Mapping[str, Self] = Field(default={}, exclude_if=lambda value: not value)
    source_language: str = Field(default="", exclude_if=lambda value: not value)
    behind: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    language: str

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language in which there is something of it, its first language first."""
        return (self.language, *sorted(self.translations))

    def in_language(self, language: str | None) -> Self:
        """The content in a language, or as it was written where there is no such translation."""
        return self.translations.get(language or "", self)

    def tongue(self, place: str) -> str:
        """The language in which the text at a place is written."""
        return self.source_language if place in self.behind else self.language


class Source(Shape):
    """One entry of the bibliography."""

    key: str
    title: str
    body: str
    date: str
    url: str | None = None
    status: Literal["seen", "to-verify", "superseded"] = "seen"
    note: str | None = None


class Citation(Shape):
    """A source with the place in it; `key` is None for a source known to one scenario only."""

    source: Source
    locator: str | None = None


class Term(Shape):
    """A glossary term in one language; `language` is told only where it is not the page's."""

    slug: str
    term: str
    definition: str
    language: str = Field(default="", exclude_if=lambda value: not value)


class Glossary(Shape):
    """Every term of one language, in alphabetical order; its slug is the language."""

    kind: Literal["glossary"] = "glossary"
    slug: str
    terms: tuple[Term, ...]

    def term(self, slug: str) -> Term | None:
        """The term of this slug, or None."""
        return next((term for term in self.terms if term.slug == slug), None)


class ContentNote(Shape):
    """What a reader meets in a module or scenario, and the equal way around it."""

    themes: tuple[str, ...]
    detail: Literal["none", "mentioned", "summarised"]
    text: str
    equivalent: str
    support: str = "default"


class Outcome(Shape):
    """A learning outcome, worded so that it can be assessed."""

    id: str
    text: str
    verb: str | None = None
    serves: tuple[str, ...] = ()


class Key(Shape):
    """Whose judgement a key is: the author's (with a rating of 1-4) or a panel's (all ratings)."""

    by: Literal["author", "panel"]
    rating: int | None = None
    panel: tuple[int, ...] = ()

    @property
    def mean(self) -> float:
        """Mean rating on the scale 1 (harmful) to 4 (best)."""
        if self.panel:
            return sum(self.panel) / len(self.panel)
        return float(self.rating or 1)

    @property
    def credit(self) -> float:
        """Rating scaled to 0-1: (mean - 1) / 3."""
        return (self.mean - 1) / 3


class PanelRole(Shape):
    """How many of a panel came from one trade, such as 3 of “legal”."""

    role: str
    count: int


class PanelRecord(Shape):
    """Where a panel's key comes from: how many rated, who they were by trade, when, in how many rounds."""

    n: int
    date: str
    composition: tuple[PanelRole, ...] = ()
    rounds: int = 2
    method: str = ""


class Standard(Shape):
    """Where a pass mark comes from: its method, and the judges with their date where there were any."""

    method: str
    judges: int | None = None
    date: str | None = None
