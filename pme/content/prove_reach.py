"""Where a scenario can go at all: nodes, texts and endings that some path meets, by state.

Pure. Explores situations (a decision with the state and flags one stands in), each once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.content.conditions import holds
from pme.content.play import Standing, apply, arrive, opening, values
from pme.content.shapes import BriefNode, Choice, DecisionNode, Ending, ResolveNode, Scenario, Variant
from pme.errors import Conflict

Situation = tuple[str, Standing]
"""A decision by its node, and how things stand when it is met."""
Landing = Situation | str | None
"""What comes next: a situation, an ending by its id, or nothing at all."""


@dataclass(frozen=True)
class Reach:
    """What can be reached, in places such as `nodes.d2.variants.0` and `outcomes.sound`.

    `moves` gives, for each situation, where each of its choices lands. `dead_ends` are nodes from
    which some path finds no way on, `trapped` decisions from which no ending can be reached any
    more, `repeated` decisions that a path can meet again with nothing changed.
    """

    start: Landing
    moves: Mapping[Situation, tuple[tuple[Choice, Landing], ...]]
    places: frozenset[str]
    dead_ends: frozenset[str]
    trapped: frozenset[str]
    repeated: frozenset[str]


def explore(scenario: Scenario) -> Reach:
    """Every situation that some path meets.

    Raises Invalid when a condition cannot be read.
    """
    exploring = _Exploring(scenario)
    start = exploring.land(scenario.start, opening(scenario))
    moves: dict[Situation, tuple[tuple[Choice, Landing], ...]] = {}
    waiting = [start] if isinstance(start, tuple) else []
    while waiting:
        situation = waiting.pop()
        if situation in moves:
            continue
        node_id, standing = situation
        taken = []
        for choice in exploring.choices(node_id):
            landing = exploring.land(choice.goto, apply(scenario, standing, choice))
            taken.append((choice, landing))
            if isinstance(landing, tuple) and landing not in moves:
                waiting.append(landing)
        if not taken:
            exploring.dead_ends.add(node_id)
        moves[situation] = tuple(taken)
    return Reach(
        start=start,
        moves=moves,
        places=frozenset(exploring.places),
        dead_ends=frozenset(exploring.dead_ends),
        trapped=_trapped(moves),
        repeated=_repeated(moves),
    )


class _Exploring:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.places: set[str] = set()
        self.dead_ends: set[str] = set()
        self._landings: dict[tuple[str, Standing], Landing] = {}

    def choices(self, node_id: str) -> Sequence[Choice]:
        node = self.scenario.nodes[node_id]
        return node.choices if isinstance(node, DecisionNode) else ()

    def land(self, node_id: str, standing: Standing) -> Landing:
        """Where a walk from this node comes to rest; what is met on the way is remembered."""
        key = (node_id, standing)
        if key not in self._landings:
            trail = self._trail(node_id, values(self.scenario, standing))
            try:
                _, here = arrive(self.scenario, node_id, standing)
            except Conflict:
                self.dead_ends.add(trail[-1] if trail else node_id)
                self._landings[key] = None
            else:
                if isinstance(here, Ending):
                    self.places.add(f"outcomes.{here.id}")
                    self._landings[key] = here.id
                else:
                    self._landings[key] = (here.id, standing)
        return self._landings[key]

    def _trail(self, node_id: str, named: Mapping[str, int]) -> list[str]:
        """The nodes passed, in order, until a decision, an ending or a node met before."""
        trail: list[str] = []
        while node_id not in trail and (node := self.scenario.nodes.get(node_id)) is not None:
            trail.append(node_id)
            self.places.add(f"nodes.{node_id}")
            if isinstance(node, ResolveNode):
                node_id = self._branch(node, named)
                continue
            self._see(node_id, node.variants, named)
            if not isinstance(node, BriefNode):
                break
            node_id = node.goto
        return trail

    def _branch(self, node: ResolveNode, named: Mapping[str, int]) -> str:
        for position, branch in enumerate(node.branches):
            if holds(branch.when, named):
                self.places.add(f"nodes.{node.id}.goto.{position}")
                return branch.to
        return ""

    def _see(self, node_id: str, variants: Sequence[Variant], named: Mapping[str, int]) -> None:
        for position, variant in enumerate(variants):
            if holds(variant.when, named):
                self.places.add(f"nodes.{node_id}.variants.{position}")
                return


def _trapped(moves: Mapping[Situation, tuple[tuple[Choice, Landing], ...]]) -> frozenset[str]:
    before: dict[Situation, list[Situation]] = {}
    free: set[Situation] = set()
    for situation, taken in moves.items():
        for _, landing in taken:
            if isinstance(landing, tuple):
                before.setdefault(landing, []).append(situation)
            elif landing is not None:
                free.add(situation)
    waiting = list(free)
    while waiting:
        for earlier in before.get(waiting.pop(), []):
            if earlier not in free:
                free.add(earlier)
                waiting.append(earlier)
    return frozenset(node_id for node_id, _ in moves.keys() - free)


def _repeated(moves: Mapping[Situation, tuple[tuple[Choice, Landing], ...]]) -> frozenset[str]:
    """Situations left over when those without an unfinished way back are taken away, again and again."""
    after = {
        situation: {landing for _, landing in taken if isinstance(landing, tuple)}
        for situation, taken in moves.items()
    }
    before: dict[Situation, list[Situation]] = {}
    for situation, landings in after.items():
        for landing in landings:
            before.setdefault(landing, []).append(situation)
    open_ways = {situation: len(landings) for situation, landings in after.items()}
    waiting = [situation for situation, ways in open_ways.items() if ways == 0]
    finished = set(waiting)
    while waiting:
        for earlier in before.get(waiting.pop(), []):
            open_ways[earlier] -= 1
            if open_ways[earlier] == 0:
                finished.add(earlier)
                waiting.append(earlier)
    circling = moves.keys() - finished
    # What is left circles itself or leads into a circle; only what is met from within is repeated.
    return frozenset(
        node_id
        for node_id, standing in circling
        if any(earlier in circling for earlier in before.get((node_id, standing), []))
    )
