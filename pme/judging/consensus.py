"""Whether a panel agrees enough for its ratings to be a key: per option, per decision, round by round.

Pure. Ratings are 1 (harmful) to 4 (best). The thresholds are those of the design (assessment.md, “expert
consensus”), after Bergman et al. 2006 (the reference group decides what a test measures) and De Leng et al.
2017 (fix the scoring before launch): a decision's key is good when its best option has a mean of at least
3.5, at least 0.5 above the second, and a standard deviation of at most 0.75; else it is to be rewritten.
Counted in fractions, so that a mean of 3.5 is never 3.499.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import variance

from pme.words.numbers import decimal
from pme.words.speech import _

FEWEST_PANELLISTS = 10
"""Below this, figures are shown as “n too small” and no key is offered."""
FEWEST_SURVIVOR_ADVISERS = 1
BEST_MEAN = Fraction(7, 2)
LEAD = Fraction(1, 2)
MOST_SPREAD = Fraction(3, 4)
"""The largest standard deviation (n - 1 in the denominator) of an option that counts as agreed."""
SCALE = (1, 2, 3, 4)

Matrix = Mapping[str, Sequence[int]]
"""Ratings of one decision by option; panellists stand in the same order in each."""


@dataclass(frozen=True)
class OptionFigures:
    """One option: how many rated it, how often each rating was given, mean and standard deviation.

    `mean` is None where nobody rated it, `spread` where fewer than two did.
    """

    option: str
    n: int
    counts: tuple[int, ...]
    mean: Fraction | None
    variance: Fraction | None

    @property
    def spread(self) -> float | None:
        """The sample standard deviation."""
        return None if self.variance is None else math.sqrt(self.variance)

    @property
    def is_split(self) -> bool:
        """Whether the panel is too far apart on this option."""
        return self.variance is not None and self.variance > MOST_SPREAD**2


@dataclass(frozen=True)
class DecisionFigures:
    """One decision: its options as given, the best one, its lead over the second, and what is wrong.

    `faults` are sentences; a decision without any has a good key.
    """

    decision: str
    options: tuple[OptionFigures, ...]
    best: str | None
    lead: Fraction | None
    faults: tuple[str, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether the panel's ratings can be the key."""
        return self.best is not None and not self.faults


@dataclass(frozen=True)
class Change:
    """How agreement moved between two rounds, over the ratings that were given in both.

    `before` and `after` are mean standard deviations over the options; less is more agreement.
    """

    ratings: int
    changed: int
    before: float | None
    after: float | None


def option_figures(option: str, ratings: Sequence[int]) -> OptionFigures:
    """The figures of one option."""
    exact = [Fraction(rating) for rating in ratings]
    return OptionFigures(
        option=option,
        n=len(exact),
        counts=tuple(ratings.count(value) for value in SCALE),
        mean=sum(exact, Fraction(0)) / len(exact) if exact else None,
        variance=variance(exact) if len(exact) > 1 else None,
    )


def decision_figures(decision: str, ratings: Matrix) -> DecisionFigures:
    """The figures of one decision and what stands against its key."""
    options = tuple(option_figures(option, rated) for option, rated in ratings.items())
    ranked = sorted(
        ((each.mean, each) for each in options if each.mean is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    if not ranked:
        return DecisionFigures(decision, options, None, None, ())
    mean, best = ranked[0]
    lead = mean - ranked[1][0] if len(ranked) > 1 else None
    faults = []
    if mean < BEST_MEAN:
        faults.append(
            _(
                "no option reaches a mean of {least}: the best has {mean}",
                least=decimal(float(BEST_MEAN), 1),
                mean=decimal(float(mean), 2),
            )
        )
    if lead is not None and lead < LEAD:
        faults.append(
            _(
                "the best option leads the second by {lead}; {needed} is needed",
                lead=decimal(float(lead), 2),
                needed=decimal(float(LEAD), 1),
            )
        )
    if best.is_split:
        faults.append(
            _(
                "the panel is split on the best option: its standard deviation is {spread}, "
                "at most {most} is agreement",
                spread=decimal(best.spread or 0, 2),
                most=decimal(float(MOST_SPREAD), 2),
            )
        )
    return DecisionFigures(decision, options, best.option, lead, tuple(faults))


def change(before: Mapping[str, Matrix], after: Mapping[str, Matrix]) -> Change:
    """How agreement moved: both hold the same decisions, options and panellists, in the same order."""
    pairs = [
        (one, other)
        for decision, options in before.items()
        for option, rated in options.items()
        for one, other in zip(rated, after[decision][option], strict=True)
    ]
    return Change(
        ratings=len(pairs),
        changed=sum(one != other for one, other in pairs),
        before=_mean_spread(before),
        after=_mean_spread(after),
    )


def too_few(n: int, survivor_advisers: int) -> tuple[str, ...]:
    """What a panel lacks before its key can be offered, in sentences."""
    lacking = []
    if n < FEWEST_PANELLISTS:
        lacking.append(
            _(
                "n too small: {finished} of at least {fewest} panellists finished the round",
                finished=n,
                fewest=FEWEST_PANELLISTS,
            )
        )
    if survivor_advisers < FEWEST_SURVIVOR_ADVISERS:
        lacking.append(_("no survivor adviser finished the round; a key needs at least one"))
    return tuple(lacking)


def _mean_spread(decisions: Mapping[str, Matrix]) -> float | None:
    spreads = [
        spread
        for options in decisions.values()
        for option, rated in options.items()
        if (spread := option_figures(option, rated).spread) is not None
    ]
    return sum(spreads) / len(spreads) if spreads else None


def _two(number: Fraction) -> str:
    """Two decimals, rounded down, so that nothing looks reached that is not."""
    return f"{math.floor(number * 100) / 100:.2f}"
