"""A text of another program as a new module: what its files are called, and what they say. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pme.authoring.media import list_path, media_folder, with_about
from pme.authoring.new_page import LAST, LONGEST_SLUG, STEP, slug_of
from pme.content.shapes_course import NOBODY_YET
from pme.content.unwritten import guide
from pme.content.yaml_write import Plain, field
from pme.errors import Invalid
from pme.words.isolating import undivided
from pme.words.speech import _

LONGEST_SUMMARY = 300
SHOWN = 60
_PAGE_NUMBER = re.compile(r"\(page:#(\d+)\)")


def module_slug(title: str, taken: Iterable[str]) -> str:
    """An address for a module with this title that no other has."""
    slug, known = slug_of(title) or "module", set(taken)
    found, number = slug, 2
    while found in known:
        found, number = f"{slug[: LONGEST_SLUG - 4]}-{number}", number + 1
    return found


def module_files(
    slug: str,
    title: str,
    language: str,
    told: Mapping[str, Any],
    pictures: Mapping[str, bytes],
    *,
    source: str,
    review: date,
) -> dict[str, bytes]:
    """The files of a new module: its front matter with what is still to be written, its pages, its pictures.

    Raises Invalid where there are more pages than numbers.
    """
    pages: Sequence[Mapping[str, str]] = told["pages"]
    if len(pages) * STEP > LAST:
        raise Invalid(_("This text makes more pages than a module may have. Split it."), field="file")
    addresses = list(_addresses([page["title"] for page in pages]))
    files = {f"modules/{slug}/module.md": _front(title, language, told["intro"], review).encode()}
    for number, (page, address) in enumerate(zip(pages, addresses, strict=True), 1):
        text = _linked(page["text"], slug, addresses)
        files[f"modules/{slug}/{number * STEP}-{address}.md"] = text.encode()
    files[f"modules/{slug}/module.md"] = _linked(
        files[f"modules/{slug}/module.md"].decode(), slug, addresses
    ).encode()
    about = ""
    for picture in told["pictures"]:
        files[media_folder(slug) + picture["name"]] = pictures[picture["name"]]
        about = with_about(
            about,
            picture["name"],
            {"says": picture["says"], "source": undivided(_("From {source}", source=source))},
        )
    if about:
        files[list_path(slug)] = about.encode()
    return files


def _addresses(titles: Iterable[str]) -> Iterable[str]:
    taken: set[str] = set()
    for title in titles:
        slug = found = slug_of(title) or "page"
        number = 2
        while found in taken:
            found, number = f"{slug[: LONGEST_SLUG - 4]}-{number}", number + 1
        taken.add(found)
        yield found


def _linked(text: str, slug: str, addresses: Sequence[str]) -> str:
    def address(match: re.Match[str]) -> str:
        return f"(page:{slug}/{addresses[min(int(match[1]), len(addresses) - 1)]})"

    return _PAGE_NUMBER.sub(address, text)


def _front(title: str, language: str, intro: str, review: date) -> str:
    outcomes: Plain = {
        "LO1": {
            "text": guide(_("what a student can do after this module")),
            "verb": "explain",
            "serves": [],
        }
    }
    fields: dict[str, Plain] = {
        "schema": "pme-module/1",
        "title": title,
        "summary": guide(_("one or two sentences on what the module is about")),
        "language": language,
        "level": guide(_("for whom it is")),
        "outcomes": outcomes,
        "completion": {"pages": "all"},
        "authors": [guide(_("who wrote it"))],
        "reviewer": NOBODY_YET,
        "review_date": review.isoformat(),
    }
    front = "\n".join(field(name, value, 0) for name, value in fields.items())
    return f"---\n{front}\n---\n{intro or guide(_('the introduction'))}\n"
