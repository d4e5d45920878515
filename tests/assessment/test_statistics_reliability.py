"""Alpha beside pingouin, stratified alpha beside its textbook formula, both beside a second sitting."""

from dataclasses import replace

import numpy as np
import pytest

from pme.assessment.statistics_data import Item, Matrix, left_out
from pme.assessment.statistics_figures import Estimate, TooFew, Undefined, value_of
from pme.assessment.statistics_reliability import (
    ONE_ITEM,
    SAME_SCORE,
    coefficient,
    deviations,
    moments,
    reliability,
    strata_of,
)
from tests.support.matrices import known, matrix, rows, sat

SIXTY = (
    "11111111 11100000 10000010 11001011 01000010 11100011 11101001 00000000 11111011 11011111 10001000 01100000 "
    "10111101 11111000 01111100 10000000 11110001 11110000 10010111 01000000 11111111 11010010 10000100 11111101 "
    "10110100 11000000 10100100 00000000 01111001 10110000 10000100 11111011 11000010 11111100 00000000 01000100 "
    "00100000 11111111 11101111 10100000 11111011 10011001 00111000 11000100 00001000 00000000 11111000 11111111 "
    "01101010 00010010 11111111 11001100 11110001 10110100 10101000 11100000 01001000 11011110 11101000 11100101"
)
"""Sixty students, eight items: drawn once, then given to pingouin 0.7.0, whose answers stand below."""
ALPHA, ALPHA_OF_FIVE, ALPHA_OF_THREE = 0.7318084753733126, 0.6383658763365876, 0.5234685759745425


@pytest.fixture
def sixty() -> Matrix:
    """The sixty, with five items for one outcome and three for another."""
    return matrix(rows(*SIXTY.split()), strata="AAAAABBB")


def alpha_of(answered: Matrix) -> float | None:
    return coefficient(moments(deviations(answered).sums()), [range(len(answered.items))])


def test_alpha_is_that_of_pingouin_0_7_with_its_interval(sixty: Matrix):
    found = reliability(sixty).alpha
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(ALPHA)
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (0.616, 0.823)


def test_stratified_alpha_is_the_textbook_formula_over_the_alphas_of_pingouin_0_7(sixty: Matrix):
    """1 - sum of (variance of a stratum x (1 - its alpha)) / variance of the whole (Cronbach et al. 1965)."""
    first, second = sixty.credits[:, :5].sum(axis=1), sixty.credits[:, 5:].sum(axis=1)
    errors = first.var(ddof=1) * (1 - ALPHA_OF_FIVE) + second.var(ddof=1) * (1 - ALPHA_OF_THREE)
    expected = 1 - errors / (first + second).var(ddof=1)
    found = reliability(sixty)
    assert value_of(found.stratified) == pytest.approx(expected)
    assert found.strata == 2


def test_the_standard_error_of_measurement_is_sd_times_the_root_of_one_less_the_reliability(sixty: Matrix):
    """Harvill 1991, equation 3, with scores in percent."""
    found = reliability(sixty)
    stratified = value_of(found.stratified)
    assert stratified is not None
    assert value_of(found.sem) == pytest.approx(sixty.percents.std(ddof=1) * np.sqrt(1 - stratified))


def test_one_stratum_makes_stratified_alpha_plain_alpha(sixty: Matrix):
    same = replace(sixty, items=tuple(replace(item, stratum="A") for item in sixty.items))
    assert value_of(reliability(same).stratified) == pytest.approx(ALPHA)


@pytest.mark.parametrize(("items", "bank"), [(20, None), (10, 40)])
def test_stratified_alpha_foretells_the_correlation_of_two_sittings(items: int, bank: int | None):
    random = np.random.default_rng(20)
    knowledge = known(random, 6_000)
    first = sat(random, knowledge, items=items, bank=bank)
    second = sat(random, knowledge, items=items, bank=bank)
    again = np.corrcoef(first.percents, second.percents)[0, 1]
    found = reliability(first)
    assert value_of(found.stratified) == pytest.approx(again, abs=0.02)
    assert value_of(found.sem) == pytest.approx(
        (first.percents - second.percents).std() / np.sqrt(2), abs=0.3
    )


