"""How a scenario moves: from a path of choices to the situation a player stands in.

Pure. The prover walks every path with it and attempts replay theirs with it, so what is proved is
what is played.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.content.conditions import holds
from pme.content.shapes import (
    BriefNode,
    Choice,
    DecisionNode,
    Ending,
    ResolveNode,
    Scenario,
    Variant,
)
from pme.errors import Conflict

LONGEST_PATH = 60


@dataclass(frozen=True)
class Standing:
    """State and flags at one moment; `state` keeps the order of the scenario's dimensions."""

    state: tuple[int, ...]
    flags: frozenset[str]


@dataclass(frozen=True)
class Scene:
    """A text met on the way: the node, its story time and the variant that was shown."""

    node: str
    story_time: str | None
    text_html: str


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


def text_of(variants: Sequence[Variant], named: Mapping[str, int]) -> str:
    """The first variant whose condition holds, or an empty text."""
    return next((v.text_html for v in variants if holds(v.when, named)), "")


def apply(scenario: Scenario, standing: Standing, choice: Choice) -> Standing:
    """How things stand after a choice; state never leaves its bounds."""
    state = tuple(
        min(d.maximum, max(d.minimum, number + choice.effects.get(d.name, 0)))
        for d, number in zip(scenario.dimensions, standing.state, strict=True)
    )
    return Standing(state, standing.flags | frozenset(choice.raises))


def arrive(
    scenario: Scenario, node_id: str, standing: Standing
) -> tuple[tuple[Scene, ...], DecisionNode | Ending]:
    """Walk from a node through briefs and resolves to the next decision or ending.

    Raises Conflict when a target is missing or the walk never ends, which the prover refuses.
    """
    scenes: list[Scene] = []
    named = values(scenario, standing)
    for _ in range(LONGEST_PATH):
        ending = scenario.ending(node_id)
        if ending is not None:
            return tuple(scenes), ending
        node = scenario.nodes.get(node_id)
        match node:
            case BriefNode():
                scenes.append(Scene(node.id, node.story_time, text_of(node.variants, named)))
                node_id = node.goto
            case DecisionNode():
                text = text_of(node.variants, named)
                if text or node.story_time:
                    scenes.append(Scene(node.id, node.story_time, text))
                return tuple(scenes), node
            case ResolveNode():
                node_id = next((b.to for b in node.branches if holds(b.when, named)), "")
            case _:
                break
    raise Conflict(f"The scenario leads nowhere at “{node_id}”.")


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
            raise Conflict("This choice is not open at this point of the scenario.")
        after = apply(scenario, standing, choice)
        steps.append(Step(here, choice, scenes, standing, after))
        standing = after
        scenes, here = arrive(scenario, choice.goto, standing)
    waiting = here if isinstance(here, DecisionNode) else None
    ending = None if isinstance(here, DecisionNode) else here
    return Playthrough(tuple(steps), scenes, standing, waiting, ending)
