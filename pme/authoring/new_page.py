"""A page more in a module: what its file is called, and how it begins. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from pme.authoring.naming import FileKind, FileName
from pme.errors import Invalid
from pme.words.speech import _

STEP = 10
"""Pages are numbered in tens, so that one can come between."""
LAST = 999
LONGEST_SLUG = 60


def path_of_new(title: str, module: str, names: Iterable[FileName]) -> str:
    """The path of a page with this title, behind the last of its module.

    Raises Invalid where the title gives no address, or one that another page of the module has.
    """
    slug = slug_of(title)
    if not slug:
        raise Invalid(
            _("Use some letters of the Latin alphabet in the title; the address is made of them."),
            field="title",
        )
    parts = [name.part for name in names if name.kind is FileKind.PAGE and name.slug == module]
    if any(part.partition("-")[2] == slug for part in parts):
        raise Invalid(_("A page of this module has this title already. Give it another."), field="title")
    last = max((int(part.partition("-")[0]) for part in parts), default=0)
    number = last // STEP * STEP + STEP if last <= LAST - STEP else last + 1
    if number > LAST:
        raise Invalid(
            _("This module has no number left for another page. Rename its last page first."), field="title"
        )
    return f"modules/{module}/{number}-{slug}.md"


def beginning(title: str) -> str:
    """The text that a new page begins with."""
    return f"# {' '.join(title.split())}\n"


def slug_of(title: str) -> str:
    """A title as an address; "" where it has no letters for one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")
