"""YAML as authors mean it: every value is text, every node knows its line, nothing is magic.

Pure. Built from parser events with a limit on depth, so that `NO` stays NO, `14:30` stays 14:30,
duplicate keys are refused, and neither aliases nor deep nesting can blow anything up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from pme.content.problems import Findings
from pme.words.speech import _

DEEPEST = 24
MOST_FIELDS = 5_000
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Text:
    """A single value, always text. `original` is what stood there before it was put in another language."""

    value: str
    line: int
    original: str | None = None


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True)
class Fields:
    """Names with their values, in the order written."""

    entries: tuple[tuple[Text, "Node"], ...]
    line: int

    def get(self, name: str) -> "Node | None":
        """The value of this name, or None."""
        return next((value for key, value in self.entries if key.value == name), None)


Node = Text | Items | Fields


class _Unreadable(Exception):
    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.line = line
        self.says = says


@dataclass
class _Open:
    """A list or mapping whose end has not come yet; `key` waits for its value."""

    is_mapping: bool
    line: int
    items: list[Node]
    entries: list[tuple[Text, Node]]
    seen: dict[str, int]
    key: Text | None = None


def read_yaml(text: str, findings: Findings, *, first_line: int = 1) -> Node | None:
    """The tree of a YAML text, or None when it cannot be read, which is then noted.

    `first_line` is the line of the file at which the text begins.
    """
    try:
        return _build(text, findings, first_line)
    except _Unreadable as error:
        findings.error(error.line, error.says)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else first_line
        findings.error(line, _("This is not readable YAML: {what}.", what=error.problem or error.context))
    except yaml.YAMLError:
        findings.error(first_line, _("This is not readable YAML: it holds characters that YAML forbids."))
    return None


def lines_of(node: Node, path: str = "") -> Iterator[tuple[str, int]]:
    """The line of every place in a tree, by a path such as `items.time-window.options.a`.

    Entries of a list are named by their `id` where they have one, else by their position.
    """
    yield path, node.line
    prefix = f"{path}." if path else ""
    if isinstance(node, Fields):
        for key, value in node.entries:
            for place, line in lines_of(value, f"{prefix}{key.value}"):
                yield place, key.line if place == f"{prefix}{key.value}" else line
    elif isinstance(node, Items):
        for position, item in enumerate(node.items):
            name = item.get("id") if isinstance(item, Fields) else None
            label = name.value if isinstance(name, Text) else str(position)
            yield from lines_of(item, f"{prefix}{label}")


def _build(text: str, findings: Findings, first_line: int) -> Node | None:
    root: Node | None = None
    stack: list[_Open] = []
    documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = (event.start_mark.line if event.start_mark else 0) + first_line
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise _Unreadable(
                        line, _("A second YAML document begins here (---); one file holds one.")
                    )
            case yaml.AliasEvent():
                raise _Unreadable(line, _("Aliases (*) are not used here; write the value out."))
            case yaml.ScalarEvent(value=value):
                _refuse_magic(event, line)
                root = _place(Text(value, line), stack, findings) or root
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                _refuse_magic(event, line)
                if len(stack) >= DEEPEST:
                    raise _Unreadable(
                        line, _("This is nested more than {deepest} levels deep.", deepest=DEEPEST)
                    )
                stack.append(_Open(isinstance(event, yaml.MappingStartEvent), line, [], [], {}))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = stack.pop()
                node: Node = (
                    Fields(tuple(done.entries), done.line)
                    if done.is_mapping
                    else Items(tuple(done.items), done.line)
                )
                root = _place(node, stack, findings) or root
    return root


def _refuse_magic(event: yaml.NodeEvent, line: int) -> None:
    if event.anchor is not None:
        raise _Unreadable(line, _("Anchors (&) are not used here; write the value out."))
    if getattr(event, "tag", None) is not None:
        raise _Unreadable(line, _("Tags (!) are not used here; every value is read as text."))


def _place(node: Node, stack: list[_Open], findings: Findings) -> Node | None:
    if not stack:
        return node
    parent = stack[-1]
    if not parent.is_mapping:
        parent.items.append(node)
    elif parent.key is None:
        if not isinstance(node, Text):
            raise _Unreadable(node.line, _("The name of a field has to be plain text."))
        parent.key = node
    else:
        name, line = parent.key.value, parent.key.line
        if name in parent.seen:
            findings.error(
                line,
                _(
                    "“{name}” is already there at line {seen}; keep one of the two.",
                    name=name,
                    seen=parent.seen[name],
                ),
            )
        elif len(parent.seen) >= MOST_FIELDS:
            raise _Unreadable(
                line, _("There are more than {most_fields} fields in one place.", most_fields=MOST_FIELDS)
            )
        else:
            parent.seen[name] = line
            parent.entries.append((parent.key, node))
        parent.key = None
    return None
