"""The pass mark that judges set: worked by hand, against numpy, and rounded so that nobody passes below it."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pme.content.shapes import BlueprintLine
from pme.judging.angoff import Cut, cut_score, weights_of
from tests.support.library import quiz

ONE = Fraction(1)
matrices = st.integers(2, 12).flatmap(
    lambda judges: st.lists(
        st.lists(st.integers(0, 100), min_size=judges, max_size=judges), min_size=1, max_size=8
    )
)


def cut_of(rows: list[list[int]], weights: list[Fraction] | None = None) -> Cut:
    said = {str(number): row for number, row in enumerate(rows)}
    return cut_score(said, dict(zip(said, weights or [ONE] * len(rows), strict=True)))


def test_a_cut_is_worked_out_as_by_hand():
    """Three judges, two items: (60, 80), (70, 90), (80, 70) give 70, 80, 75; mean 75, SD 5, SE 5 / sqrt(3)."""
    cut = cut_of([[60, 70, 80], [80, 90, 70]])
    assert cut.by_judge == tuple(map(Fraction, (70, 80, 75)))
    assert (cut.percent, cut.spread) == (Fraction(75), 5.0)
    assert cut.error == pytest.approx(2.8868, abs=1e-4)
    assert [(each.n, each.mean, each.spread) for each in cut.items] == [
        (3, Fraction(70), 10.0),
        (3, Fraction(80), 10.0),
    ]
    assert cut.min_percent == 75


def test_the_pass_mark_is_rounded_up():
    assert cut_of([[70, 70, 71]]).min_percent == 71
    assert cut_of([[70, 71, 71]]).min_percent == 71
    assert cut_of([[70, 70, 70]]).min_percent == 70
    assert cut_of([[0, 0]]).min_percent == 1


def test_one_judge_has_no_spread_and_none_has_no_cut():
    alone = cut_of([[60], [70]])
    assert (alone.percent, alone.spread, alone.error) == (Fraction(65), None, None)
    nobody = cut_of([[], []])
    assert (nobody.judges, nobody.percent, nobody.min_percent, nobody.by_judge) == (0, None, None, ())
    assert (nobody.items[0].mean, nobody.items[0].spread) == (None, None)


def test_an_item_weighs_how_often_it_is_asked():
    drawn = quiz().model_copy(
        update={"blueprint": (BlueprintLine(bank="b", count=1, items=("CANARY-many", "CANARY-match")),)}
    )
    weights = weights_of(drawn)
    assert weights["CANARY-many"] == Fraction(1, 2)
    assert weights["CANARY-single"] == 1
    assert cut_of([[50, 50], [100, 100], [0, 0]], [ONE, ONE / 2, ONE / 2]).percent == 50


@given(matrices)
def test_a_cut_is_what_numpy_makes_of_it(rows: list[list[int]]):
    cut, judged = cut_of(rows), np.array(rows).mean(axis=0)
    assert cut.percent is not None
    assert cut.spread is not None
    assert cut.error is not None
    assert math.isclose(cut.percent, judged.mean(), abs_tol=1e-9)
    assert math.isclose(cut.spread, judged.std(ddof=1), abs_tol=1e-9)
    assert math.isclose(cut.error, judged.std(ddof=1) / math.sqrt(len(judged)), abs_tol=1e-9)
