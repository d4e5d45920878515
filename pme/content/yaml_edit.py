"""Edits to the text of a YAML file by the place of a value: the rest of the text stays to the letter. Pure.

A place is a sequence of field names, list positions, or ids of list entries, such as
("items", "time-window", "options", 0, "text"). Comments above an entry belong to it. Each edit is read
again and compared with what it should have become: a layout that cannot be edited so is refused, never harmed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from pme.content.problems import Findings
from pme.content.yaml_tree import read_yaml
from pme.content.yaml_write import STEP, Plain, block, entry, field, flow
from pme.errors import Conflict
from pme.words.lazily import lazy

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Place = Sequence[str | int]
UNREADABLE = lazy("This file is not readable YAML just now. Correct it as text first.")
CANNOT = lazy("This file is laid out in a way that the form cannot edit. Edit it as text.")
_COMMENT = re.compile(r"(?<=[:-])[ ]+#[^\n]*\Z")
GONE = lazy("There is no “{}” in this file any more. Reload the page to see the file as it is now.")


def read(text: str) -> Plain:
    """Everything a file holds, all values as text. Raises Conflict when it is not readable."""
    return _plain(_root(text))


def value_at(text: str, place: Place) -> Plain | None:
    """What stands at a place, or None."""
    node: Any = _root(text)
    for step in place:
        node = _child(node, step)
        if node is None:
            return None
    return _plain(node)


def put(text: str, place: Place, value: Plain) -> str:
    """Replace the value at a place, or add the field there, at the end of its mapping."""
    *above, last = place
    parent = _find(_root(text), above)
    known = _child(parent, last)
    if known is not None:
        edited = _replaced(text, parent, known, value)
    elif isinstance(parent, yaml.MappingNode):
        edited = _added(text, parent, len(parent.value), value, name=str(last))
    else:
        raise Conflict(GONE.format(last))
    return _verified(edited, _with(read(text), place, value))


def insert(text: str, place: Place, position: int, value: Plain, *, name: str = "") -> str:
    """Put a new entry into the list (or, with a `name`, the mapping) at a place, before a position from 0."""
    parent = _find(_root(text), place)
    edited = _added(text, parent, position, value, name=name)
    wanted = read(text)
    _insert_plain(_at(wanted, place), position, value, name)
    return _verified(edited, wanted)


def remove(text: str, place: Place) -> str:
    """Take away a field or a list entry, with the comments above it."""
    *above, last = place
    parent = _find(_root(text), above)
    index = _index(parent, last)
    wanted = read(text)
    _remove_plain(_at(wanted, above), index)
    if not above and not wanted:
        # The last field of a file: what stands above it stays, and a file without fields is still one.
        edited = f"{text[: int(parent.start_mark.index)]}{{}}\n"
    elif parent.flow_style or len(parent.value) == 1 or not _spans(text, parent)[index].is_whole:
        edited = _replaced(text, _above(text, above), parent, _at(wanted, above))
    else:
        span = _spans(text, parent)[index]
        edited = text[: span.start] + text[span.end :]
    return _verified(edited, wanted)


def move(text: str, place: Place, to: int) -> str:
    """Move a field or list entry to another position (from 0) among its siblings, with its comments."""
    *above, last = place
    parent = _find(_root(text), above)
    index = _index(parent, last)
    if not 0 <= to < len(parent.value) or to == index:
        return text
    wanted = read(text)
    _move_plain(_at(wanted, above), index, to)
    spans = _spans(text, parent) if not parent.flow_style else []
    if not spans or not all(span.is_whole for span in spans):
        edited = _replaced(text, _above(text, above), parent, _at(wanted, above))
    else:
        span = spans[index]
        piece, rest = text[span.start : span.end], text[: span.start] + text[span.end :]
        target = spans[to].start if to < index else spans[to].end - (span.end - span.start)
        before = rest[:target]
        edited = f"{before}{'' if before.endswith(chr(10)) else chr(10)}{piece}{rest[target:]}"
    return _verified(edited, wanted)


def rename(text: str, place: Place, name: str) -> str:
    """Give a field another name; it keeps its place, its value and its comments."""
    *above, last = place
    parent = _find(_root(text), above)
    index = _index(parent, last)
    if not isinstance(parent, yaml.MappingNode) or _position(parent, name) is not None:
        raise Conflict(CANNOT)
    key = parent.value[index][0]
    wanted = read(text)
    fields = _at(wanted, above)
    value = fields[str(last)]
    _remove_plain(fields, index)
    _insert_plain(fields, index, value, name)
    return _verified(text[: key.start_mark.index] + flow(name) + text[key.end_mark.index :], wanted)


@dataclass(frozen=True)
class _Span:
    """An entry's lines from its comments to the end of its last line. Not whole: another's dash stands before it."""

    start: int
    end: int
    is_whole: bool


@lru_cache(maxsize=4)  # an edit reads the text before and after several times, and the next one that after
def _root(text: str) -> Any:
    # Read once by the reader that nothing can blow up: no aliases, no tags, no bottomless nesting.
    findings = Findings("")
    if read_yaml(text, findings) is None or findings.broken:
        raise Conflict(UNREADABLE)
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise Conflict(UNREADABLE) from error
    if not isinstance(root, yaml.MappingNode):
        raise Conflict(CANNOT)
    return root


def _plain(node: Any) -> Plain:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    return str(node.value)


def _children(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _position(node: Any, step: str | int) -> int | None:
    if isinstance(node, yaml.MappingNode):
        return next((at for at, (key, _) in enumerate(node.value) if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return step if 0 <= step < len(node.value) else None
    for at, each in enumerate(_children(node)):
        label = _child(each, "id") if isinstance(each, yaml.MappingNode) else None
        if label is not None and label.value == step:
            return at
    return None


def _child(node: Any, step: str | int) -> Any:
    at = _position(node, step)
    return None if at is None else _children(node)[at]


def _index(node: Any, step: str | int) -> int:
    at = _position(node, step)
    if at is None:
        raise Conflict(GONE.format(step))
    return at


def _find(node: Any, place: Place) -> Any:
    for step in place:
        node = _children(node)[_index(node, step)]
    return node


def _above(text: str, place: Place) -> Any:
    return _find(_root(text), place[:-1]) if place else None


def _end(node: Any) -> int:
    """Where a node's own text ends: end marks of block nodes stand at whatever follows them."""
    children = _children(node)
    if children and not node.flow_style:
        return _end(children[-1])
    return int(node.end_mark.index)


