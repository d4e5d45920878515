"""How far a score would repeat itself: alpha, stratified alpha, the standard error of measurement.

Pure. Everything rests on variances and covariances of items over the students who were dealt both, so that
quizzes that draw from banks are served by the same formulas; where all students meet all items they are
exactly the classical ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

SAME_SCORE = "Every student has the same score, so there is nothing to tell apart."
ONE_ITEM = "Reliability needs at least two questions that students met together."


@dataclass(frozen=True)
class Reliability:
    """Alpha, stratified alpha, and the standard error of measurement in percentage points."""

    alpha: Figure
    stratified: Figure
    sem: Figure
    strata: int


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


def moments(earned: Floats, dealt: Truths) -> Moments:
    """Means, variances and covariances over the students who were dealt the items, and of their mean scores."""
    mask = dealt.astype(np.float64)
    length = mask.sum(axis=1)
    n = mask.sum(axis=0)
    filled = np.where(dealt, earned, 0.0)
    means = filled.sum(axis=0) / np.maximum(n, 1)
    centred = np.where(dealt, earned - means, 0.0)  # close to zero, so that sums lose no digits
    pairs = mask.T @ mask
    sums = centred.T @ mask
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = (centred.T @ centred - sums * sums.T / pairs) / (pairs - 1)
    covariance[pairs <= 1] = np.nan
    scores = filled.sum(axis=1) / np.maximum(length, 1)
    return Moments(
        len(scores), n, means, covariance, pairs, float(np.var(scores, ddof=1)), float(length.mean())
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
    for columns in strata:
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
    """The columns of each stratum. A stratum of a single item has no alpha of its own: such items are put
    together, and a last single one joins the smallest stratum.
    """
    by_name: dict[str, list[int]] = {}
    for column, item in enumerate(matrix.items):
        if matrix.dealt[:, column].any():
            by_name.setdefault(item.stratum, []).append(column)
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
    found = moments(matrix.credits, matrix.dealt)
    alpha, stratified = coefficient(found, whole), coefficient(found, strata)
    if found.score_variance <= 0:
        same = Undefined(SAME_SCORE, n)
        return Reliability(same, same, same, len(strata))
    if alpha is None or stratified is None:
        alone = Undefined(ONE_ITEM, n)
        return Reliability(alone, alone, alone, len(strata))
    without = [_replicate(matrix, rows, whole, strata) for rows in left_out(n)]
    error = found.score_variance * (1 - stratified)
    return Reliability(
        alpha=alpha_with_interval(alpha, n, len(whole[0]))
        if matrix.is_complete
        else jackknifed(alpha, [each["alpha"] for each in without], n, RELIABILITY),
        stratified=jackknifed(stratified, [each["stratified"] for each in without], n, RELIABILITY),
        sem=jackknifed(100 * max(0.0, error) ** 0.5, [each["sem"] for each in without], n, POSITIVE),
        strata=len(strata),
    )


def _replicate(
    matrix: Matrix, rows: Truths, whole: Sequence[Sequence[int]], strata: Sequence[Sequence[int]]
) -> Mapping[str, float]:
    found = moments(matrix.credits[rows], matrix.dealt[rows])
    alpha, stratified = coefficient(found, whole), coefficient(found, strata)
    nan = float("nan")
    if alpha is None or stratified is None:
        return {"alpha": nan, "stratified": nan, "sem": nan}
    return {
        "alpha": alpha,
        "stratified": stratified,
        "sem": 100 * max(0.0, found.score_variance * (1 - stratified)) ** 0.5,
    }
