"""How well two markers agree: exact, adjacent, and quadratic weighted kappa with its interval.

Pure. Judgements are places on one ordered scale of k categories. Kappa is Cohen's (1968) weighted kappa,
kappa = (po - pe) / (1 - pe), with agreement weights 1 - (i - j)^2 / (k - 1)^2 (Fleiss and Cohen 1973). Its
large-sample standard error is that of Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323-327.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEAST_FOR_KAPPA = 10
LEAST_FOR_INTERVAL = 30
"""The interval also needs n of at least 2 k^2 for the k levels in use (Cicchetti 1981, American Journal of
Mental Deficiency 86)."""
NORMAL_95 = NormalDist().inv_cdf(0.975)

Table = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Kappa:
    """Weighted kappa and its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval, kept within what kappa can be."""
        reach = NORMAL_95 * self.error
        return max(-1.0, self.value - reach), min(1.0, self.value + reach)


@dataclass(frozen=True)
class Agreement:
    """Two markers over the same `n` scripts, on one criterion of `categories` levels or on the total.

    `exact` and `adjacent` are counts; adjacent is at most one level apart and includes exact. `kappa` is
    None under 10 scripts, or where a marker's judgements leave nothing to chance; `is_interval_shown`
    says whether n is large enough for the interval.
    """

    name: str
    n: int
    categories: int
    exact: int
    adjacent: int
    kappa: Kappa | None
    is_interval_shown: bool


def agreement(name: str, pairs: Sequence[tuple[int, int]], *, categories: int) -> Agreement:
    """The agreement of two markers; each pair is the first's and the second's place, from 0."""
    n, used = len(pairs), len({place for pair in pairs for place in pair})
    table = [[0.0] * categories for _ in range(categories)]
    for first, second in pairs:
        table[first][second] += 1
    return Agreement(
        name=name,
        n=n,
        categories=categories,
        exact=sum(first == second for first, second in pairs),
        adjacent=sum(abs(first - second) <= 1 for first, second in pairs),
        kappa=weighted_kappa(table, quadratic(categories)) if n >= LEAST_FOR_KAPPA else None,
        is_interval_shown=n >= max(LEAST_FOR_INTERVAL, 2 * used**2),
    )


def quadratic(categories: int) -> Table:
    """The agreement weights of Fleiss and Cohen: 1 for the same place, 0 for opposite ends."""
    span = max(1, categories - 1) ** 2
    return [[1 - (i - j) ** 2 / span for j in range(categories)] for i in range(categories)]


def weighted_kappa(counts: Table, weights: Table) -> Kappa | None:
    """Weighted kappa of a square table of counts, by agreement weights; None where chance explains all.

    The error is the square root of equation 9 of Fleiss, Cohen and Everitt (1969).
    """
    n = sum(map(sum, counts))
    if not n:
        return None
    size = range(len(counts))
    p = [[cell / n for cell in row] for row in counts]
    rows = [sum(row) for row in p]
    columns = [sum(p[i][j] for i in size) for j in size]
    observed = sum(weights[i][j] * p[i][j] for i in size for j in size)
    expected = sum(weights[i][j] * rows[i] * columns[j] for i in size for j in size)
    if 1 - expected < 1e-12:  # noqa: PLR2004  (both used one category throughout)
        return None
    kappa = (observed - expected) / (1 - expected)
    by_row = [sum(columns[j] * weights[i][j] for j in size) for i in size]
    by_column = [sum(rows[i] * weights[i][j] for i in size) for j in size]
    spread = sum(
        p[i][j] * (weights[i][j] - (by_row[i] + by_column[j]) * (1 - kappa)) ** 2 for i in size for j in size
    )
    variance = (spread - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    return Kappa(kappa, sqrt(max(0.0, variance)))
