"""Answers as matrices, for statistics: written down row by row, or drawn from a simple model of knowing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from pme.assessment.statistics_data import Floats, Item, Matrix, Part, Whole

ABCD = tuple(Part(letter, is_key=letter == "a") for letter in "abcd")


def matrix(earned: Sequence[Sequence[float]] | Floats, *, strata: str = "", cut: float = 60) -> Matrix:
    """A matrix of these credits; `strata` names the outcome of each item by a letter, all the same unless given."""
    credited = np.array(earned, dtype=float)
    percents = 100 * np.nanmean(credited, axis=1)
    names = strata or "A" * credited.shape[1]
    return Matrix(
        items=tuple(Item(f"q{number}", outcome) for number, outcome in enumerate(names, start=1)),
        credits=credited,
        marks=credited,
        percents=percents,
        passed=percents >= cut,
        cut=cut,
        chosen=np.where(np.isnan(credited), -1, 0).astype(np.int32),
        answers=(frozenset(),),
        confidence=np.zeros(credited.shape, dtype=np.int8),
        seconds=np.full(credited.shape, np.nan),
    )


def rows(*words: str) -> list[list[float]]:
    """Rows of right (1) and wrong (0), as in "1101"."""
    return [[float(letter) for letter in word] for word in words]


def known(random: Generator, students: int) -> Floats:
    """How much each of so many students knows."""
    return random.normal(size=students)


def sat(random: Generator, knowledge: Floats, *, items: int, bank: int | None = None) -> Matrix:
    """One sitting of these students: a Rasch-like model; half of the items serve outcome A, half B.

    With a `bank` larger than `items`, each student is dealt half of the items from each half of the bank.
    """
    size = bank or items
    hardness = np.tile(np.linspace(-2.0, 1.0, size // 2), 2)
    chance = 1 / (1 + np.exp(-(1.2 * knowledge[:, None] - hardness)))
    earned = (random.random((len(knowledge), size)) < chance).astype(float)
    for half in (slice(0, size // 2), slice(size // 2, size)):
        order = random.random((len(knowledge), size // 2)).argsort(axis=1)
        earned[:, half] = np.where(order < items // 2, earned[:, half], np.nan)
    return matrix(earned, strata="A" * (size // 2) + "B" * (size // 2))


def with_choices(answered: Matrix, column: int, choices: str) -> Matrix:
    """The same with options a-d for one item (a is right) and what each student chose; "-" is no answer."""
    items = list(answered.items)
    items[column] = replace(items[column], parts=ABCD, has_distractors=True)
    letters = sorted(set(choices) - {"-"})
    chosen: Whole = answered.chosen.copy()
    chosen[:, column] = [letters.index(letter) if letter != "-" else -1 for letter in choices]
    return replace(
        answered, items=tuple(items), chosen=chosen, answers=tuple(frozenset(letter) for letter in letters)
    )
