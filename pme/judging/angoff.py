"""The pass mark that judges set, item by item.

Pure. The method is Angoff's (1971, in Thorndike (ed.), Educational Measurement, 2nd ed., p. 515): each judge
says for each item how many of 100 minimally competent candidates would get it right. A judge's cut is the
mean over the items, the cut score the mean over the judges. For items that must not be made up for, the
design keeps critical items beside it (mastery standard, Barsuk et al. 2018). The standard error is that of a
mean over judges, SD / sqrt(judges) (Livingston & Zieky 1982, Passing Scores).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import variance

from pme.content.shapes import Quiz

FEWEST_JUDGES = 10
"""Below this, the cut is shown as “n too small” and cannot be adopted."""
FEWEST_ANSWERS = 50
"""Below this, an item's facility is not shown to judges."""
METHOD = "mastery-angoff"

Judgements = Mapping[str, Sequence[int]]
"""Percentages (0-100) by item; judges stand in the same order in each."""


@dataclass(frozen=True)
class ItemJudgement:
    """One item: the mean and the sample standard deviation of what the judges said, in percent."""

    item: str
    n: int
    mean: Fraction | None
    spread: float | None


@dataclass(frozen=True)
class Cut:
    """The cut score in percent, with how far judges are apart and its standard error.

    `by_judge` keeps the order of the judgements. None where there are too few judges to say.
    """

    judges: int
    items: tuple[ItemJudgement, ...]
    by_judge: tuple[Fraction, ...]
    percent: Fraction | None
    spread: float | None
    error: float | None

    @property
    def min_percent(self) -> int | None:
        """The pass mark: the cut rounded up to a whole percent, so that no mark below the cut passes."""
        return None if self.percent is None else max(1, math.ceil(self.percent))


def cut_score(judgements: Judgements, weights: Mapping[str, Fraction]) -> Cut:
    """The cut over these items; an item weighs what it contributes to the marks of a quiz."""
    judges = min((len(each) for each in judgements.values()), default=0)
    whole = sum((weights[item] for item in judgements), Fraction(0))
    by_judge = tuple(
        sum((weights[item] * Fraction(each[judge]) for item, each in judgements.items()), Fraction(0)) / whole
        for judge in range(judges)
    )
    squared = variance(by_judge) if judges > 1 else None
    return Cut(
        judges=judges,
        items=tuple(_item(item, each) for item, each in judgements.items()),
        by_judge=by_judge,
        percent=sum(by_judge, Fraction(0)) / judges if judges else None,
        spread=None if squared is None else math.sqrt(squared),
        error=None if squared is None else math.sqrt(squared / judges),
    )


def weights_of(quiz: Quiz) -> dict[str, Fraction]:
    """How often each item is asked in one attempt, on average: 1 without a blueprint."""
    weights = {item.id: Fraction(1) for item in quiz.items}
    for line in quiz.blueprint:
        for item in line.items:
            weights[item] = Fraction(line.count, len(line.items))
    return weights


def _item(item: str, said: Sequence[int]) -> ItemJudgement:
    exact = [Fraction(percent) for percent in said]
    return ItemJudgement(
        item=item,
        n=len(exact),
        mean=sum(exact, Fraction(0)) / len(exact) if exact else None,
        spread=math.sqrt(variance(exact)) if len(exact) > 1 else None,
    )
