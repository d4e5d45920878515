"""How a scenario moves: from a path of choices to the situation a player stands in.

Pure. The prover walks every path with it and attempts replay theirs with it, so what is proved is
what is played.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pme.content.conditions import holds
from pme.content.shapes import (
    Branch,
    BriefNode,
    Choice,
    DecisionNode,
    Ending,
    ResolveNode,
    Scenario,
    Setting,
    Variant,
)
from pme.errors import Conflict
from pme.words.speech import _

LONGEST_PATH = 60
REMEMBERED = 1_024
"""Paths of which a process remembers where they lead."""


@dataclass(frozen=True)
class Standing:
    """State and flags at one moment; `state` keeps the order of the scenario's dimensions."""

    state: tuple[int, ...]
    flags: frozenset[str]


@dataclass(frozen=True)
class Scene:
    """A text met on the way: the node, its story time, the variant that was shown and what stands around it."""

    node: str
    story_time: str | None
    text_html: str
    setting: Setting | None = None


@dataclass(frozen=True)
class Passed:
    """A node met on the way, and the position of the text shown or of the branch taken there."""

    node: BriefNode | DecisionNode | ResolveNode
    position: int | None


@dataclass(frozen=True)
class Walk:
    """What is passed between two decisions, and where it ends; `here` is None where no way leads on."""

    passed: tuple[Passed, ...]
    here: DecisionNode | Ending | None


@dataclass(frozen=True)
class Step:
    """One decision taken: what was shown before it, and how things stood before and after."""

    node: DecisionNode
    choice: Choice
    scenes: tuple[Scene, ...]
    before: Standing
    after: Standing


@dataclass(frozen=True)
class Playthrough:
    """Where a path leads: the steps taken, and the decision that waits or the ending reached."""

    steps: tuple[Step, ...]
    scenes: tuple[Scene, ...]
    standing: Standing
    waiting: DecisionNode | None
    ending: Ending | None


def opening(scenario: Scenario) -> Standing:
    """How things stand when a scenario begins."""
    return Standing(tuple(dimension.start for dimension in scenario.dimensions), frozenset())


def values(scenario: Scenario, standing: Standing) -> dict[str, int]:
    """State and flags (1 raised, 0 not) by name, as conditions read them."""
    named = dict.fromkeys(scenario.flags, 0)
    named.update(dict.fromkeys(standing.flags, 1))
    for dimension, number in zip(scenario.dimensions, standing.state, strict=True):
        named[dimension.name] = number
    return named


def apply(scenario: Scenario, standing: Standing, choice: Choice) -> Standing:
    """How things stand after a choice; state never leaves its bounds."""
    state = list(standing.state)
    for at, dimension in enumerate(scenario.dimensions):
        change = choice.effects.get(dimension.name, 0)
        if change:
            state[at] = min(dimension.maximum, max(dimension.minimum, state[at] + change))
    return Standing(tuple(state), standing.flags | frozenset(choice.raises))


def walk(scenario: Scenario, node_id: str, standing: Standing) -> Walk:
    """Walk from a node through briefs and resolves to the next decision or ending, if there is one."""
    named = values(scenario, standing)
    passed: dict[str, Passed] = {}
    while node_id not in passed and len(passed) < LONGEST_PATH:
        ending = scenario.ending(node_id)
        if ending is not None:
            return Walk(tuple(passed.values()), ending)
        match scenario.nodes.get(node_id):
            case BriefNode() as node:
                passed[node_id] = Passed(node, _first(node.variants, named))
                node_id = node.goto
            case DecisionNode() as node:
                passed[node_id] = Passed(node, _first(node.variants, named))
                return Walk(tuple(passed.values()), node)
            case ResolveNode() as node:
                position = _first(node.branches, named)
                passed[node_id] = Passed(node, position)
                node_id = "" if position is None else node.branches[position].to
            case _:
                break
    return Walk(tuple(passed.values()), None)


def arrive(
    scenario: Scenario, node_id: str, standing: Standing
) -> tuple[tuple[Scene, ...], DecisionNode | Ending]:
    """The texts met on the walk from a node, and the decision or ending that it comes to.

    Raises Conflict when it comes to neither, which the prover refuses.
    """
    taken = walk(scenario, node_id, standing)
    if taken.here is None:
        raise Conflict(_("The scenario does not continue after “{node_id}”.", node_id=node_id))
    return tuple(scene for passed in taken.passed if (scene := _scene(passed)) is not None), taken.here


def _scene(passed: Passed) -> Scene | None:
    node, position = passed.node, passed.position
    if isinstance(node, ResolveNode):
        return None
    text = "" if position is None else node.variants[position].text_html
    if isinstance(node, DecisionNode) and not text and not node.story_time and not node.setting:
        return None
    return Scene(node.id, node.story_time, text, node.setting)


def _first(parts: Sequence[Variant | Branch], named: Mapping[str, int]) -> int | None:
    """The position of the first part whose condition holds, if any does."""
    return next((position for position, part in enumerate(parts) if holds(part.when, named)), None)


def follow(scenario: Scenario, path: Sequence[tuple[str, str]]) -> Playthrough:
    """Replay a path of (node, choice) pairs from the start.

    Raises Conflict when the path takes a step that the scenario does not offer there.
    """
    standing = opening(scenario)
    scenes, here = arrive(scenario, scenario.start, standing)
    steps: list[Step] = []
    for node_id, choice_id in path:
        choice = here.choice(choice_id) if isinstance(here, DecisionNode) else None
        if not isinstance(here, DecisionNode) or here.id != node_id or choice is None:
            raise Conflict(_("This choice is not available at this point of the scenario."))
        after = apply(scenario, standing, choice)
        steps.append(Step(here, choice, scenes, standing, after))
        standing = after
        scenes, here = arrive(scenario, choice.goto, standing)
    waiting = here if isinstance(here, DecisionNode) else None
    ending = None if isinstance(here, DecisionNode) else here
    return Playthrough(tuple(steps), scenes, standing, waiting, ending)


class _Same:
    """A scenario as a key: itself and no other, whatever it holds."""

    __slots__ = ("scenario",)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.scenario is self.scenario


def remembered(scenario: Scenario, path: Sequence[tuple[str, str]]) -> Playthrough:
    """The same as `follow`, for paths that many take: where one leads is worked out once."""
    return _remembered(_Same(scenario), tuple(path))


@lru_cache(maxsize=REMEMBERED)
def _remembered(same: _Same, path: tuple[tuple[str, str], ...]) -> Playthrough:
    return follow(same.scenario, path)
