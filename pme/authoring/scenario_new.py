"""Scenarios and parts of them from nothing: a small story that holds together, with its texts to write. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from pme.authoring.item_forms import Entry, fresh_id
from pme.authoring.scenario_story import (
    ENDINGS,
    NODES,
    Way,
    led_elsewhere,
    parts_of,
    set_at,
    told_in_order,
    ways_of,
    with_expert,
)
from pme.content.unwritten import guide
from pme.content.yaml_write import Plain
from pme.words.lazily import lazy
from pme.words.speech import _

MOST_DECISIONS = 8
NEW = "new:"  # not words
AT_FIRST = "*"
"""Where a new node stands that the scenario begins with."""
_NAMES = {"decision": "d", "brief": "text", "resolve": "fork", "outcome": "ending"}
_WAYS = (
    ("4", lazy("the best way to act")),
    ("3", lazy("a fair way that misses something")),
    ("2", lazy("a tempting way that costs something")),
    ("1", lazy("a way that does harm")),
)
_LETTERS = "abcd"


@dataclass(frozen=True)
class Wanted:
    """What is asked of whoever begins a scenario."""

    slug: str
    title: str
    module: str
    outcomes: Mapping[str, str]
    decisions: int
    mode: str
    minutes: str
    role: str
    level: str
    source: str


def begun(wanted: Wanted) -> Entry:
    """A scenario whose every path meets the same decisions and comes to an end that fits it."""
    is_snap = wanted.decisions == 1
    chosen = dict(list(wanted.outcomes.items())[: max(1, wanted.decisions // 2)])
    names = [f"d{number}" for number in range(1, wanted.decisions + 1)]
    nodes: Entry = {
        "opening": {"kind": "brief", "text": guide(_("where it begins, and who is there")), "goto": "d1"}
    }
    for at, name in enumerate(names):
        goto = names[at + 1] if at + 1 < len(names) else "resolve"
        outcome = list(chosen)[at % len(chosen)] if chosen else ""
        nodes[name] = _decision(at, goto, outcome, wanted.source, is_snap=is_snap)
    if not is_snap:
        nodes["resolve"] = {
            "kind": "resolve",
            "goto": [{"when": "harmed", "to": "harm"}, {"when": "trust >= 2", "to": "good"}, {"to": "mixed"}],
        }
    story: Entry = {
        "state": {
            "trust": {"min": "0", "max": "3", "start": "1", "label": "Trust"},  # not words (of the file)
        },
        "flags": ["harmed"],
    }
    experts: list[Plain] = [f"{name}.{_LETTERS[at % 4]}" for at, name in enumerate(names)]
    return {
        **_head(wanted, dict(chosen), is_snap=is_snap),
        **({} if is_snap else story),
        "display": {"state": "debrief_only", "score": "never_during", "clock": "none"},
        "critical_actions": {
            "CA1": {
                "kind": "must_not",
                "text": guide(_("what must never be done here")),
                "effect": "fail",
                "refs": [wanted.source] if wanted.source else [],
            }
        },
        "start": "opening",
        "nodes": nodes,
        "outcomes": {
            "good": {"label": "A good end", "text": guide(_("how it ends well"))},  # not words (of the file)
            "mixed": {"label": "A mixed end", "text": guide(_("what was not done"))},  # not words
            "harm": {
                "label": "Harm followed",  # not words
                "harm": "true",
                "text": guide(_("what went wrong, without detail")),
            },
        },
        "scoring": {
            "item_credit": "panel_mean_scaled",
            "pass": {
                "min_percent": "75" if is_snap else "80",
                "critical": "all",
                "method": "author's judgement",
            },
            "retake": {"after": "debrief", "max": "unlimited", "form": "same"},
        },
        "debrief": {
            "structure": [
                "What happened and why?",  # not words (of the file)
                "What went well?",  # not words
                "What will you do next time?",  # not words
            ],
            "show": ["path_taken", "expert_path", "sources"],
            "expert_path": experts,
        },
    }


def added(content: Entry, kind: str, *, after: str = "", heir: str = "") -> tuple[Entry, str]:
    """The file with one more part, and its name.

    It stands behind the node `after` (`*`: at the beginning), which then leads to it, and leads to where that led;
    else nothing leads to it yet, and it leads to `heir`.
    """
    taken = [*parts_of(content, NODES), *parts_of(content, ENDINGS)]
    number = next(at for at in range(1, len(taken) + 2) if f"{_NAMES[kind]}{at}" not in taken)
    name = f"{_NAMES[kind]}{number}"
    if kind == "outcome":
        return _with_part(
            content,
            ENDINGS,
            name,
            {"label": "Another end", "text": guide(_("how it ends"))},  # not words (of the file)
        ), name
    source = "" if after == AT_FIRST else after
    ways = [way.target for way in ways_of(content) if way.source == source]
    if after:
        heir = max(ways, key=ways.count, default="")
    heir = heir or _last_resort(content)
    decisions = sum(node.get("kind") == "decision" for node in parts_of(content, NODES).values())
    part: Entry
    if kind == "decision":
        part = _decision(decisions, heir, _outcome_of(content), _source_of(content), is_snap=True)
        for choice in parts_of(part, "choices").values():
            choice["goto"] = heir
            choice.pop("critical", None)
    elif kind == "brief":
        part = {"kind": "brief", "text": guide(_("what happens")), "goto": heir}
    else:
        part = {"kind": "resolve", "goto": [{"to": heir}]}
    changed = led_elsewhere(content, heir, name, only_from=source) if after else deepcopy(content)
    changed = _with_part(changed, NODES, name, part, behind=source)
    if kind == "decision":
        changed = with_expert(changed, name, _LETTERS[decisions % 4])
    return changed, name


def with_new_targets(content: Entry, name: str, before: Mapping[str, Plain]) -> tuple[Entry, str]:
    """The file with the parts that a node's ways ask for, as in `new:decision`; and the name of the first of them.

    All its ways that ask for a part of one kind lead to the same new one, which leads to where the first of them
    led `before`.
    """
    led = [way.target for way in ways_of({NODES: {name: dict(before)}})]
    first = ""
    for kind in _NAMES:
        asked = [at for at, way in enumerate(_own(content, name)) if way.target == NEW + kind]
        if not asked:
            continue
        heir = led[asked[0]] if asked[0] < len(led) else next(iter(led), "")
        content, new = added(content, kind, heir=heir)
        content = led_elsewhere(content, NEW + kind, new, only_from=name)
        first = first or new
    return content, first


def copied(content: Entry, part: str, name: str) -> tuple[Entry, str]:
    """The file with a copy of a part behind it, under a name of its own; nothing leads to it yet."""
    taken = [*parts_of(content, NODES), *parts_of(content, ENDINGS)]
    new = fresh_id(taken, f"{name}-copy")
    return _with_part(content, part, new, deepcopy(parts_of(content, part)[name]), behind=name), new


def can_swap(content: Entry, first: str, second: str) -> bool:
    """Whether all ways of a node lead to the next, and all of that one to one place: then the two can swap."""
    after_first = {way.target for way in _own(content, first)}
    after_second = {way.target for way in _own(content, second)}
    return after_first == {second} and len(after_second) == 1 and not after_second & {first, second}


def swapped(content: Entry, first: str, second: str) -> Entry:
    """The file with two nodes of the story, which follow each other, in the other order."""
    heir = next(iter({way.target for way in _own(content, second)}))
    changed = led_elsewhere(content, first, second)
    for way in _own(content, second):
        set_at(changed, way.place, first)
    for way in _own(content, first):
        set_at(changed, way.place, heir)
    names = list(parts_of(changed, NODES))
    here, there = names.index(first), names.index(second)
    names[here], names[there] = second, first
    nodes = changed[NODES]
    if isinstance(nodes, dict):
        changed[NODES] = {name: nodes[name] for name in names}
    order = {name: at for at, name in enumerate(told_in_order(changed))}
    debrief = changed.get("debrief")
    steps = debrief.get("expert_path") if isinstance(debrief, dict) else None
    if isinstance(debrief, dict) and isinstance(steps, list):
        debrief["expert_path"] = sorted(
            steps, key=lambda step: order.get(str(step).rpartition(".")[0], len(order))
        )
    return changed


def _own(content: Entry, name: str) -> list[Way]:
    return [way for way in ways_of(content) if way.source == name]


def _head(wanted: Wanted, outcomes: dict[str, Plain], *, is_snap: bool) -> Entry:
    return {
        "schema": "pme-scenario/1",
        "id": wanted.slug,
        "version": "1.0.0",
        "status": "draft",
        "language": "en",
        "title": wanted.title,
        "classification": "UNCLASSIFIED",
        "mode": wanted.mode,
        **({"length": "snap"} if is_snap else {}),
        "instruction": "should_do",
        "estimated_minutes": wanted.minutes,
        "module": wanted.module,
        "audience": {"role": wanted.role, "level": wanted.level, "prerequisites": []},
        "learning_outcomes": outcomes,
        "content_note": {
            "themes": [guide(_("what may be hard to read, such as violence (mentioned)"))],
            "detail": "mentioned",
            "text": guide(_("what students should know before they begin")),
            "equivalent": guide(_("what they may do instead, and with whom")),
            "support": "default",
        },
        "fiction": {"composite": "true", "real_person": "false", "place": "invented"},
        "role": {"you_are": guide(_("who the student is in the story")), "mission": guide(_("their task"))},
    }


def _decision(at: int, goto: str, outcome: str, source: str, *, is_snap: bool) -> Entry:
    """A decision of four choices, its best one in another place than in the decision before."""
    choices: dict[str, Plain] = {}
    ends = {"4": "good", "3": "mixed", "2": "mixed", "1": "harm"}
    for place, letter in enumerate(_LETTERS):
        rating, what = _WAYS[(place - at) % 4]
        choice: Entry = {"text": guide(what), "key": {"by": "author", "rating": rating}}
        if rating == "1" and at == 0:
            choice |= {"critical": "CA1"} if is_snap else {"critical": "CA1", "set": ["harmed"]}
        if not is_snap and rating in ("4", "2"):
            choice["effects"] = {"trust": "+1" if rating == "4" else "-1"}
        choice |= {
            "feedback": guide(_("why it is a good choice, or what is wrong with it")),
            "refs": [source] if source else [],
        }
        choice["goto"] = ends[rating] if is_snap else goto
        choices[letter] = choice
    return {
        "kind": "decision",
        "text": guide(_("what has happened now")),
        "prompt": "What should you do?",  # not words (of the file)
        "outcomes": [outcome] if outcome else [],
        "choices": choices,
    }


def _with_part(content: Entry, part: str, name: str, new: Entry, *, behind: str = "") -> Entry:
    changed = deepcopy(content)
    named = changed.get(part)
    entries = list(named.items()) if isinstance(named, dict) else []
    is_first = part == NODES and changed.get("start") == name
    at = next((at + 1 for at, (key, _) in enumerate(entries) if key == behind), len(entries))
    entries.insert(0 if is_first else at, (name, new))
    changed[part] = dict(entries)
    return changed


def _last_resort(content: Entry) -> str:
    """Where a new node leads if nobody says: the fork at the end, or an ending."""
    nodes = parts_of(content, NODES)
    forks = [name for name, node in nodes.items() if node.get("kind") == "resolve"]
    return (forks[-1:] or list(parts_of(content, ENDINGS))[:1] or [""])[0]


def _source_of(content: Entry) -> str:
    """The first source that a choice of this file cites."""
    for node in parts_of(content, NODES).values():
        for choice in parts_of(node, "choices").values():
            refs = choice.get("refs")
            if isinstance(refs, list) and refs and isinstance(refs[0], str):
                return refs[0]
    return ""


def _outcome_of(content: Entry) -> str:
    outcomes = content.get("learning_outcomes")
    return next(iter(outcomes), "") if isinstance(outcomes, dict) else ""
