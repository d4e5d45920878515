"""The prover: every path through a scenario, counted exactly.

Pure. State is small and bounded, so paths that stand at the same decision with the same state,
flags, credit and critical actions are one; they are counted together instead of walked one by one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from pme.content.play import Standing, apply, opening
from pme.content.prove_reach import Reach, explore
from pme.content.scoring import credit, judge
from pme.content.shapes import Choice, DecisionNode, Scenario

MOST_SITUATIONS = 400_000
Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EndState:
    """How often an ending is reached over all paths, and how often by a passing one."""

    paths: int
    passing: int


@dataclass(frozen=True)
class Proof:
    """What holds of every path of a scenario.

    `shortest` and `longest` count decisions. `guess_probability` is that of passing when every
    choice is equally likely. `passing_harm` is a path that passes and ends in harm, if any. When
    the paths are endless or too many to count, `is_counted` is False and only `reach` is told.
    """

    reach: Reach
    is_counted: bool = False
    shortest: int = 0
    longest: int = 0
    paths: int = 0
    passing: int = 0
    failing: int = 0
    guess_probability: float = 0.0
    end_states: Mapping[str, EndState] = field(default_factory=dict)
    passing_harm: Path | None = None


@dataclass(frozen=True)
class _Earned:
    """What a path has added up to; `units` are credits in the scenario's smallest fraction."""

    units: int = 0
    broken: frozenset[str] = frozenset()
    satisfied: frozenset[str] = frozenset()


@dataclass
class _Bundle:
    """Paths that have become one: how many, how likely (by `weight`), and the first of them."""

    count: int
    weight: int
    path: Path


_Situations = dict[tuple[str, Standing], dict[_Earned, _Bundle]]


def prove(scenario: Scenario) -> Proof:
    """Count every path. Raises Invalid when a condition cannot be read."""
    reach = explore(scenario)
    if reach.dead_ends or reach.has_cycle or not reach.starts_at:
        return Proof(reach)
    counting = _Counting(scenario, reach)
    return counting.proof()


class _Counting:
    """Walks all paths level by level: one decision a level."""

    def __init__(self, scenario: Scenario, reach: Reach) -> None:
        decisions = [node for node in scenario.nodes.values() if isinstance(node, DecisionNode)]
        credits_ = [credit(choice.key) for node in decisions for choice in node.choices]
        self.scenario = scenario
        self.reach = reach
        self.decisions = {node.id: node for node in decisions}
        self.unit = lcm(*(each.denominator for each in credits_))
        self.breadth = lcm(*(len(node.choices) for node in decisions if node.choices))
        self.units = {id(choice.key): 0 for node in decisions for choice in node.choices}

    def proof(self) -> Proof:
        raise NotImplementedError
