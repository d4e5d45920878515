"""The prover: every path through a scenario, counted exactly.

Pure. State is small and bounded, so paths that stand at the same decision with the same state,
flags, credit and critical actions are one; they are counted together instead of walked one by one.
Counting forward gives the end states, counting back from them what lies beyond each choice.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pme.content.play import Standing, follow
from pme.content.prove_count import Counting
from pme.content.prove_reach import Reach, Situation, explore
from pme.content.scoring import ScenarioScore
from pme.content.shapes import Scenario
from pme.errors import Conflict
from pme.words.speech import _

MOST_END_STATES = 200_000
"""How many different ends, and how many different standings of paths on the way, are counted at most."""
Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EndState:
    """One way for a scenario to be over: the ending, how things stand, and what the path earned."""

    ending: str
    standing: Standing
    decisions: int
    score: ScenarioScore


@dataclass(frozen=True)
class Onward:
    """What lies beyond a point: how many paths, how many of them pass, and how many reach each ending."""

    paths: int
    passing: int
    endings: Mapping[str, int]


@dataclass(frozen=True)
class Proof:
    """What holds of every path of a scenario.

    `shortest` and `longest` count decisions, `lowest` and `highest` are the true bounds of the
    percentage. `guess_probability` is that of passing when every choice is equally likely. `ends` is
    how many `end_states` there are. `endings` tells of each ending that is reached, `choices` of each
    choice whenever it is taken, `departures` of each choice that leaves the expert path, when it is the
    first to do so. `passing_harm` is one path that passes and ends in harm, if there is any. Where paths
    are endless, end nowhere or are too many, `is_counted` is False and only `reach` is told.
    """

    reach: Reach
    is_counted: bool = False
    shortest: int = 0
    longest: int = 0
    paths: int = 0
    passing: int = 0
    lowest: float = 0.0
    highest: float = 0.0
    highest_failing: float | None = None
    guess_probability: float = 0.0
    ends: int = 0
    end_states: frozenset[EndState] = frozenset()
    endings: Mapping[str, Onward] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], Onward] = field(default_factory=dict)
    departures: Mapping[tuple[str, str], Onward] = field(default_factory=dict)
    passing_harm: Path | None = None

    @property
    def failing(self) -> int:
        """How many paths fail."""
        return self.paths - self.passing


def prove(scenario: Scenario) -> Proof:
    """Count every path. Raises Invalid when a condition cannot be read."""
    reach = explore(scenario)
    if not isinstance(reach.start, tuple) or not reach.is_whole or reach.dead_ends or reach.repeated:
        return Proof(reach)
    counting = Counting(scenario, reach, most=MOST_END_STATES)
    if not counting.forward(reach.start):
        return Proof(reach)
    counting.back()
    return _summed(scenario, reach, counting)


def _summed(scenario: Scenario, reach: Reach, counting: Counting) -> Proof:
    likely = Fraction(0)
    harm: Path | None = None
    states: list[EndState] = []
    counts: dict[str, list[int]] = {}
    for (end, depth, earned), bundle in counting.ended.items():
        score = counting.score(earned, depth)
        states.append(EndState(end.ending, end.standing, depth, score))
        counted = counts.setdefault(end.ending, [0, 0])
        counted[0] += bundle.count
        if score.passed:
            counted[1] += bundle.count
            likely += Fraction(bundle.weight, counting.breadth**depth)
            ending = scenario.ending(end.ending)
            if harm is None and ending and ending.harm:
                harm = counting.path(bundle)
    percents = [state.score.percent for state in states]
    return Proof(
        reach=reach,
        is_counted=True,
        shortest=min(state.decisions for state in states),
        longest=max(state.decisions for state in states),
        paths=sum(paths for paths, _ in counts.values()),
        passing=sum(passing for _, passing in counts.values()),
        lowest=min(percents),
        highest=max(percents),
        highest_failing=max((s.score.percent for s in states if not s.score.passed), default=None),
        guess_probability=float(likely),
        ends=len(states),
        end_states=frozenset(states),
        endings={name: Onward(paths, passing, {name: paths}) for name, (paths, passing) in counts.items()},
        choices=_of_choices(counting),
        departures=_departures(scenario, counting),
        passing_harm=harm,
    )


def _of_choices(counting: Counting) -> dict[tuple[str, str], Onward]:
    """What lies beyond each choice, over all paths that take it."""
    paths: Counter[tuple[str, str]] = Counter()
    passing: Counter[tuple[str, str]] = Counter()
    endings: dict[tuple[str, str], Counter[str]] = {}
    for depth, level in enumerate(counting.levels):
        arriving: Counter[Situation] = Counter()
        for (situation, earned), bundle in level.items():
            arriving[situation] += bundle.count
            for choice, landing in counting.moves[situation]:
                beyond = counting.passing_beyond(landing, counting.add(earned, situation, choice), depth + 1)
                passing[situation[0], choice.id] += bundle.count * beyond
        for situation, count in arriving.items():
            for choice, landing in counting.moves[situation]:
                there = endings.setdefault((situation[0], choice.id), Counter())
                for ending, ways in counting.endings_beyond(landing).items():
                    there[ending] += count * ways
                    paths[situation[0], choice.id] += count * ways
    return {place: Onward(paths[place], passing[place], dict(there)) for place, there in endings.items()}


def _departures(scenario: Scenario, counting: Counting) -> dict[tuple[str, str], Onward]:
    """What lies beyond each choice that is the first to leave the expert path."""
    try:
        steps = follow(scenario, scenario.debrief.expert_path).steps
    except Conflict:
        return {}
    found = {}
    earned = 0
    for depth, step in enumerate(steps):
        situation = (step.node.id, step.before)
        for choice, landing in counting.moves[situation]:
            if choice.id == step.choice.id:
                continue
            there = counting.endings_beyond(landing)
            passing = counting.passing_beyond(landing, counting.add(earned, situation, choice), depth + 1)
            found[step.node.id, choice.id] = Onward(sum(there.values()), passing, dict(there))
        earned = counting.add(earned, situation, step.choice)
    return found


def shares_of(there: Onward) -> str:
    """Which endings are reached, the most frequent first, with their share of the paths."""
    ordered = sorted(there.endings.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{ending} {_share(paths, there.paths)}" for ending, paths in ordered)


def _share(part: int, whole: int) -> str:
    share = 100 * part / whole
    return _("under 1 %") if share < 1 else f"{share:.0f} %"
