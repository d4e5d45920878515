"""The showcase of broken content: each file of tests/content/broken/ with the one finding expected of it.

A file begins with a comment that says what is wrong with it, and a line `# expected: line 12, error: ...`.
It is checked alone, among the sound files of broken/around/, whose module names it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pme.content.check import check
from pme.content.files import Tree, read_tree
from pme.content.problems import Problem, Severity
from pme.content.render import Renderer

FOLDER = Path(__file__).parent / "broken"
TODAY = date(2026, 11, 23)
MODULE = "modules/listening/module.md"
FIELDS = {"quiz": b"quizzes: [listening-check", "scenario": b"scenarios: ["}
_EXPECTED = re.compile(r"^# expected: line (\d+), (error|warning): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Broken:
    """One broken file: what is wrong with it in its author's words, and the finding expected."""

    name: str
    why: str
    expected: Problem

    @property
    def path(self) -> str:
        """The path of the file within the content."""
        return f"quizzes/{self.name}"


def every_broken_file() -> Iterator[Broken]:
    """The showcase, by name. Raises ValueError for a file whose head does not say what is expected."""
    for file in sorted(FOLDER.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        told = _EXPECTED.search(text)
        if told is None or not text.startswith("# "):
            raise ValueError(
                f"{file.name}: begin with “# what is wrong” and “# expected: line N, error: ...”."
            )
        expected = Problem(f"quizzes/{file.name}", int(told[1]), told[3], Severity(told[2]))
        yield Broken(file.name, text.splitlines()[0].removeprefix("# "), expected)


def around() -> Tree:
    """The sound files that stand around a broken one."""
    return read_tree(FOLDER / "around/modules", FOLDER / "around/quizzes")


def findings(broken: Broken, renderer: Renderer) -> tuple[Problem, ...]:
    """What the checker says of the sound library with this one file in it."""
    sound = around()
    files = dict(sound.files) | {broken.path: (FOLDER / broken.name).read_bytes()}
    files[MODULE] = _naming(files[MODULE], broken)
    found = check(Tree(files, sound.problems), renderer, today=TODAY).problems
    return tuple(replace(problem, rule="", block="") for problem in found)


def _naming(module: bytes, broken: Broken) -> bytes:
    slug, kind, _ = broken.name.rsplit(".", 2)
    field = FIELDS.get(kind)
    if field is None:
        return module
    comma = b", " if kind == "quiz" else b""
    assert field in module
    return module.replace(field, field + comma + slug.encode(), 1)
