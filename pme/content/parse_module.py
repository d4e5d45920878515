"""A module: its front matter, its introduction and its pages in order.

Takes a renderer, and is pure beside it.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pme.content.front_matter import split_front
from pme.content.library import Media
from pme.content.parse_bank import Bank
from pme.content.parse_check import PlacedCheck
from pme.content.parse_course import content_note, open_file, outcomes, places
from pme.content.parse_fields import Book, Form
from pme.content.parse_page import Composed, Surroundings, compose
from pme.content.parse_prose import passages
from pme.content.parse_recording import Medium
from pme.content.parse_sources import Bibliography, Terms
from pme.content.parsed import Parsed
from pme.content.problems import Findings, Problem, near
from pme.content.render import Renderer
from pme.content.shapes import Completion, Figure, Module, Outcome, Page
from pme.content.translated_fields import Words
from pme.content.written_in import LANGUAGES
from pme.content.yaml_tree import Items
from pme.words.lazily import lazy
from pme.words.speech import _, _p

WORDS_PER_MINUTE = 180
"""Reading speed of officers who read in a second language."""
PAGE_NAME = re.compile(r"(?P<number>\d{1,3})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md\Z")
TWINS = (
    ("slug", lazy("The page has the same address as {first}; give it another.")),
    ("number", lazy("The page has the same number as {first}; give it another.")),
)
NO_PAGES = lazy("The module has no pages; the first is called something like 10-first-steps.md.")


@dataclass(frozen=True)
class ModuleFiles:
    """The texts of one module by path: `module.md`, and its pages by file name."""

    slug: str
    front: str
    pages: Mapping[str, str]

    def path(self, name: str) -> str:
        """Where a file of this module stands."""
        return f"modules/{self.slug}/{name}"


@dataclass(frozen=True)
class ReadModule:
    """A module as it was read, with the pictures that its pages show and the checks that they ask."""

    parsed: Parsed[Module]
    media: tuple[Media, ...]
    checks: tuple[PlacedCheck, ...] = ()


def page_slugs(names: Mapping[str, str]) -> frozenset[str]:
    """The addresses of a module's pages."""
    return frozenset(match["slug"] for name in names if (match := PAGE_NAME.match(name)))


def parse_module(
    files: ModuleFiles,
    *,
    bibliography: Bibliography,
    terms: Terms,
    pictures: Mapping[str, Medium | None],
    pages: Mapping[str, frozenset[str]],
    banks: Mapping[str, Parsed[Bank] | None],
    renderer: Renderer,
    words: Words | None = None,
) -> tuple[ReadModule | None, list[Problem]]:
    """The module and everything wrong in its files; None when its front matter cannot be read.

    With `words` its fields are read in another language; its pages are handed over in it.
    """
    findings = Findings(files.path("module.md"))
    book = Book(findings)
    front, body, body_line = split_front(files.front)
    if front is None:
        findings.error(1, _("The file does not begin with its fields between two lines of ---."))
        return None, findings.problems
    form = open_file(
        front, book, what=_p("kind of file", "module"), schema="pme-module/1", first_line=2, words=words
    )
    if form is None:
        return None, findings.problems
    around = Surroundings(
        module=files.slug,
        language=form.one_of("language", LANGUAGES),
        bibliography=bibliography,
        terms=terms,
        pictures=pictures,
        pages=pages,
        banks=banks,
        source_language=words.source_language if words else "",
    )
    intro = compose(body, around, renderer=renderer, findings=findings, first_line=body_line, is_intro=True)
    book.passages.extend(passages(findings.file, body, first_line=body_line))
    problems: list[Problem] = []
    read = [
        (files.path(name), page, composed)
        for name, text in sorted(files.pages.items())
        for page, composed in [_page(files.path(name), name, text, around, renderer, book, problems)]
    ]
    pages_read = tuple(page for _path, page, _composed in sorted(read, key=lambda each: each[1].number))
    checks = tuple(
        PlacedCheck(path, each.line, each.bank, each.item)
        for path, _page_read, composed in sorted(read, key=lambda each: each[1].number)
        for each in composed.wanted
    )
    _refuse_twice(checks, problems)
    _refuse_same_places(
        [(findings.file, intro), *((path, composed) for path, _page_read, composed in read)], problems
    )
    _refuse_twins(files, problems)
    if not files.pages:
        findings.error(1, NO_PAGES)
    shown = [
        picture
        for composed in (intro, *(c for _path, _page_read, c in read))
        for picture in composed.pictures
    ]
    module = module_of(
        files.slug, form, intro, pages_read, shown, pages.get(files.slug, page_slugs(files.pages))
    )
    source = {findings.file: files.front} | {files.path(name): text for name, text in files.pages.items()}
    for slug in {check.bank for check in checks}:
        if bank := banks[slug]:
            source |= bank.source
    parsed = Parsed(findings.file, module, source, places(form), tuple(book.passages))
    media = tuple(media for picture in shown for media in picture.every)
    return ReadModule(parsed, media, checks), findings.problems + problems


