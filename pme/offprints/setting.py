"""The documents of files, from their templates: in the language of what they hold, whoever asked for them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pme.config import ROOT
from pme.content.anchors import anchored, standalone
from pme.content.mixed_text import direction
from pme.content.shapes import Page, Translatable
from pme.content.written_in import OWN_NAMES
from pme.handouts.handout import is_card
from pme.handouts.paper import for_paper
from pme.handouts.words import words_for
from pme.offprints.carried import Within, as_data, carried
from pme.offprints.copies import CourseCopy, ModuleCopy
from pme.practice.checks import Check, checks_shown
from pme.words import templates
from pme.words.languages import LANGUAGES
from pme.words.speech import _, speaking
from pme.words.times import day

STYLE = ROOT / "pme" / "static" / "offprint" / "offprint.css"
NOBODY = 0
"""Whose order of options the checks have, so that every copy is the same."""
INTRODUCTION = "module-introduction-"
_DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{:root\{([^}]*)\}\}\n?")
_ROOT = re.compile(r":root\{([^}]*)\}")
_COLOUR = re.compile(r"var\((--[a-z-]+)\)")


@dataclass(frozen=True)
class Fit:
    """How a page's text is made fit for a kind of file: its links and pictures, and its anchors."""

    within: Within
    picture: Callable[[ModuleCopy], Callable[[str], str | None]]
    is_one_document: bool = True
    is_paper: bool = False

    def anchor(self, slug: str) -> str:
        """What the anchors of a page begin with."""
        if not self.is_one_document:
            return ""
        return f"{slug}-" if slug else INTRODUCTION

    def text(self, copy: ModuleCopy, html: str, slug: str) -> Markup:
        """A stretch of a page, or of the introduction, as it stands in the file."""
        html = copy.local.put_in(html, copy.module.slug, copy.module.language)
        if self.is_one_document:  # before links lead to other pages of the file
            html = standalone(html, slug) if slug else anchored(html, INTRODUCTION)
        html = carried(html, address=copy.address, within=self.within, picture=self.picture(copy))
        return Markup(for_paper(html) if self.is_paper else html)  # noqa: S704  (sanitised when it was published)


def as_file(copy: ModuleCopy) -> bytes:
    """A module as one file of HTML."""
    return _document(copy, is_paper=False).encode()


def as_paper(copy: ModuleCopy) -> str:
    """A module as it goes to the printer."""
    return _document(copy, is_paper=True)


def _document(copy: ModuleCopy, *, is_paper: bool) -> str:
    def within(module: str, page: str, anchor: str) -> str | None:
        if module != copy.module.slug or (page and copy.module.page(page) is None):
            return None
        return f"#{page}-{anchor}" if anchor and page else f"#page-{page}" if page else "#main"

    fit = Fit(within, lambda each: as_data(each.pictures), is_paper=is_paper)
    sheet = "" if is_paper else style_sheet()
    return rendered("file.html", copy.module.language, fit=fit, copy=copy, sheet=sheet)


def style_sheet() -> Markup:
    """The look of a file, within it."""
    return Markup("<style>{}</style>").format(Markup(STYLE.read_text("utf-8")))  # noqa: S704  (our own)


def rendered(template: str, language: str, *, fit: Fit | None = None, **values: Any) -> str:
    """A template in a language, with what every one of them may say."""
    with speaking(language if language in LANGUAGES else None):
        return (
            _environment()
            .get_template(f"offprint/{template}")
            .render(
                language=language,
                direction=direction(language),
                words=words_for(language),
                said=lambda text, content, place="": _in_tongue(text, _other(content, place, language)),
                lang_of=lambda content, place: _attributes(_other(content, place, language)),
                in_tongue=_in_tongue,
                is_card=_is_card,
                checks_of=_checks_of,
                edition=edition,
                course_edition=course_edition,
                day=day,
                text=fit.text if fit else None,
                anchor=fit.anchor if fit else None,
                is_paper=fit is not None and fit.is_paper,
                **values,
            )
        )


def edition(copy: ModuleCopy) -> str:
    """Which edition a copy of a module is: its day, its version and its language."""
    assert copy.published_at is not None  # noqa: S101  (files are made of dated copies)
    named = OWN_NAMES.get(copy.module.language, copy.module.language)
    on = day(copy.published_at.date())
    return _("Edition of {day}, version {version}. {language}.", day=on, version=copy.version, language=named)


def course_edition(book: CourseCopy) -> str:
    """Which edition a copy of a course is."""
    if book.published_at is None or book.edition is None:
        return ""
    on = day(book.published_at.date())
    return _("Edition {number} of {day}.", number=book.edition, day=on)


def in_light(style: str) -> str:
    """The style sheet for reading devices: its colours written out, since not all of them know names."""
    style = _DARK.sub("", style)
    root = _ROOT.search(style)
    named = dict(re.findall(r"(--[a-z-]+):([^;]+)", root[1])) if root else {}
    return _COLOUR.sub(lambda name: named[name[1]], _ROOT.sub("", style, count=1)).lstrip()


def _checks_of(copy: ModuleCopy, page: Page) -> tuple[Check, ...]:
    asked = copy.source.page(page.slug)
    assert asked is not None  # noqa: S101  (a translation has the pages of its source)
    return checks_shown(asked.checks, {}, enrolment_id=NOBODY, words=page.checks)


def _is_card(page: Page) -> bool:
    return is_card(page.slug, page.title)


def _other(content: Translatable, place: str, language: str) -> str:
    """The language of a text where it is not that of the file."""
    tongue = content.tongue(place)
    return "" if tongue == language else tongue


def _in_tongue(text: str, language: str) -> str:
    return Markup("<span{}>{}</span>").format(_attributes(language), text) if language and text else text


def _attributes(language: str) -> str:
    return Markup(' lang="{}" dir="{}"').format(language, direction(language)) if language else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.teach(environment)
    return environment
