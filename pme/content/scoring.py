"""When a scenario is passed, and what a rating earns: the rules that checking proves and the assessment room applies.

Pure. Percent = 100 x sum of credits / decisions taken, where a credit is (mean rating - 1) / 3.
A scenario is passed when the percentage reaches its minimum, no must-not was done and every
must-do was satisfied. Counted in fractions, so that 75 % is never 74.999 %.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from pme.content.play import Step
from pme.content.shapes import Key, Scenario

MIDLINE = 2.5


@dataclass(frozen=True)
class ScenarioScore:
    """What a path of decisions earned.

    `broken` are the must-nots that were done, `missed` the must-dos that were not.
    """

    percent: float
    broken: tuple[str, ...]
    missed: tuple[str, ...]
    passed: bool


def credit(key: Key) -> Fraction:
    """The exact credit of a choice, 0 (harmful) to 1 (best): (mean rating - 1) / 3."""
    mean = Fraction(sum(key.panel), len(key.panel)) if key.panel else Fraction(key.rating or 1)
    return (mean - 1) / 3


def key_rating(key: Key) -> int:
    """The rating of 1-4 that counts as right: the author's, or a panel's mean to the nearest, a half up."""
    return floor(credit(key) * 3 + Fraction(3, 2))


def rating_credit(key: Key, rating: int) -> Fraction:
    """What rating one option earns: 1 for the key's rating, 1/2 beside it, 0 on the wrong side of the midline.

    Ratings are 1-4 and the midline is between 2 and 3: to call “poor” what is “good” is a wrong judgement,
    however near the numbers are. Marking by nearness to a consensus and by the side of the midline are compared
    in De Leng et al. (2017), Advances in Health Sciences Education 22, 243-265.
    """
    right = key_rating(key)
    if rating == right:
        return Fraction(1)
    same_side = (rating > MIDLINE) == (right > MIDLINE)
    return Fraction(1, 2) if same_side else Fraction(0)


def scenario_result(scenario: Scenario, steps: Sequence[Step]) -> ScenarioScore:
    """What the steps taken so far earn; the whole path when the scenario has ended."""
    choices = [step.choice for step in steps]
    return judge(
        scenario,
        credits_earned=sum((credit(choice.key) for choice in choices), Fraction(0)),
        decisions=len(choices),
        broken=(choice.critical for choice in choices if choice.critical),
        satisfied=(choice.satisfies for choice in choices if choice.satisfies),
    )


def judge(
    scenario: Scenario,
    *,
    credits_earned: Fraction,
    decisions: int,
    broken: Iterable[str],
    satisfied: Iterable[str],
) -> ScenarioScore:
    """Apply the pass rule to what a path added up to; no decision at all is 0 %."""
    percent = 100 * credits_earned / decisions if decisions else Fraction(0)
    done, kept = frozenset(broken), frozenset(satisfied)
    actions = scenario.critical_actions
    broke = tuple(a.id for a in actions if a.kind == "must_not" and a.id in done)
    missed = tuple(a.id for a in actions if a.kind == "must_do" and a.id not in kept)
    passed = percent >= scenario.min_percent and not broke and not missed
    return ScenarioScore(float(percent), broke, missed, passed)
