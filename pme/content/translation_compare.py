"""Whether a translation keeps what has to be the same in every language. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from pme.content.blocks import Block, page_blocks
from pme.content.translation import Written
from pme.words.lazily import lazy_p
from pme.words.speech import _, _n

_CITED = re.compile(r"\[@([^\[\]]{1,400})\]")
_TERM = re.compile(r"\[\[([^\[\]|]{1,80})")
_FIGURE = re.compile(r"!\[[^\]]{0,2000}\]\([ \t]*([^\s()]+)")
_LINK = re.compile(r"(?<!!)\[[^\[\]@^][^\[\]]*\]\([ \t]*([^\s()]+)")
_NOTE = re.compile(r"\[\^([^\]\s]{1,40})\]")
_BOX = re.compile(r"^!!! *(local +\S+ +\S+|\w+)", re.MULTILINE)
"""A box by its kind; a place that an academy fills in by its name too, on which the academy's text hangs."""
_HEADING = re.compile(r"^(#{1,6})\s", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])\s", re.MULTILINE)
_HOLDER = re.compile(r"\{[^{}\n]{1,80}\}")
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)


def _cited(text: str) -> list[str]:
    parts = (part for cited in _CITED.findall(text) for part in cited.split(";"))
    return [" ".join(part.strip().removeprefix("@").split()) for part in parts]


def _rows(text: str) -> list[str]:
    return [_("with {number} columns", number=row.count("|") - 1) for row in _ROW.findall(text)]


_KEPT: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    (lazy_p("what a text holds", "citations"), _cited),
    (lazy_p("what a text holds", "figures"), _FIGURE.findall),
    (
        lazy_p("what a text holds", "glossary terms"),
        lambda text: [term.strip() for term in _TERM.findall(text)],
    ),
    (lazy_p("what a text holds", "links"), _LINK.findall),
    (lazy_p("what a text holds", "footnotes"), _NOTE.findall),
    (lazy_p("what a text holds", "placeholders"), _HOLDER.findall),
    (lazy_p("what a text holds", "boxes"), _BOX.findall),
    (lazy_p("what a text holds", "headings"), _HEADING.findall),
    (lazy_p("what a text holds", "table rows"), _rows),
)


def differences(block: Block, written: Written) -> Iterator[str]:
    """What a text lacks or has beyond its source: one sentence for each kind of thing."""
    if block.is_list:
        wanted, given = len(block.text.split("\n")), len(written.text.strip().split("\n"))
        if wanted != given and not block.is_free:
            yield _(
                "It has {given} lines and its source has {wanted}; write one entry per line.",
                given=given,
                wanted=wanted,
            )
        return
    for name, found in _KEPT:
        needed, there = Counter(found(block.text)), Counter(found(written.text))
        lacking, beyond = needed - there, there - needed
        if lacking or beyond:
            yield _told(name, lacking, beyond)
    if block.place.isdigit():
        entries = [len(_ENTRY.findall(text)) for text in (block.text, written.text)]
        if entries[0] != entries[1]:
            yield _(
                "It has {entries} list entries and its source has {entries2}.",
                entries=entries[1],
                entries2=entries[0],
            )
        if len(page_blocks(written.text)) != 1:
            yield _("It is more than one paragraph and its source is one; remove the empty lines.")


def _told(name: str, lacking: Counter[str], beyond: Counter[str]) -> str:
    if not beyond:
        return _(
            "The {name} differ from the source: it lacks {lacking}.", name=name, lacking=_listed(lacking)
        )
    if not lacking:
        return _(
            "The {name} differ from the source: it has {beyond} in addition.",
            name=name,
            beyond=_listed(beyond),
        )
    return _(
        "The {name} differ from the source: it lacks {lacking} and has {beyond} in addition.",
        name=name,
        lacking=_listed(lacking),
        beyond=_listed(beyond),
    )


def _listed(found: Counter[str]) -> str:
    return ", ".join(
        _n("“{each}”", "“{each}” ({n} times)", number, each=each) for each, number in found.items()
    )
