"""Where a scenario can go at all: nodes, texts and endings that some path meets, by state.

Pure. Explores situations (a decision with the state and flags one stands in), each once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.content.play import Passed, Standing, apply, opening, walk
from pme.content.shapes import Choice, DecisionNode, Ending, ResolveNode, Scenario

MOST_SITUATIONS = 50_000
Situation = tuple[str, Standing]
"""A decision by its node, and how things stand when it is met."""


@dataclass(frozen=True)
class End:
    """An ending by its id, and how things stand when it is reached."""

    ending: str
    standing: Standing


Landing = Situation | End | None
"""What comes next: a situation, an end, or nothing at all."""


@dataclass(frozen=True)
class Reach:
    """What can be reached, in places such as `nodes.d2.variants.0` and `outcomes.sound`.

    `moves` gives, for each situation, where each of its choices lands. `dead_ends` are nodes from
    which some path finds no way on, `trapped` decisions from which no ending can be reached any
    more, `repeated` decisions that a path can meet again with nothing changed. `is_whole` is False
    when there were too many situations to visit all.
    """

    start: Landing
    moves: Mapping[Situation, tuple[tuple[Choice, Landing], ...]]
    places: frozenset[str]
    dead_ends: frozenset[str]
    trapped: frozenset[str]
    repeated: frozenset[str]
    is_whole: bool = True


def explore(scenario: Scenario) -> Reach:
    """Every situation that some path meets, unless there are too many.

    Raises Invalid when a condition cannot be read.
    """
    exploring = _Exploring(scenario)
    start = exploring.land(scenario.start, opening(scenario))
    moves: dict[Situation, tuple[tuple[Choice, Landing], ...]] = {}
    waiting = [start] if isinstance(start, tuple) else []
    while waiting and len(moves) < MOST_SITUATIONS:
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
    is_whole = all(situation in moves for situation in waiting)
    return Reach(
        start=start,
        moves=moves,
        places=frozenset(exploring.places),
        dead_ends=frozenset(exploring.dead_ends),
        trapped=_trapped(moves) if is_whole else frozenset(),
        repeated=_repeated(moves) if is_whole else frozenset(),
        is_whole=is_whole,
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
            self._landings[key] = self._walk(node_id, standing)
        return self._landings[key]

    def _walk(self, node_id: str, standing: Standing) -> Landing:
        taken = walk(self.scenario, node_id, standing)
        for passed in taken.passed:
            self._see(passed)
        if taken.here is None:
            self.dead_ends.add(taken.passed[-1].node.id if taken.passed else node_id)
            return None
        if isinstance(taken.here, Ending):
            self.places.add(f"outcomes.{taken.here.id}")
            return End(taken.here.id, standing)
        return (taken.here.id, standing)

    def _see(self, passed: Passed) -> None:
        place = f"nodes.{passed.node.id}"
        self.places.add(place)
        if passed.position is not None:
            part = "goto" if isinstance(passed.node, ResolveNode) else "variants"
            self.places.add(f"{place}.{part}.{passed.position}")


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
    """Situations left over when those without an unfinished way on, or back, are taken away again and again."""
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
    circling = set(moves.keys() - finished)
    # What is left circles itself or leads into a circle: take away, again and again, what nothing left leads to.
    leading = {each: sum(earlier in circling for earlier in before.get(each, [])) for each in circling}
    waiting = [each for each, ways in leading.items() if ways == 0]
    while waiting:
        first = waiting.pop()
        circling.discard(first)
        for later in after[first] & circling:
            leading[later] -= 1
            if leading[later] == 0:
                waiting.append(later)
    return frozenset(node_id for node_id, _ in circling)
