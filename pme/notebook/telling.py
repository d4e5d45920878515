"""A whole notebook in the order of its courses, and as a file to keep: Markdown or plain text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pme.notebook.models import Entry, EntryKind
from pme.words.speech import _
from pme.words.times import day

_SIGNS = re.compile(r"[\\`*_\[\]~|]")
_BEGINNING = re.compile(r"^(\s*\d{0,9})([#+=>.)-])")
"""What would begin a heading, a list or a rule."""


class State(StrEnum):
    """How an entry stands to the text that is published now."""

    STANDS = "stands"
    CHANGED = "changed"
    """The page is there, the passage is not."""
    GONE = "gone"
    """The page is there no longer."""


@dataclass(frozen=True)
class Told:
    """An entry of a whole notebook."""

    entry: Entry
    state: State


@dataclass(frozen=True)
class Section:
    """What somebody kept at one page; titles as they are now. `address` is empty where it cannot be read any more.

    `tongues` are the languages of the three titles, empty where one is that of the page around it.
    """

    course: str
    module: str
    page: str
    address: str
    told: tuple[Told, ...]
    tongues: tuple[str, str, str] = ("", "", "")


def as_markdown(title: str, sections: Sequence[Section], *, on: date) -> str:
    """A notebook as Markdown."""
    lines = [f"# {title}", "", day(on), ""]
    course = module = ""
    for each in sections:
        if each.course != course:
            course, module = each.course, ""
            lines += [f"## {course}", ""]
        if each.module != module:
            module = each.module
            lines += [f"### {module}", ""]
        lines += [f"#### {each.page}", ""]
        for told in each.told:
            lines += _markdown(told)
    return "\n".join(lines).rstrip() + "\n"


def as_text(title: str, sections: Sequence[Section], *, on: date) -> str:
    """A notebook as plain text."""
    lines = [title, day(on)]
    place: tuple[str, str] = ("", "")
    for each in sections:
        if (each.course, each.module) != place:
            place = (each.course, each.module)
            lines += ["", "", f"{each.course} · {each.module}"]
        lines += ["", each.page]
        for told in each.told:
            lines += ["", *_plain(told)]
    return "\n".join(lines) + "\n"


def _markdown(told: Told) -> list[str]:
    entry = told.entry
    found = [*_says(told)]
    if entry.quote:
        found.append(f"> {escaped(entry.quote)}")
    if entry.text:
        lines = (escaped(line) for line in entry.text.split("\n"))
        found += ["\n".join(f"{line}  " if line else "" for line in lines).rstrip()]
    found.append(f"*{day(entry.made_at.date())}*")
    return [line for text in found for line in (text, "")]


def escaped(line: str) -> str:
    """A line as it was written, so that Markdown takes no sign of it for its own and nothing in it for HTML."""
    safe = line.replace("&", "&amp;").replace("<", "&lt;")
    return _BEGINNING.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", safe))


def _plain(told: Told) -> list[str]:
    entry = told.entry
    quoted = [f"“{entry.quote}”"] if entry.quote else []
    written = entry.text.split("\n") if entry.text else []
    return [*_says(told), *quoted, *written, f"({day(entry.made_at.date())})"]


def _says(told: Told) -> Iterable[str]:
    if told.entry.kind is EntryKind.BOOKMARK:
        yield _("Bookmarked")
    if told.state is State.CHANGED:
        yield _("The text has changed. It stood there as follows:")
    if told.state is State.GONE:
        yield _("This page is no longer there.")
