"""What is wrong with a quiz or bank as a draft has it, told at its questions and at the fields of their forms. Pure.

Only the file itself and what it names are read, so that it can be done at every save; the check of the whole
draft tells the rest.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pme.authoring.naming import FileKind, FileName
from pme.content.answers import ANSWERS, answered, parse_answers
from pme.content.ethics import MODULE_GRADE, ethics, known_words
from pme.content.files import Tree
from pme.content.lint_items import item_remarks
from pme.content.lint_quiz import quiz_remarks
from pme.content.lint_sources import doubtful_sources
from pme.content.parse_bank import Bank, parse_bank
from pme.content.parse_course import open_file, outcomes
from pme.content.parse_fields import Book
from pme.content.parse_quiz import parse_quiz
from pme.content.parse_sources import (
    GLOSSARY,
    SOURCES,
    Bibliography,
    Terms,
    parse_glossary,
    parse_sources,
)
from pme.content.parsed import Parsed
from pme.content.problems import Findings, Problem, with_english
from pme.content.shapes import AnyItem, Outcome, Quiz
from pme.content.unwritten import unwritten
from pme.content.yaml_tree import Fields, Items, Node, read_yaml
from pme.words.speech import _p

_MODULE = re.compile(r"modules/([a-z0-9-]+)/module\.md\Z")
_BANK = re.compile(r"quizzes/([a-z0-9-]+)\.bank\.yaml\Z")
_NAMED = re.compile("“([^”]+)”")
_WHOLE_FILE = -1


@dataclass(frozen=True)
class Placed:
    """A problem at a field of a question's form, such as `options.1.feedback`; "" where it names none."""

    place: str
    problem: Problem


@dataclass(frozen=True)
class Inspection:
    """What was read, and everything wrong with it: by the number of the question (from 0), and elsewhere."""

    parsed: Parsed[Quiz] | Parsed[Bank] | None
    of_file: tuple[Placed, ...]
    of_items: Mapping[int, tuple[Placed, ...]]
    bibliography: Bibliography
    outcomes: Mapping[str, tuple[Outcome, ...]]

    def item(self, item_id: str) -> AnyItem | None:
        """The question of this id as it was read."""
        return self.parsed.content.item(item_id) if self.parsed else None


@dataclass(frozen=True)
class _Reading:
    parsed: Parsed[Quiz] | Parsed[Bank] | None
    problems: list[Problem]
    bibliography: Bibliography
    outcomes: Mapping[str, tuple[Outcome, ...]]


def inspect(name: FileName, tree: Tree) -> Inspection:
    """Read a quiz or bank of a tree, and tell what is wrong with it."""
    read = _read(name, tree)
    problems = with_english(read.problems, lambda: _read(name, tree).problems)
    of_file, of_items = _sorted(problems, tree.text(name.path))
    return Inspection(read.parsed, of_file, of_items, read.bibliography, read.outcomes)


def _read(name: FileName, tree: Tree) -> _Reading:
    bibliography = parse_sources(tree.text(SOURCES), Findings(SOURCES)) if SOURCES in tree.files else None
    bibliography = bibliography or Bibliography()
    known = {match[1]: outcomes_of(tree.text(path)) for path in tree.files if (match := _MODULE.match(path))}
    findings = Findings(name.path)
    parsed: Parsed[Quiz] | Parsed[Bank] | None
    remarks: Iterator[Problem] = iter(())
    if name.kind is FileKind.BANK:
        parsed = bank = parse_bank(name.slug, tree.text(name.path), findings, bibliography=bibliography)
        remarks = _of_bank(bank, known) if bank else remarks
    else:
        banks = {
            match[1]: parse_bank(match[1], tree.text(path), Findings(path), bibliography=bibliography)
            for path in tree.files
            if (match := _BANK.match(path))
        }
        parsed = quiz = parse_quiz(
            name.slug,
            tree.text(name.path),
            findings,
            bibliography=bibliography,
            outcomes=known,
            banks=banks,
        )
        remarks = map(quiz.problem, quiz_remarks(quiz.content)) if quiz else remarks
    problems = [*findings.problems, *unwritten(name.path, tree.text(name.path)), *remarks]
    if parsed:
        problems += [each for each in doubtful_sources(parsed, bibliography) if each.file == name.path]
        problems += _ethics(parsed, bibliography, tree)
    return _Reading(parsed, problems, bibliography, known)


