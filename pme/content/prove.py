"""The prover: every path through a scenario, counted exactly.

Pure. State is small and bounded, so paths that stand at the same decision with the same state,
flags, credit and critical actions are one; they are counted together instead of walked one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TypeVar

from pme.content.prove_reach import Landing, Reach, Situation, explore
from pme.content.scoring import credit, judge
from pme.content.shapes import Choice, DecisionNode, Scenario

MOST_BUNDLES = 400_000
K = TypeVar("K")
Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EndState:
    """How many paths reach an ending, and how many of them pass."""

    paths: int
    passing: int


@dataclass(frozen=True)
class Proof:
    """What holds of every path of a scenario.

    `shortest` and `longest` count decisions. `guess_probability` is that of passing when every
    choice is equally likely. `passing_harm` is one path that passes and ends in harm, if there is
    any. Where paths are endless, end nowhere or are too many, `is_counted` is False and only
    `reach` is told.
    """

    reach: Reach
    is_counted: bool = False
    shortest: int = 0
    longest: int = 0
    paths: int = 0
    passing: int = 0
    guess_probability: float = 0.0
    end_states: Mapping[str, EndState] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    satisfied: frozenset[str] = frozenset()
    passing_harm: Path | None = None

    @property
    def failing(self) -> int:
        """How many paths fail."""
        return self.paths - self.passing


@dataclass(frozen=True)
class _Earned:
    """What a path has added up to; `units` are credits in the scenario's smallest fraction of one."""

    units: int = 0
    broken: frozenset[str] = frozenset()
    satisfied: frozenset[str] = frozenset()


@dataclass
class _Bundle:
    """Paths that have become one: how many, how likely by `weight`, and the first of them."""

    count: int
    weight: int
    path: Path


_Level = dict[Situation, dict[_Earned, _Bundle]]


def prove(scenario: Scenario) -> Proof:
    """Count every path. Raises Invalid when a condition cannot be read."""
    reach = explore(scenario)
    if not isinstance(reach.start, tuple) or reach.dead_ends or reach.repeated:
        return Proof(reach)
    return _Counting(scenario, reach).proof(reach.start)


class _Counting:
    """Takes all paths one decision further at a time, and adds up those that end."""

    def __init__(self, scenario: Scenario, reach: Reach) -> None:
        decisions = [node for node in scenario.nodes.values() if isinstance(node, DecisionNode)]
        self.scenario = scenario
        self.reach = reach
        credits_ = {(node.id, c.id): credit(c.key) for node in decisions for c in node.choices}
        self.unit = lcm(*(each.denominator for each in credits_.values()))
        self.units = {place: int(each * self.unit) for place, each in credits_.items()}
        self.breadth = lcm(*(len(node.choices) for node in decisions if node.choices))
        self.ended: dict[tuple[str, int, _Earned], _Bundle] = {}

    def proof(self, start: Situation) -> Proof:
        level: _Level = {start: {_Earned(): _Bundle(1, 1, ())}}
        depth = 0
        while level:
            depth += 1
            level = self._further(level, depth)
            if sum(map(len, level.values())) + len(self.ended) > MOST_BUNDLES:
                return Proof(self.reach)
        return self._sum_up()

    def _further(self, level: _Level, depth: int) -> _Level:
        following: _Level = {}
        for situation, bundles in level.items():
            moves = self.reach.moves[situation]
            share = self.breadth // len(moves)
            for choice, landing in moves:
                units = self.units[situation[0], choice.id]
                for earned, bundle in bundles.items():
                    added = _add(earned, choice, units)
                    step = _Bundle(
                        bundle.count, bundle.weight * share, (*bundle.path, (situation[0], choice.id))
                    )
                    self._place(landing, added, step, depth, following)
        return following

    def _place(self, landing: Landing, earned: _Earned, step: _Bundle, depth: int, following: _Level) -> None:
        if isinstance(landing, tuple):
            _merge(following.setdefault(landing, {}), earned, step)
        else:  # never None: nothing is counted where there are dead ends
            _merge(self.ended, (landing or "", depth, earned), step)

    def _sum_up(self) -> Proof:
        ends: dict[str, EndState] = {}
        likely = Fraction(0)
        harm: Path | None = None
        for (ending_id, depth, earned), bundle in self.ended.items():
            score = judge(
                self.scenario,
                credits_earned=Fraction(earned.units, self.unit),
                decisions=depth,
                broken=earned.broken,
                satisfied=earned.satisfied,
            )
            before = ends.get(ending_id, EndState(0, 0))
            passing = bundle.count if score.passed else 0
            ends[ending_id] = EndState(before.paths + bundle.count, before.passing + passing)
            if score.passed:
                likely += Fraction(bundle.weight, self.breadth**depth)
                ending = self.scenario.ending(ending_id)
                harm = harm or (bundle.path if ending and ending.harm else None)
        depths = {depth for _, depth, _ in self.ended}
        return Proof(
            reach=self.reach,
            is_counted=True,
            shortest=min(depths),
            longest=max(depths),
            paths=sum(end.paths for end in ends.values()),
            passing=sum(end.passing for end in ends.values()),
            guess_probability=float(likely),
            end_states=ends,
            broken=frozenset(name for _, _, earned in self.ended for name in earned.broken),
            satisfied=frozenset(name for _, _, earned in self.ended for name in earned.satisfied),
            passing_harm=harm,
        )


def _add(earned: _Earned, choice: Choice, units: int) -> _Earned:
    return _Earned(
        earned.units + units,
        earned.broken | {choice.critical} if choice.critical else earned.broken,
        earned.satisfied | {choice.satisfies} if choice.satisfies else earned.satisfied,
    )


def _merge(bundles: dict[K, _Bundle], key: K, step: _Bundle) -> None:
    known = bundles.get(key)
    if known is None:
        bundles[key] = step
    else:
        known.count += step.count
        known.weight += step.weight
