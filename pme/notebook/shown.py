"""A notebook at one page: which passages still stand there, marked in its text, and what stands beside them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pme.content.shapes import Module, Page
from pme.notebook.models import Colour, Entry, EntryKind
from pme.notebook.quoting import CUT, Marked, find, marked, text_of
from pme.words.lazily import lazy
from pme.words.speech import _

COLOURS: dict[Colour, str] = {
    Colour.AMBER: lazy("Amber, solid line"),
    Colour.TEAL: lazy("Teal, dotted line"),
    Colour.CLEAR: lazy("No colour, double line"),
}


@dataclass(frozen=True)
class Line:
    """An entry as it is shown. `number` counts the highlights of a page; 0 for what has no mark in the text."""

    entry: Entry
    number: int = 0


@dataclass(frozen=True)
class Shown:
    """A page with what its reader kept there. `texts` are its stretches, with marks.

    `changed` are highlights whose passage is no longer there, `elsewhere` those made in the page's text in
    another language. `is_marked`: the texts are this reader's alone. `deleted` are those that can still be put back.
    """

    texts: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    changed: tuple[Entry, ...] = ()
    elsewhere: tuple[Entry, ...] = ()
    is_bookmarked: bool = False
    is_marked: bool = False
    deleted: tuple[Entry, ...] = ()


def tongue_of(module: Module, page: str) -> str:
    """The language in which the text of a page is written, in the module as it is shown."""
    return module.tongue(f"pages.{page}.text")


def shown_on(page: Page, module: Module, entries: Sequence[Entry], local: Callable[[str], str]) -> Shown:
    """A page of a module as it is shown to the person of these entries, which may be of other pages too.

    A highlight of a page that the module no longer has is shown where its passage stands now.
    """
    texts = tuple(map(local, page.stretches))
    if not entries:
        return Shown(texts)
    pages, tongue = {each.slug for each in module.pages}, tongue_of(module, page.slug)
    here = [e for e in entries if e.page == page.slug or e.page not in pages]
    kept = [e for e in here if e.deleted_at is None]
    passages = [e for e in kept if e.kind is EntryKind.HIGHLIGHT]
    html = CUT.join(texts)
    found = places_of(html, (e for e in passages if e.language == tongue))
    numbered = sorted(found.items(), key=lambda each: (each[1], each[0].id))
    marks = [
        Marked(
            entry.id,
            *place,
            look=(entry.colour or Colour.CLEAR).value,
            label=_("Your highlight {number}", number=number),
            sign=f"✎{number}",
        )
        for number, (entry, place) in enumerate(numbered, start=1)
    ]
    own = [e for e in kept if e.page == page.slug]
    return Shown(
        texts=tuple(marked(html, text_of(html), marks).split(CUT)) if marks else texts,
        lines=(
            *(Line(entry, number) for number, (entry, _at) in enumerate(numbered, start=1)),
            *(Line(e) for e in own if e.kind is EntryKind.NOTE),
        ),
        changed=tuple(
            e for e in own if e.kind is EntryKind.HIGHLIGHT and e.language == tongue and e not in found
        ),
        elsewhere=tuple(e for e in own if e.kind is EntryKind.HIGHLIGHT and e.language != tongue),
        is_marked=bool(marks),
        is_bookmarked=any(e.kind is EntryKind.BOOKMARK for e in own),
        deleted=tuple(e for e in here if e.deleted_at is not None),
    )


def places_of(html: str, entries: Iterable[Entry]) -> dict[Entry, tuple[int, int]]:
    """The highlights whose passages stand in a text, each with its place."""
    text = text_of(html)
    return {entry: place for entry in entries if (place := find(text, entry.quoted))}
