"""The beta distribution and its children: quantiles of F, Student's t and the binomial, without scipy.

Pure. Importing scipy.stats would cost a web worker 80 MB to look up a few quantiles.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

ROUNDS = 10_000
TINY = 1e-300
CLOSE = 1e-15
NEAR = 1e-11


def regularised_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b): the chance that a beta(a, b) variable is at most x.

    Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, evaluated by
    Lentz's method (Thompson & Barnett 1986).
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - regularised_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _continued_fraction(x, a, b)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = p."""
    return _solve(lambda x: regularised_beta(x, a, b) - p, 0.0, 1.0)


def f_quantile(p: float, above: float, below: float) -> float:
    """The quantile of the F distribution with these degrees of freedom (DLMF 8.17; Abramowitz & Stegun 26.6.2)."""
    x = beta_quantile(p, above / 2, below / 2)
    return below * x / (above * (1 - x))


@lru_cache(maxsize=256)
def t_quantile(p: float, freedom: float) -> float:
    """The quantile of Student's t, for p above one half (Abramowitz & Stegun 26.7.1).

    By Newton's method from the normal quantile, which lies below: the tail is convex there, so that each
    step comes closer and none goes too far.
    """
    height = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    t = normal_quantile(p)
    for _ in range(ROUNDS):
        tail = regularised_beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
        step = (tail - (1 - p)) / (height * exp(-(freedom + 1) / 2 * log1p(t * t / freedom)))
        t += step
        if step <= t * NEAR:
            break
    return t


def normal_quantile(p: float) -> float:
    """The quantile of the standard normal distribution."""
    return NormalDist().inv_cdf(p)


def binomial_at_most(k: int, n: int, p: float) -> float:
    """The chance of at most k successes in n trials (DLMF 8.17.5)."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else regularised_beta(1 - p, n - k, k + 1)


def _continued_fraction(x: float, a: float, b: float) -> float:
    value, c, d = 1.0, 1.0, 0.0
    for step in range(1, ROUNDS):
        m, is_odd = divmod(step, 2)
        if is_odd:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _away_from_zero(1 + term * d)
        c = _away_from_zero(1 + term / c)
        value *= c * d
        if abs(c * d - 1) < CLOSE:
            break
    return value


def _away_from_zero(number: float) -> float:
    return number if abs(number) > TINY else TINY


def _solve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses zero, by halving: as close as numbers come."""
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
