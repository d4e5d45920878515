"""Intervals beside published examples and scipy's; too few students are never a number."""

import numpy as np
import pytest
from scipy import stats

from pme.assessment import statistics_figures as figures
from pme.assessment.statistics_figures import Estimate, Figure, TooFew

LAW_SCHOOLS = [
    (576, 3.39), (635, 3.30), (558, 2.81), (578, 3.03), (666, 3.44), (580, 3.07), (555, 3.00), (661, 3.43),
    (651, 3.36), (605, 3.13), (653, 3.12), (575, 2.74), (545, 2.76), (572, 2.88), (594, 2.96),
]  # fmt: skip
"""Test scores and grades of 15 law schools (Efron 1982)."""


def estimate(figure: Figure) -> Estimate:
    assert isinstance(figure, Estimate)
    return figure


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_that_of_newcombe_1998_table_1(
    right: int, n: int, low: float, high: float
):
    found = estimate(figures.share(right, n))
    assert (found.value, found.n) == (right / n, n)
    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize(("right", "n"), [(0, 10), (10, 10), (7, 60), (9_990, 10_000)])
def test_the_interval_of_a_share_agrees_with_scipy(right: int, n: int):
    low, high = stats.binomtest(right, n).proportion_ci(method="wilson")
    found = estimate(figures.share(right, n))
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-12)


def test_the_interval_of_a_mean_agrees_with_scipy():
    numbers = [float(number) for number in (52, 61, 70, 70, 75, 80, 84, 88, 90, 95, 100)]
    low, high = stats.t.interval(0.95, 10, loc=np.mean(numbers), scale=stats.sem(numbers))
    found = estimate(figures.mean(numbers))
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(numbers), low, high))


@pytest.mark.parametrize("r", [-0.4, 0.0, 0.15, 0.93])
def test_the_interval_of_a_correlation_agrees_with_scipy(r: float):
    x = np.random.default_rng(1).normal(size=(2, 40))
    x = np.linalg.qr(x.T - x.T.mean(axis=0))[0].T  # two uncorrelated rows
    result = stats.pearsonr(x[0], r * x[0] + np.sqrt(1 - r * r) * x[1])
    expected = result.confidence_interval(0.95)
    found = estimate(figures.correlation(r, 40))
    assert found.value == pytest.approx(result.statistic, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_a_perfect_correlation_has_no_interval():
    assert figures.correlation(1.0000001, 40) == Estimate(1.0, None, None, 40)


def test_the_interval_of_alpha_is_that_of_pingouin_0_7():
    found = figures.alpha_with_interval(0.7318084753733126, 60, 8)
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (0.616, 0.823)
    found = figures.alpha_with_interval(0.5234685759745425, 60, 3)
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (0.268, 0.7)


@pytest.mark.parametrize("n", [10, 11, 25, 400])
def test_the_interval_of_a_median_holds_as_often_as_scipy_says(n: int):
    ordered = sorted(np.random.default_rng(n).lognormal(3, 1, size=n).tolist())
    found = estimate(figures.median(ordered))
    expected = stats.quantile_test(ordered, p=0.5).confidence_interval(0.95)
    assert found.value == pytest.approx(np.median(ordered))
    assert [found.low, found.high] == pytest.approx([expected.low, expected.high])


def test_the_median_of_five_numbers_has_no_interval():
    assert figures.median([1.0, 2, 3, 4, 5], least=5) == Estimate(3.0, None, None, 5)


@pytest.mark.parametrize("p", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_quantiles_agree_with_numpy(p: float):
    numbers = [1.0, 2, 4, 8, 16, 32]
    assert figures.quantile(numbers, p) == pytest.approx(np.quantile(numbers, p))


def test_the_error_of_the_jackknife_is_that_of_efron_1982_for_the_law_schools():
    schools = np.array(LAW_SCHOOLS)
    without = [float(np.corrcoef(np.delete(schools, number, axis=0).T)[0, 1]) for number in range(15)]
    assert figures.jackknife_error(without) == pytest.approx(0.1425, abs=5e-5)


def test_the_error_of_the_jackknife_of_a_mean_is_the_standard_error_of_a_mean():
    numbers = np.array([52.0, 61, 70, 70, 75, 80, 84, 88, 90, 95])
    without = [float(np.delete(numbers, number).mean()) for number in range(10)]
    assert figures.jackknife_error(without) == pytest.approx(stats.sem(numbers))


@pytest.mark.parametrize(
    ("scale", "value"), [(figures.RELIABILITY, -0.3), (figures.PROPORTION, 0.9), (figures.POSITIVE, 12.0)]
)
def test_a_jackknifed_interval_lies_around_its_figure_and_inside_its_scale(
    scale: figures.Scale, value: float
):
    assert scale.back(scale.there(value)) == pytest.approx(value)
    found = figures.jackknifed(value, [value - 0.02, value, value + 0.02], 60, scale)
    assert found.low is not None
    assert found.high is not None
    assert found.low < value < found.high
    assert found.high < {"reliability": 1, "proportion": 1}.get(scale.name, 1_000)


@pytest.mark.parametrize(
    ("scale", "end"), [(figures.RELIABILITY, 1.0), (figures.PROPORTION, 1.0), (figures.POSITIVE, 0.0)]
)
def test_a_figure_at_the_end_of_its_scale_has_no_interval(scale: figures.Scale, end: float):
    assert figures.jackknifed(end, [0.5, 0.6], 60, scale) == Estimate(end, None, None, 60)
    assert figures.jackknifed(0.5, [0.5, end], 60, scale).low is None
    assert figures.jackknifed(0.5, [0.5], 60, scale).low is None
    assert figures.jackknifed(0.5, [0.5, float("nan")], 60, scale).low is None


def test_too_few_students_are_told_and_never_a_number():
    few = [
        figures.share(9, 9),
        figures.mean([1.0] * 9),
        figures.median([1.0] * 9),
        figures.correlation(0.5, 29),
    ]
    assert few == [TooFew(9, 10), TooFew(9, 10), TooFew(9, 10), TooFew(29, 30)]
    assert {figures.value_of(figure) for figure in few} == {None}
    assert figures.value_of(figures.share(5, 10)) == 0.5
