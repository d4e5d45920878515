"""From a tree of files to everything they say: each file read by the parser of its kind.

Takes a renderer, and is pure beside it. Every file is read, whatever is wrong with the others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pme.content.answers import ANSWERS, Answer, parse_answers
from pme.content.files import Tree
from pme.content.library import Content, Media
from pme.content.parse_bank import Bank, parse_bank
from pme.content.parse_check import PlacedCheck
from pme.content.parse_course import parse_course
from pme.content.parse_module import ModuleFiles, page_slugs, parse_module
from pme.content.parse_quiz import parse_quiz
from pme.content.parse_recording import Medium, every_medium
from pme.content.parse_scenario import parse_scenario
from pme.content.parse_sources import GLOSSARY, SOURCES, Bibliography, Terms, parse_glossary, parse_sources
from pme.content.parse_translations import translate
from pme.content.parsed import Parsed
from pme.content.problems import Findings, Problem
from pme.content.render import Renderer
from pme.content.shapes import Course, Glossary, Module, Outcome, Quiz, Scenario
from pme.content.translation_files import parts_of
from pme.content.unwritten import unwritten
from pme.words.speech import _

_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_COURSE = re.compile(rf"modules/({_SLUG})\.course\.yaml\Z")
_MODULE = re.compile(rf"modules/({_SLUG})/module\.md\Z")
_PAGE = re.compile(rf"modules/({_SLUG})/(\d{{1,3}}-{_SLUG}\.md)\Z")
_MEDIA = re.compile(rf"modules/({_SLUG})/media/[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*\Z")
_MEDIA_LIST = re.compile(rf"modules/({_SLUG})/media\.yaml\Z")
_BANK = re.compile(rf"quizzes/({_SLUG})\.bank\.yaml\Z")
_QUIZ = re.compile(rf"quizzes/({_SLUG})\.quiz\.yaml\Z")
_SCENARIO = re.compile(rf"quizzes/({_SLUG})\.scenario\.yaml\Z")


@dataclass
class Collection:
    """Everything that was read, even where it is broken, and what was wrong while reading.

    `named` are the slugs of each kind as the files' names give them, readable or not; a bank is None when
    its file cannot be read.
    """

    bibliography: Bibliography = field(default_factory=Bibliography)
    terms: Terms = field(default_factory=Terms)
    glossary_text: str = ""
    courses: dict[str, Parsed[Course]] = field(default_factory=dict)
    modules: dict[str, Parsed[Module]] = field(default_factory=dict)
    banks: dict[str, Parsed[Bank] | None] = field(default_factory=dict)
    quizzes: dict[str, Parsed[Quiz]] = field(default_factory=dict)
    scenarios: dict[str, Parsed[Scenario]] = field(default_factory=dict)
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pictures: dict[str, Medium | None] = field(default_factory=dict)
    media: list[Media] = field(default_factory=list)
    checks: list[PlacedCheck] = field(default_factory=list)
    answers: tuple[Answer, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def every_bank(self) -> dict[str, Parsed[Bank] | None]:
        """Every bank that there is, None where its file cannot be read."""
        return {slug: self.banks.get(slug) for slug in sorted(self.named["bank"])}

    @property
    def everything(self) -> tuple[Parsed[Content], ...]:
        """All content, glossaries included."""
        glossaries = [
            Parsed[Glossary](GLOSSARY, glossary, {GLOSSARY: self.glossary_text})
            for glossary in self.terms.glossaries.values()
        ]
        shelves = (self.courses, self.modules, self.quizzes, self.scenarios)
        return (*glossaries, *(parsed for shelf in shelves for parsed in shelf.values()))

    def findings(self, path: str) -> Findings:
        """A collector for one file, whose problems are kept here."""
        return Findings(path, self.problems)


def parse(tree: Tree, renderer: Renderer) -> Collection:
    """Read every file of the tree."""
    read = Collection()
    _name_everything(tree, read)
    if SOURCES in tree.files:
        read.bibliography = parse_sources(tree.text(SOURCES), read.findings(SOURCES))
    if GLOSSARY in tree.files:
        read.glossary_text = tree.text(GLOSSARY)
        read.terms = parse_glossary(read.glossary_text, read.findings(GLOSSARY))
    about_media = {path: c for path, c in tree.files.items() if _MEDIA.match(path) or _MEDIA_LIST.match(path)}
    read.pictures = every_medium(about_media, read.findings)
    if ANSWERS in tree.files:
        read.answers = parse_answers(tree.text(ANSWERS), read.findings(ANSWERS))
    for path in tree.files:
        if match := _BANK.match(path):
            text, findings = tree.text(path), read.findings(path)
            read.banks[match[1]] = parse_bank(match[1], text, findings, bibliography=read.bibliography)
    _read_modules(tree, read, renderer)
    known = {slug: parsed.content.outcomes for slug, parsed in read.modules.items()}
    outcomes: dict[str, tuple[Outcome, ...]] = dict.fromkeys(read.named["module"], ()) | known
    for path in tree.files:
        _read_yaml(path, tree, read, outcomes)
        if path.endswith((".md", ".yaml")):
            read.problems += unwritten(path, tree.text(path))
    translate(tree, read, renderer)
    return read


def _read_modules(tree: Tree, read: Collection, renderer: Renderer) -> None:
    files = {slug: _module_files(slug, tree) for slug in sorted(read.named["module"])}
    pages = {slug: page_slugs(each.pages) for slug, each in files.items()}
    for slug, each in files.items():
        module, problems = parse_module(
            each,
            bibliography=read.bibliography,
            terms=read.terms,
            pictures={
                path: picture
                for path, picture in read.pictures.items()
                if path.startswith(f"modules/{slug}/")
            },
            pages=pages,
            banks=read.every_bank,
            renderer=renderer,
        )
        read.problems += problems
        if module is not None:
            read.modules[slug] = module.parsed
            read.media += module.media
            read.checks += module.checks


def _module_files(slug: str, tree: Tree) -> ModuleFiles:
    pages = {
        match[2]: tree.text(path) for path in tree.files if (match := _PAGE.match(path)) and match[1] == slug
    }
    return ModuleFiles(slug, tree.text(f"modules/{slug}/module.md"), pages)


def _read_yaml(path: str, tree: Tree, read: Collection, outcomes: Mapping[str, tuple[Outcome, ...]]) -> None:
    if match := _COURSE.match(path):
        course = parse_course(match[1], tree.text(path), read.findings(path))
        if course:
            read.courses[match[1]] = course
    elif match := _QUIZ.match(path):
        quiz = parse_quiz(
            match[1],
            tree.text(path),
            read.findings(path),
            bibliography=read.bibliography,
            outcomes=outcomes,
            banks=read.every_bank,
        )
        if quiz:
            read.quizzes[match[1]] = quiz
    elif match := _SCENARIO.match(path):
        scenario = parse_scenario(
            match[1],
            tree.text(path),
            read.findings(path),
            bibliography=read.bibliography,
            module_outcomes=outcomes,
        )
        if scenario:
            read.scenarios[match[1]] = scenario


def _name_everything(tree: Tree, read: Collection) -> None:
    """Sort the paths by what they are; a path that is nothing is mentioned or refused."""
    patterns = {"course": _COURSE, "module": _MODULE, "bank": _BANK, "quiz": _QUIZ, "scenario": _SCENARIO}
    # A file that could not be read is there all the same: nobody should be told to write it.
    paths = [*tree.files, *(problem.file for problem in tree.problems)]
    read.named = {
        kind: frozenset(match[1] for path in paths if (match := pattern.match(path)))
        for kind, pattern in patterns.items()
    }
    for path in tree.files:
        if any(pattern.match(path) for pattern in (*patterns.values(), _MEDIA, _MEDIA_LIST)) or path in (
            SOURCES,
            GLOSSARY,
            ANSWERS,
        ):
            continue
        page = _PAGE.match(path)
        if page and page[1] in read.named["module"]:
            continue
        if page:
            read.problems.append(Problem(path, 1, _("The folder {page} has no module.md.", page=page[1])))
        elif parts_of(path) is None:
            read.problems.append(Problem(path, 1, _unknown(path)))


def _unknown(path: str) -> str:
    kinds = (
        _("quizzes are <name>.quiz.yaml, banks <name>.bank.yaml and scenarios <name>.scenario.yaml")
        if path.startswith("quizzes/")
        else _(
            "a module is a folder with module.md, pages such as 10-first-steps.md and media/; "
            "a course is <name>.course.yaml"
        )
    )
    return _(
        "This is not the name of any content: {kinds}. Names use lower-case letters, digits and hyphens.",
        kinds=kinds,
    )
