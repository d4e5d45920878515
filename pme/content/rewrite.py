"""Edits to the text of a quiz or scenario file, precise to the character. Pure.

Only the values named are replaced: comments, blank lines and the author's own layout stay as they are.
The text has been read by the checker before, so that it is known to be plain YAML of one document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from pme.content.shapes import PanelRecord, Standard
from pme.errors import Conflict

Ratings = Mapping[tuple[str, str], Sequence[int]]
"""The panel's ratings by (decision or item, option)."""
LISTS = {"scenario": ("nodes", "choices"), "quiz": ("items", "options")}
BEFORE = {"scenario": "role", "quiz": "pass"}
"""The field above which a file that names no panel yet gets to name it."""


@dataclass(frozen=True)
class _Splice:
    start: int
    end: int
    text: str


def holds(text: str, kind: str, part: str) -> bool:
    """Whether a decision (or item) stands in the text of a file of this kind; banks are written as quizzes."""
    return _value(_value(_root(text), LISTS[kind][0]), part) is not None


def with_ratings(text: str, kind: str, ratings: Ratings) -> str:
    """The text with a panel's ratings as the key of these options. Raises Conflict when it lacks one of them."""
    root = _root(text)
    outer, inner = LISTS[kind]
    return _spliced(
        text,
        [
            _instead(
                _find(_find(_find(_find(_find(root, outer), part), inner), option), "key"),
                f"{{by: panel, panel: [{', '.join(map(str, rated))}]}}",
            )
            for (part, option), rated in ratings.items()
        ],
    )


def with_record(text: str, kind: str, record: PanelRecord) -> str:
    """The text of a quiz or scenario with who its panel was; the next version of a scenario."""
    root = _root(text)
    roles = ", ".join(f"{role.role} {role.count}" for role in record.composition)
    panel = (
        f"{{n: {record.n}, date: {record.date}, composition: [{roles}], "
        f"rounds: {record.rounds}, method: {record.method}}}"
    )
    known = _value(root, "panel")
    if known is not None:
        splices = [_instead(known, panel)]
    else:
        above = _name(root, BEFORE[kind]).start_mark.index
        splices = [_Splice(above, above, f"panel: {panel}\n")]
    if kind == "scenario":
        splices.append(_next_version(root))
    return _spliced(text, splices)


def with_standard(text: str, min_percent: int, standard: Standard) -> str:
    """The text of a quiz with another pass mark, and how, by how many judges and when it was set."""
    rule = _find(_root(text), "pass")
    told = {"method": standard.method, "judges": standard.judges, "date": standard.date}
    splices, added = [], []
    for field, value in told.items():
        known = _value(rule, field)
        if known is not None:
            splices.append(_instead(known, str(value)))
        else:
            added.append(f"{field}: {value}")
    name = _name(rule, "min_percent").start_mark
    between = ", " if getattr(rule, "flow_style", False) else "\n" + " " * name.column
    splices.append(_instead(_find(rule, "min_percent"), str(min_percent)))
    splices.append(_Splice(name.index, name.index, "".join(f"{each}{between}" for each in added)))
    return _spliced(text, splices)


def _root(text: str) -> yaml.MappingNode:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise Conflict("This file does not hold what it held when it was published. Publish it anew first.")
    return root


def _value(node: Any, name: str) -> Any:
    """A field of a mapping, or the entry of a list whose `id` is this."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == name), None)
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            label = _value(entry, "id")
            if isinstance(label, yaml.ScalarNode) and label.value == name:
                return entry
    return None


def _find(node: Any, name: str) -> Any:
    found = _value(node, name)
    if found is None:
        raise Conflict(
            f"The file holds no “{name}” where the published version has it. Publish it anew first."
        )
    return found


def _name(node: Any, name: str) -> Any:
    """The name of a field, rather than its value."""
    found = next((key for key, _ in node.value if key.value == name), None)
    if found is None:
        raise Conflict(
            f"The file holds no “{name}” where the published version has it. Publish it anew first."
        )
    return found


def _instead(node: yaml.Node, text: str) -> _Splice:
    return _Splice(node.start_mark.index, _end(node), text)


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends: a block mapping's end mark stands at whatever follows it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _next_version(root: yaml.Node) -> _Splice:
    """1.0.3 becomes 1.1.0: the words stay, the key is new."""
    version = _find(root, "version")
    major, minor, _ = str(version.value).strip().split(".")
    return _instead(version, f"{major}.{int(minor) + 1}.0")


def _spliced(text: str, splices: Sequence[_Splice]) -> str:
    for splice in sorted(splices, key=lambda each: each.start, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text
