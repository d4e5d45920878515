"""Livingston and Lewis beside an independent program on a published data set, and beside a second sitting."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from pme.assessment import statistics_decisions as lewis
from pme.assessment.statistics_decisions import (
    Beta,
    agreement,
    decisions,
    effective_length,
    fit,
    true_moments,
)
from pme.assessment.statistics_figures import Estimate, TooFew, Undefined, value_of
from pme.assessment.statistics_reliability import ONE_ITEM, reliability
from tests.support.matrices import known, matrix, rows, sat

ACT_1988 = (
    0, 23, 98, 384, 986, 2161, 3722, 5623, 7533, 8817, 9597, 9809, 9674, 8971, 8033, 7384, 6758, 6004, 5463, 4896,
    4367, 4083, 3651, 3333, 3191, 2899, 2644, 2597, 2287, 2197, 1967, 1874, 1710, 1581, 1503, 1349, 1181, 994, 827,
    585, 294,
)  # fmt: skip
"""How many of 151,050 students had 0, 1, ... 40 points in the ACT mathematics test of 1988: the data on which
programs for these methods are compared (BB-CLASS, Brennan 2004; BBClassify 1.0.0, Haakstad 2025)."""


def test_act_1988_comes_out_as_from_bbclassify_1_0_0():
    scores = np.repeat(np.arange(41), ACT_1988) / 40
    length = effective_length(float(scores.mean()), float(scores.var(ddof=1)), 0.873)
    assert round(length) == 40
    model = fit(true_moments(scores, 40))
    assert model is not None
    assert (model.fitted, model.high) == (3, 1.0)
    assert (model.a, model.b, model.low) == pytest.approx((0.52378, 1.62569, 0.22317), abs=5e-6)
    found = agreement(model, 40, [0.6])
    assert found.consistency == pytest.approx(0.92203, abs=1e-5)
    assert found.kappa == pytest.approx(0.75612, abs=2e-5)
    assert found.accuracy == pytest.approx(0.94427, abs=5e-6)
    assert found.passing == pytest.approx(0.19974, abs=5e-6)


def test_three_categories_come_out_as_in_the_documentation_of_bbclassify():
    random = np.random.RandomState(1234)
    chances = random.beta(6, 4, 250) * 0.7 + 0.15
    scores = np.array([random.binomial(1, chance, 100) for chance in chances])
    total = scores.sum(axis=1)
    alpha = 100 / 99 * (1 - scores.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    share = total / 100
    length = effective_length(float(share.mean()), float(share.var(ddof=1)), float(alpha))
    assert length == pytest.approx(99.96892140618861)
    model = fit(true_moments(share, 100))
    assert model is not None
    assert (model.a, model.b) == pytest.approx((3.877386083988672, 3.9727308136649238))
    assert (model.low, model.high) == pytest.approx((0.2681195709670965, 0.8706384086828665))
    found = agreement(model, 100, [0.5, 0.75])
    assert found.consistency == pytest.approx(0.7811757067805466, abs=1e-6)
    assert found.accuracy == pytest.approx(0.8438848734448846, abs=1e-6)


@pytest.mark.parametrize(("a", "b"), [(0.5, 1.6), (0.5, 0.5), (2.0, 2.0), (30.0, 4.0)])
def test_the_nodes_of_the_integral_agree_with_scipy(a: float, b: float):
    places, weights = special.roots_jacobi(30, b - 1, a - 1)
    points, ours = lewis._jacobi(Beta(a, b, 0.0, 1.0, 4), 30)
    assert points == pytest.approx((places + 1) / 2, abs=1e-12)
    assert ours == pytest.approx(weights / weights.sum(), abs=1e-12)


@pytest.mark.parametrize(("items", "bank"), [(20, None), (10, 40)])
def test_consistency_foretells_how_many_stay_on_the_same_side_in_a_second_sitting(
    items: int, bank: int | None
):
    random = np.random.default_rng(20)
    knowledge = known(random, 6_000)
    first = sat(random, knowledge, items=items, bank=bank)
    second = sat(random, knowledge, items=items, bank=bank)
    found = decisions(first)
    same = float((first.passed == second.passed).mean())
    assert value_of(found.consistency) == pytest.approx(same, abs=0.02)
    assert isinstance(found.consistency, Estimate)
    assert found.consistency.low is not None
    assert found.consistency.high is not None
    assert found.consistency.low < found.consistency.value < found.consistency.high
    assert found.passing == pytest.approx(first.passed.mean(), abs=0.07)


def test_fewer_than_fifty_students_are_too_few():
    random = np.random.default_rng(1)
    found = decisions(sat(random, known(random, 49), items=10))
    assert {found.consistency, found.kappa, found.accuracy} == {TooFew(49, 50)}
    assert (found.passing, found.length, found.model) == (None, None, None)


def test_scores_without_any_difference_foretell_nothing():
    assert decisions(matrix([[1.0, 0.0]] * 60)).consistency == Undefined(lewis.ALL_ALIKE, 60)


def test_a_single_question_foretells_nothing():
    assert decisions(matrix(rows(*"10" * 30))).consistency == Undefined(ONE_ITEM, 60)


def test_scores_that_contradict_each_other_foretell_nothing():
    found = decisions(matrix(rows(*["1100", "0011", "1000"] * 20))).consistency
    assert found == Undefined(lewis.UNRELIABLE, 60)


def test_a_quiz_as_good_as_one_question_foretells_nothing():
    assert decisions(matrix(rows(*["11", "00"] * 30, "10"))).consistency == Undefined(lewis.TOO_SHORT, 61)


def test_fewer_points_than_moments_take_a_simpler_model():
    scores = np.array([0.0, 1.0, 1.0, 2.0, 3.0, 3.0]) / 3
    assert len(true_moments(scores, 3)) == 3
    assert len(true_moments(scores, 2)) == 2
    model = fit(true_moments(np.array([0.0, 0.5, 0.5, 1.0, 1.0, 1.0]), 2))
    assert model is not None
    assert model.fitted == 2
    assert model.a / (model.a + model.b) == pytest.approx(4 / 6)


def test_moments_that_no_beta_distribution_has_are_not_fitted():
    assert fit(np.array([0.5, 0.25])) is None
    assert fit(np.array([0.5, 0.6])) is None
    assert lewis._fit_four(np.array([0.5, 0.3, 0.2, 0.15])) is None  # two points only
    assert lewis._fit_four(np.array([0.5, 0.26, 0.14, 0.09])) is None  # tails too long
    assert lewis._fit_three(np.array([0.5, 0.26, 0.1])) is None
    assert not Beta(1.0, 1.0, -0.1, 1.0, 4).is_sound


@pytest.mark.parametrize("a_b", [(2.0, 5.0), (5.0, 2.0), (3.0, 3.5)])
def test_a_beta_distribution_is_found_again_from_its_moments(a_b: tuple[float, float]):
    (a, b), low, high = a_b, 0.2, 0.9
    raw, ratio = [1.0], 1.0
    for step in range(4):
        ratio *= (a + step) / (a + b + step)
        raw.append(ratio)
    powers = [
        sum(special.comb(r, k) * low ** (r - k) * (high - low) ** k * raw[k] for k in range(r + 1))
        for r in range(1, 5)
    ]
    found = fit(np.array(powers))
    assert found is not None
    assert (found.a, found.b, found.low, found.high) == pytest.approx((a, b, low, high), abs=1e-6)


def test_a_cut_that_everyone_or_nobody_reaches_is_always_agreed_on():
    model = Beta(2.0, 2.0, 0.0, 1.0, 2)
    for cut, passing in ((0.0, 1.0), (1.2, 0.0)):
        found = agreement(model, 10, [cut])
        assert [found.consistency, found.passing] == pytest.approx([1, passing])
        assert found.kappa == pytest.approx(1.0)


def test_a_replicate_that_cannot_be_fitted_takes_the_interval_away():
    assert np.isnan(lewis._again(np.full(60, 0.5), 4, [0.5]).consistency)


def test_marks_below_zero_change_the_scale_and_not_the_decisions():
    """Where certainty is marked, a question counts -2 to 1: the same scores on a scale three times as long."""
    random = np.random.default_rng(1)
    plain = sat(random, known(random, 300), items=10)
    items = tuple(replace(item, lowest=-2.0) for item in plain.items)
    certain = replace(plain, items=items, marks=3 * plain.credits - 2, cut=100 * (3 * 0.6 - 2))
    assert value_of(decisions(certain).consistency) == pytest.approx(value_of(decisions(plain).consistency))
    assert value_of(reliability(certain).stratified) == pytest.approx(value_of(reliability(plain).stratified))


def test_critical_items_are_not_in_it():
    random = np.random.default_rng(1)
    answered = sat(random, known(random, 200), items=10)
    strict = replace(answered, passed=np.zeros(200, dtype=bool))
    assert decisions(strict) == decisions(answered)
