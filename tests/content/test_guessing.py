"""Blind guessing of a quiz: the chances of each item, and of the whole."""

from fractions import Fraction

import pytest

from pme.content.lint_guessing import chances_of, guess_probability
from pme.content.shapes import (
    AnyItem,
    Distractor,
    MatchingItem,
    MultipleItem,
    Option,
    OrderingItem,
    Pair,
    Quiz,
    QuizPass,
    Scoring,
    SequenceStep,
    SingleItem,
)


def options(number: int, right: int) -> tuple[Option, ...]:
    return tuple(
        Option(id=str(at), text_html="", correct=at < right, feedback_html="") for at in range(number)
    )


def single(name: str = "s", number: int = 4) -> SingleItem:
    return SingleItem(
        id=name, type="single", outcome="LO1", difficulty="easy", stem_html="", options=options(number, 1)
    )


def multiple(scoring: Scoring, number: int = 3, right: int = 2) -> MultipleItem:
    return MultipleItem(
        id="m",
        type="multiple",
        scoring=scoring,
        outcome="LO1",
        difficulty="easy",
        stem_html="",
        options=options(number, right),
    )


def matching(scoring: str, pairs: int, others: int) -> MatchingItem:
    return MatchingItem.model_validate(
        {
            "id": "p",
            "type": "matching",
            "scoring": scoring,
            "outcome": "LO1",
            "difficulty": "easy",
            "stem_html": "",
            "pairs": [
                Pair(id=str(at), left_html="", right_html="", right_id=f"r{at}", feedback_html="")
                for at in range(pairs)
            ],
            "distractors": [Distractor(right_id=f"x{at}", right_html="") for at in range(others)],
        }
    )


def ordering(scoring: str, steps: int) -> OrderingItem:
    return OrderingItem.model_validate(
        {
            "id": "o",
            "type": "ordering",
            "scoring": scoring,
            "outcome": "LO1",
            "difficulty": "easy",
            "stem_html": "",
            "sequence": [SequenceStep(id=str(at), text_html="", feedback_html="") for at in range(steps)],
        }
    )


@pytest.mark.parametrize(
    ("item", "credit", "chance"),
    [
        (single(), Fraction(1), 1 / 4),
        (multiple("all-or-nothing"), Fraction(1), 1 / 7),
        (multiple("per-option"), Fraction(2, 3), 3 / 7),
        (multiple("right-minus-wrong"), Fraction(1, 2), 2 / 7),
        (multiple("right-minus-wrong", 2, 2), Fraction(1, 2), 2 / 3),
        (matching("all-or-nothing", 3, 0), Fraction(1), 1 / 6),
        (matching("per-option", 3, 0), Fraction(1, 3), 3 / 6),
        (matching("per-option", 2, 1), Fraction(1), 1 / 6),
        (ordering("all-or-nothing", 3), Fraction(1), 1 / 6),
        (ordering("per-option", 3), Fraction(1, 2), 2 / 6),
        (multiple("per-option", 14), Fraction(0), 1.0),
        (ordering("per-option", 9), Fraction(0), 1.0),
    ],
)
def test_each_way_to_answer_is_counted(item: AnyItem, credit: Fraction, chance: float):
    assert chances_of(item)[credit] == pytest.approx(chance)


def quiz(items: tuple[AnyItem, ...], min_percent: int, critical: tuple[str, ...] = ()) -> Quiz:
    return Quiz(
        slug="q",
        title="",
        summary="",
        language="en",
        module="m",
        minutes=1,
        pass_rule=QuizPass(min_percent=min_percent, critical=critical),
        outcomes=(),
        items=items,
    )


def test_the_chances_of_a_whole_quiz_are_those_of_the_binomial():
    items = tuple(single(str(at), 2) for at in range(4))
    assert guess_probability(quiz(items, 75)) == pytest.approx(5 / 16)
    assert guess_probability(quiz(items, 75, ("0",))) == pytest.approx(4 / 16)
