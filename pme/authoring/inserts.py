"""What can be put into a page: sources, terms, figures, questions, local places, with the text to write. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pme.content.inline_text import plain_text
from pme.content.local_places import KINDS
from pme.content.parse_page import Surroundings
from pme.words.lazily import lazy
from pme.words.speech import _

MOST_SHOWN = 20
"""Of each kind; another search finds the rest."""
FEW = 5
"""As long as nothing is looked for."""
STATUS = {"to-verify": lazy("To be verified"), "superseded": lazy("Superseded")}


@dataclass(frozen=True)
class Insert:
    """One thing that can be put into a page: `text` is what to write for it."""

    name: str
    says: str
    text: str
    remark: str = ""


@dataclass(frozen=True)
class Kind:
    """The things of one kind that were found, and how many more there are."""

    title: str
    inserts: tuple[Insert, ...]
    more: int


def found(around: Surroundings, wanted: str) -> tuple[Kind, ...]:
    """What a page of this module can show, of each kind; `wanted` are words that all have to be in it."""
    kinds = {
        _("Figures and recordings of this module"): list(_figures(around)),
        _("Questions of this module"): list(_checks(around)),
        _("Sources"): list(_sources(around)),
        _("Terms of the glossary"): list(_terms(around)),
        _("Places that each academy fills in"): list(_local()),
    }
    words = wanted.casefold().split()
    return tuple(_kind(title, inserts, words) for title, inserts in kinds.items())


def _kind(title: str, inserts: Sequence[Insert], words: Sequence[str]) -> Kind:
    hits = [each for each in inserts if all(word in f"{each.name} {each.says}".casefold() for word in words)]
    most = MOST_SHOWN if words else FEW
    return Kind(title, tuple(hits[:most]), max(0, len(hits) - most))


def _sources(around: Surroundings) -> Iterator[Insert]:
    for key, source in around.bibliography.sources.items():
        says = ", ".join(part for part in (source.body, source.title, source.date) if part)
        yield Insert(key, says, f"[@{key}]", STATUS.get(source.status, ""))


def _terms(around: Surroundings) -> Iterator[Insert]:
    glossary = around.terms.glossaries.get(around.language)
    for term in glossary.terms if glossary else ():
        yield Insert(term.term, term.definition, f"[[{term.slug}]]")


def _figures(around: Surroundings) -> Iterator[Insert]:
    for path, picture in sorted(around.pictures.items()):
        name = path.removeprefix(f"modules/{around.module}/")
        drawing = picture.drawing if picture else None
        told = picture.says if picture else ""
        says = told or (drawing.description if drawing else "")
        alt = " ".join(
            (told or (drawing.title if drawing else "")).replace("[", "(").replace("]", ")").split()
        )
        remark = "" if picture else _("This file cannot be shown")
        yield Insert(name, says, f'![{alt or _("What the figure tells")}]({name} "Caption")', remark)


def _checks(around: Surroundings) -> Iterator[Insert]:
    for slug, bank in around.banks.items():
        for item in bank.content.items if bank else ():
            if item.type != "essay":
                yield Insert(item.id, plain_text(item.stem_html), f"{{check: {slug}/{item.id}}}")


def _local() -> Iterator[Insert]:
    for kind, title in KINDS.items():
        says = _("Its name, here “give-it-a-name”, is unique in the module and cannot be changed later.")
        told = _("Tell the academy what to write here.")
        yield Insert(
            _("Local: {title}", title=title),
            says,
            f'!!! local {kind} give-it-a-name "Local: {title}"\n    {told}',
        )
