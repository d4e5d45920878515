"""What is told after marking: before a pass, only of what was chosen; after it, everything."""

from random import Random

import pytest

from pme.assessment.draw import Draw, deal_quiz
from pme.assessment.feedback import ItemReview, review
from tests.support.library import quiz

QUIZ = quiz()
SINGLE, TRUTH, MANY, MATCH, ORDER = (item.id for item in QUIZ.items)
DRAW = deal_quiz(QUIZ.model_copy(update={"shuffle_items": False, "shuffle_options": False}), Random(3))
STEPS = ("CANARY-1", "CANARY-2", "CANARY-3")
RIGHT = {
    SINGLE: ("CANARY-alpha-right",),
    TRUTH: ("false",),
    MANY: ("CANARY-delta-right", "CANARY-echo-right"),
    MATCH: ("CANARY-sun=CANARY-day", "CANARY-moon=CANARY-night"),
    ORDER: STEPS,
}


def after(answers: dict[str, tuple[str, ...]], *, reveal: bool = False) -> dict[str, ItemReview]:
    """The review of each item by its id."""
    return dict(zip(DRAW.items, review(QUIZ, DRAW, answers, reveal=reveal), strict=True))


def told(item: ItemReview) -> list[str]:
    return [part.feedback_html for part in item.parts if part.feedback_html]


def test_without_an_answer_nothing_is_told():
    for item in after({}).values():
        assert item.verdict == "not answered"
        assert not item.is_answered
        assert told(item) == []
        assert item.refs == ()
        assert all(part.is_right is None and not part.right_html for part in item.parts)


def test_a_wrong_choice_is_told_its_own_feedback_only():
    item = after({SINGLE: ("CANARY-bravo-wrong",)})[SINGLE]
    assert item.verdict == "not right"
    assert told(item) == ["CANARY feedback bravo"]
    assert [part.is_right for part in item.parts] == [None, None, None]
    assert item.is_critical


@pytest.mark.parametrize("item_id", [SINGLE, MANY])
def test_before_a_pass_a_right_choice_too_is_told_its_own_feedback_only(item_id: str):
    item = after(RIGHT)[item_id]
    assert item.verdict == "right"
    assert told(item) == [
        f"CANARY feedback {part.text_html.split()[1]}" for part in item.parts if part.is_chosen
    ]
    assert item.refs == ()


def test_part_of_the_right_options_is_partly_right():
    item = after({MANY: ("CANARY-delta-right", "CANARY-foxtrot-wrong")})[MANY]
    assert item.verdict == "partly right"
    assert told(item) == ["CANARY feedback delta", "CANARY feedback foxtrot"]


def test_a_wrong_match_is_told_to_be_wrong_and_not_what_belongs_there():
    sun, moon = after({MATCH: ("CANARY-sun=CANARY-noon",)})[MATCH].parts
    assert (sun.chosen_html, sun.is_chosen, sun.is_right, sun.right_html, sun.feedback_html) == (
        "noon",
        True,
        False,
        "",
        "",
    )
    assert (moon.chosen_html, moon.is_chosen, moon.is_right, moon.right_html) == ("", False, None, "")


def test_wrong_steps_are_shown_as_given_without_their_places():
    order = tuple(reversed(STEPS))
    item = after({ORDER: order})[ORDER]
    assert [part.text_html for part in item.parts] == ["Step india", "Step hotel", "Step golf"]
    assert all(part.is_right is None and not part.right_html for part in item.parts)


def test_pairs_and_steps_that_are_all_right_are_told_why():
    reviews = after(RIGHT)
    assert told(reviews[MATCH]) == ["CANARY feedback sun", "CANARY feedback moon"]
    assert [part.is_right for part in reviews[ORDER].parts] == [True, True, True]
    assert [part.right_html for part in reviews[ORDER].parts] == ["1", "2", "3"]


def test_after_a_pass_everything_is_told_of_every_item():
    reviews = after({SINGLE: ("CANARY-bravo-wrong",), ORDER: tuple(reversed(STEPS))}, reveal=True)
    assert told(reviews[SINGLE]) == [f"CANARY feedback {name}" for name in ("alpha", "bravo", "charlie")]
    assert [part.is_right for part in reviews[SINGLE].parts] == [True, False, False]
    assert [ref.source.title for ref in reviews[SINGLE].refs] == ["CANARY source"]
    assert [(part.is_right, part.right_html) for part in reviews[ORDER].parts] == [
        (False, "3"),
        (True, "2"),
        (False, "1"),
    ]
    sun = reviews[MATCH].parts[0]
    assert (sun.is_chosen, sun.is_right, sun.right_html, sun.feedback_html) == (
        False,
        False,
        "day",
        "CANARY feedback sun",
    )


def test_reviews_stand_in_the_order_of_the_attempt_and_pass_over_what_is_gone():
    draw = Draw(("gone", ORDER, SINGLE), DRAW.options)
    reviews = review(QUIZ, draw, {}, reveal=False)
    assert [(item.number, item.kind, item.outcome) for item in reviews] == [
        (2, "ordering", "LO2"),
        (3, "single", "LO1"),
    ]
