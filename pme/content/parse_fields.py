"""Reading one mapping of a file by name: what is missing, unknown or badly written is noted.

Pure. A reader always gives something back, so that one mistake never hides the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from pme.content.inline_text import inline_html, paragraphs_html
from pme.content.problems import Findings, near
from pme.content.yaml_tree import Fields, Items, Node, Text
from pme.words.speech import _

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
IDENTIFIER = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*\Z")
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z")
_WHOLE = re.compile(r"[+-]?\d{1,9}\Z")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,3})?\Z")
_YES = {"yes": True, "true": True, "no": False, "false": False}
C = TypeVar("C", bound=str)
BLOCK_SIGNS = 16


@dataclass(frozen=True)
class Passage:
    """A text that a reader meets, with the line where it begins.

    `written` is how it stands in its file, where that is not the text itself. `needs_source` is prose that
    says nowhere near where it has its facts from: questions and decisions name their sources in a field.
    """

    file: str
    line: int
    text: str
    written: str = ""
    needs_source: bool = False

    @property
    def block(self) -> str:
        """What this text is known by until a word of it changes."""
        return block_of(self.written or self.text)


def block_of(text: str) -> str:
    """A hash of a text, whatever its spaces and line breaks."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:BLOCK_SIGNS]


@dataclass
class Book:
    """What is gathered while one file is read: its problems and the texts that readers meet."""

    findings: Findings
    passages: list[Passage] = field(default_factory=list)

    def told(self, line: int, text: str) -> None:
        """Note a text for the language checks."""
        self.passages.append(Passage(self.findings.file, line, text))


