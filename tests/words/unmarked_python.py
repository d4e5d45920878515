"""Words for people in Python that are not given to `_` and its like, found in its syntax trees."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.words.company import in_marked_company
from tests.words.rooms import ROOT
from tests.words.said import SHAPES, tree_of

SILENT = re.compile(r"#.*\bnot words\b")
LETTER = re.compile(r"[^\W\d_]")
PATH_OF_CONTENT = re.compile(
    r"^[a-z_]+\.$|^Xx UTC$|^Table: $|^Lax$|^Cookie$|^Disallow: |; charset=|^M\d|aria-describedby|"
    r"type=\"A\"|class=\"answers\""
)
OF_PROGRAMS = ("SELECT", "INSERT", "<", "/", "http", "(?", "^")
WORDLIKE = re.compile(
    r"^E-mail\b|^[“‘(]?[A-Z][a-z’]*([ ,.:;?!…]|$)|\w+ \w+ \w+|[a-z] .*[.?!]$|^ ?[(“]?[a-z’]+( [a-z’]+)*[.:;?!]$"
)
LOGGER = re.compile(r"(^|[._])log(ger)?\b", re.IGNORECASE)
LOGS = {"debug", "info", "warning", "error", "exception", "critical"}
NOT_SHOWN = frozenset(
    "compile text getLogger get_logger TypeVar NewType import_module Index ForeignKey CheckConstraint UniqueConstraint "
    "DDL getattr setattr hasattr Literal cast match search sub findall fullmatch split strftime strptime encode "
    "startswith endswith removeprefix removesuffix AssertionError RuntimeError TypeError NotImplementedError KeyError "
    "LookupError record add_argument op String url_for namedtuple warn execute joinpath Path "
    "get_template".split()
)
"""Calls whose texts nobody but a program or a programmer reads."""
LONE_WORD = re.compile(r"(?<![\w/])[A-Za-z]?[a-z]{2,}")
"""In an expression whose value stands in the text of a page as it is, any word is one for people."""
BETWEEN = re.compile(r" [a-z]+( [a-z]+)* ")
"""Code puts this between words for people, as in `" and ".join(names)`."""


@dataclass(frozen=True, order=True)
class Found:
    """A text that is not marked."""

    name: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.name}:{self.line}: {' '.join(self.text.split())[:110]}"


def in_python(name: str) -> list[Found]:
    source = (ROOT / name).read_text(encoding="utf-8").splitlines()
    code, tree = _Code(name, source), tree_of(name)
    return sorted({*code.found(tree), *code.among_marked(tree)})


class _Code:
    """Reads a file of code."""

    def __init__(self, name: str, source: list[str]) -> None:
        self._name, self._source = name, source

    def found(self, node: ast.AST, *, quiet: bool = False) -> Iterator[Found]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            says = is_wordlike(node.value) or BETWEEN.fullmatch(node.value)
            if not quiet and says and not self._is_silenced(node):
                yield Found(self._name, node.lineno, node.value)
            return
        if isinstance(node, ast.JoinedStr):
            words = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            shown = words.replace("{}", "Xx") if words.startswith("{}") else words
            says = re.search(r"[^\W\d_]{2}", words.replace("{}", " "))
            if not quiet and says and is_wordlike(shown) and not self._is_silenced(node):
                yield Found(self._name, node.lineno, words)
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from self.found(part.value, quiet=quiet)
            return
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict) and not quiet:
            yield from self._lone_words(node.value)
        for child, is_quiet in _children(node):
            yield from self.found(child, quiet=quiet or is_quiet)

    def among_marked(self, tree: ast.AST) -> Iterator[Found]:
        """Words of any kind that stand where marked ones do."""
        for node in in_marked_company(tree):
            text = str(node.value)
            if LONE_WORD.search(text) and not text.startswith(OF_PROGRAMS) and not self._is_silenced(node):
                yield Found(self._name, node.lineno, text)

    def _lone_words(self, chosen: ast.Dict) -> Iterator[Found]:
        """What a dictionary that is indexed where it stands says in one small word."""
        for node in chosen.values:
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z]+", text) and not self._is_silenced(node):
                yield Found(self._name, node.lineno, text)

    def _is_silenced(self, node: ast.expr) -> bool:
        last = node.end_lineno or node.lineno
        return any(SILENT.search(line) for line in self._source[max(node.lineno - 2, 0) : last])


def _children(  # noqa: C901, PLR0912  (one case for each kind of node)
    node: ast.AST,
) -> Iterator[tuple[ast.AST, bool]]:
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.AnnAssign():
            if node.value is not None:
                yield node.value, False
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for child in (*node.body, *node.args.defaults, *filter(None, node.args.kw_defaults)):
                yield child, False
            for child in node.decorator_list:
                yield child, True
        case ast.Subscript(value=ast.Dict()):
            yield node.value, False
            yield node.slice, True
        case ast.Compare() | ast.Assert() | ast.Subscript() | ast.Import() | ast.ImportFrom():
            for child in ast.iter_child_nodes(node):
                yield child, True
        case ast.Dict():
            for key in node.keys:
                if key is not None:
                    yield key, True
            for value in node.values:
                yield value, False
        case ast.Assign() if any(
            isinstance(each, ast.Name) and each.id.startswith("__") for each in node.targets
        ):
            return
        case ast.match_case():
            for child in node.body:
                yield child, False
        case ast.Call():
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            is_log = called in LOGS and _is_of_logger(node.func)
            skipped = len(SHAPES.get(called, ())) if isinstance(node.func, ast.Name) else 0
            yield node.func, False
            for child in node.args[skipped:]:
                yield child, is_log or called in NOT_SHOWN
            for keyword in node.keywords:
                yield keyword.value, is_log or called in NOT_SHOWN
        case _:
            for child in ast.iter_child_nodes(node):
                yield child, False


def _is_of_logger(called: ast.expr) -> bool:
    """Whether a call is one of a logger: those of forms and findings say `error`, too, and people read it."""
    of = ast.unparse(called.value) if isinstance(called, ast.Attribute) else ""
    return bool(LOGGER.search(of))


def is_wordlike(text: str) -> bool:
    if not LETTER.search(text) or PATH_OF_CONTENT.search(text) or text.lstrip().startswith(OF_PROGRAMS):
        return False
    return bool(WORDLIKE.search(text.strip(" \n")) and re.search(r"[a-z]", text))
