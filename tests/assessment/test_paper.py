"""The paper: what is asked shows positions only, and what comes back is read strictly."""

import dataclasses
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.assessment.draw import Draw, deal_quiz
from pme.assessment.paper import first_open, item_at, question, read_answer, summary
from pme.errors import Invalid
from tests.support.library import quiz

QUIZ = quiz()
calm = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SINGLE, TRUTH, MANY, MATCH, ORDER = QUIZ.items
DRAW = deal_quiz(QUIZ.model_copy(update={"shuffle_items": False, "shuffle_options": False}), Random(1))
MATCH_AT = {right: str(at) for at, right in enumerate(DRAW.options[MATCH.id], start=1)}
ORDER_AT = {step: str(at) for at, step in enumerate(DRAW.options[ORDER.id], start=1)}
REFUSED = "does not belong to this question"


@calm
@given(st.integers(0, 500), st.integers(1, 5))
def test_nothing_that_is_asked_names_what_an_author_named(seed: int, number: int):
    shown = question(QUIZ, deal_quiz(QUIZ, Random(seed)), number, ())
    assert "CANARY" not in repr(dataclasses.asdict(shown))
    assert [part.position for part in shown.parts] or shown.kind == "matching"


def test_a_question_says_its_kind_its_number_and_what_was_chosen():
    shown = question(QUIZ, DRAW, 1, ("CANARY-bravo-wrong",))
    assert (shown.number, shown.of, shown.kind, shown.stem_html) == (1, 5, "single", "Which one?")
    assert [(p.position, p.text_html, p.is_chosen) for p in shown.parts] == [
        ("1", "Answer alpha", False),
        ("2", "Answer bravo", True),
        ("3", "Answer charlie", False),
    ]
    assert question(QUIZ, DRAW, 2, ()).kind == "single"
    assert question(QUIZ, DRAW, 3, ()).kind == "multiple"


def test_a_matching_question_keeps_the_match_of_each_row():
    shown = question(QUIZ, DRAW, 4, ("CANARY-sun=CANARY-noon",))
    assert [(row.field, row.text_html, row.chosen) for row in shown.rows] == [
        ("row-1", "sun", MATCH_AT["CANARY-noon"]),
        ("row-2", "moon", ""),
    ]
    assert sorted(part.text_html for part in shown.parts) == ["day", "night", "noon"]


def test_a_match_that_this_attempt_was_not_dealt_is_shown_as_open():
    assert question(QUIZ, DRAW, 4, ("CANARY-sun=CANARY-gone",)).rows[0].chosen == ""


def test_an_ordering_question_shows_the_steps_as_dealt_then_as_answered():
    dealt = question(QUIZ, DRAW, 5, ())
    assert [part.position for part in dealt.parts] == ["1", "2", "3"]
    answered = question(QUIZ, DRAW, 5, ("CANARY-1", "CANARY-2", "CANARY-3"))
    assert [part.text_html for part in answered.parts] == ["Step golf", "Step hotel", "Step india"]
    assert [part.position for part in answered.parts] == [ORDER_AT[f"CANARY-{n}"] for n in (1, 2, 3)]


@pytest.mark.parametrize("number", [-1, 0, 6])
def test_there_is_no_question_outside_the_attempt(number: int):
    assert item_at(QUIZ, DRAW, number) is None
    with pytest.raises(Invalid, match="no such question"):
        question(QUIZ, DRAW, number, ())


def test_positions_come_back_as_what_they_stood_for():
    assert read_answer(SINGLE, DRAW, {"answer": ["2"]}) == ("CANARY-bravo-wrong",)
    with pytest.raises(Invalid, match="takes one answer"):
        read_answer(SINGLE, DRAW, {"answer": ["2", "1"]})
    assert read_answer(MANY, DRAW, {"answer": ["1", "2"]}) == ("CANARY-delta-right", "CANARY-echo-right")
    rows = {"row-1": [MATCH_AT["CANARY-day"]], "row-2": [""]}
    assert read_answer(MATCH, DRAW, rows) == ("CANARY-sun=CANARY-day",)
    assert read_answer(ORDER, DRAW, {"order": [ORDER_AT["CANARY-2"]]}) == ("CANARY-2",)


@pytest.mark.parametrize("item", QUIZ.items, ids=lambda item: item.type)
def test_an_empty_form_is_no_answer(item):
    assert read_answer(item, DRAW, {}) == ()


@pytest.mark.parametrize("position", ["0", "9", "-1", "x", "1.0", "٣", "²", " 1", "", "9" * 5000])
def test_a_position_that_was_not_dealt_is_refused(position: str):
    for item in (SINGLE, MANY):
        with pytest.raises(Invalid, match=REFUSED):
            read_answer(item, DRAW, {"answer": [position]})
    with pytest.raises(Invalid, match=REFUSED):
        read_answer(ORDER, DRAW, {"order": [position, "1", "2"]})
    if position:  # a row without a match is left open
        with pytest.raises(Invalid, match=REFUSED):
            read_answer(MATCH, DRAW, {"row-1": [position]})


@pytest.mark.parametrize(
    ("move", "after"),
    [
        ("up:2", "213"),
        ("down:2", "132"),
        ("up:1", "123"),
        ("down:3", "123"),
        ("sideways:2", "123"),
        ("", "123"),
    ],
)
def test_a_step_moves_by_one_and_never_over_the_edge(move: str, after: str):
    form = {"order": ["1", "2", "3"], "move": [move]}
    dealt = DRAW.options[ORDER.id]
    assert read_answer(ORDER, DRAW, form) == tuple(dealt[int(position) - 1] for position in after)


@pytest.mark.parametrize("move", ["up:9", "down:", "up:3"])
def test_a_move_of_a_step_that_is_not_there_is_refused(move: str):
    with pytest.raises(Invalid, match=REFUSED):
        read_answer(ORDER, DRAW, {"order": ["1", "1", "2"], "move": [move]})


def test_the_check_tells_what_is_answered_and_what_is_only_begun():
    answers = {SINGLE.id: ("CANARY-alpha-right",), MATCH.id: ("CANARY-sun=CANARY-day",)}
    lines = summary(QUIZ, DRAW, answers)
    assert [(line.number, line.is_complete, line.is_begun) for line in lines] == [
        (1, True, True),
        (2, False, False),
        (3, False, False),
        (4, False, True),
        (5, False, False),
    ]
    assert first_open(QUIZ, DRAW, answers) == 2


def test_when_all_is_answered_no_question_is_open():
    answers = {item: tuple(parts)[:2] for item, parts in DRAW.options.items()}
    assert first_open(QUIZ, DRAW, answers) is None


def test_an_item_that_the_quiz_no_longer_has_is_passed_over():
    draw = Draw((*DRAW.items, "gone"), DRAW.options)
    assert len(summary(QUIZ, draw, {})) == 5
