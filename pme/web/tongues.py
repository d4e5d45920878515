"""Content in the language that a person reads: which there is, and what a page says of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from flask import Flask
from markupsafe import Markup

from pme.content.catalogue import Versioned
from pme.content.inline_text import plain_text
from pme.content.mixed_text import direction
from pme.content.shapes import Course, Module, Quiz, Scenario, Translatable
from pme.content.written_in import OWN_NAMES
from pme.words.speech import current

_NAMED = re.compile(r'<span lang="([a-z]{2})"')
_BLOCKS = ("<p", "<ul", "<ol", "<dl", "<div", "<blockquote", "<section", "<figure")
T = TypeVar("T", Course, Module, Quiz, Scenario)
Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Tongues:
    """The languages that a page may be read in, and the one that it is read in now.

    `behind` tells that parts of it are shown in the language of the source: "some", "all" or nothing.
    """

    current: str
    offered: tuple[str, ...]
    source: str
    behind: str = ""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Each language with what it calls itself."""
        return tuple((each, OWN_NAMES.get(each, each)) for each in self.offered)


def tongues(source: Translatable, shown: Translatable, place: str = "") -> Tongues:
    """What a page says of the languages of its content; `place` is the part of it that the page shows.

    The page of a module itself shows no other page of it.
    """
    own = tuple(each for each in shown.behind if not each.startswith("pages."))
    here = _at(shown.behind, place) if place else own
    behind = ("all" if f"{place}.text" in here else "some") if here else ""
    return Tongues(shown.language, source.languages, source.language, behind)


def _at(behind: Iterable[str], place: str) -> tuple[str, ...]:
    return tuple(each for each in behind if each == place or each.startswith(f"{place}."))


def in_language(versioned: Versioned[T], language: str | None) -> Versioned[T]:
    """A version with its content in a language, where it is translated."""
    return replace(versioned, content=versioned.content.in_language(language))


def spoken_in(content: Translatable, place: str) -> str:
    """The language of a text of content; empty where it is that of the page around it, and of no translation."""
    language = content.tongue(place)
    return "" if not content.source_language and language == current() else language


def in_tongue(text: str, language: str) -> str:
    """A text that says which language it is in, unless that is empty."""
    if not language or not text:
        return text
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, direction(language), text)


def said(text: str, content: Translatable, place: str = "") -> str:
    """A plain text of content; in a translation it says which language it is in."""
    return in_tongue(text, spoken_in(content, place))


def bare_words(html: str) -> str:
    """Rendered text without its emphasis, which still says which language it is in."""
    named = _NAMED.match(html)
    return in_tongue(" ".join(plain_text(html).split()), named[1] if named else "")


def lang_of(content: Translatable, place: str) -> str:
    """The attributes of an element that holds a text of translated content; nothing for content as it was written."""
    return attributes(spoken_in(content, place))


def attributes(language: str) -> str:
    """The attributes of an element in a language; nothing where that is empty."""
    return Markup(' lang="{}" dir="{}"').format(language, direction(language)) if language else ""


def foreign(content: Translatable) -> str:
    """The language of content where the page around it speaks another, else empty: for rendered texts of it."""
    return "" if content.language == current() else content.language


def marked(shown: Shown, language: str) -> Shown:
    """What is shown of content, each rendered text in it (`_html`) saying its language; as it is where that is empty.

    Figures, as the rating of an answer, belong to no language.
    """
    found: Any = shown
    if not language:
        return shown
    if isinstance(found, tuple):
        found = tuple(marked(each, language) for each in found)
    elif is_dataclass(found) and not isinstance(found, type):
        names = (field.name for field in fields(found))
        found = replace(found, **{name: _marked(name, getattr(found, name), language) for name in names})
    return found  # type: ignore[no-any-return]


def _marked(name: str, value: Any, language: str) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return tuple(_marked(name, each, language) for each in value)
    if not isinstance(value, str):
        return marked(value, language)
    if not name.endswith("_html") or not value or value.isdigit():
        return value
    tag = "div" if value.startswith(_BLOCKS) else "span"
    return f'<{tag} lang="{language}" dir="{direction(language)}">{value}</{tag}>'


def install(app: Flask) -> None:
    """Give these filters to templates."""
    app.add_template_filter(said, "said")
    app.add_template_filter(in_tongue, "in_tongue")
    app.add_template_filter(lambda code: OWN_NAMES.get(code, code), "own_name")
    app.add_template_filter(bare_words, "bare_words")
    app.add_template_filter(lang_of, "lang_of")
    app.add_template_filter(spoken_in, "spoken_in")
    app.add_template_filter(attributes, "attributes")
    app.add_template_filter(foreign, "foreign")
