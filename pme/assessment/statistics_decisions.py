"""Would the same students pass again? Decision consistency and accuracy by Livingston and Lewis (1995).

Pure. Chosen because it takes any reliability and items of partial credit, needs one sitting only, and
speaks of the very cut that is used; Subkoviak's and Huynh's simpler indices want items that are right
or wrong and of equal difficulty. Three assumptions: errors are binomial, true scores follow a beta
distribution of up to four parameters (Hanson 1991), and the cut is the percentage alone: critical
items, which no percentage makes up for, are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from pme.assessment.statistics_data import Floats, Matrix, left_out
from pme.assessment.statistics_figures import (
    LEAST_FOR_DECISIONS,
    PROPORTION,
    Figure,
    TooFew,
    Undefined,
    jackknifed,
)
from pme.assessment.statistics_reliability import ONE_ITEM, coefficient, deviations, moments, strata_of
from pme.words.lazily import lazy

UNRELIABLE = lazy(
    "The scores are not consistent enough (reliability is zero or below) to predict a second sitting."
)
ALL_ALIKE = lazy("Every student has the same score, so a second sitting cannot be predicted.")
TOO_SHORT = lazy(
    "The quiz distinguishes students too little to be compared with a test of two questions or more."
)
TWO, THREE, FOUR = 2, 3, 4
"""Moments that a model can share with the true scores."""
LONGEST = 1_000
"""Effective lengths beyond this change nothing that can be seen."""
NODES = 200


@dataclass(frozen=True)
class Beta:
    """A beta distribution from `low` to `high`; `fitted` is how many moments it shares with the true scores."""

    a: float
    b: float
    low: float
    high: float
    fitted: int

    @property
    def is_sound(self) -> bool:
        """Whether true scores, which lie between 0 and 1, may be distributed so."""
        return self.a > 0 and self.b > 0 and 0 <= self.low < self.high <= 1


@dataclass(frozen=True)
class Decisions:
    """Chances for a student of this group, and the model they come from.

    `consistency`: the same side of the cut in two sittings. `kappa`: the same beyond chance.
    `accuracy`: the side on which the true score lies. `passing`: the share the model lets pass.
    """

    consistency: Figure
    kappa: Figure
    accuracy: Figure
    passing: float | None
    length: int | None
    model: Beta | None


@dataclass(frozen=True)
class Agreement:
    """What a model foretells for one set of cuts. `passing` is the share above the first cut."""

    consistency: float
    kappa: float
    accuracy: float
    passing: float


def effective_length(mean: float, variance: float, reliability: float) -> float:
    """How many right-or-wrong items of equal difficulty would give scores (0-1) of this mean, variance
    and reliability (Livingston & Lewis 1995, equation 1).
    """
    return (mean * (1 - mean) - reliability * variance) / (variance * (1 - reliability))


def true_moments(scores: Floats, length: int) -> Floats:
    """The first four raw moments of true scores: mean factorial moments of the scores on the scale of
    the effective length, over those of the length (Lord 1965).
    """
    points = scores * length
    rising, found, over = np.ones_like(points), [], 1.0
    for step in range(min(FOUR, length)):
        rising = rising * (points - step)
        over *= length - step
        found.append(float(rising.mean()) / over)
    return np.array(found)


def fit(raw: Floats) -> Beta | None:
    """The beta distribution of the given raw moments: of all four, else of three with 1 as its upper end,
    else of two from 0 to 1, whichever is the first that true scores may follow (Hanson 1991).
    """
    if raw[1] - raw[0] ** 2 <= 0:
        return None
    for attempt in (_fit_four, _fit_three, _fit_two):
        found = attempt(raw)
        if found is not None and found.is_sound:
            return found
    return None


def agreement(model: Beta, length: int, cuts: Sequence[float]) -> Agreement:
    """What two sittings of binomial errors over these true scores would agree on, for cuts of 0-1.

    The integral over true scores is a Gauss-Jacobi sum (Golub & Welsch 1969) with more nodes than half
    the degree of what is summed, and so exact, but for accuracy, which jumps at the cut.
    """
    points, weights = _jacobi(model, min(length + 1, NODES))
    reach = np.array([_at_least(ceil(cut * length - 1e-9), length, points) for cut in cuts])
    bounds = np.vstack([np.ones_like(points), reach, np.zeros_like(points)])
    chance = bounds[:-1] - bounds[1:]
    same = float((weights * (chance**2).sum(axis=0)).sum())
    margins = (chance * weights).sum(axis=1)
    by_chance = float((margins**2).sum())
    fine, heavy = _even_steps(model)
    reach = np.array([_at_least(ceil(cut * length - 1e-9), length, fine) for cut in cuts])
    bounds = np.vstack([np.ones_like(fine), reach, np.zeros_like(fine)])
    lies_in = sum((fine >= cut).astype(int) for cut in cuts)
    right = (bounds[:-1] - bounds[1:])[lies_in, np.arange(len(fine))]
    kappa = (same - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0
    return Agreement(same, kappa, float((heavy * right).sum()), float(1 - margins[0]))


def decisions(matrix: Matrix) -> Decisions:
    """Consistency, kappa and accuracy of passing, with the jackknife's intervals at the same effective length."""
    n = matrix.n
    if n < LEAST_FOR_DECISIONS:
        return _none(TooFew(n, LEAST_FOR_DECISIONS))
    strata = strata_of(matrix)
    scores = _on_unit_scale(np.nanmean(matrix.marks, axis=1), matrix.lowest)
    variance = float(scores.var(ddof=1))
    if variance <= 0:
        return _none(Undefined(ALL_ALIKE, n))
    found = coefficient(moments(deviations(matrix).sums()), strata)
    if found is None:
        return _none(Undefined(ONE_ITEM, n))
    if not 0 < found < 1:
        return _none(Undefined(UNRELIABLE, n))
    length = min(LONGEST, round(effective_length(float(scores.mean()), variance, found)))
    model = fit(true_moments(scores, length)) if length >= TWO else None
    if model is None:
        return _none(Undefined(TOO_SHORT, n))
    cuts = [float(_on_unit_scale(np.array([matrix.cut / 100]), matrix.lowest)[0])]
    here = agreement(model, length, cuts)
    again = [_again(scores[rows], length, cuts) for rows in left_out(n)]
    return Decisions(
        consistency=jackknifed(here.consistency, [each.consistency for each in again], n, PROPORTION),
        kappa=jackknifed(here.kappa, [each.kappa for each in again], n, PROPORTION),
        accuracy=jackknifed(here.accuracy, [each.accuracy for each in again], n, PROPORTION),
        passing=here.passing,
        length=length,
        model=model,
    )


