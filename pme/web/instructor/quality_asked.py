"""The questions (or decisions) of a page of quality: found by words, flag and kind, and sorted by their figures.

What is asked for stands in the address alone, and every way on and back carries it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request
from markupsafe import Markup

from pme.assessment.statistics_figures import Figure
from pme.authoring.item_fields import TYPES
from pme.content.shapes import Quiz
from pme.signs import fit
from pme.web.addresses import url_for
from pme.web.listed import narrowed
from pme.web.sorting import Sorting
from pme.words.lazily import lazy
from pme.words.speech import _

if TYPE_CHECKING:  # imports numpy
    from pme.assessment.statistics_items import ItemFigures

LONGEST_SEARCH, SHOWN = 120, 90
ANY, CRITICAL = "any", "critical"
FLAGS = {
    ANY: lazy("With a flag"),
    "hard": lazy("Very hard"),
    "easy": lazy("Very easy"),
    "weak": lazy("Weak discrimination"),
    "backwards": lazy("Check the key"),
    "idle": lazy("Option hardly chosen"),
    CRITICAL: lazy("Critical"),
}
PART = "items"
"""The part of the page that the list is, which every address of it leads to."""


@dataclass(frozen=True)
class Entry:
    """A question with its figures. `kind` is its type, "" for decisions; `href` its own page, or ""."""

    number: int
    text: str
    kind: str
    figures: "ItemFigures"
    href: str = ""

    def has(self, flag: str) -> bool:
        """Whether it has this flag, however certain; or is critical, or has any flag at all."""
        if flag == CRITICAL:
            return self.figures.item.is_critical
        flags = {str(remark.flag) for remark in self.figures.remarks}
        return bool(flags) if flag == ANY else flag in flags


def _value(figure: Figure) -> float | None:
    return getattr(figure, "value", None)


SORTS: Mapping[str, Callable[[Entry], float | None]] = {
    "number": lambda entry: entry.number,
    "students": lambda entry: entry.figures.n,
    "facility": lambda entry: _value(entry.figures.facility),
    "discrimination": lambda entry: _value(entry.figures.discrimination),
    "time": lambda entry: _value(entry.figures.times.median),
}


@dataclass(frozen=True)
class Narrowed:
    """What of the questions is shown. `flags` and `kinds` are what may be chosen, with how many there are of each."""

    shown: Sequence[Entry]
    total: int
    text: str
    flag: str
    kind: str
    flags: Mapping[str, str]
    kinds: Mapping[str, str]
    sorting: Sorting
    where: Mapping[str, Any]
    endpoint: str

    @classmethod
    def of(
        cls, entries: Sequence[Entry], given: Mapping[str, str], endpoint: str, where: Mapping[str, Any]
    ) -> "Narrowed":
        """What the fields of a query ask for; `where` are those of the page itself."""
        text = fit(given.get("q", ""))[:LONGEST_SEARCH].strip()
        flag = given.get("flag", "") if given.get("flag") in FLAGS else ""
        kinds = list(dict.fromkeys(entry.kind for entry in entries if entry.kind))
        kind = given.get("kind", "") if given.get("kind") in kinds else ""
        sorting = Sorting.of(given, SORTS, "number")
        words = text.casefold().split()
        shown = [
            entry
            for entry in entries
            if all(word in entry.text.casefold() for word in words)
            and (not flag or entry.has(flag))
            and (not kind or entry.kind == kind)
        ]
        asked = {"q": text, "flag": flag, "kind": kind, **sorting.fields}
        return cls(
            shown=_sorted(shown, sorting),
            total=len(entries),
            text=text,
            flag=flag,
            kind=kind,
            flags={
                each: f"{says} ({number})"
                for each, says in FLAGS.items()
                if (number := sum(entry.has(each) for entry in entries)) or each == flag
            },
            kinds={each: f"{TYPES[each]} ({sum(entry.kind == each for entry in entries)})" for each in kinds},
            sorting=sorting,
            where={**where, **{name: value for name, value in asked.items() if value}},
            endpoint=endpoint,
        )

    def heads(self, what: str) -> list[dict[str, Any]]:
        """The headings of the table, each but the last of which sorts it."""
        texts = {
            "number": what,
            "students": _("Students"),
            "facility": _("Facility"),
            "discrimination": _("Item-total"),
            "time": _("Median time"),
        }
        where = {**self.where, "_anchor": PART}
        heads: list[dict[str, Any]] = [
            self.sorting.head(key, text, self.endpoint, where) for key, text in texts.items()
        ]
        for head, key in zip(heads, texts, strict=True):
            head["number"] = key in ("students", "time")
        return [*heads, {"text": _("Flags")}]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """What narrows the list, in words, each with the address of the list without it."""
        said = {
            "q": _("Words: {words}", words=self.text) if self.text else "",
            "flag": str(FLAGS[self.flag]) if self.flag else "",
            "kind": str(TYPES[self.kind]) if self.kind else "",
        }
        where = {**self.where, "_anchor": PART}
        return [(says, narrowed(self.endpoint, where, name)) for name, says in said.items() if says]


def asked_along(given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a query that narrow and sort the list, for the ways from it and back."""
    return {
        name: fit(given[name])[:LONGEST_SEARCH] for name in ("q", "flag", "kind", "sort") if given.get(name)
    }


def quiz_entries(quiz: Quiz, figures: Sequence["ItemFigures"], where: Mapping[str, Any]) -> list[Entry]:
    """The questions of a quiz with their figures, where these are there."""
    along = {**where, **asked_along(request.args)}
    return [
        Entry(
            number,
            excerpt(Markup(item.stem_html).striptags()),  # noqa: S704  (rendered and sanitised content)
            item.type,
            each,
            url_for("instructor.item_quality", **along, number=number),
        )
        for number, (item, each) in enumerate(zip(quiz.items, figures, strict=False), start=1)
    ]


def excerpt(text: str) -> str:
    """The beginning of a long text, cut between words."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]}..."


def _sorted(entries: Sequence[Entry], sorting: Sorting) -> list[Entry]:
    """By what is asked for; those without a figure stand last, whichever way."""
    value = SORTS[sorting.key]
    there = [(figure, entry) for entry in entries if (figure := value(entry)) is not None]
    there.sort(key=lambda pair: pair[0], reverse=sorting.is_down)
    return [entry for _figure, entry in there] + [entry for entry in entries if value(entry) is None]