class Form:
    """One mapping, called `what` in sentences. Ask for fields by name, then call `finish`."""

    def __init__(self, fields: Fields, book: Book, what: str) -> None:
        self.fields = fields
        self.book = book
        self.what = what
        self._asked: set[str] = set()

    @property
    def line(self) -> int:
        """The line where the mapping begins."""
        return self.fields.line

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        self._asked.add(name)
        return self.fields.get(name) is not None

    def line_of(self, name: str) -> int:
        """The line of a field's name, else of the mapping."""
        return next((key.line for key, _unused in self.fields.entries if key.value == name), self.line)

    def error(self, name: str, says: str) -> None:
        """Note an error at a field."""
        self.book.findings.error(self.line_of(name), _("{what}: {says}", what=self.what, says=says))

    def node(self, name: str, *, required: bool = False) -> Node | None:
        """The value as it stands; a missing one that is required is noted."""
        self._asked.add(name)
        node = self.fields.get(name)
        if node is None and required:
            self.error(name, _("“{name}” is missing.", name=name))
        return node

    def maybe(self, name: str) -> str | None:
        """The text of a field, or None."""
        node = self.node(name)
        if node is None:
            return None
        if isinstance(node, Text):
            return node.value.strip() or None
        self.error(name, _("“{name}” has to be a text.", name=name))
        return None

    def original(self, name: str) -> str:
        """The text of a field as it was written, whatever language it is read in; empty where it is none."""
        node = self.fields.get(name)
        if not isinstance(node, Text):
            return ""
        return (node.value if node.original is None else node.original).strip()

    def text(self, name: str) -> str:
        """The text of a field that has to be there."""
        value = self.maybe(name)
        if value is None and not isinstance(self.fields.get(name), Items | Fields):
            self.error(
                name,
                _("“{name}” is missing.", name=name)
                if not self.has(name)
                else _("“{name}” is empty.", name=name),
            )
        return value or ""

    def told(self, name: str) -> str:
        """A plain text that readers meet."""
        value = self.text(name)
        if value:
            self.book.told(self.line_of(name), value)
        return value

    def inline(self, name: str) -> str:
        """A short text that readers meet, as HTML within a line."""
        return inline_html(self._marked(name))

    def paragraphs(self, name: str) -> str:
        """A longer text that readers meet, as HTML paragraphs."""
        return paragraphs_html(self._marked(name))

    def slug(self, name: str) -> str:
        """An address in lower-case letters, digits and hyphens."""
        return self._matching(name, SLUG, _("lower-case letters, digits and hyphens"))

    def identifier(self, name: str) -> str:
        """An id of letters, digits, hyphens and underscores."""
        return self._matching(name, IDENTIFIER, _("letters, digits, hyphens and underscores"))

    def date(self, name: str) -> str:
        """A day written as 2027-11-01."""
        return self._matching(name, _DATE, _("a day such as 2027-11-01"))

    def whole(self, name: str, default: int | None = None, *, low: int = 0, high: int = 10_000) -> int:
        """A whole number within bounds; required when there is no default."""
        value = self.text(name) if default is None or self.has(name) else str(default)
        if _WHOLE.match(value) and low <= int(value) <= high:
            return int(value)
        if value:
            self.error(
                name,
                _(
                    "“{name}” is “{value}”, but has to be a whole number from {low} to {high}.",
                    name=name,
                    value=value,
                    low=low,
                    high=high,
                ),
            )
        return low if default is None else default

    def number(self, name: str) -> float:
        """A number that may have a decimal point."""
        value = self.text(name)
        if _NUMBER.match(value):
            return float(value)
        if value:
            self.error(
                name, _("“{name}” is “{value}”, but has to be a number such as 1.5.", name=name, value=value)
            )
        return 0.0

    def yes(self, name: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.maybe(name)
        if value is None:
            return default
        if value.lower() not in _YES:
            self.error(name, _("“{name}” is “{value}”, but has to be yes or no.", name=name, value=value))
        return _YES.get(value.lower(), default)

    def one_of(self, name: str, allowed: Sequence[C], default: C | None = None) -> C:
        """One of a few words; required when there is no default."""
        value = self.text(name) if default is None or self.has(name) else str(default)
        for word in allowed:
            if word == value:
                return word
        if value:
            listed = ", ".join(allowed)
            self.error(
                name,
                _(
                    "“{name}” is “{value}”, but has to be one of: {listed}.{near}",
                    name=name,
                    value=value,
                    listed=listed,
                    near=near(value, allowed),
                ),
            )
        return allowed[0] if default is None else default

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text.value.strip() for text in self.items(name, required=required))

    def items(self, name: str, *, required: bool = False) -> tuple[Text, ...]:
        """A list of texts with their lines; what is not a text is noted."""
        node = self.node(name, required=required)
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.error(name, _("“{name}” has to be a list, such as [one, two].", name=name))
            return ()
        for item in node.items:
            if not isinstance(item, Text) or not item.value.strip():
                self.book.findings.error(
                    item.line,
                    _("{what}: each entry of “{name}” has to be a text.", what=self.what, name=name),
                )
        found = tuple(item for item in node.items if isinstance(item, Text) and item.value.strip())
        if required and not node.items:
            self.error(name, _("“{name}” is empty.", name=name))
        return found

    def form(self, name: str, what: str | None = None, *, required: bool = True) -> "Form | None":
        """A mapping inside this one."""
        node = self.node(name, required=required)
        if node is None:
            return None
        if isinstance(node, Fields):
            inner = Fields(node.entries, self.line_of(name))
            return Form(inner, self.book, what or f"{self.what}, {name}")
        self.error(name, _("“{name}” has to hold named fields.", name=name))
        return None

    def forms(self, name: str, what: str, *, required: bool = True) -> tuple["Form", ...]:
        """A list of mappings, each called by its `id` where it has one."""
        node = self.node(name, required=required)
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.error(name, _("“{name}” has to be a list.", name=name))
            return ()
        return tuple(self._listed(node, name, what))

    def named(self, name: str, what: str, *, required: bool = True) -> tuple[tuple[str, "Form"], ...]:
        """A mapping of names to mappings, in the order written."""
        outer = self.form(name, required=required)
        if outer is None:
            return ()
        found = []
        for key, node in outer.fields.entries:
            if not IDENTIFIER.match(key.value):
                self.book.findings.error(
                    key.line,
                    _(
                        "{what}: “{key}” in “{name}” may hold letters, digits, - and _.",
                        what=self.what,
                        key=key.value,
                        name=name,
                    ),
                )
            if isinstance(node, Fields):
                inner = Fields(node.entries, key.line)
                found.append((key.value, Form(inner, self.book, f"{what} {key.value}")))
            else:
                self.book.findings.error(
                    key.line, _("{what}: “{key}” has to hold named fields.", what=self.what, key=key.value)
                )
        return tuple(found)

    def finish(self, ignore: Iterable[str] = ()) -> None:
        """Note every field that nobody asked for."""
        known = self._asked | set(ignore)
        for key, _unused in self.fields.entries:
            if key.value not in known:
                self.book.findings.error(
                    key.line,
                    _(
                        "{what}: “{key}” is not a known field.{near}",
                        what=self.what,
                        key=key.value,
                        near=near(key.value, known),
                    ),
                )

    def _listed(self, node: Items, name: str, what: str) -> Iterator["Form"]:
        for position, item in enumerate(node.items, start=1):
            if not isinstance(item, Fields):
                self.book.findings.error(
                    item.line,
                    _("{what}: each entry of “{name}” has to hold named fields.", what=self.what, name=name),
                )
                continue
            label = item.get("id")
            called = label.value if isinstance(label, Text) and label.value else str(position)
            yield Form(item, self.book, f"{what} {called}")

    def _marked(self, name: str) -> str:
        value = self.told(name)
        for mark in ("[@", "[["):
            if mark in value:
                self.error(
                    name,
                    _(
                        "“{name}” holds “{mark}”, which only pages know; put sources into refs.",
                        name=name,
                        mark=mark,
                    ),
                )
        return value

    def _matching(self, name: str, pattern: re.Pattern[str], described: str) -> str:
        value = self.text(name)
        if value and not pattern.match(value):
            self.error(
                name,
                _(
                    "“{name}” is “{value}”, but has to be written as {described}.",
                    name=name,
                    value=value,
                    described=described,
                ),
            )
        return value
