"""Quantiles without scipy, beside scipy's."""

import pytest
from scipy import special, stats

from pme.assessment import statistics_beta as beta


@pytest.mark.parametrize(
    ("x", "a", "b"),
    [
        (0.3, 0.5, 0.5),
        (0.7, 2, 3),
        (0.05, 5000, 95000),
        (0.1, 0.01, 4),
        (0.99, 300, 2),
        (0.0, 2, 3),
        (1.0, 2, 3),
    ],
)
def test_the_incomplete_beta_function_agrees_with_scipy(x: float, a: float, b: float):
    assert beta.regularised_beta(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-14)


@pytest.mark.parametrize("p", [0.025, 0.5, 0.975])
@pytest.mark.parametrize(("above", "below"), [(9, 90), (49, 931), (9_999, 189_981), (1, 1)])
def test_quantiles_of_f_agree_with_scipy(p: float, above: int, below: int):
    assert beta.f_quantile(p, above, below) == pytest.approx(stats.f.ppf(p, above, below), rel=1e-8)


@pytest.mark.parametrize("freedom", [1, 2, 9, 39, 9_999])
def test_quantiles_of_t_agree_with_scipy(freedom: int):
    assert beta.t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-8)


def test_quantiles_of_the_normal_distribution_agree_with_scipy():
    assert beta.normal_quantile(0.975) == pytest.approx(stats.norm.ppf(0.975))


@pytest.mark.parametrize("k", [-1, 0, 3, 9, 10, 11])
def test_binomial_chances_agree_with_scipy(k: int):
    assert beta.binomial_at_most(k, 10, 0.3) == pytest.approx(stats.binom.cdf(k, 10, 0.3))


def test_rounds_come_to_an_end_whatever_the_numbers_are(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(beta, "ROUNDS", 2)
    assert beta.regularised_beta(0.3, 20, 30) == pytest.approx(special.betainc(20, 30, 0.3), abs=0.2)
    assert 1.96 < beta.t_quantile(0.975, 3.5) < stats.t.ppf(0.975, 3.5)
