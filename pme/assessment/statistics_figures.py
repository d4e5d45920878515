"""A figure is an estimate with its interval, or says that there are too few students, or that it is not defined.

Pure. All intervals are two-sided, at 95 %. Proportions and correlations are plain numbers (0-1, -1 to 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, exp, expm1, fsum, inf, log, log1p, sqrt, tanh
from statistics import fmean

from pme.assessment.statistics_beta import binomial_at_most, f_quantile, normal_quantile, t_quantile

CONFIDENCE = 0.95
UPPER = (1 + CONFIDENCE) / 2

LEAST_FOR_SHARE = 10
"""Students below whom no share or mean is shown: one of them would be more than a tenth of it."""
LEAST_FOR_OPTION = 20
"""Below this a single student is more than the 5 % that make an option functional (Tarrant et al. 2009)."""
LEAST_FOR_CORRELATION = 30
"""Below this the interval of a correlation is wider than 0.7: it says nothing about an item."""
LEAST_FOR_RELIABILITY = 50
"""Alpha of a test with a strong first factor settles from about 50 (Yurdugül 2008)."""
LEAST_FOR_DECISIONS = 50
"""The line that the house draws for decision consistency."""
LEAST_FOR_GROUP = 30
"""Students a group needs before it is shown beside another."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval and the number of students behind it.

    `low` and `high` are None where no interval exists.
    """

    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class TooFew:
    """Too few students for this figure: `n` of the `needed`. Never a number."""

    n: int
    needed: int


@dataclass(frozen=True)
class Undefined:
    """The figure does not exist for these answers; `why` says so in a sentence."""

    why: str
    n: int


Figure = Estimate | TooFew | Undefined


def value_of(figure: Figure) -> float | None:
    """The number of a figure, or None where there is none."""
    return figure.value if isinstance(figure, Estimate) else None


def share(right: float, n: int, *, least: int = LEAST_FOR_SHARE) -> Figure:
    """A proportion with Wilson's score interval (Wilson 1927; recommended by Brown, Cai & DasGupta 2001).

    `right` may be a sum of credits between 0 and 1: these vary at most as much as right and wrong
    do (Bhatia & Davis 2000), so that the interval is then never too narrow.
    """
    if n < least:
        return TooFew(n, least)
    z, p = normal_quantile(UPPER), right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(max(0.0, p * (1 - p)) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Estimate(p, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)), n)


def mean(numbers: Sequence[float], *, least: int = LEAST_FOR_SHARE) -> Figure:
    """A mean with Student's interval (Student 1908)."""
    n = len(numbers)
    if n < least:
        return TooFew(n, least)
    middle = fmean(numbers)
    return mean_of(middle, sqrt(fsum((number - middle) ** 2 for number in numbers) / (n - 1)), n)


def mean_of(middle: float, deviation: float, n: int) -> Estimate:
    """The same from a mean and the standard deviation of a sample that were computed elsewhere."""
    half = t_quantile(UPPER, n - 1) * deviation / sqrt(n)
    return Estimate(middle, middle - half, middle + half, n)


def correlation(r: float, n: int, *, least: int = LEAST_FOR_CORRELATION) -> Figure:
    """A product-moment correlation with the interval of Fisher's z (Fisher 1921)."""
    if n < least:
        return TooFew(n, least)
    if not -1 < r < 1:
        return Estimate(max(-1.0, min(1.0, r)), None, None, n)
    half = normal_quantile(UPPER) / sqrt(n - 3)
    return Estimate(r, tanh(atanh(r) - half), tanh(atanh(r) + half), n)


def alpha_with_interval(alpha: float, n: int, items: int) -> Estimate:
    """Alpha with Feldt's interval: (1 - alpha) / (1 - estimate) follows F(n - 1, (n - 1)(k - 1))
    (Feldt 1965; Feldt, Woodruff & Salih 1987).
    """
    above, below = n - 1, (n - 1) * (items - 1)
    return Estimate(
        alpha,
        1 - (1 - alpha) * f_quantile(UPPER, above, below),
        1 - (1 - alpha) * f_quantile(1 - UPPER, above, below),
        n,
    )


def quantile(ordered: Sequence[float], p: float) -> float:
    """A quantile of sorted numbers, by linear interpolation (definition 7 of Hyndman & Fan 1996)."""
    place = p * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median(ordered: Sequence[float], *, least: int = LEAST_FOR_SHARE) -> Figure:
    """The median of sorted numbers, with the interval between two of them that holds without any
    assumption on their distribution (order statistics; Conover 1999, section 3.2).
    """
    n = len(ordered)
    if n < least:
        return TooFew(n, least)
    rank = max(0, int(n / 2 - normal_quantile(UPPER) * sqrt(n) / 2) - 3)
    while binomial_at_most(rank, n, 0.5) <= 1 - UPPER:
        rank += 1
    if rank == 0:
        return Estimate(quantile(ordered, 0.5), None, None, n)
    return Estimate(quantile(ordered, 0.5), ordered[rank - 1], ordered[n - rank], n)


@dataclass(frozen=True)
class Scale:
    """The scale on which the jackknife's interval is symmetric, so that it never leaves where a figure can be."""

    name: str

    def there(self, value: float) -> float:
        """From the figure's own scale; infinite at its ends."""
        match self.name:
            case "reliability":  # 1 - r, logarithmically (Hakstian & Whalen 1976; Bonett 2002)
                return -log1p(-value) if value < 1 else inf
            case "proportion":
                return log(value / (1 - value)) if 0 < value < 1 else inf
            case _:  # a positive number
                return log(value) if value > 0 else inf

    def back(self, value: float) -> float:
        """To the figure's own scale."""
        match self.name:
            case "reliability":
                return -expm1(-value)
            case "proportion":
                return 1 / (1 + exp(-value))
            case _:
                return exp(value)


RELIABILITY, PROPORTION, POSITIVE = Scale("reliability"), Scale("proportion"), Scale("positive")


def jackknifed(value: float, without: Sequence[float], n: int, scale: Scale) -> Estimate:
    """A figure with the interval of the jackknife that leaves one group of students out at a time.

    `without` holds the figure without each of the G groups; Student's t has G - 1 degrees of freedom.
    There is no interval where a figure lies at the end of its scale.
    """
    here, moved = scale.there(value), [scale.there(each) for each in without]
    groups = len(moved)
    if groups <= 1 or not all(-inf < each < inf for each in (here, *moved)):
        return Estimate(value, None, None, n)
    half = t_quantile(UPPER, groups - 1) * jackknife_error(moved)
    return Estimate(value, scale.back(here - half), scale.back(here + half), n)


def jackknife_error(without: Sequence[float]) -> float:
    """The standard error of a figure from its values without each of G groups: sqrt((G - 1) / G x the sum
    of squared deviations from their mean) (Quenouille 1956; Tukey 1958; by groups: Kott 2001).
    """
    middle, groups = fmean(without), len(without)
    return sqrt((groups - 1) / groups * fsum((each - middle) ** 2 for each in without))
