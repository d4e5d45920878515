"""How far a score would repeat itself: alpha, stratified alpha, the standard error of measurement.

Pure. Everything rests on variances and covariances of items over the students who were dealt both, so that
quizzes that draw from banks are served by the same formulas; where all students meet all items they are
exactly the classical ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from pme.assessment.statistics_data import Floats, Matrix, Truths, left_out
from pme.assessment.statistics_figures import (
    LEAST_FOR_RELIABILITY,
    POSITIVE,
    RELIABILITY,
    Figure,
    TooFew,
    Undefined,
    alpha_with_interval,
    jackknifed,
)
from pme.words.lazily import lazy

SAME_SCORE = lazy("Every student has the same score, so there is nothing to distinguish.")
SAME = 1e-12
"""Variances below this are what is left of zero after rounding."""
ONE_ITEM = lazy("Reliability needs at least two questions that students met together.")


@dataclass(frozen=True)
class Reliability:
    """Alpha, stratified alpha, and the standard error of measurement in percentage points."""

    alpha: Figure
    stratified: Figure
    sem: Figure
    strata: int


@dataclass(frozen=True, eq=False)
class Sums:
    """What variances and covariances need of some students. Sums of many are the sums of their parts, so that
    the jackknife takes a group away without going over everybody again. Values are deviations from `shift`.
    """

    shift: Floats
    students: int
    cells: float
    pairs: Floats
    firsts: Floats
    products: Floats
    score: float
    score_square: float

    def __sub__(self, gone: "Sums") -> "Sums":
        """The sums of the students who stay when others are gone."""
        return Sums(
            self.shift,
            self.students - gone.students,
            self.cells - gone.cells,
            self.pairs - gone.pairs,
            self.firsts - gone.firsts,
            self.products - gone.products,
            self.score - gone.score,
            self.score_square - gone.score_square,
        )


@dataclass(frozen=True, eq=False)
class Moments:
    """Of the items: to how many each was dealt, means, pairwise covariances and their n; of the scores: variance
    and mean number of items.
    """

    students: int
    n: Floats
    means: Floats
    covariance: Floats
    pairs: Floats
    score_variance: float
    length: float


@dataclass(frozen=True, eq=False)
class Deviations:
    """Every student's marks and score as deviations from the means of all: close to zero, so that sums of them
    lose no digits. `mask` is 1 where an item was dealt.
    """

    shift: Floats
    mask: Floats
    apart: Floats
    lengths: Floats
    scores: Floats

    def sums(self, rows: Truths | None = None) -> Sums:
        """The sums of all students, or of those in `rows`."""
        mask, apart, lengths, scores = self.mask, self.apart, self.lengths, self.scores
        if rows is not None:
            mask, apart, lengths, scores = mask[rows], apart[rows], lengths[rows], scores[rows]
        return Sums(
            shift=self.shift,
            students=len(scores),
            cells=float(lengths.sum()),
            pairs=mask.T @ mask,
            firsts=apart.T @ mask,
            products=apart.T @ apart,
            score=float(scores.sum()),
            score_square=float(scores @ scores),
        )


def deviations(matrix: Matrix) -> Deviations:
    """The marks of a matrix as deviations."""
    dealt = matrix.dealt
    mask = dealt.astype(np.float64)
    filled = np.where(dealt, matrix.marks, 0.0)
    means = filled.sum(axis=0) / np.maximum(mask.sum(axis=0), 1)
    lengths = np.maximum(mask.sum(axis=1), 1)
    scores = filled.sum(axis=1) / lengths
    return Deviations(means, mask, (filled - means) * mask, lengths, scores - scores.mean())


def moments(sums: Sums) -> Moments:
    """Means, variances and covariances over the students who were dealt the items, and of their mean scores."""
    n, own = np.diag(sums.pairs), np.diag(sums.firsts)
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = (sums.products - sums.firsts * sums.firsts.T / sums.pairs) / (sums.pairs - 1)
    covariance[sums.pairs <= 1] = np.nan
    spread = sums.score_square - sums.score**2 / sums.students
    return Moments(
        students=sums.students,
        n=n,
        means=sums.shift + own / np.maximum(n, 1),
        covariance=covariance,
        pairs=sums.pairs,
        score_variance=spread / (sums.students - 1) if spread > SAME * sums.students else 0.0,
        length=sums.cells / sums.students,
    )


def error_variance(found: Moments, strata: Sequence[Sequence[int]]) -> float | None:
    """The variance of errors in a score of 0-1, None where a stratum has no two items met together.

    Within a stratum of k items a student is dealt, with mean variance v and mean covariance c, the error
    of their sum is k (v - c): the same as its variance times 1 - alpha (Cronbach 1951). Strata add up
    (Rajaratnam, Cronbach & Gleser 1965). Where k are drawn from N items of unequal difficulty (variance
    s2 of the item means, less their own sampling error), k (1 - k/N) s2 is added: the luck of the draw,
    as in the absolute error of generalizability theory (Brennan 2001, chapter 2).
    """
    total = 0.0
    for stratum in strata:
        columns = list(stratum)
        block = np.ix_(columns, columns)
        weights = found.pairs[block].copy()
        np.fill_diagonal(weights, 0.0)
        covariances = found.covariance[block]
        weights[np.isnan(covariances)] = 0.0
        if weights.sum() == 0:
            return None
        own = found.n[columns]
        variances = np.nan_to_num(np.diag(covariances))
        between = float((np.nan_to_num(covariances) * weights).sum() / weights.sum())
        within = float((variances * own).sum() / own.sum())
        k = float(own.sum()) / found.students
        luck = 0.0
        if k < len(columns):
            spread = float(np.var(found.means[columns], ddof=1) - np.mean(variances / np.maximum(own, 1)))
            luck = max(0.0, spread) * (1 - k / len(columns))
        total += k * (within - between + luck)
    return total / found.length**2


def coefficient(found: Moments, strata: Sequence[Sequence[int]]) -> float | None:
    """1 - error variance / score variance: alpha for one stratum, stratified alpha for several."""
    error = error_variance(found, strata)
    return None if error is None or found.score_variance <= 0 else 1 - error / found.score_variance


def strata_of(matrix: Matrix) -> tuple[tuple[int, ...], ...]:
    """The columns of each stratum: an outcome, and within it what is drawn from the same pool. A stratum of
    a single item has no alpha of its own: such items are put together, and a last single one joins the
    smallest stratum.
    """
    by_name: dict[tuple[str, str], list[int]] = {}
    for column, item in enumerate(matrix.items):
        if matrix.dealt[:, column].any():
            by_name.setdefault((item.stratum, item.pool), []).append(column)
    singles = [columns[0] for columns in by_name.values() if len(columns) == 1]
    strata = [columns for columns in by_name.values() if len(columns) > 1]
    if len(singles) > 1 or not strata:
        strata.append(singles)
    elif singles:
        min(strata, key=len).append(singles[0])
    return tuple(tuple(sorted(columns)) for columns in strata)


def reliability(matrix: Matrix) -> Reliability:
    """Alpha (Cronbach 1951) with Feldt's interval where all met all items, else the jackknife's; stratified
    alpha (Cronbach, Schönemann & McKie 1965) and SEM = sqrt(error variance) (Lord & Novick 1968, section
    3.8), both with the jackknife's.
    """
    strata = strata_of(matrix)
    n = matrix.n
    if n < LEAST_FOR_RELIABILITY:
        few = TooFew(n, LEAST_FOR_RELIABILITY)
        return Reliability(few, few, few, len(strata))
    whole = (tuple(sorted(column for columns in strata for column in columns)),)
    apart = deviations(matrix)
    sums = apart.sums()
    found = moments(sums)
    alpha, stratified = coefficient(found, whole), coefficient(found, strata)
    if found.score_variance <= 0:
        same = Undefined(SAME_SCORE, n)
        return Reliability(same, same, same, len(strata))
    if alpha is None or stratified is None:
        alone = Undefined(ONE_ITEM, n)
        return Reliability(alone, alone, alone, len(strata))
    without = [moments(sums - apart.sums(~rows)) for rows in left_out(n)]
    return Reliability(
        alpha=alpha_with_interval(alpha, n, len(whole[0]))
        if matrix.is_complete
        else jackknifed(alpha, [_number(coefficient(each, whole)) for each in without], n, RELIABILITY),
        stratified=jackknifed(
            stratified, [_number(coefficient(each, strata)) for each in without], n, RELIABILITY
        ),
        sem=jackknifed(_sem(found, strata), [_sem(each, strata) for each in without], n, POSITIVE),
        strata=len(strata),
    )


def _sem(found: Moments, strata: Sequence[Sequence[int]]) -> float:
    """In percentage points; nan where there is no error variance to be had."""
    return 100 * sqrt(max(0.0, _number(error_variance(found, strata))))


def _number(value: float | None) -> float:
    return nan if value is None else value
