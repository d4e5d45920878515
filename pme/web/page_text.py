"""The text of a page of a module, and by what the parts of a page that show it may be kept."""

from collections.abc import Hashable
from dataclasses import dataclass

from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module, Page
from pme.web.looks import look_here


@dataclass(frozen=True)
class PageText:
    """A page with its module and course in one language. The text of a hash never changes, but for what `key` says.

    `key` is None where it is shown in another way than to most: to a reader who wants no pictures, or as a draft.
    What an academy puts into its places is not part of it, and belongs to the key of whatever shows it.
    """

    key: tuple[Hashable, ...] | None
    course: Course
    module: Module
    page: Page


def text_of(taken: Versioned[Course], course: Course, found: Versioned[Module], module: Module, page: Page) -> PageText:
    """The text of a page of a published module, as it is read in the course."""
    versions = (course.slug, taken.sha256, course.language, found.sha256, module.language)
    return PageText(None if look_here().is_sparing else (*versions, page.slug), course, module, page)
