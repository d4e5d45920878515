"""The shapes of what is read: pages, modules and courses."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal

from pydantic import Field

from pme.content.shapes_quiz import AnyItem
from pme.content.shapes_shared import Citation, ContentNote, Outcome, Shape, Term, Translatable


class Figure(Shape):
    """A media file of a module; `sha256` is its address."""

    path: str
    name: str
    sha256: str
    mime: str
    size: int


class Heading(Shape):
    """A section of a page, for its table of contents; `level` is 2 or 3."""

    level: int
    anchor: str
    text: str


class PageCheck(Shape):
    """A question for practice within a page. `at` is how many characters of the page's HTML stand before it."""

    bank: str
    item: AnyItem
    at: int


class Page(Shape):
    """One section of a module, read on one screen; `checks` are in reading order, `outcomes` what it teaches."""

    slug: str
    number: int
    title: str
    html: str
    headings: tuple[Heading, ...] = ()
    citations: tuple[Citation, ...] = ()
    terms: tuple[Term, ...] = ()
    checks: tuple[PageCheck, ...] = ()
    words: int
    outcomes: tuple[str, ...] = ()

    @property
    def stretches(self) -> tuple[str, ...]:
        """The HTML before, between and after the checks: one stretch more than there are checks."""
        cuts = [0, *(check.at for check in self.checks), len(self.html)]
        return tuple(self.html[begin:end] for begin, end in pairwise(cuts))


class Completion(Shape):
    """What completes a module: its pages (or those named) read, and these quizzes and scenarios passed."""

    pages: Literal["all", "none"] | tuple[str, ...] = "all"
    quizzes: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()


NOBODY_YET = "none yet"
"""What a module says of its reviewer until there is one."""


class Module(Translatable):
    """A module with its pages in order."""

    kind: Literal["module"] = "module"
    slug: str
    title: str
    summary: str
    minutes: int
    level: str
    outcomes: tuple[Outcome, ...]
    prerequisites: tuple[str, ...] = ()
    content_note: ContentNote | None = None
    completion: Completion
    authors: tuple[str, ...]
    reviewer: str
    review_date: str
    intro_html: str
    intro_citations: tuple[Citation, ...] = ()
    intro_terms: tuple[Term, ...] = ()
    pages: tuple[Page, ...]
    figures: tuple[Figure, ...] = ()

    @property
    def is_reviewed(self) -> bool:
        """Whether its reviewer is somebody."""
        return self.reviewer != NOBODY_YET

    @property
    def review_day(self) -> date | None:
        """When it is to be reviewed; None in a draft that says no day yet."""
        try:
            return date.fromisoformat(self.review_date)
        except ValueError:
            return None

    def page(self, slug: str) -> Page | None:
        """The page of this slug, or None."""
        return next((page for page in self.pages if page.slug == slug), None)

    def outcome(self, outcome_id: str) -> Outcome | None:
        """The learning outcome of this id, or None."""
        return next((outcome for outcome in self.outcomes if outcome.id == outcome_id), None)


class CertificateWording(Shape):
    """What the certificate of a course is called and states."""

    title: str
    statement: str


class Course(Translatable):
    """A course: modules in order; `hours` is the total workload in hours. `required` are the modules that
    complete it, where not all of them do. One that does not count is a tour: nobody is enrolled in it, and no
    record, report or certificate knows of it.
    """

    kind: Literal["course"] = "course"
    slug: str
    title: str
    summary: str
    hours: float
    level: str
    modules: tuple[str, ...]
    required: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...]
    certificate: CertificateWording
    authors: tuple[str, ...]
    review_date: str
    counts: bool = Field(default=True, exclude_if=lambda value: value)

    @property
    def optional(self) -> frozenset[str]:
        """The modules that nobody has to complete."""
        return frozenset(self.modules).difference(self.required) if self.required else frozenset()
