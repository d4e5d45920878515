"""Questions one by one: facility, discrimination beside pingouin, options, flags with and without certainty."""

from dataclasses import replace

import numpy as np
import pytest

from pme.assessment.statistics_data import Item, Matrix, Part
from pme.assessment.statistics_figures import Estimate, TooFew, Undefined, value_of
from pme.assessment.statistics_items import (
    ALONE,
    SAME_CREDIT,
    SAME_REST,
    Flag,
    ItemFigures,
    Remark,
    item_figures,
    rest_deviations,
    rest_scores,
    times,
)
from tests.assessment.test_statistics_reliability import SIXTY
from tests.support.matrices import known, matrix, rows, sat, with_choices

OF_PINGOUIN = (
    (0.39307948005184656, 0.15, 0.59),
    (0.38992880180847306, 0.15, 0.59),
    (0.3671638360123811, 0.12, 0.57),
    (0.5165164222305962, 0.30, 0.68),
    (0.45905356592282454, 0.23, 0.64),
    (0.28489520722847833, 0.03, 0.50),
    (0.35499932814316615, 0.11, 0.56),
    (0.6396251179192644, 0.46, 0.77),
)


@pytest.fixture
def sixty() -> Matrix:
    """Sixty students, eight items."""
    return matrix(rows(*SIXTY.split()))


def first(answered: Matrix) -> ItemFigures:
    return item_figures(answered)[0]


def flags(figures: ItemFigures) -> list[tuple[Flag, bool]]:
    return [(remark.flag, remark.is_certain) for remark in figures.remarks]


def test_corrected_item_total_correlations_are_those_of_pingouin_0_7_with_their_intervals(sixty: Matrix):
    for figures, (r, low, high) in zip(item_figures(sixty), OF_PINGOUIN, strict=True):
        found = figures.discrimination
        assert isinstance(found, Estimate)
        assert found.value == pytest.approx(r)
        assert (round(found.low or 0, 2), round(found.high or 0, 2)) == (low, high)


def test_facility_is_the_share_that_is_right_and_the_mean_credit_where_credit_is_in_parts(sixty: Matrix):
    assert value_of(first(sixty).facility) == pytest.approx(sixty.credits[:, 0].mean())
    parts = matrix([[0.5, 1.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.0]] * 5)
    assert value_of(first(parts).facility) == 0.5


def test_an_easy_draw_is_not_taken_for_knowledge():
    """Where questions are drawn, what counts is how a student did beyond what each question let everyone do."""
    nan = float("nan")
    answered = matrix([[1, 1, nan], [0, 1, nan], [1, nan, 0], [0, nan, 0]] * 10)
    assert isinstance(first(answered).discrimination, Undefined)
    assert np.nanmax(np.abs(rest_deviations(answered)[:, 0])) == 0
    assert set(rest_scores(answered)[:, 0]) == {0.0, 1.0}


def test_discrimination_does_not_change_when_questions_are_drawn_at_random():
    random = np.random.default_rng(5)
    knowledge = known(random, 8_000)
    drawn = item_figures(sat(random, knowledge, items=20, bank=40))
    whole = item_figures(sat(random, knowledge, items=20, bank=20))
    middle = [float(np.mean([value_of(each.discrimination) or 0 for each in one])) for one in (drawn, whole)]
    assert middle[0] == pytest.approx(middle[1], abs=0.02)
    assert {each.n for each in drawn} != {8_000}


def test_a_question_that_everyone_gets_right_cannot_tell_students_apart(sixty: Matrix):
    easy = replace(sixty, credits=np.column_stack([np.ones(60), sixty.credits[:, 1:]]))
    assert first(easy).discrimination == Undefined(SAME_CREDIT, 60)
    assert flags(first(easy)) == [(Flag.EASY, False)]


def test_a_single_question_has_nothing_to_be_compared_with():
    assert first(matrix(rows(*"10" * 30))).discrimination == Undefined(ALONE, 60)
    assert first(matrix(rows(*"10" * 10))).discrimination == TooFew(0, 30)
    assert first(matrix(rows(*["11", "01"] * 30))).discrimination == Undefined(SAME_REST, 60)


@pytest.mark.parametrize(
    ("right", "of", "expected"),
    [
        (20, 200, [(Flag.HARD, True)]),
        (5, 20, [(Flag.HARD, False)]),
        (60, 200, []),
        (190, 200, []),
        (97, 100, [(Flag.EASY, False)]),
        (499, 500, [(Flag.EASY, True)]),
        (1, 9, []),
    ],
)
def test_facility_is_flagged_outside_its_lines_and_certain_when_the_whole_interval_is(
    right: int, of: int, expected: list[tuple[Flag, bool]]
):
    other = [float(number % 2) for number in range(of)]
    answered = matrix([[1.0 if number < right else 0.0, other[number]] for number in range(of)])
    facility = [flag for flag in flags(first(answered)) if flag[0] in (Flag.HARD, Flag.EASY)]
    assert facility == expected


