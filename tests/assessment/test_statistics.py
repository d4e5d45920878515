"""The whole of a version: scores, outcomes, confidence, times, groups."""

from dataclasses import replace

import numpy as np
import pytest

from pme.assessment.statistics import analyse, confidence, deviation, distribution
from pme.assessment.statistics_data import Grouping, Matrix
from pme.assessment.statistics_figures import Estimate, TooFew, value_of
from tests.support.matrices import known, matrix, rows, sat


@pytest.fixture
def answered() -> Matrix:
    """Two hundred students, ten items for two outcomes."""
    random = np.random.default_rng(11)
    return sat(random, known(random, 200), items=10)


def test_an_analysis_tells_of_scores_as_they_are_stored(answered: Matrix):
    stored = replace(answered, percents=np.full(200, 55.0), passed=np.arange(200) < 30)
    found = analyse(stored, {})
    assert (found.n, found.cut, value_of(found.mean), value_of(found.passed)) == (200, 60, 55, 0.15)
    assert isinstance(analyse(answered, {}).deviation, Estimate)


def test_the_deviation_of_scores_is_that_of_a_sample_with_an_interval_around_it(answered: Matrix):
    found = deviation(answered.percents)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(np.std(answered.percents, ddof=1))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert deviation(answered.percents[:9]) == TooFew(9, 10)


def test_scores_fall_into_ten_bins_and_a_full_score_into_the_last():
    bins = distribution(np.array([0, 9.99, 10, 59.9999999999, 60, 99, 100, 100]))
    assert [each.count for each in bins] == [2, 1, 0, 0, 0, 0, 2, 0, 0, 3]
    assert (bins[0].low, bins[0].high, bins[-1].high) == (0, 10, 100)


def test_mastery_of_an_outcome_is_the_share_that_reached_its_line():
    answered = matrix(rows(*["111", "101", "001", "000"] * 5), strata="AAB")
    first, second = analyse(answered, {"A": 75, "B": 50}).outcomes
    assert (first.outcome, first.items, value_of(first.mean), value_of(first.mastered)) == (
        "A",
        2,
        37.5,
        0.25,
    )
    assert (second.items, value_of(second.mastered)) == (1, 0.75)


def test_an_outcome_never_falls_below_nothing_where_certainty_is_marked():
    answered = matrix(rows(*["11", "00"] * 10))
    certain = replace(answered, marks=3 * answered.credits - 2)
    (outcome,) = analyse(certain, {"A": 75}).outcomes
    assert value_of(outcome.mean) == 50


def test_an_outcome_that_was_not_dealt_to_a_student_is_not_held_against_them():
    nan = float("nan")
    answered = matrix([[1, 1], [1, nan]] * 10, strata="AB")
    (outcome,) = analyse(answered, {"B": 60}).outcomes
    assert isinstance(outcome.mastered, Estimate)
    assert (outcome.mastered.value, outcome.mastered.n) == (1.0, 10)


def test_confidence_tells_for_each_level_how_many_answers_were_right():
    answered = matrix(rows(*["10", "01", "11", "00"] * 10))
    told = np.array([[3, 1], [3, 1], [3, 2], [0, 0]] * 10, dtype=np.int8)
    levels = confidence(replace(answered, confidence=told))
    assert [(each.level, each.answers, value_of(each.right)) for each in levels] == [
        (1, 20, 0.5),
        (2, 10, 1.0),
        (3, 30, pytest.approx(2 / 3)),
    ]
    sure = levels[2].right
    assert isinstance(sure, Estimate)
    assert sure.n == 30
    assert sure.low is not None
    assert sure.low < sure.value
    assert confidence(answered) == ()


def test_the_interval_of_confidence_is_wide_when_the_answers_of_a_student_hang_together():
    """With each student's answers all alike, twice as many questions tell no more (design effect of clusters)."""
    one = matrix([[float(number % 3 == 0)] for number in range(120)])
    two = matrix([[float(number % 3 == 0)] * 2 for number in range(120)])
    (_, _, single), (_, _, double) = (
        confidence(replace(each, confidence=np.full(each.credits.shape, 3, dtype=np.int8)))
        for each in (one, two)
    )
    assert double.answers == 2 * single.answers
    assert double.right == single.right


def test_a_level_that_few_students_chose_is_not_told():
    answered = matrix(rows(*["10", "01"] * 10))
    told = np.full((20, 2), 1, dtype=np.int8)
    told[0] = 3
    assert confidence(replace(answered, confidence=told))[2].right == TooFew(1, 10)


def test_the_time_of_a_whole_quiz_counts_students_all_of_whose_answers_were_timed():
    answered = matrix([[1.0, 0.0]] * 12)
    seconds = np.full((12, 2), 20.0)
    seconds[0, 1] = np.nan
    assert value_of(analyse(replace(answered, seconds=seconds), {}).times.median) == 40
    unanswered = answered.chosen.copy()
    unanswered[0, 1] = -1
    found = analyse(replace(answered, seconds=seconds, chosen=unanswered), {}).times.median
    assert isinstance(found, Estimate)
    assert found.n == 12


def test_groups_are_compared_when_two_are_large_enough(answered: Matrix):
    grouping = Grouping(("autumn", "spring", "summer"), (np.arange(200) // 80).astype(np.int32))
    found = analyse(replace(answered, groupings={"cohort": grouping}), {}).groupings["cohort"]
    assert found.is_comparable
    assert [(group.label, group.n) for group in found.large] == [
        ("autumn", 80),
        ("spring", 80),
        ("summer", 40),
    ]
    assert value_of(found.groups[0].mean) == pytest.approx(answered.percents[:80].mean())
    assert value_of(found.groups[0].facilities[0]) == pytest.approx(answered.credits[:80, 0].mean())


def test_a_group_that_is_too_small_shows_no_figure_and_alone_nothing_is_compared(answered: Matrix):
    grouping = Grouping(("autumn", "spring"), np.where(np.arange(200) < 171, 0, 1).astype(np.int32))
    found = analyse(replace(answered, groupings={"cohort": grouping}), {}).groupings["cohort"]
    assert not found.is_comparable
    assert found.groups[1].mean == found.groups[1].passed == TooFew(29, 30)
    assert set(found.groups[1].facilities) == {TooFew(29, 30)}


def test_a_student_in_no_group_is_in_none(answered: Matrix):
    grouping = Grouping(("autumn",), np.where(np.arange(200) < 50, 0, -1).astype(np.int32))
    found = analyse(replace(answered, groupings={"cohort": grouping}), {}).groupings["cohort"]
    assert [group.n for group in found.groups] == [50]


def test_a_question_is_found_by_its_name(answered: Matrix):
    found = analyse(answered, {})
    assert found.item("q3") is found.items[2]
    assert found.item("nowhere") is None


def test_nobody_is_too_few_for_everything():
    nobody = matrix(np.empty((0, 2)))
    found = analyse(nobody, {"A": 60})
    assert found.n == 0
    figures = (found.mean, found.deviation, found.passed, found.times.median, found.outcomes[0].mastered)
    assert all(isinstance(figure, TooFew) for figure in figures)
    assert isinstance(found.reliability.alpha, TooFew)
    assert found.confidence == ()
