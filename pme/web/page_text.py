"""The text of a page of a module, and by what the parts of a page that show it may be kept."""

from dataclasses import dataclass

from pme.content.catalogue import Versioned
from pme.content.shapes import Module, Page
from pme.web.looks import look_here


@dataclass(frozen=True)
class PageText:
    """A page and its module in one language. The text of a hash never changes, but for what `key` says.

    `key` is None where it is shown in another way than to most: to a reader who wants no pictures, or as a draft.
    What an academy puts into its places is not part of it, and belongs to the key of whatever shows it.
    """

    key: tuple[str, str, str, str] | None
    course: str
    module: Module
    page: Page


def text_of(course: str, found: Versioned[Module], module: Module, page: Page) -> PageText:
    """The text of a page of a published module, as it is read in the course."""
    key = None if look_here().is_sparing else (course, found.sha256, module.language, page.slug)
    return PageText(key, course, module, page)