def _again(scores: Floats, length: int, cuts: Sequence[float]) -> Agreement:
    model = fit(true_moments(scores, length))
    nan = float("nan")
    return agreement(model, length, cuts) if model else Agreement(nan, nan, nan, nan)


def _none(figure: Figure) -> Decisions:
    return Decisions(figure, figure, figure, None, None, None)


def _on_unit_scale(scores: Floats, lowest: float) -> Floats:
    """From the scale between the least score there can be and 1 to that between 0 and 1."""
    return (scores - lowest) / (1 - lowest)


def _fit_four(raw: Floats) -> Beta | None:
    """Method of moments for Pearson's type I (Johnson, Kotz & Balakrishnan 1995, section 25.4)."""
    if len(raw) < FOUR:
        return None
    m, second, third, fourth = (float(each) for each in raw)
    variance = second - m**2
    skew = (third - 3 * m * second + 2 * m**3) / variance**1.5
    kurtosis = (fourth - 4 * m * third + 6 * m**2 * second - 3 * m**4) / variance**2
    below = 6 + 3 * skew**2 - 2 * kurtosis
    total = 6 * (kurtosis - skew**2 - 1) / below if below > 0 else 0.0
    inner = (total + 2) * (total + 3) * kurtosis - 3 * (total - 6) * (total + 1)
    root = 1 - 24 * (total + 1) / inner if inner > 0 else -1.0
    if total <= 0 or root < 0:
        return None
    smaller, larger = total / 2 * (1 - sqrt(root)), total / 2 * (1 + sqrt(root))
    a, b = (larger, smaller) if skew < 0 else (smaller, larger)
    width = sqrt(variance * (total + 1) / (a * b)) * total
    return Beta(a, b, m - width * a / total, m + width * b / total, FOUR)


