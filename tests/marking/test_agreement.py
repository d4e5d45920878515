"""Agreement between markers, against published output of SAS and of R, and against an independent formula."""

from random import Random
from statistics import fmean, pvariance, stdev

import pytest

from pme.marking.agreement import agreement, quadratic, weighted_kappa

SAS = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
"""The 3 x 3 table whose SAS PROC FREQ output is quoted by statsmodels (test_inter_rater.py)."""
LINEAR = [[1 - abs(i - j) / 2 for j in range(3)] for i in range(3)]
SAME_ONLY = [[float(i == j) for j in range(3)] for i in range(3)]
ANXIETY_2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
ANXIETY_3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]
"""Raters 2 and 3 of the data set “anxiety” of the R package irr, on a scale of 1 to 6."""


def test_weighted_kappa_and_its_error_are_those_that_sas_prints():
    kappa = weighted_kappa(SAS, LINEAR)
    assert kappa is not None
    assert round(kappa.value, 4) == 0.4701
    assert round(kappa.error, 4) == 0.1457
    assert [round(end, 4) for end in kappa.interval] == [0.1845, 0.7558]


def test_kappa_without_weights_is_what_sas_prints():
    kappa = weighted_kappa(SAS, SAME_ONLY)
    assert kappa is not None
    assert (round(kappa.value, 4), round(kappa.error, 4)) == (0.4842, 0.1380)
    assert [round(end, 4) for end in kappa.interval] == [0.2137, 0.7547]


def test_quadratic_weights_give_what_the_r_package_irr_gives():
    # irr drops level 5, which nobody used, and so takes 4 and 6 as neighbours
    place = {1: 0, 2: 1, 3: 2, 4: 3, 6: 4}
    pairs = [(place[a], place[b]) for a, b in zip(ANXIETY_2, ANXIETY_3, strict=True)]
    kappa = agreement("anxiety", pairs, categories=5).kappa
    assert kappa is not None
    assert round(kappa.value, 7) == 0.2520325


def pairs_at_random(dice: Random, n: int, categories: int) -> list[tuple[int, int]]:
    pairs = []
    for _ in range(n):
        true = dice.randrange(categories)
        seen = [min(categories - 1, max(0, true + dice.choice((-1, 0, 0, 1)))) for _ in range(2)]
        pairs.append((seen[0], seen[1]))
    return pairs


@pytest.mark.parametrize("seed", range(8))
def test_quadratic_kappa_equals_the_formula_from_means_and_variances(seed: int):
    # Schuster 2004: 1 - E(x-y)^2 / (var x + var y + (mean x - mean y)^2), with no table and no weights
    pairs = pairs_at_random(Random(seed), 60, 5)
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    apart = fmean((a - b) ** 2 for a, b in pairs)
    by_chance = pvariance(one) + pvariance(other) + (fmean(one) - fmean(other)) ** 2
    kappa = agreement("random", pairs, categories=5).kappa
    assert kappa is not None
    assert kappa.value == pytest.approx(1 - apart / by_chance, abs=1e-12)


def test_the_error_is_the_spread_of_kappa_over_repeated_samples():
    dice, values, errors = Random(7), [], []
    for _ in range(600):
        kappa = agreement("again", pairs_at_random(dice, 200, 4), categories=4).kappa
        assert kappa is not None
        values.append(kappa.value)
        errors.append(kappa.error)
    assert fmean(errors) == pytest.approx(stdev(values), rel=0.1)


def test_exact_and_adjacent_are_counted():
    found = agreement("Care", [(0, 0), (0, 1), (2, 1), (0, 2)], categories=3)
    assert (found.n, found.exact, found.adjacent) == (4, 1, 3)


def test_too_few_scripts_give_no_kappa_and_few_give_no_interval():
    pairs = pairs_at_random(Random(1), 60, 3)
    assert agreement("Care", pairs[:9], categories=3).kappa is None
    some = agreement("Care", pairs[:29], categories=3)
    assert some.kappa is not None
    assert not some.is_interval_shown
    assert agreement("Care", pairs[:30], categories=3).is_interval_shown
    assert not agreement("Care", pairs_at_random(Random(1), 49, 5), categories=5).is_interval_shown
    assert agreement("Care", pairs_at_random(Random(1), 50, 5), categories=5).is_interval_shown


def test_one_level_throughout_leaves_kappa_undefined():
    assert agreement("Care", [(1, 1)] * 40, categories=3).kappa is None
    assert agreement("Care", [(0, 0)] * 40, categories=1).kappa is None
    assert weighted_kappa([[0.0]], quadratic(1)) is None


def test_the_interval_stays_within_what_kappa_can_be():
    kappa = agreement("Care", [(0, 0), (2, 2)] * 20 + [(1, 1), (1, 2)], categories=3).kappa
    assert kappa is not None
    assert kappa.interval[1] <= 1.0