def test_a_draw_of_unequal_luck_is_less_reliable_than_the_same_questions_for_all():
    random = np.random.default_rng(20)
    knowledge = known(random, 3_000)
    drawn = value_of(reliability(sat(random, knowledge, items=10, bank=40)).stratified)
    same = value_of(reliability(sat(random, knowledge, items=10)).stratified)
    assert drawn is not None
    assert same is not None
    assert drawn < same


def test_intervals_hold_what_a_large_group_shows_about_as_often_as_they_say():
    random = np.random.default_rng(8)
    truth = reliability(sat(random, known(random, 30_000), items=10))
    held = {"stratified": 0, "sem": 0}
    for _ in range(60):
        found = reliability(sat(random, known(random, 80), items=10))
        for name in held:
            figure, value = getattr(found, name), value_of(getattr(truth, name))
            assert isinstance(figure, Estimate)
            assert figure.low is not None
            assert figure.high is not None
            assert value is not None
            held[name] += figure.low <= value <= figure.high
    assert all(53 <= often <= 60 for often in held.values()), held


def test_a_drawn_quiz_has_the_jackknifes_interval_for_alpha_too():
    random = np.random.default_rng(3)
    found = reliability(sat(random, known(random, 300), items=10, bank=20)).alpha
    assert isinstance(found, Estimate)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_sums_of_a_part_taken_from_the_whole_are_the_sums_of_the_rest(sixty: Matrix):
    rest = next(left_out(60))
    apart = deviations(sixty)
    taken = moments(apart.sums() - apart.sums(~rest))
    alone = moments(deviations(sixty.of(rest)).sums())
    assert taken.covariance == pytest.approx(alone.covariance)
    assert taken.means == pytest.approx(alone.means)
    assert taken.score_variance == pytest.approx(alone.score_variance)


def test_fewer_than_fifty_students_are_too_few(sixty: Matrix):
    found = reliability(sixty.of(np.arange(60) < 49))
    assert {found.alpha, found.stratified, found.sem} == {TooFew(49, 50)}


def test_scores_that_are_all_the_same_have_no_reliability():
    found = reliability(matrix([[1.0, 0.0]] * 60))
    assert {found.alpha, found.stratified, found.sem} == {Undefined(SAME_SCORE, 60)}


def test_a_single_question_has_no_reliability():
    found = reliability(matrix(rows(*["1", "0"] * 30)))
    assert found.alpha == Undefined(ONE_ITEM, 60)
    assert found.strata == 1


def test_questions_that_nobody_met_together_have_no_reliability():
    nan = float("nan")
    found = reliability(matrix([[1.0, nan], [nan, 0.0]] * 30))
    assert found.stratified == Undefined(ONE_ITEM, 60)


def test_outcomes_with_one_question_are_put_together():
    answered = matrix(rows("11111", "00000"), strata="AABCD")
    assert strata_of(answered) == ((0, 1), (2, 3, 4))


def test_a_last_single_question_joins_the_smallest_outcome():
    assert strata_of(matrix(rows("111111", "000000"), strata="ABBACC")) == ((0, 3), (1, 2), (4, 5))
    assert strata_of(matrix(rows("11111", "00000"), strata="AAABB")) == ((0, 1, 2), (3, 4))
    assert strata_of(matrix(rows("111111", "000000"), strata="AAABBC")) == ((0, 1, 2), (3, 4, 5))


def test_what_is_drawn_from_different_pools_is_not_mixed():
    answered = matrix(rows("111111", "000000"))
    pools = ("", "", "1", "1", "2", "2")
    items = tuple(replace(item, pool=pool) for item, pool in zip(answered.items, pools, strict=True))
    assert strata_of(replace(answered, items=items)) == ((0, 1), (2, 3), (4, 5))


def test_a_question_that_was_dealt_to_nobody_counts_nowhere(sixty: Matrix):
    wider = replace(
        sixty,
        items=(*sixty.items, Item("q9", "A")),
        credits=np.column_stack([sixty.credits, np.full(60, np.nan)]),
        marks=np.column_stack([sixty.credits, np.full(60, np.nan)]),
    )
    assert value_of(reliability(wider).stratified) == pytest.approx(value_of(reliability(sixty).stratified))
