"""The text of a page of a module, and by what the parts of a page that show it may be kept."""

from collections.abc import Hashable
from dataclasses import dataclass

from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module, Page
from pme.notebook.shown import Shown
from pme.progress.reading import PageStanding
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


def text_of(
    taken: Versioned[Course], course: Course, found: Versioned[Module], module: Module, page: Page
) -> PageText:
    """The text of a page of a published module, as it is read in the course."""
    versions = (course.slug, taken.sha256, course.language, found.sha256, module.language)
    return PageText(None if look_here().is_sparing else (*versions, page.slug), course, module, page)


@dataclass(frozen=True)
class Under:
    """What stands under the text of a page: the way on, and its reader's notebook there; `noting` is what they typed.

    `key` is None where any of it is this reader's alone.
    """

    key: tuple[Hashable, ...] | None
    text: PageText
    standing: PageStanding
    noted: Shown | None
    noting: object

    @property
    def at(self) -> dict[str, str]:
        """The page's place, as its addresses name it."""
        return {
            "course": self.text.course.slug,
            "module": self.text.module.slug,
            "page": self.text.page.slug,
        }


def under(
    text: PageText,
    standing: PageStanding,
    *,
    noted: Shown | None = None,
    noting: object = None,
    is_typed: bool = False,
) -> Under:
    """What stands under a page as its reader stands with it; no notebook where `noted` is None."""
    is_own = is_typed or noted is None or noted.lines or noted.changed or noted.elsewhere
    if text.key is None or noted is None or is_own:
        return Under(None, text, standing, noted, noting)
    key = (*text.key, standing.is_read, standing.is_asked_again, noted.is_bookmarked)
    return Under(key, text, standing, noted, noting)
