"""What the code says: every text that Python and templates give to `_` and its like, and in which files."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, nodes

from pme.web.kept import Kept
from pme.words.templates import SAYS, teach
from tests.words.rooms import ROOT, python_files, room_of, templates

SHAPES = {
    "_": ("one",), "lazy": ("one",),
    "_p": ("context", "one"), "lazy_p": ("context", "one"),
    "_n": ("one", "many"), "lazy_n": ("one", "many"),
    "_np": ("context", "one", "many"), "lazy_np": ("context", "one", "many"),
}  # fmt: skip
"""What the first arguments of each function are."""


@dataclass(frozen=True, order=True)
class Text:
    """Something that is said; `many` is empty for what is not counted."""

    one: str
    context: str = ""
    many: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.one, self.context


@dataclass
class Said:
    """All that is said, with the files that say it, and what cannot be read off the code."""

    where: dict[Text, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def note(self, text: Text, name: str) -> None:
        """One text more."""
        files = self.where.setdefault(text, [])
        if name not in files:
            files.append(name)

    def room(self, text: Text) -> str:
        """The room of the first file that says it."""
        return room_of(self.where[text][0])


@cache
def environment() -> Environment:
    """Reads templates as the application does."""
    made = Environment(trim_blocks=True, lstrip_blocks=True)
    teach(made)
    made.add_extension(Kept)
    return made


@cache
def parsed(name: str) -> nodes.Template:
    """A template as a tree."""
    return environment().parse((ROOT / name).read_text(encoding="utf-8"), name)


@cache
def tree_of(name: str) -> ast.Module:
    """A file of code as a tree."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


@cache
def everything() -> Said:
    """What all files say, templates first."""
    said = Said()
    for name in templates():
        for line, function, given in _calls_in_template(parsed(name)):
            _note(said, name, line, function, given)
    for name in python_files():
        if "pme.words" in (ROOT / name).read_text(encoding="utf-8"):
            for line, function, given in _calls_in_python(tree_of(name)):
                _note(said, name, line, function, given)
    _find_two_for_one(said)
    return said


def _note(said: Said, name: str, line: int, function: str, given: list[str | None]) -> None:
    shape = SHAPES[function]
    texts = given[: len(shape)]
    if len(texts) < len(shape) or any(not isinstance(each, str) or not each for each in texts):
        said.problems.append(f"{name}:{line}: {function}() must be given its text written out")
    else:
        said.note(Text(**dict(zip(shape, [str(each) for each in texts], strict=True))), name)


def _find_two_for_one(said: Said) -> None:
    by_key: dict[tuple[str, str], Text] = {}
    for text in list(said.where):
        other = by_key.setdefault(text.key, text)
        if other.many and text.many and other.many != text.many:
            said.problems.append(f"“{text.one}” has two plurals: {said.where[other]} and {said.where[text]}")
        elif other is not text:  # counted here, plain there: the same entry serves both
            kept, gone = (other, text) if other.many else (text, other)
            said.where[kept] = sorted({*said.where[kept], *said.where.pop(gone)})
            by_key[text.key] = kept


def _calls_in_python(tree: ast.Module) -> Iterator[tuple[int, str, list[str | None]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SHAPES:
            yield node.lineno, node.func.id, [_text_in(each) for each in node.args]


def _text_in(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _calls_in_template(tree: nodes.Template) -> Iterator[tuple[int, str, list[str | None]]]:
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name):
            continue
        given = [each.value if isinstance(each, nodes.Const) else None for each in call.args]
        if call.node.name == SAYS:
            context, one, many = given[:3]
            texts = [each for each in (context, one, many) if each is not None]
            function = "_" + ("n" if many else "") + ("p" if context else "")
            yield call.lineno, {"_np": "_np"}.get(function, function), texts
        elif call.node.name in SHAPES:
            yield call.lineno, call.node.name, given
