"""Certainty-based marking against Gardner-Medwin's table, worked by hand, and his reason for it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pme.assessment.certainty import SURE, certain_credit, points
from pme.assessment.grading import mark
from tests.assessment.test_grading import asked_of
from tests.support.every_type import NUMBER, WORD, judgement
from tests.support.every_type import SURE as ITEM

HALF = Fraction(1, 2)
QUIZ = judgement(items=(ITEM, NUMBER, WORD))
ASKED = asked_of(QUIZ)
OSCAR, PAPA = ("CANARY-oscar-right",), ("CANARY-papa-wrong",)


@pytest.mark.parametrize(
    ("sure", "right", "wrong"),
    [(1, Fraction(1, 3), 0), (2, Fraction(2, 3), Fraction(-2, 3)), (3, 1, -2), (None, Fraction(1, 3), 0)],
)
def test_right_earns_one_two_or_three_of_three_and_wrong_loses_none_two_or_six(
    sure: int | None, right: Fraction, wrong: Fraction
):
    assert certain_credit(Fraction(1), sure) == right
    assert certain_credit(Fraction(0), sure) == wrong


@pytest.mark.parametrize(("sure", "earned"), [(1, Fraction(1, 6)), (2, 0), (3, Fraction(-1, 2))])
def test_half_right_lies_half_way_between_right_and_wrong(sure: int, earned: Fraction):
    assert certain_credit(HALF, sure) == earned


@given(st.fractions(0, 1))
def test_to_say_what_one_thinks_earns_most(chance: Fraction):
    """Below two in three it pays to say 1, up to four in five 2, above 3: the expected mark is a line."""
    best = max(SURE, key=lambda sure: certain_credit(chance, sure))
    honest = 1 if chance <= Fraction(2, 3) else 2 if chance <= Fraction(4, 5) else 3
    assert certain_credit(chance, best) == certain_credit(chance, honest)


@pytest.mark.parametrize(
    ("certain", "said"),
    [(1, "3"), (-2, "−6"), (2 / 3, "2"), (-2 / 3, "−2"), (0, "0"), (-0.5, "−1.5"), (1 / 6, "0.5")],
)
def test_points_are_told_of_three(certain: float, said: str):
    assert points(certain) == said


def test_a_quiz_counts_what_certainty_makes_of_right_and_wrong():
    """By hand: 3/3, wrong at 2 is -2/3, and the word, only asked, 1: (1 - 2/3 + 1) / 3 = 4/9."""
    answers = {ITEM.id: OSCAR, NUMBER.id: ("5",), WORD.id: ("consent",)}
    marks = mark(QUIZ, ASKED, answers, confidence={ITEM.id: 3, NUMBER.id: 2, WORD.id: 1})
    assert marks.percent == pytest.approx(400 / 9)
    assert [(m.credit, m.certain) for m in marks.items] == [(1, 1), (0, pytest.approx(-2 / 3)), (1, None)]
    assert marks.as_result()["certain"] == {ITEM.id: 1, NUMBER.id: pytest.approx(-2 / 3)}
    assert [(m.outcome, m.percent) for m in marks.outcomes] == [("LO1", pytest.approx(100 / 6)), ("LO2", 100)]


def test_a_quiz_is_never_under_nothing():
    marks = mark(QUIZ, ASKED, {ITEM.id: PAPA, NUMBER.id: ("5",)}, confidence={ITEM.id: 3, NUMBER.id: 3})
    assert marks.percent == 0
    assert {m.percent for m in marks.outcomes} == {0}


def test_no_answer_loses_nothing_and_an_answer_without_a_word_counts_as_not_sure():
    assert mark(QUIZ, ASKED, {}, confidence={ITEM.id: 3}).as_result()["certain"] == {}
    marks = mark(QUIZ, ASKED, {ITEM.id: OSCAR})
    assert marks.as_result()["certain"] == {ITEM.id: pytest.approx(1 / 3)}


def test_a_critical_item_that_is_right_and_unsure_is_not_missed():
    rule = QUIZ.pass_rule.model_copy(update={"critical": (ITEM.id,)})
    critical = QUIZ.model_copy(update={"pass_rule": rule})
    assert mark(critical, ASKED, {ITEM.id: OSCAR}, confidence={ITEM.id: 1}).missed_critical == ()
    assert mark(critical, ASKED, {ITEM.id: PAPA}, confidence={ITEM.id: 1}).missed_critical == (ITEM.id,)
