"""Whether a panel agrees: against figures worked by hand, against numpy, and at each edge of a threshold."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pme.judging.consensus import (
    Change,
    change,
    decision_figures,
    option_figures,
    too_few,
)

ratings = st.lists(st.integers(1, 4), min_size=2, max_size=40)


def test_an_option_is_counted_averaged_and_spread_as_worked_by_hand():
    """4,4,3,4,3,4,4,3,4,4: sum 37, mean 3.7; squared deviations 7 x 0.09 + 3 x 0.49 = 2.1; 2.1 / 9 = 0.2333."""
    figures = option_figures("a", [4, 4, 3, 4, 3, 4, 4, 3, 4, 4])
    assert (figures.n, figures.counts) == (10, (0, 0, 3, 7))
    assert figures.mean == Fraction(37, 10)
    assert figures.variance == Fraction(7, 30)
    assert figures.spread == pytest.approx(0.4830, abs=1e-4)
    assert not figures.is_split


def test_nobody_gives_no_mean_and_one_gives_no_spread():
    assert (option_figures("a", []).mean, option_figures("a", []).spread) == (None, None)
    assert (option_figures("a", [3]).mean, option_figures("a", [3]).spread) == (Fraction(3), None)
    assert not option_figures("a", [3]).is_split


@given(ratings)
def test_mean_and_spread_are_those_of_numpy(rated: list[int]):
    figures = option_figures("a", rated)
    assert figures.mean is not None
    assert figures.spread is not None
    assert math.isclose(figures.mean, np.mean(rated))
    assert math.isclose(figures.spread, np.std(rated, ddof=1), abs_tol=1e-12)
    assert list(figures.counts) == [int(np.sum(np.array(rated) == value)) for value in (1, 2, 3, 4)]


def test_a_decision_on_which_the_panel_agrees_has_a_good_key():
    figures = decision_figures("d1", {"a": [4] * 9 + [3], "b": [1] * 10, "c": [2, 3] * 5})
    assert (figures.best, figures.lead, figures.faults) == ("a", Fraction(39, 10) - Fraction(5, 2), ())
    assert figures.is_agreed


def test_every_threshold_holds_at_its_edge_and_not_beyond():
    mean_just_enough = decision_figures("d", {"a": [4, 3] * 5, "b": [1] * 10})
    assert mean_just_enough.is_agreed
    mean_too_low = decision_figures("d", {"a": [4, 3] * 4 + [3, 3], "b": [1] * 10})
    assert [fault.split(":")[0] for fault in mean_too_low.faults] == ["no option reaches a mean of 3.5"]
    lead_just_enough = decision_figures("d", {"a": [4] * 10, "b": [4, 3] * 5})
    assert lead_just_enough.lead == Fraction(1, 2)
    assert lead_just_enough.is_agreed
    lead_too_small = decision_figures("d", {"a": [4] * 10, "b": [4] * 6 + [3] * 4})
    assert lead_too_small.faults == ("the best option leads the second by 0.40; 0.5 is needed",)


def test_a_split_panel_is_told_apart_at_a_standard_deviation_of_three_quarters():
    """Nine 4 and one 2: mean 3.8, variance (9 x 0.04 + 3.24) / 9 = 0.4. Ten 4 and two 1: 3.5; 15 / 11 = 1.3636."""
    assert decision_figures("d", {"a": [4] * 9 + [2], "b": [1] * 10}).is_agreed
    split = decision_figures("d", {"a": [4] * 10 + [1] * 2, "b": [1] * 12})
    assert split.faults == (
        "the panel is split on the best option: its standard deviation is 1.17, at most 0.75 is agreement",
    )
    assert split.options[0].is_split
    # 4 x 3 and 1 x 3 ... a variance of exactly 9/16 is still agreement: 4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,1
    edge = option_figures("a", [4] * 15 + [1])
    assert edge.variance == Fraction(9, 16)
    assert not edge.is_split


def test_a_tie_at_the_top_leads_by_nothing_and_no_rating_decides_nothing():
    tie = decision_figures("d", {"a": [4] * 10, "b": [4] * 10})
    assert tie.lead == 0
    assert not tie.is_agreed
    nothing = decision_figures("d", {"a": [], "b": []})
    assert (nothing.best, nothing.lead, nothing.is_agreed) == (None, None, False)
    alone = decision_figures("d", {"a": [4] * 10})
    assert (alone.lead, alone.is_agreed) == (None, True)


def test_how_agreement_moved_is_counted_over_what_was_rated_twice():
    """Spreads before: sqrt(2) and 0, after: 0 and 0; one of four ratings changed, in two panellists."""
    moved = change({"d": {"a": [4, 2], "b": [1, 1]}}, {"d": {"a": [4, 4], "b": [1, 1]}})
    assert (moved.ratings, moved.changed, moved.after) == (4, 1, 0.0)
    assert moved.before == pytest.approx(math.sqrt(2) / 2)
    assert change({}, {}) == Change(0, 0, None, None)


def test_a_panel_needs_ten_people_and_a_survivor_adviser():
    assert too_few(10, 1) == ()
    assert too_few(9, 1) == ("n too small: 9 of at least 10 panellists finished the round",)
    assert too_few(12, 0) == ("no survivor adviser finished the round; a key needs at least one",)
