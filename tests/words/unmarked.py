"""`python -m tests.words.unmarked ROOM ...`: words for people that are not given to `_` and its like, file by file.

It reads the syntax trees, so it can only tell what looks like words, or stands where marked words do. What does
and is none is marked in Python by a comment `# not words` on its line (or on that of its statement), in templates
by `translate="no"`.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from jinja2 import nodes

from pme.words.templates import SAYS
from tests.words.rooms import python_files, room_of, templates
from tests.words.said import SHAPES, parsed
from tests.words.unmarked_python import LETTER, LONE_WORD, Found, in_python, is_wordlike

ENTITY = re.compile(r"&#?\w+;")
AROUND_A_FIGURE = re.compile(r"%[ds] [^\W\d_]|[^\W\d_] %[ds]")
"""What is put together of figures and words: “%d of %d”."""
OF_TAGS = re.compile(r'="|^\s*-[a-z]+\b')
READ_ALOUD = {
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "aria-valuetext",
}
NOT_READ = {"script", "style", "code", "kbd", "samp", "pre"}
TOLD_IN_TAG = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
NO_FILTER_WORDS = {
    "selectattr",
    "rejectattr",
    "map",
    "sort",
    "groupby",
    "default",
    "d",
    "attr",
    "tojson",
    "unique",
    "sum",
    "max",
    "min",
}
"""Filters whose arguments name something; those of `join` and `plural` are words."""
SAYS_FIRST = {"status_tag", "button", "heading", "notification"}
"""Macros whose first argument stands on the page as it is."""
SAID_KEYS = {"term", "text", "action"}
"""What is kept under these keys stands on the page, and so does the `value` of a `term`."""


def unmarked(only: Iterable[str] = ()) -> list[Found]:
    """All of it, or that of some rooms."""
    wanted = set(only)
    found: list[Found] = []
    for name in templates():
        if not wanted or room_of(name) in wanted:
            found += _in_template(name)
    for name in python_files():
        if not wanted or room_of(name) in wanted:
            found += in_python(name)
    return found


def _in_template(name: str) -> list[Found]:
    tree = parsed(name)
    page, found = _Page(name), []
    for node in tree.body:
        for kind, text, line in _stream(node):
            if kind == "data":
                page.read(text, line)
            elif kind == "break":
                page.put(text)
            elif kind != "lone" or not page.is_in_tag:
                found.append(Found(name, line, text))
    return sorted({*page.done(), *found})


def _stream(  # noqa: C901, PLR0912  (one case for each kind of node)
    node: nodes.Node, is_shown: bool = True, lone: str = ""
) -> Iterator[tuple[str, str, int]]:
    """Data as it stands, and constants of expressions that look like words.

    `lone` is set where a value stands on the page as it is, so that any word in it is one for people:
    "lone" where this may be in a tag, "const" where it is not.
    """
    match node:
        case nodes.TemplateData():
            yield "data", node.data, node.lineno
        case nodes.Output():
            for child in node.nodes:
                if isinstance(child, nodes.TemplateData):
                    yield from _stream(child)
                else:
                    yield "break", "\x00", child.lineno
                    yield from _stream(child, lone="lone")
        case nodes.Const():
            if is_shown and isinstance(node.value, str):
                if is_wordlike(node.value):
                    yield "const", node.value, node.lineno
                elif lone and LONE_WORD.search(node.value):
                    yield lone, node.value, node.lineno
        case nodes.Call():
            yield from _in_call(node)
        case nodes.Filter():
            if (
                node.name == "format"
                and isinstance(node.node, nodes.Const)
                and AROUND_A_FIGURE.search(node.node.value)
            ):
                yield "const", node.node.value, node.lineno
            elif node.node is not None:
                yield from _stream(node.node, is_shown, lone)
            for child in (*node.args, *(each.value for each in node.kwargs)):
                if node.name == "plural" and isinstance(child, nodes.Const):
                    yield "const", str(child.value), child.lineno
                elif node.name in ("join", "default", "d"):
                    yield from _stream(child, node.name == "join" or bool(lone), lone)
                else:
                    yield from _stream(child, node.name not in NO_FILTER_WORDS)
        case nodes.Getitem(node=nodes.Dict()):
            yield from _stream(node.node, is_shown, lone)
            yield from _stream(node.arg, is_shown=False)
        case nodes.Compare() | nodes.Getitem() | nodes.Getattr() | nodes.Test():
            for each in node.iter_child_nodes():
                yield from _stream(each, is_shown=False)
        case nodes.CondExpr():
            yield from _stream(node.test, is_shown)
            for chosen in filter(None, (node.expr1, node.expr2)):
                yield from _stream(chosen, is_shown, lone)
        case nodes.Or() | nodes.And() | nodes.Concat() | nodes.Add():
            for each in node.iter_child_nodes():
                yield from _stream(each, is_shown, lone)
        case nodes.Dict():
            keys = {pair.key.value for pair in node.items if isinstance(pair.key, nodes.Const)}
            said = SAID_KEYS | ({"value"} if "term" in keys else set())
            for pair in node.items:
                is_said = isinstance(pair.key, nodes.Const) and pair.key.value in said
                yield from _stream(pair.value, is_shown, "const" if is_said and is_shown else lone)
        case nodes.Extends() | nodes.Include() | nodes.Import() | nodes.FromImport():
            return
        case _:
            for each in node.iter_child_nodes():
                yield from _stream(each, is_shown)


def _in_call(node: nodes.Call) -> Iterator[tuple[str, str, int]]:
    called = node.node.name if isinstance(node.node, nodes.Name) else ""
    given, lone = list(node.args), ""
    if called in SHAPES:
        given, lone = given[len(SHAPES[called]) :], "const"
    elif called == SAYS:
        given, lone = given[3:], "const"
    is_shown = called not in ("url_for", "static_url", "main_address")
    yield from _stream(node.node, is_shown=False)
    for place, child in enumerate(given):
        yield from _stream(child, is_shown, lone or ("const" if not place and called in SAYS_FIRST else ""))
    for named in node.kwargs:
        yield from _stream(named.value, is_shown, lone)


class _Page:
    """Reads the data of a template as the HTML that it is."""

    def __init__(self, name: str) -> None:
        self._name, self._text, self._found = name, "", []  # type: tuple[str, str, list[Found]]
        self._line = 1
        self._inside: list[tuple[str, bool]] = []
        self._lines: list[int] = []

    def read(self, data: str, line: int) -> None:
        for sign in data:
            self._text += sign
            self._lines.append(line)
            line += sign == "\n"
        self._line = line

    def put(self, sign: str) -> None:
        self._text += sign
        self._lines.append(self._line)

    def done(self) -> list[Found]:
        at = 0
        for tag in re.finditer(
            r"<!--.*?-->|<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>|<!DOCTYPE[^>]*>",
            self._text,
            re.DOTALL,
        ):
            self._words(self._text[at : tag.start()], at)
            if tag[2]:
                self._tag(tag)
            at = tag.end()
        self._words(self._text[at:], at)
        return self._found

    def _tag(self, tag: re.Match[str]) -> None:
        name = tag[2].lower()
        if tag[1]:
            for place in range(len(self._inside) - 1, -1, -1):
                if self._inside[place][0] == name:
                    del self._inside[place:]
                    break
            return
        is_silent = name in NOT_READ or 'translate="no"' in tag[3]
        if not self._is_silent and 'translate="no"' not in tag[3]:
            for told in TOLD_IN_TAG.finditer(tag[3]):
                value = told[2] if told[2] is not None else told[3]
                if told[1].lower() in READ_ALOUD or (told[1] == "content" and 'name="description"' in tag[3]):
                    self._words(value, tag.start(3) + told.start(), always=True)
        if name not in (
            "br",
            "img",
            "input",
            "meta",
            "link",
            "hr",
            "col",
            "source",
            "track",
            "wbr",
        ) and not tag[3].endswith("/"):
            self._inside.append((name, is_silent))

    @property
    def is_in_tag(self) -> bool:
        """Whether what was read last stands between `<` and `>`, or where nobody reads it."""
        return self._text.rfind("<") > self._text.rfind(">")

    @property
    def _is_silent(self) -> bool:
        return any(silent for _, silent in self._inside)

    def _words(self, text: str, at: int, *, always: bool = False) -> None:
        if self._is_silent and not always:
            return
        bare = ENTITY.sub(" ", text)
        for part in re.finditer(r"[^\x00]+", bare):
            if (
                LETTER.search(part[0])
                and not OF_TAGS.search(part[0])
                and part[0].strip(" \n-") not in ("UTC", "PME")
            ):
                first = at + len(text[: part.start()]) if len(bare) == len(text) else at
                offset = len(part[0]) - len(part[0].lstrip())
                line = self._lines[min(first + offset, len(self._lines) - 1)]
                self._found.append(Found(self._name, line, part[0]))


def main(given: list[str]) -> None:
    """List what is found in some rooms or files, or count it in all."""
    whole = unmarked()
    if not given:
        for room, number in sorted(Counter(room_of(each.name) for each in whole).items()):
            print(f"{room:16} {number:5}")
        return
    for each in whole:
        if room_of(each.name) in given or any(each.name.startswith(one) for one in given if "/" in one):
            print(each)


if __name__ == "__main__":
    main(sys.argv[1:])
