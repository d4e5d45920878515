"""Counting paths: forward, one decision at a time, and back from the ends.

Pure. What a path has earned is one whole number: its credit in the scenario's smallest share of one,
above one bit for each critical action that was done or satisfied.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeVar

from pme.content.prove_reach import End, Landing, Reach, Situation
from pme.content.scoring import ScenarioScore, credit, judge
from pme.content.shapes import Choice, Scenario

K = TypeVar("K", bound=Hashable)
Earned = int


@dataclass
class Bundle:
    """Paths that have become one: how many, how likely by `weight`, and the last step of the first of them."""

    count: int
    weight: int
    before: "Bundle | None" = None
    step: tuple[str, str] = ("", "")


Level = dict[tuple[Situation, Earned], Bundle]


class Counting:
    """Takes all paths one decision further at a time; `levels` are the bundles by decisions taken."""

    def __init__(self, scenario: Scenario, reach: Reach, *, most: int) -> None:
        choices = {(node.id, choice.id): choice for node in scenario.decisions for choice in node.choices}
        self.scenario = scenario
        self.moves = reach.moves
        self.most = most
        self.levels: list[Level] = []
        self.ended: dict[tuple[End, int, Earned], Bundle] = {}
        self.breadth = lcm(*(len(node.choices) for node in scenario.decisions if node.choices))
        self._unit = lcm(*(credit(choice.key).denominator for choice in choices.values()))
        self._actions = scenario.critical_actions
        self._bits = {place: self._bits_of(choice) for place, choice in choices.items()}
        self._units = {
            place: int(credit(choice.key) * self._unit) << len(self._actions)
            for place, choice in choices.items()
        }
        self._endings: dict[Situation, Counter[str]] = {}
        self._passing: dict[tuple[int, Situation, Earned], int] = {}
        self._scores: dict[tuple[Earned, int], ScenarioScore] = {}

    def forward(self, start: Situation) -> bool:
        """Follow every path to its end; False when there are more bundles than may be counted."""
        level: Level = {(start, 0): Bundle(1, 1)}
        waiting = 0
        while level:
            self.levels.append(level)
            level = self._further(level)
            waiting += len(level)
            if max(waiting, len(self.ended)) > self.most:
                return False
        return True

    def add(self, earned: Earned, situation: Situation, choice: Choice) -> Earned:
        """What a path has earned after one more choice."""
        place = (situation[0], choice.id)
        return (earned + self._units[place]) | self._bits[place]

    def score(self, earned: Earned, decisions: int) -> ScenarioScore:
        """What a whole path is worth, by the rule that attempts are judged by."""
        if (earned, decisions) not in self._scores:
            done = [action.id for at, action in enumerate(self._actions) if earned >> at & 1]
            self._scores[earned, decisions] = judge(
                self.scenario,
                credits_earned=Fraction(earned >> len(self._actions), self._unit),
                decisions=decisions,
                broken=done,
                satisfied=done,
            )
        return self._scores[earned, decisions]

    def back(self) -> None:
        """Count what lies beyond every point, from the last decisions to the first."""
        for depth in reversed(range(len(self.levels))):
            for situation, earned in self.levels[depth]:
                self._passing[depth, situation, earned] = sum(
                    self.passing_beyond(landing, self.add(earned, situation, choice), depth + 1)
                    for choice, landing in self.moves[situation]
                )
                if situation not in self._endings:
                    found: Counter[str] = Counter()
                    for _, landing in self.moves[situation]:
                        found.update(self.endings_beyond(landing))
                    self._endings[situation] = found

    def endings_beyond(self, landing: Landing) -> Mapping[str, int]:
        """How many ways lead from here to each ending."""
        if isinstance(landing, tuple):
            return self._endings[landing]
        return {} if landing is None else {landing.ending: 1}

    def passing_beyond(self, landing: Landing, earned: Earned, decisions: int) -> int:
        """How many ways lead from here to a pass, for a path that has earned so much in so many decisions."""
        if isinstance(landing, tuple):
            return self._passing[decisions, landing, earned]
        return int(landing is not None and self.score(earned, decisions).passed)

    @staticmethod
    def path(bundle: Bundle) -> tuple[tuple[str, str], ...]:
        """The first of the paths that are one in this bundle."""
        steps = []
        here: Bundle | None = bundle
        while here is not None and here.before is not None:
            steps.append(here.step)
            here = here.before
        return tuple(reversed(steps))

    def _further(self, level: Level) -> Level:
        following: Level = {}
        for (situation, earned), bundle in level.items():
            moves = self.moves[situation]
            weight = bundle.weight * (self.breadth // len(moves))
            for choice, landing in moves:
                added = self.add(earned, situation, choice)
                step = Bundle(bundle.count, weight, bundle, (situation[0], choice.id))
                if isinstance(landing, End):
                    _merge(self.ended, (landing, len(self.levels), added), step)
                elif landing is not None:
                    _merge(following, (landing, added), step)
        return following

    def _bits_of(self, choice: Choice) -> int:
        named = {"must_not": choice.critical, "must_do": choice.satisfies}
        return sum(1 << at for at, action in enumerate(self._actions) if named[action.kind] == action.id)


def _merge(bundles: dict[K, Bundle], key: K, step: Bundle) -> None:
    known = bundles.get(key)
    if known is None:
        bundles[key] = step
    else:
        known.count += step.count
        known.weight += step.weight
