"""Checking everything at once: the files of both folders in, every problem and the library out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from pme.content.answers import first_words
from pme.content.files import Tree, read_tree
from pme.content.library import Entry, Library, Media, Report
from pme.content.lint import lint, proofs
from pme.content.parse import Collection, parse
from pme.content.problems import Problem, Severity
from pme.content.render import Renderer


def check_tree(
    modules_dir: Path, quizzes_dir: Path, *, page_seconds: float = 5.0, today: date | None = None
) -> Report:
    """Everything wrong with the content of two folders, and the library when nothing is an error.

    `page_seconds` is the most that rendering one page may take; review dates are held against
    `today`.
    """
    with Renderer(page_seconds) as renderer:
        return check(read_tree(modules_dir, quizzes_dir), renderer, today=today or datetime.now(UTC).date())


def check(tree: Tree, renderer: Renderer, *, today: date) -> Report:
    """Everything wrong with a tree of files, and the library when nothing is an error."""
    collection = parse(tree, renderer)
    proven = proofs(collection)
    problems = _in_order([*tree.problems, *collection.problems, *lint(collection, proven, today=today)])
    told = tuple((collection.scenarios[slug].content, proof) for slug, proof in proven.items())
    words = _first_words(collection)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Report(problems, None, told, words)
    return Report(problems, _library(collection, problems, tree), told, words)


def _first_words(collection: Collection) -> dict[tuple[str, str], str]:
    """How each text begins, by its file and its hash."""
    banks = [bank for bank in collection.banks.values() if bank is not None]
    return {
        (passage.file, passage.block): first_words(passage.text)
        for parsed in (*collection.everything, *banks)
        for passage in parsed.passages
    }


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems)))


def _library(collection: Collection, problems: tuple[Problem, ...], tree: Tree) -> Library:
    entries = [Entry(parsed.content, parsed.source) for parsed in collection.everything]
    media: dict[str, Media] = {each.sha256: each for each in collection.media}
    return Library(tuple(entries), media, problems, tree.files, tree.bodies)