def _fit_three(raw: Floats) -> Beta | None:
    """The upper end is 1: the distance from it, 1 - T, has moments that are ratios of a, b and the width."""
    if len(raw) < THREE:
        return None
    m, second, third = (float(each) for each in raw[:THREE])
    first = 1 - m
    square = 1 - 2 * m + second
    cube = 1 - 3 * m + 3 * second - third
    one, two = square / first**2, cube / (square * first)
    below = 2 * two * (one - 1) - one * (two - 1)
    b = 2 * (two - one) / below if below else 0.0
    if b <= 0 or b * (one - 1) >= 1:
        return None
    total = one * b / (1 - b * (one - 1))
    return Beta(total - b, b, 1 - first * total / b, 1.0, THREE)


def _fit_two(raw: Floats) -> Beta | None:
    m = float(raw[0])
    variance = float(raw[1]) - m**2
    total = m * (1 - m) / variance - 1
    return Beta(m * total, (1 - m) * total, 0.0, 1.0, TWO)


def _jacobi(model: Beta, nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights (of sum 1) for means over a beta distribution: eigenvalues of the Jacobi matrix
    (Golub & Welsch 1969; recurrence in DLMF 18.9).
    """
    low, high = model.b - 1, model.a - 1
    both, k = low + high, np.arange(1, nodes)
    diagonal = np.empty(nodes)
    diagonal[0] = (high - low) / (both + 2)
    diagonal[1:] = (high**2 - low**2) / ((2 * k + both) * (2 * k + both + 2))
    later = k[1:]
    beside = np.empty(nodes - 1)
    beside[:1] = 4 * (1 + low) * (1 + high) / ((2 + both) ** 2 * (3 + both))
    beside[1:] = (4 * later * (later + low) * (later + high) * (later + both)) / (
        (2 * later + both) ** 2 * (2 * later + both + 1) * (2 * later + both - 1)
    )
    square = np.diag(diagonal) + np.diag(np.sqrt(beside), 1) + np.diag(np.sqrt(beside), -1)
    places, vectors = np.linalg.eigh(square)
    points = model.low + (model.high - model.low) * (places + 1) / 2
    return np.clip(points, 0.0, 1.0), vectors[0] ** 2


def _even_steps(model: Beta, steps: int = 4_000) -> tuple[Floats, Floats]:
    """Points and weights (of sum 1) for means over a beta distribution of what may jump: middles of even steps
    in the angle whose squared sine is the share of the way, which tames the ends of the distribution.
    """
    angle = (np.arange(steps) + 0.5) * (np.pi / 2 / steps)
    way = np.sin(angle) ** 2
    heavy = (2 * model.a - 1) * np.log(np.sin(angle)) + (2 * model.b - 1) * np.log(np.cos(angle))
    weights = np.exp(heavy - heavy.max())
    return model.low + (model.high - model.low) * way, weights / weights.sum()


def _at_least(least: int, length: int, chance: Floats) -> Floats:
    """The binomial chance of at least so many of `length`, for each chance of one."""
    if least <= 0:
        return np.ones_like(chance)
    if least > length:
        return np.zeros_like(chance)
    k = np.arange(least, length + 1)
    steps = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, length + 1)))])
    choose = steps[length] - steps[k] - steps[length - k]
    safe = np.clip(chance, 1e-300, 1 - 1e-16)[:, None]
    terms = np.exp(choose + k * np.log(safe) + (length - k) * np.log1p(-safe))
    chances: Floats = np.minimum(1.0, terms.sum(axis=1))
    return chances
