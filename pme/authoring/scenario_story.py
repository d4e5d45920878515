"""The story of a scenario as its file holds it: who leads where, and what follows when a node goes or is renamed.

Pure. Reads whatever there is: a draft may be broken in any way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from pme.authoring.item_forms import Entry
from pme.content.yaml_write import Plain
from pme.words.speech import _

NODES, ENDINGS = "nodes", "outcomes"


@dataclass(frozen=True)
class Way:
    """One place that leads somewhere: where it stands in the file, whose it is, and in words."""

    place: tuple[str | int, ...]
    source: str
    target: str
    says: str


@dataclass(frozen=True)
class Consequences:
    """What follows when a node or an ending goes: who leads there, and what nobody reaches any more."""

    ways: tuple[Way, ...]
    lost: tuple[str, ...]
    is_expert: bool


def parts_of(content: Entry, part: str) -> dict[str, Entry]:
    """The nodes or endings by name; what is none of them is an empty one."""
    found = content.get(part)
    named = found if isinstance(found, dict) else {}
    return {name: each if isinstance(each, dict) else {} for name, each in named.items()}


def kind_of(content: Entry, part: str, name: str) -> str:
    """What a part is: decision, brief, resolve, outcome, or what its file says."""
    return "outcome" if part == ENDINGS else str(parts_of(content, part).get(name, {}).get("kind", ""))


def ways_of(content: Entry) -> tuple[Way, ...]:
    """Every place that leads somewhere, the start first."""
    start = content.get("start")
    found = [Way(("start",), "", start, _("The scenario begins here."))] if isinstance(start, str) else []
    for name, node in parts_of(content, NODES).items():
        found += _ways_from(name, node)
    return tuple(found)


def told_in_order(content: Entry) -> tuple[str, ...]:
    """The nodes in the order in which the story meets them, then those that nobody reaches, as they are written."""
    nodes = parts_of(content, NODES)
    reached = [name for name in reached_from(content) if name in nodes]
    return (*reached, *(name for name in nodes if name not in reached))


def reached_from(content: Entry) -> tuple[str, ...]:
    """Every node and ending that some way leads to, conditions aside, from the start on."""
    known = {*parts_of(content, NODES), *parts_of(content, ENDINGS)}
    after: dict[str, list[str]] = {}
    for way in ways_of(content):
        after.setdefault(way.source, []).append(way.target)
    found: dict[str, None] = {}
    waiting = after.get("", [])[:1]
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in found:
            found[name] = None
            waiting += after.get(name, [])
    return tuple(found)


def consequences(content: Entry, part: str, name: str, instead: str = "") -> Consequences:
    """What follows when a part goes and those who led there lead elsewhere, or nowhere."""
    ways = tuple(way for way in ways_of(content) if way.target == name and way.source != name)
    after = set(reached_from(without(content, part, name, instead)))
    lost = tuple(each for each in reached_from(content) if each not in after and each != name)
    is_expert = any(step.rpartition(".")[0] == name for step in _steps(content)) and part == NODES
    return Consequences(ways, lost, is_expert)


def usual_heir(content: Entry, part: str, name: str) -> str:
    """Where those who led to a node best lead instead: where it led to itself, if that is one place."""
    node = parts_of(content, part).get(name, {})
    after = {way.target for way in _ways_from(name, node)} if part == NODES else set()
    known = {*parts_of(content, NODES), *parts_of(content, ENDINGS)}
    return next(iter(after)) if len(after) == 1 and after <= known - {name} else ""


def without(content: Entry, part: str, name: str, instead: str = "") -> Entry:
    """The file without a node or ending; who led there leads elsewhere, and the experts do not pass it."""
    changed = led_elsewhere(content, name, instead) if instead else deepcopy(content)
    named = changed.get(part)
    if isinstance(named, dict):
        named.pop(name, None)
    if part == NODES:
        keep_steps(changed, [step for step in _steps(changed) if step.rpartition(".")[0] != name])
    return changed


def led_elsewhere(content: Entry, name: str, instead: str, *, only_from: str | None = None) -> Entry:
    """The file with every way to a node (or only those of one other) leading elsewhere."""
    changed = deepcopy(content)
    for way in ways_of(content):
        if way.target == name and way.source != instead and only_from in (None, way.source):
            set_at(changed, way.place, instead)
    return changed


def renamed(content: Entry, part: str, name: str, new: str) -> Entry:
    """The file with another name for a node, ending, state, or critical action, wherever it is named."""
    changed = with_key(deepcopy(content), part, name, new)
    for way in ways_of(changed) if part in (NODES, ENDINGS) else ():
        if way.target == name:
            set_at(changed, way.place, new)
    if part == NODES:
        told = [step.rpartition(".") for step in _steps(changed)]
        steps = [f"{new}.{choice}" if node == name else f"{node}{dot}{choice}" for node, dot, choice in told]
        keep_steps(changed, steps)
    for node in parts_of(changed, NODES).values():
        _rename_in_node(node, part, name, new)
    return changed


def with_key(content: Entry, part: str, name: str, new: str) -> Entry:
    """The file with another name for a part only where it stands itself."""
    named = content.get(part)
    fields = named if isinstance(named, dict) else {}
    return {**content, part: {new if key == name else key: value for key, value in fields.items()}}


def expert_choice(content: Entry, node: str) -> str:
    """The choice that experts take at a decision."""
    return next((step.rpartition(".")[2] for step in _steps(content) if step.rpartition(".")[0] == node), "")


def with_expert(content: Entry, node: str, choice: str) -> Entry:
    """The file with another choice of the experts at a decision; "" where they do not pass it."""
    changed = deepcopy(content)
    steps = [step for step in _steps(changed) if step.rpartition(".")[0] != node]
    if choice:
        order = {name: at for at, name in enumerate(told_in_order(content))}
        at = sum(order.get(step.rpartition(".")[0], -1) < order.get(node, 0) for step in steps)
        steps.insert(at, f"{node}.{choice}")
    if steps != _steps(content):
        keep_steps(changed, steps)
    return changed


def keep_steps(content: Entry, steps: Sequence[str]) -> None:
    """Put these steps of the experts into a file."""
    if list(steps) == _steps(content):
        return
    debrief = content.setdefault("debrief", {})
    if isinstance(debrief, dict):
        debrief["expert_path"] = list(steps)


def set_at(content: Plain, place: Sequence[str | int], value: str) -> None:
    """Put a text at a place that is there."""
    for step in place[:-1]:
        content = content[step]  # type: ignore[index]
    content[place[-1]] = value  # type: ignore[index]


def _ways_from(name: str, node: Mapping[str, Plain]) -> Iterator[Way]:
    goto = node.get("goto")
    if isinstance(goto, str):
        yield Way((NODES, name, "goto"), name, goto, _("{name} leads here.", name=name))
    for at, branch in enumerate(goto if isinstance(goto, list) else ()):
        if isinstance(branch, dict) and isinstance(to := branch.get("to"), str):
            when = branch.get("when")
            says = (
                _("{name} leads here when {when}.", name=name, when=when)
                if when
                else _("{name} leads here in all other cases.", name=name)
            )
            yield Way((NODES, name, "goto", at, "to"), name, to, says)
    choices = node.get("choices")
    for key, choice in (choices if isinstance(choices, dict) else {}).items():
        if isinstance(choice, dict) and isinstance(to := choice.get("goto"), str):
            words = " ".join(str(choice.get("text", "")).split())
            yield Way(
                (NODES, name, "choices", key, "goto"),
                name,
                to,
                _("{name}, choice {key}: {words}", name=name, key=key, words=words),
            )


def _steps(content: Entry) -> list[str]:
    debrief = content.get("debrief")
    steps = debrief.get("expert_path") if isinstance(debrief, dict) else None
    return [step for step in steps if isinstance(step, str)] if isinstance(steps, list) else []


def _rename_in_node(node: Entry, part: str, name: str, new: str) -> None:
    for choice in _dicts(node.get("choices")):
        _rename_in_choice(choice, part, name, new)
    for text in (*_rows(node.get("variants")), *_rows(node.get("goto"))):
        if part == "state" and isinstance(when := text.get("when"), str):
            text["when"] = re.sub(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", new, when)


def _rename_in_choice(choice: Entry, part: str, name: str, new: str) -> None:
    effects = choice.get("effects")
    if part == "state" and isinstance(effects, dict) and name in effects:
        choice["effects"] = {new if key == name else key: value for key, value in effects.items()}
    if part == "critical_actions":
        for mark in ("critical", "satisfies"):
            if choice.get(mark) == name:
                choice[mark] = new


def _dicts(named: Plain | None) -> list[Entry]:
    return [each for each in named.values() if isinstance(each, dict)] if isinstance(named, dict) else []


def _rows(listed: Plain | None) -> list[Entry]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
