"""What a file is made from: a module in one language as an academy's students read it, or a course of them. Pure.

Whatever is in a file is in its digest, so that a file is known by it, and one that is kept is never old.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pme.content.local_places import places_of
from pme.content.shapes import Course, Module
from pme.overlay.shown import LocalTexts

FORM = 1
"""Raised when files are made in another way, so that those kept are made anew."""


@dataclass(frozen=True)
class Picture:
    """A photograph, or whatever is made of points."""

    mime: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class ModuleCopy:
    """A module of a course with everything that its files say; `module` is in its language, `source` as written.

    `published_at` and `pictures` are there where files are to be made of it.
    """

    course: Course
    module: Module
    source: Module
    sha256: str
    public_url: str
    local: LocalTexts = field(default_factory=LocalTexts)
    support: str = ""
    published_at: datetime | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, str]:
        """The slugs of its course and of itself."""
        return self.course.slug, self.module.slug

    @property
    def title(self) -> str:
        """What it is called."""
        return self.module.title

    @property
    def language(self) -> str:
        """The language that it is written in."""
        return self.module.language

    @property
    def address(self) -> str:
        """Where the module is on the platform."""
        return f"{self.public_url}/learn/{self.course.slug}/{self.module.slug}/"

    @property
    def version(self) -> str:
        """What tells this version of the module from every other."""
        return self.sha256[:12]

    @property
    def is_local(self) -> bool:
        """Whether the academy has texts of its own in it."""
        return any(self._own_texts())

    @property
    def digest(self) -> str:
        """What tells this copy from every other."""
        told = [
            *(FORM, self.sha256, self.module.language, self.public_url, self.support, self.course.slug),
            *(self.course.language, self.course.title, list(self._own_texts())),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def basis(self) -> str:
        """The same for whatever the academy says itself: it tells one edition from another."""
        return replace(self, local=LocalTexts(), support="").digest

    def _own_texts(self) -> Iterator[tuple[str, ...]]:
        for _page, place in places_of(self.module):
            if text := self.local.at(self.module.slug, place.id, self.module.language):
                at = text.saved_at.isoformat()
                yield (self.local.academy, place.id, text.language, text.html, at, str(text.is_filled))


@dataclass(frozen=True)
class CourseCopy:
    """A course with its modules in order, as somebody takes it; `edition` is its number, where it has one."""

    course: Course
    modules: tuple[ModuleCopy, ...]
    sha256: str
    edition: int | None = None
    published_at: datetime | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The slug of the course, and none of a module."""
        return self.course.slug, ""

    @property
    def title(self) -> str:
        """What it is called."""
        return self.course.title

    @property
    def language(self) -> str:
        """The language that it is written in."""
        return self.course.language

    @property
    def digest(self) -> str:
        """What tells this copy from every other."""
        told = [FORM, self.sha256, self.course.language, *(each.digest for each in self.modules)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def basis(self) -> str:
        """The same for whatever the academy says itself: it tells one edition from another."""
        told = [FORM, self.sha256, self.course.language, *(each.basis for each in self.modules)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()