def test_weak_discrimination_is_flagged_and_a_negative_one_says_that_the_key_may_be_wrong():
    weak = matrix(rows(*["11", "10", "01", "00"] * 100))
    assert flags(first(weak)) == [(Flag.WEAK, True)]
    few = matrix(rows(*["11", "10", "01", "00"] * 10))
    assert flags(first(few)) == [(Flag.WEAK, False)]
    backwards = matrix(rows(*["10", "10", "01", "11"] * 20))
    assert flags(first(backwards)) == [(Flag.BACKWARDS, True)]


def test_options_tell_who_chose_them_and_how_those_did_elsewhere():
    answered = matrix([[1.0, 1.0]] * 30 + [[0.0, 0.0]] * 15 + [[0.0, 1.0]] * 5)
    figures = first(with_choices(answered, 0, "a" * 30 + "b" * 15 + "c" * 4 + "-"))
    assert [part.count for part in figures.parts] == [30, 15, 4, 0]
    assert figures.unanswered == 1
    assert [value_of(part.share) for part in figures.parts] == [0.6, 0.3, 0.08, 0.0]
    assert [value_of(part.score) for part in figures.parts[:2]] == [100, 0]
    assert figures.parts[2].score == TooFew(4, 10)


def test_a_wrong_option_under_five_percent_is_idle_and_certainly_so_in_a_large_group():
    answered = matrix([[1.0, 1.0], [0.0, 0.0]] * 50)
    figures = first(with_choices(answered, 0, "ab" * 48 + "ac" + "ac"))
    assert [part.is_idle for part in figures.parts] == [False, False, True, True]
    assert [r for r in figures.remarks if r.flag is Flag.IDLE] == [
        Remark(Flag.IDLE, "c", is_certain=False),
        Remark(Flag.IDLE, "d", is_certain=True),
    ]


def test_under_twenty_students_no_option_is_called_idle():
    figures = first(with_choices(matrix([[1.0, 1.0]] * 19), 0, "a" * 19))
    assert {part.share for part in figures.parts} == {TooFew(19, 20)}
    assert not any(part.is_idle for part in figures.parts)


def test_the_only_wrong_option_of_a_true_false_question_is_left_to_its_facility():
    answered = with_choices(matrix([[1.0, 1.0]] * 40), 0, "a" * 40)
    two = replace(answered.items[0], parts=(Part("a", is_key=True), Part("b", is_key=False)))
    figures = first(replace(answered, items=(two, answered.items[1])))
    assert not any(part.is_idle for part in figures.parts)


def test_the_wrong_parts_of_what_is_not_chosen_among_options_are_never_idle():
    answered = with_choices(matrix([[1.0, 1.0]] * 40), 0, "a" * 40)
    rated = replace(answered.items[0], has_distractors=False)
    assert not any(part.is_idle for part in first(replace(answered, items=(rated, answered.items[1]))).parts)


def test_the_commonest_typed_answers_are_shown_and_none_that_only_one_or_two_gave():
    answered = with_choices(matrix([[1.0]] * 6 + [[0.0]] * 6), 0, "aaaaaabbbcc-")
    typed = replace(answered.items[0], parts=(), is_typed=True)
    texts = first(replace(answered, items=(typed,))).texts
    assert [(each.text, each.count, each.is_right) for each in texts] == [("a", 6, True), ("b", 3, False)]
    assert first(answered).texts == ()


def test_times_have_a_median_with_its_interval_and_quartiles():
    seconds = np.array([np.nan, *range(10, 51)], dtype=float)
    found = times(seconds)
    assert value_of(found.median) == 30
    assert found.quartiles == (20, 40)
    assert times(seconds[:8]).quartiles is None
    assert times(seconds[:8]).median == TooFew(7, 10)


def test_sure_and_wrong_counts_whoever_was_sure_and_not_wholly_right():
    answered = matrix([[1.0], [0.0], [0.5], [0.0]] * 5)
    told = np.array([[3], [3], [3], [1]] * 5, dtype=np.int8)
    told[-1] = 0
    sureness = first(replace(answered, confidence=told)).sureness
    assert (sureness.told, sureness.sure, sureness.sure_and_wrong) == (19, 15, 10)
    assert value_of(sureness.share) == pytest.approx(10 / 19)
    assert first(answered).sureness.share == TooFew(0, 10)


def test_a_question_that_was_dealt_to_nobody_has_no_figure_and_no_flag():
    answered = matrix([[1.0, float("nan")], [0.0, float("nan")]] * 30)
    figures = item_figures(answered)[1]
    assert (figures.n, figures.facility, figures.remarks) == (0, TooFew(0, 10), ())
    assert figures.item == Item("q2", "A")
