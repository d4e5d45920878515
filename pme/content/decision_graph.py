"""The decision graph of a scenario: what its author sees in the picture and in the table beside it.

Pure. Every text, decision, choice, fork and ending is one box; ways lead from box to box.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pme.content.inline_text import plain_text
from pme.content.play import Standing, follow, opening, walk
from pme.content.shapes import BriefNode, Choice, DecisionNode, Ending, Key, Node, ResolveNode, Scenario
from pme.words.lazily import lazy
from pme.words.numbers import decimal
from pme.words.speech import _, _n

Kind = Literal["text", "decision", "choice", "fork", "ending"]
Sign = Literal["must_not", "must_do", "final", "expert", "harm"]
Pair = tuple[str, str]
LONGEST_TEXT = 110
"""Characters of a situation's text that stand in the picture; students read the whole of it."""
SIGNS: Mapping[Sign, str] = {
    "must_not": lazy("Must not"),
    "must_do": lazy("Must do"),
    "final": lazy("Irreversible"),
    "expert": lazy("Expert path"),
    "harm": lazy("Harm"),
}


@dataclass(frozen=True)
class Mark:
    """Something about a box that is shown by a shape and says so in words."""

    sign: Sign
    says: str


@dataclass(frozen=True)
class Box:
    """One thing in the graph. `lines` are what else it says, each a line of its own."""

    id: str
    kind: Kind
    heading: str
    text: str = ""
    lines: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Way:
    """An arrow from box to box, with the condition (or “else”) on which a fork takes it."""

    source: str
    target: str
    condition: str = ""
    is_expert: bool = False

    @property
    def pair(self) -> Pair:
        """The boxes it joins."""
        return (self.source, self.target)


@dataclass(frozen=True)
class Graph:
    """Everything there is to draw, in the order in which it is met; the first box is where it begins."""

    title: str
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]

    def box(self, box_id: str) -> Box:
        """The box of this id."""
        return next(box for box in self.boxes if box.id == box_id)


def graph_of(scenario: Scenario) -> Graph:
    """The graph of a scenario whose ways all lead somewhere."""
    expert = frozenset(expert_pairs(scenario))
    boxes: list[Box] = []
    ways: list[Way] = []
    number = 0
    for node in in_order(scenario):
        match node:
            case BriefNode():
                first = plain_text(node.variants[0].text_html) if node.variants else ""
                texts = (
                    (_n("{n} text, by state", "{n} texts, by state", len(node.variants)),)
                    if len(node.variants) > 1
                    else ()
                )
                boxes.append(Box(node.id, "text", _("Text: {id}", id=node.id), shortened(first), texts))
                ways.append(Way(node.id, node.goto))
            case DecisionNode():
                number += 1
                texts = (
                    (_n("{n} text before it, by state", "{n} texts before it, by state", len(node.variants)),)
                    if len(node.variants) > 1
                    else ()
                )
                boxes.append(
                    Box(
                        node.id,
                        "decision",
                        _("Decision {number}: {id}", number=number, id=node.id),
                        node.prompt,
                        texts,
                    )
                )
                for choice in node.choices:
                    boxes.append(_choice(scenario, node, choice))
                    ways += [
                        Way(node.id, f"{node.id}.{choice.id}"),
                        Way(f"{node.id}.{choice.id}", choice.goto),
                    ]
            case ResolveNode():
                boxes.append(Box(node.id, "fork", _("By state: {id}", id=node.id)))
                ways += _branches(node)
    boxes += [_ending(ending) for ending in scenario.endings]
    marked = tuple(Way(w.source, w.target, w.condition, w.pair in expert) for w in ways)
    return Graph(scenario.title, tuple(boxes), marked)


def in_order(scenario: Scenario) -> tuple[Node, ...]:
    """The nodes in the order in which a scenario meets them; published versions keep them by name only."""
    found: dict[str, Node] = {}
    waiting = [scenario.start]
    while waiting:
        node_id = waiting.pop(0)
        node = scenario.nodes.get(node_id)
        if node is not None and node_id not in found:
            found[node_id] = node
            waiting += _targets(node)
    return tuple(found.values())


def _targets(node: Node) -> list[str]:
    match node:
        case BriefNode():
            return [node.goto]
        case DecisionNode():
            return [choice.goto for choice in node.choices]
        case ResolveNode():
            return [branch.to for branch in node.branches]


@dataclass(frozen=True)
class Shares:
    """How many students there were, and how many took each way."""

    students: int
    ways: Mapping[Pair, int]

    def of(self, pair: Pair) -> float:
        """The share of students, 0-1, who took a way."""
        return self.ways.get(pair, 0) / self.students