def _line_end(text: str, index: int) -> int:
    at = text.find("\n", index)
    return len(text) if at < 0 else at + 1


def _content_end(text: str, node: Any) -> int:
    """The end of the last line that a node's text stands on; blank lines behind it are not its own."""
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return _line_end(text, len(text[: node.end_mark.index].rstrip()))
    children = _children(node)
    if children and not node.flow_style:
        return _content_end(text, children[-1])
    return _line_end(text, max(_end(node) - 1, node.start_mark.index))


def _spans(text: str, parent: Any) -> list[_Span]:
    spans: list[_Span] = []
    # The comments at the top of a file are the file's, not its first field's.
    low = 0 if parent.start_mark.column else text.rfind("\n", 0, parent.start_mark.index) + 1
    for at, value in enumerate(_children(parent)):
        is_mapping = isinstance(parent, yaml.MappingNode)
        begin = (
            parent.value[at][0].start_mark.index
            if is_mapping
            else text.rfind("-", low, value.start_mark.index)
        )
        line = text.rfind("\n", 0, begin) + 1
        is_whole = not text[line:begin].strip()
        start = _with_comments(text, line, low, begin - line) if is_whole else begin
        end = _content_end(text, value)
        spans.append(_Span(start, end, is_whole))
        low = end
    return spans


def _with_comments(text: str, line: int, low: int, indent: int) -> int:
    """The start of the comment lines right above a line that stand at its indent."""
    while line > low:
        above = text.rfind("\n", 0, line - 1) + 1
        comment = text[above : line - 1]
        if (
            above < low
            or not comment.strip().startswith("#")
            or len(comment) - len(comment.lstrip()) != indent
        ):
            break
        line = above
    return line


def _replaced(text: str, parent: Any, node: Any, value: Plain) -> str:
    """Another value where this node stands, in its own style where that can hold it."""
    start = int(node.start_mark.index)
    if parent is not None and parent.flow_style:
        return text[:start] + flow(value) + text[int(node.end_mark.index) :]
    if not isinstance(node, yaml.ScalarNode) and node.flow_style and not isinstance(value, str):
        return text[:start] + flow(value) + text[int(node.end_mark.index) :]
    head = _head(text, start)
    new = block(value, _indent(text, head) + STEP)
    end = _content_end(text, node)
    behind = (
        text[_end(node) : end] if isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">") else ""
    )
    comment = behind.rstrip("\n") if behind.strip().startswith("#") and "\n" not in new else ""
    return f"{text[:head]}{new}{comment}\n{text[end:]}"