def module_of(
    slug: str,
    form: Form,
    intro: Composed,
    pages: tuple[Page, ...],
    shown: Sequence[Medium],
    addresses: Collection[str],
) -> Module:
    """The module that its fields, its introduction and its pages make; `addresses` are those of its pages."""
    words = intro.words + sum(page.words for page in pages)
    done = form.form("completion")
    known = outcomes(form, "outcomes")
    taught = _taught(form.form("teaches", required=False), addresses, known)
    completion = Completion(
        pages=_pages_to_read(done, addresses) if done else "all",
        quizzes=done.texts("quizzes") if done else (),
        scenarios=done.texts("scenarios") if done else (),
    )
    if done:
        done.finish()
    module = Module(
        slug=slug,
        title=form.text("title"),
        summary=form.told("summary"),
        language=form.one_of("language", LANGUAGES),
        minutes=form.whole("minutes", max(1, math.ceil(words / WORDS_PER_MINUTE)), low=1, high=6_000),
        level=form.text("level"),
        outcomes=known,
        prerequisites=form.texts("prerequisites"),
        content_note=content_note(form.form("content_note", required=False)),
        completion=completion,
        authors=form.texts("authors", required=True),
        reviewer=form.text("reviewer"),
        review_date=form.date("review_date"),
        intro_html=intro.html,
        intro_citations=intro.citations,
        intro_terms=intro.terms,
        pages=tuple(
            page.model_copy(update={"outcomes": taught[page.slug]}) if page.slug in taught else page
            for page in pages
        ),
        figures=tuple(dict.fromkeys(_figure(picture) for picture in shown)),
    )
    form.finish()
    return module


def _pages_to_read(done: Form, addresses: Collection[str]) -> Literal["all", "none"] | tuple[str, ...]:
    """Which pages complete a module: all, none, or those named."""
    if not isinstance(done.node("pages"), Items):
        rules: tuple[Literal["all", "none"], ...] = ("all", "none")
        return done.one_of("pages", rules, "all")
    named = done.texts("pages", required=True)
    for slug in named:
        if slug not in addresses:
            done.error(
                "pages",
                _("there is no page “{slug}” in this module.{near}", slug=slug, near=near(slug, addresses)),
            )
    return named


def _taught(
    form: Form | None, addresses: Collection[str], known: tuple[Outcome, ...]
) -> Mapping[str, tuple[str, ...]]:
    """The outcomes that each page teaches, by the page's address."""
    if form is None:
        return {}
    ids, found = [outcome.id for outcome in known], {}
    for key, _unused in form.fields.entries:
        if key.value not in addresses:
            says = _(
                "there is no page “{slug}” in this module.{near}",
                slug=key.value,
                near=near(key.value, addresses),
            )
            form.error(key.value, says)
        found[key.value] = form.texts(key.value)
        for name in found[key.value]:
            if name not in ids:
                form.error(
                    key.value,
                    _("{name} is not an outcome of this module.{near}", name=name, near=near(name, ids)),
                )
    return found


def _figure(picture: Medium) -> Figure:
    media = picture.media
    size = media.size if media.is_in_pieces else len(media.content)
    return Figure(path=picture.path, name=media.name, sha256=media.sha256, mime=media.mime, size=size)


def _page(
    path: str,
    name: str,
    text: str,
    around: Surroundings,
    renderer: Renderer,
    book: Book,
    problems: list[Problem],
) -> tuple[Page, Composed]:
    findings = Findings(path)
    composed = compose(text, around, renderer=renderer, findings=findings)
    book.passages.extend(passages(path, text))
    problems.extend(findings.problems)
    match = PAGE_NAME.match(name)
    page = Page(
        slug=match["slug"] if match else name,
        number=int(match["number"]) if match else 0,
        title=composed.title,
        html=composed.html,
        headings=composed.headings,
        citations=composed.citations,
        terms=composed.terms,
        checks=composed.checks,
        words=composed.words,
    )
    return page, composed


def _refuse_twice(checks: tuple[PlacedCheck, ...], problems: list[Problem]) -> None:
    first: dict[tuple[str, str], str] = {}
    for check in checks:
        key = (check.bank, check.item.id)
        if key in first:
            says = _(
                "The check {id} is asked at {first} already; ask another item here.",
                id=check.item.id,
                first=first[key],
            )
            problems.append(Problem(check.file, check.line, says))
        first.setdefault(key, f"{check.file}:{check.line}")


def _refuse_same_places(texts: list[tuple[str, Composed]], problems: list[Problem]) -> None:
    first: dict[str, str] = {}
    for path, composed in texts:
        for name, line in composed.places:
            if name in first:
                says = _(
                    "The local place {name} is at {first} already; names are unique in a module.",
                    name=name,
                    first=first[name],
                )
                problems.append(Problem(path, line, says))
            first.setdefault(name, f"{path}:{line}")


def _refuse_twins(files: ModuleFiles, problems: list[Problem]) -> None:
    for part, twin in TWINS:
        first: dict[str, str] = {}
        for name in sorted(files.pages):
            match = PAGE_NAME.match(name)
            key = match[part].lstrip("0") if match else name
            if key in first:
                says = twin.format(first=first[key])
                problems.append(Problem(files.path(name), 1, says))
            first.setdefault(key, name)
