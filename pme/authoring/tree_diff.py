"""What changed between two YAML files, by field, item and node, named as their authors name them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from pme.authoring.word_diff import Piece, pieces
from pme.content.problems import Findings
from pme.content.yaml_tree import Items, Node, Text, read_yaml
from pme.content.yaml_write import Plain
from pme.words.lazily import lazy
from pme.words.speech import _

MOST_CHANGES = 500
MOST_ENTRIES = 2_000
_ONE_OF = {
    "items": lazy("item"),
    "options": lazy("option"),
    "nodes": lazy("node"),
    "choices": lazy("choice"),
    "pairs": lazy("pair"),
    "sequence": lazy("step"),
    "outcomes": lazy("learning outcome"),
    "learning_outcomes": lazy("learning outcome"),
    "critical_actions": lazy("critical action"),
    "variants": lazy("variant"),
    "criteria": lazy("criterion"),
    "dimensions": lazy("dimension"),
    "sources": lazy("source"),
    "endings": lazy("ending"),
    "refs": lazy("reference"),
    "modules": lazy("module"),
    "authors": lazy("author"),
    "levels": lazy("level"),
    "bands": lazy("band"),
}


class What(StrEnum):
    """What became of a field or entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One change at a place. `place` names it to the machine (`items.first.stem`), `label` to people.

    `before` and `after` are the values as text, `pieces` what changed between them word by word.
    """

    what: What
    place: str
    label: str
    before: str = ""
    after: str = ""
    pieces: tuple[Piece, ...] = ()


def read_plain(text: str) -> Plain | None:
    """Everything a YAML text holds, or None where it cannot be read safely."""
    findings = Findings("")
    node = read_yaml(text, findings)
    return None if node is None or findings.broken else _plain(node)


def compare_trees(before: Plain, after: Plain) -> list[Change]:
    """Every change from one tree to another, in reading order, at most `MOST_CHANGES`."""
    found: list[Change] = []
    for change in _changes(before, after, (), ()):
        found.append(change)
        if len(found) >= MOST_CHANGES:
            break
    return found


def places(tree: Plain) -> dict[str, str]:
    """Every place of a tree that a comment may stand at, with its label."""
    return dict(_places(tree, (), ()))


def _places(value: Plain, place: tuple[str, ...], label: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if place:
        yield ".".join(place), _said(label)
    if not isinstance(value, str):
        for name, each in _entries(value).items():
            yield from _places(each, (*place, name), (*label, _label(value, place, name)))


def _changes(before: Plain, after: Plain, place: tuple[str, ...], label: tuple[str, ...]) -> Iterator[Change]:
    if before == after and not (isinstance(before, dict) and list(before) != list(after)):
        return
    if _are_alike(before, after):
        yield from _within(before, after, place, label)
    else:
        yield _changed(What.CHANGED, before, after, place, label)


def _within(before: Plain, after: Plain, place: tuple[str, ...], label: tuple[str, ...]) -> Iterator[Change]:
    old, new = _entries(before), _entries(after)
    moved = _moved([name for name in old if name in new], [name for name in new if name in old])
    for name in (name for name in old if name not in new):
        here = (*label, _label(before, place, name))
        yield _changed(What.REMOVED, old[name], "", (*place, name), here)
    for name, value in new.items():
        here = (*label, _label(after, place, name))
        if name not in old and name in _ONE_OF and not isinstance(value, str) and not _is_plain_list(value):
            yield from _within(type(value)(), value, (*place, name), here)
            continue
        if name not in old:
            yield _changed(What.ADDED, "", value, (*place, name), here)
            continue
        if name in moved and (isinstance(after, list) or (place and place[-1] in _ONE_OF)):
            where = list(new).index(name) + 1
            yield Change(
                What.MOVED,
                ".".join((*place, name)),
                _said(here),
                after=_("now number {number}", number=where),
            )
        yield from _changes(old[name], value, (*place, name), here)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest names that have to move to bring one order into the other."""
    if list(old) == list(new) or len(old) > MOST_ENTRIES:
        return set()
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {name for match in blocks for name in new[match.b : match.b + match.size]}
    return set(new) - kept


def _entries(value: Plain) -> Mapping[str, Plain]:
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {}
    found: dict[str, Plain] = {}
    for at, each in enumerate(value, 1):
        name = each.get("id") if isinstance(each, dict) else None
        label = name if isinstance(name, str) and name and name not in found else str(at)
        found[label if label not in found else f"{label} ({at})"] = each
    return found


def _label(parent: Plain, place: Sequence[str], name: str) -> str:
    kind = _ONE_OF.get(place[-1], _("entry") if isinstance(parent, list) else "") if place else ""
    return f"{kind} {name}" if kind else name.replace("_", " ")


def _said(label: Sequence[str]) -> str:
    shown = [each for at, each in enumerate(label) if at == len(label) - 1 or each not in _ONE_OF_WORDS]
    text = ", ".join(shown)
    return text[:1].upper() + text[1:]


_ONE_OF_WORDS = {name.replace("_", " ") for name in _ONE_OF}


def _are_alike(before: Plain, after: Plain) -> bool:
    """Whether two values are of a kind whose entries can be compared one by one."""
    if isinstance(before, dict) and isinstance(after, dict):
        return True
    are_lists = isinstance(before, list) and isinstance(after, list)
    return are_lists and not (_is_plain_list(before) and _is_plain_list(after))


def _is_plain_list(value: Plain) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _changed(what: What, before: Plain, after: Plain, place: Sequence[str], label: Sequence[str]) -> Change:
    old, new = _text(before), _text(after)
    return Change(what, ".".join(place), _said(label), old, new, pieces(old, new))


def _text(value: Plain, indent: str = "") -> str:
    """A value as people read it: no quotes, no brackets."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        if _is_plain_list(value):
            return "; ".join(str(each) for each in value)
        return "\n".join(_text(each, indent) for each in value)
    lines = []
    for name, each in value.items():
        said = name.replace("_", " ")
        if isinstance(each, str) or _is_plain_list(each):
            lines.append(f"{indent}{said}: {_text(each)}")
        else:
            lines += [f"{indent}{said}:", _text(each, indent + "  ")]
    return "\n".join(lines)


def _plain(node: Node) -> Plain:
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [_plain(each) for each in node.items]
    return {key.value: _plain(value) for key, value in node.entries}