def _head(text: str, start: int) -> int:
    """Where the name or dash ends that a value belongs to; comments may stand between the two."""
    before = text[:start].rstrip(" \n")
    while (line := before[before.rfind("\n") + 1 :]).lstrip().startswith("#"):
        before = before[: len(before) - len(line)].rstrip(" \n")
    if behind := _COMMENT.search(before, before.rfind("\n") + 1):
        before = before[: behind.start()]
    if not before.endswith((":", "-")):
        raise Conflict(CANNOT)
    return len(before)


def _indent(text: str, head: int) -> int:
    """How far the name before a value (or the dash of an entry) is indented, dashes before it included."""
    line = text[text.rfind("\n", 0, head) + 1 : head]
    rest = line.lstrip(" ")
    indent = len(line) - len(rest)
    while rest.startswith("- "):
        inner = rest[1:].lstrip(" ")
        if rest[:-1].strip() == "-":
            break
        indent += len(rest) - len(inner)
        rest = inner
    return indent


def _added(text: str, parent: Any, position: int, value: Plain, *, name: str) -> str:
    if isinstance(parent, yaml.ScalarNode):
        raise Conflict(CANNOT)
    if parent.flow_style or not parent.value:
        whole = _plain(parent)
        _insert_plain(whole, position, value, name)
        if parent.value or not isinstance(value, str):
            is_flat = parent.value and "\n" not in flow(whole)
            new = flow(whole) if is_flat else None
        else:
            new = flow(whole)
        start, end = int(parent.start_mark.index), int(parent.end_mark.index)
        if new is not None:
            return text[:start] + new + text[end:]
        head = len(text[:start].rstrip(" "))
        return f"{text[:head]}{block(whole, _indent(text, head) + STEP)}{text[end:]}"
    indent = parent.start_mark.column
    new = (field(name, value, indent) if name else entry(value, indent)) + "\n"
    spans = _spans(text, parent)
    if position < len(spans) and spans[position].is_whole:
        at = spans[position].start
    else:
        at = spans[min(position, len(spans)) - 1].end if position else -1
    if at < 0:
        raise Conflict(CANNOT)
    before = text[:at]
    return f"{before}{'' if before.endswith(chr(10)) else chr(10)}{new}{text[at:]}"


def _verified(text: str, wanted: Plain) -> str:
    if read(text) != wanted or list(_order(read(text))) != list(_order(wanted)):
        raise Conflict(CANNOT)
    return text


def _order(value: Plain) -> Any:
    """The names of fields in their order, which comparing mappings does not look at."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _order(each)
    elif isinstance(value, list):
        for each in value:
            yield from _order(each)


def _at(value: Plain, place: Place) -> Any:
    for step in place:
        if isinstance(value, dict):
            value = value[str(step)]
        elif isinstance(value, list):
            value = value[_plain_index(value, step)]
    return value


def _plain_index(value: list[Plain], step: str | int) -> int:
    if isinstance(step, int):
        return step
    return next(at for at, each in enumerate(value) if isinstance(each, dict) and each.get("id") == step)


def _with(value: Plain, place: Place, new: Plain) -> Plain:
    *above, last = place
    parent = _at(value, above)
    if isinstance(parent, dict):
        parent[str(last)] = new
    else:
        parent[_plain_index(parent, last)] = new
    return value


def _insert_plain(parent: Any, position: int, value: Plain, name: str) -> None:
    if isinstance(parent, dict):
        items = list(parent.items())
        items.insert(position, (name, value))
        parent.clear()
        parent.update(items)
    else:
        parent.insert(position, value)


def _remove_plain(parent: Any, index: int) -> None:
    if isinstance(parent, dict):
        del parent[list(parent)[index]]
    else:
        del parent[index]


def _move_plain(parent: Any, index: int, to: int) -> None:
    if isinstance(parent, dict):
        items = list(parent.items())
        items.insert(to, items.pop(index))
        parent.clear()
        parent.update(items)
    else:
        parent.insert(to, parent.pop(index))