def _ethics(parsed: Parsed[Quiz] | Parsed[Bank], bibliography: Bibliography, tree: Tree) -> list[Problem]:
    elsewhere = Findings("")
    terms = parse_glossary(tree.text(GLOSSARY), elsewhere) if GLOSSARY in tree.files else Terms()
    answers = parse_answers(tree.text(ANSWERS), elsewhere) if ANSWERS in tree.files else ()
    found = ethics(
        parsed.passages,
        language_code=parsed.content.language,
        most_grade=MODULE_GRADE,
        known=known_words(bibliography, terms, answers),
    )
    return answered(found, answers)


def modules_of(tree: Tree) -> list[str]:
    """The modules of a tree, by their slugs."""
    return sorted(match[1] for path in tree.files if (match := _MODULE.match(path)))


def _of_bank(bank: Parsed[Bank], known: Mapping[str, tuple[Outcome, ...]]) -> Iterator[Problem]:
    content = bank.content
    of_module = known.get(content.module, ())
    remarks = item_remarks(content.items, of_module, module=content.module, language=content.language)
    return map(bank.problem, remarks)


def outcomes_of(module: str) -> tuple[Outcome, ...]:
    """The learning outcomes of a module, from the text of its module.md."""
    front = module.removeprefix("---\n").partition("\n---")[0]
    form = open_file(front, Book(Findings("")), what=_p("kind of file", "module"), schema="pme-module/1")
    return outcomes(form, "outcomes") if form else ()


def _sorted(
    problems: list[Problem], text: str
) -> tuple[tuple[Placed, ...], Mapping[int, tuple[Placed, ...]]]:
    tree = read_yaml(text, Findings(""))
    places = list(_places(tree)) if tree else []
    found: dict[int, list[Placed]] = {}
    for problem in dict.fromkeys(problems):
        number, place = _place_of(problem, places)
        found.setdefault(number, []).append(Placed(place, problem))
    return tuple(found.pop(_WHOLE_FILE, ())), {number: tuple(each) for number, each in found.items()}


def _place_of(problem: Problem, places: list[tuple[int, str, int]]) -> tuple[int, str]:
    """The question and the field that a problem's line belongs to, and its words name."""
    line = max((line for *_, line in places if line <= problem.line), default=0)
    here = [(number, place) for number, place, at in places if at == line]
    if not here:
        return _WHOLE_FILE, ""
    number, first = here[0]
    known = {place for each, place, _ in places if each == number}
    for word in _NAMED.findall(problem.in_english):
        inside = f"{first}.{word}" if first else word
        if re.fullmatch("[a-z_]+", word) and (inside in known or first or number == _WHOLE_FILE):
            return number, first if first.endswith(f".{word}") or first == word else inside
        if re.fullmatch("[a-z_]+", word):
            return number, word
    return number, first


def _places(root: Node) -> Iterator[tuple[int, str, int]]:
    """Every place of a file as (number of the question, place in it, line), parents first."""
    if not isinstance(root, Fields):
        return
    for key, value in root.entries:
        if key.value == "items" and isinstance(value, Items):
            yield _WHOLE_FILE, "items", key.line
            for number, item in enumerate(value.items):
                yield number, "", item.line
                yield from _inner(number, "", item)
        else:
            yield _WHOLE_FILE, key.value, key.line
            yield from _inner(_WHOLE_FILE, key.value, value)


def _inner(number: int, above: str, node: Node) -> Iterator[tuple[int, str, int]]:
    prefix = f"{above}." if above else ""
    if isinstance(node, Fields):
        for key, value in node.entries:
            yield number, f"{prefix}{key.value}", key.line
            yield from _inner(number, f"{prefix}{key.value}", value)
    elif isinstance(node, Items):
        for at, each in enumerate(node.items):
            yield number, f"{prefix}{at}", each.line
            yield from _inner(number, f"{prefix}{at}", each)