@dataclass(frozen=True)
class Row:
    """A box as a row of the table that says what the picture shows."""

    place: str
    words: str
    marks: str
    leads_to: tuple[str, ...]
    students: str


def rows_of(graph: Graph, shares: Shares | None) -> tuple[Row, ...]:
    """The whole graph as rows, in the order written; with shares, whom each box was met by and each way taken."""
    return tuple(_as_row(graph, box, shares) for box in graph.boxes)


def percent(share: float) -> str:
    """A share as it stands in the picture and in the table."""
    return f"{100 * share:.0f} %"


def part_of(graph: Graph, box: Box, shares: Shares) -> float:
    """The share of students who came to a box."""
    into = [way.pair for way in graph.ways if way.target == box.id]
    return sum(shares.of(pair) for pair in into) if into else 1.0


def branch(way: Way, shares: Shares | None) -> str:
    """Where a fork's way leads, on which condition, and for what part of the students."""
    if way.condition == "else":
        said = _("{target} otherwise", target=way.target)
    else:
        said = _("{target} if {condition}", target=way.target, condition=way.condition)
    return said + (f" ({percent(shares.of(way.pair))})" if shares else "")


def pairs_of(scenario: Scenario, path: Sequence[Pair]) -> Iterator[Pair]:
    """The ways, as pairs of boxes, that a path of (node, choice) takes through the graph.

    Raises Conflict when the scenario does not offer the path.
    """
    steps = follow(scenario, path).steps
    yield from _walked(scenario, scenario.start, opening(scenario))
    for step in steps:
        here = f"{step.node.id}.{step.choice.id}"
        yield (step.node.id, here)
        yield (here, step.choice.goto)
        yield from _walked(scenario, step.choice.goto, step.after)


def expert_pairs(scenario: Scenario) -> Iterator[Pair]:
    """The ways that the expert path takes."""
    return pairs_of(scenario, scenario.debrief.expert_path)


def rated(key: Key) -> str:
    """A rating as it is shown: “rated 4” by the author, “panel 3.8” by a panel."""
    if key.panel:
        return _("panel {mean}", mean=decimal(key.mean, 1))
    return _("rated {rating}", rating=key.rating or 1)


def shortened(text: str) -> str:
    """The beginning of a text, cut at a word."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_TEXT:
        return words
    return words[:LONGEST_TEXT].rsplit(" ", 1)[0].rstrip(".,;:") + " …"


def _as_row(graph: Graph, box: Box, shares: Shares | None) -> Row:
    out = [way for way in graph.ways if way.source == box.id]
    leads = tuple(branch(way, shares) if way.condition else way.target for way in out)
    more = f" ({'; '.join(box.lines)})" if box.lines else ""
    return Row(
        place=box.id if box.kind == "choice" else box.heading,
        words=(f"{box.heading}. {box.text}" if box.kind == "choice" else box.text) + more,
        marks=", ".join(mark.says for mark in box.marks),
        leads_to=leads,
        students=percent(part_of(graph, box, shares)) if shares else "",
    )


def _walked(scenario: Scenario, node_id: str, standing: Standing) -> Iterator[Pair]:
    taken = walk(scenario, node_id, standing)
    names = [passed.node.id for passed in taken.passed]
    if isinstance(taken.here, Ending):
        names.append(taken.here.id)
    yield from pairwise(names)


def _choice(scenario: Scenario, node: DecisionNode, choice: Choice) -> Box:
    marks: list[Mark] = []
    if choice.critical:
        marks.append(Mark("must_not", _("Must not: {action}", action=choice.critical)))
    if choice.satisfies:
        marks.append(Mark("must_do", _("Must do: {action}", action=choice.satisfies)))
    if choice.irreversible:
        marks.append(Mark("final", str(SIGNS["final"])))
    if (node.id, choice.id) in scenario.debrief.expert_path:
        marks.append(Mark("expert", str(SIGNS["expert"])))
    heading = f"{choice.id}: {rated(choice.key)}"
    return Box(f"{node.id}.{choice.id}", "choice", heading, plain_text(choice.text_html), marks=tuple(marks))


def _ending(ending: Ending) -> Box:
    marks = (Mark("harm", str(SIGNS["harm"])),) if ending.harm else ()
    return Box(ending.id, "ending", _("Ending: {id}", id=ending.id), ending.label, marks=marks)


def _branches(node: ResolveNode) -> Iterable[Way]:
    """One way for each target, with the conditions of all branches that lead there."""
    found: dict[str, list[str]] = {}
    for branch in node.branches:
        found.setdefault(branch.to, []).append(branch.when or "else")
    return [Way(node.id, target, ", or ".join(whens)) for target, whens in found.items()]
