"""One page, or the introduction of a module, as students would see it, while it is being written.

Rendered by the very code that publishing uses. Takes a renderer, and is pure beside it. What the page stands
in (sources, terms, figures, questions) is worked out apart, so that it can be kept while somebody types.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pme.content.answers import ANSWERS, Answer, answered, parse_answers
from pme.content.ethics import MODULE_GRADE, ethics, known_words, of_note
from pme.content.files import Tree
from pme.content.front_matter import split_front
from pme.content.lint_facts import Known
from pme.content.lint_links import SENSITIVE
from pme.content.lint_sources import doubtful_in
from pme.content.parse_bank import Bank, parse_bank
from pme.content.parse_course import content_note, open_file
from pme.content.parse_fields import Book, Passage
from pme.content.parse_module import NO_PAGES, ModuleFiles, page_slugs, parse_module
from pme.content.parse_page import Composed, Surroundings, compose
from pme.content.parse_prose import passages
from pme.content.parse_recording import every_medium
from pme.content.parse_sources import (
    GLOSSARY,
    SOURCES,
    Bibliography,
    Terms,
    parse_glossary,
    parse_sources,
)
from pme.content.parsed import Parsed
from pme.content.problems import Findings, Problem, Severity
from pme.content.render import Renderer
from pme.content.shapes import ContentNote, Page
from pme.content.unwritten import unwritten
from pme.content.written_in import LANGUAGES
from pme.words.speech import _, _p

_PAGE = re.compile(r"modules/([^/]+)/(\d{1,3}-[^/.]+\.md)\Z")
_BANK = re.compile(r"quizzes/([^/.]+)\.bank\.yaml\Z")


@dataclass(frozen=True)
class Place(Surroundings):
    """What a page may refer to, what its module warns of, what names are known, and what was answered."""

    has_content_note: bool = True
    note: ContentNote | None = None
    known: Known = field(default_factory=Known)
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A text as it will be read, and what is to be said of it, by line."""

    page: Page
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops it from being published."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def place_of(tree: Tree, module: str) -> Place:
    """What a page of this module may refer to, in these files; what is wrong with them is said elsewhere."""
    elsewhere = Findings("")
    bibliography = parse_sources(tree.text(SOURCES), elsewhere) if SOURCES in tree.files else Bibliography()
    pages: dict[str, dict[str, str]] = {}
    for path in tree.files:
        if match := _PAGE.match(path):
            pages.setdefault(match[1], {})[match[2]] = ""
    folder = f"modules/{module}/"
    language, has_note, note = _front(tree, module)
    terms = parse_glossary(tree.text(GLOSSARY), elsewhere) if GLOSSARY in tree.files else Terms()
    answers = parse_answers(tree.text(ANSWERS), elsewhere) if ANSWERS in tree.files else ()
    return Place(
        module=module,
        language=language,
        has_content_note=has_note,
        note=note,
        known=known_words(bibliography, terms, answers),
        answers=answers,
        bibliography=bibliography,
        terms=terms,
        pictures=every_medium(
            {
                path: content
                for path, content in tree.files.items()
                if path.startswith(f"{folder}media/") or path == f"{folder}media.yaml"
            },
            lambda _path: elsewhere,
        ),
        pages={slug: page_slugs(names) for slug, names in pages.items()},
        banks={
            slug: bank
            for slug, bank in _banks(tree, bibliography)
            if bank is None or bank.content.module == module
        },
    )


def preview(path: str, text: str, around: Place, renderer: Renderer) -> Preview:
    """A page, or the introduction of a module, as it would be published with this text."""
    if path.endswith("/module.md"):
        return _introduction(path, text, around, renderer)
    findings = Findings(path)
    composed = compose(text, around, renderer=renderer, findings=findings)
    told = passages(path, text)
    remarks = [*unwritten(path, text), *doubtful_in({path: text}, around.bibliography)]
    if not around.has_content_note:
        remarks += _unwarned(told)
    remarks += _ethics(told, around.language, around, around.note)
    return Preview(_page(path, composed), _in_order([*findings.problems, *remarks]))


def _introduction(path: str, text: str, around: Place, renderer: Renderer) -> Preview:
    read, problems = parse_module(
        ModuleFiles(around.module, text, {}),
        bibliography=around.bibliography,
        terms=around.terms,
        pictures=around.pictures,
        pages=around.pages,
        banks=around.banks,
        renderer=renderer,
    )
    problems = [problem for problem in problems if problem.says != NO_PAGES]
    if read is None:
        return Preview(_page(path, Composed()), _in_order(problems))
    module = read.parsed.content
    problems += [*unwritten(path, text), *doubtful_in({path: text}, around.bibliography)]
    if module.content_note is None:
        problems += _unwarned(read.parsed.passages)
    problems += _ethics(read.parsed.passages, module.language, around, module.content_note)
    of_the_note = of_note(module.content_note, file=path, line=read.parsed.line("content_note"))
    problems += answered(of_the_note, around.answers)
    shown = Composed(
        title=module.title,
        html=module.intro_html,
        citations=module.intro_citations,
        terms=module.intro_terms,
    )
    return Preview(_page(path, shown), _in_order(problems))


def _page(path: str, composed: Composed) -> Page:
    return Page(
        slug=path.rpartition("/")[2].removesuffix(".md"),
        number=0,
        title=composed.title,
        html=composed.html,
        headings=composed.headings,
        citations=composed.citations,
        terms=composed.terms,
        checks=composed.checks,
        words=composed.words,
    )


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda each: (each.line, each.severity.value)))


def _ethics(told: Sequence[Passage], language: str, around: Place, note: ContentNote | None) -> list[Problem]:
    found = ethics(told, language_code=language, most_grade=MODULE_GRADE, known=around.known, note=note)
    return answered(found, around.answers)


def _front(tree: Tree, module: str) -> tuple[str, bool, ContentNote | None]:
    """The language of a module, whether it has a content note, and the note."""
    path = f"modules/{module}/module.md"
    front, _rest, _line = split_front(tree.text(path)) if path in tree.files else (None, "", 1)
    form = open_file(
        front or "", Book(Findings("")), what=_p("kind of file", "module"), schema="pme-module/1"
    )
    if form is None:
        return LANGUAGES[0], True, None
    note = content_note(form.form("content_note", required=False))
    return form.one_of("language", LANGUAGES), form.has("content_note"), note


def _unwarned(told: Sequence[Passage]) -> Iterator[Problem]:
    """The first place that speaks of what needs a content note."""
    for passage in told:
        met = next((word for word in SENSITIVE if word in passage.text.lower()), None)
        if met:
            says = _(
                "The page speaks of “{met}…” and its module has no content_note; add one to module.md.",
                met=met,
            )
            yield Problem(passage.file, passage.line, says)
            return


def _banks(tree: Tree, bibliography: Bibliography) -> list[tuple[str, Parsed[Bank] | None]]:
    return [
        (match[1], parse_bank(match[1], tree.text(path), Findings(""), bibliography=bibliography))
        for path in tree.files
        if (match := _BANK.match(path))
    ]
