"""A guide in its sections, each with an address of its own; and the sections that hold some words.

The pure part takes the text of a file; `guides_in` reads the files once. A translation has the headings of the
English guide in their order, so that an address is the same in every language. The large pictures of the files are
left to whoever reads them there; in the product small ones stand in their places (`pme.manual.pictures`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from markdown import markdown

from pme.config import ROOT
from pme.manual.pictures import HEIGHT, WIDTH, picture_of

FOLDER = ROOT / "docs" / "guides"
NAMES = ("students", "instructors", "registrars")
SOURCE = "en"
LEAST = 2
"""Characters that a word has at least to be looked for."""
_HEADING = re.compile(r"^(#{2,3}) +(.+?)\s*$", re.MULTILINE)
_PICTURE = re.compile(r"^!\[([^\]\n]*)\]\(\.\./screenshots/([a-z-]+)\.png\)[ \t]*$", re.MULTILINE)
_REMARK = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_ELSEWHERE = re.compile(r"\[([^\]\n]+)\]\(\.\./[^)\n]*\)")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Section:
    """A part of a guide under one heading; `level` is 2 or 3."""

    anchor: str
    level: int
    title: str
    html: str

    @property
    def words(self) -> str:
        """What it says, without marks."""
        return " ".join(_TAG.sub(" ", self.html).split())


@dataclass(frozen=True)
class Guide:
    """A guide for people of one kind, in one language."""

    name: str
    language: str
    title: str
    lead: str
    sections: tuple[Section, ...]

    @property
    def anchors(self) -> tuple[str, ...]:
        """The address of each section."""
        return tuple(section.anchor for section in self.sections)


@dataclass(frozen=True)
class Hit:
    """A section that holds what was looked for."""

    guide: Guide
    section: Section
    is_title: bool


def read_guide(name: str, text: str, language: str = SOURCE, anchors: Sequence[str] = ()) -> Guide:
    """A guide from its Markdown; `anchors` are those of its source. Its pictures are those of its language."""

    def shown(found: re.Match[str]) -> str:
        name = picture_of(found[2], language)
        return (
            f'<figure><img src="/guide/{name}" alt="{escape(found[1])}" width="{WIDTH}" height="{HEIGHT}" '
            'loading="lazy"></figure>'
        )

    text = _ELSEWHERE.sub(r"\1", _PICTURE.sub(shown, _REMARK.sub("", text)))
    head, *rest = _HEADING.split(text)
    title, _, lead = head.strip().partition("\n")
    parts = list(zip(rest[0::3], rest[1::3], rest[2::3], strict=True))
    own = anchors or [anchor_of(heading) for _marks, heading, _body in parts]
    return Guide(
        name,
        language,
        title.removeprefix("#").strip(),
        markdown(lead.strip()),
        tuple(
            Section(anchor, len(marks), heading, markdown(body.strip()))
            for anchor, (marks, heading, body) in zip(own, parts, strict=True)
        ),
    )


def anchor_of(heading: str) -> str:
    """The address of a section by its heading: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", heading.lower())).strip("-")


def find(guides: Iterable[Guide], wanted: str) -> tuple[Hit, ...]:
    """The sections that hold all of these words: those that have them in their heading first."""
    words = [word for word in wanted.casefold().split() if len(word) >= LEAST]
    if not words:
        return ()
    found = []
    for guide in guides:
        for section in guide.sections:
            title = section.title.casefold()
            told = f"{title} {section.words.casefold()}"
            if all(word in told for word in words):
                found.append(Hit(guide, section, all(word in title for word in words)))
    return tuple(sorted(found, key=lambda hit: not hit.is_title))


@lru_cache(maxsize=8)
def guides_in(language: str, folder: Path = FOLDER) -> tuple[Guide, ...]:
    """Every guide in a language, or in English where it is not translated; read once."""
    return tuple(_guide(name, language, folder) for name in NAMES)


def _guide(name: str, language: str, folder: Path) -> Guide:
    source = read_guide(name, (folder / f"{name}.md").read_text(encoding="utf-8"))  # not words
    other = folder / f"{name}.{language}.md"  # not words
    if language == SOURCE or not other.is_file():
        return source
    return read_guide(name, other.read_text(encoding="utf-8"), language, source.anchors)
