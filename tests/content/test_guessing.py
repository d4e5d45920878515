"""Blind guessing of a quiz: the chances of each item, and of the whole."""

from fractions import Fraction
from random import Random
from time import perf_counter

import pytest

from pme.content.lint_guessing import chances_of, guess_probability
from pme.content.shapes import (
    AnyItem,
    BlueprintLine,
    Distractor,
    EssayItem,
    Key,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    Pair,
    Quiz,
    QuizPass,
    RatedOption,
    RatingItem,
    Scoring,
    SequenceStep,
    ShortTextItem,
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


def rating(*keys: int) -> RatingItem:
    return RatingItem(
        id="r",
        type="rating",
        outcome="LO1",
        difficulty="easy",
        stem_html="",
        options=tuple(
            RatedOption(id=str(at), text_html="", key=Key(by="author", rating=key), feedback_html="")
            for at, key in enumerate(keys)
        ),
    )


def written(kind: type[NumericItem | ShortTextItem | EssayItem], **fields: object) -> AnyItem:
    every: dict[str, object] = {"id": "w", "outcome": "LO1", "difficulty": "easy", "stem_html": ""}
    return kind.model_validate(every | fields)


FEEDBACK = {"right_feedback_html": "", "wrong_feedback_html": ""}
NUMERIC = written(NumericItem, type="numeric", answer="1", **FEEDBACK)
SHORT = written(ShortTextItem, type="short-text", accepted=("yes",), **FEEDBACK)
ESSAY = written(EssayItem, type="essay", rubric=(), most_words=20, model_html="")


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
        (rating(4), Fraction(1), 1 / 4),
        (rating(4, 1), Fraction(1), 1 / 16),
        (rating(3, 2), Fraction(3, 4), 2 / 16),
        (rating(1, 1, 1), Fraction(0), 1 / 8),
        (NUMERIC, Fraction(0), 1.0),
        (SHORT, Fraction(0), 1.0),
        (ESSAY, Fraction(0), 1.0),
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


def from_bank(
    numbers: tuple[int, ...], count: int, outcome: str = "LO1"
) -> tuple[tuple[AnyItem, ...], BlueprintLine]:
    """Singles with these numbers of options, and the line that draws some of them."""
    items = tuple(
        single(f"{outcome}-{at}", number).model_copy(update={"outcome": outcome})
        for at, number in enumerate(numbers)
    )
    line = BlueprintLine(bank="b", outcome=outcome, count=count, items=tuple(item.id for item in items))
    return items, line


def drawing(*pools: tuple[tuple[AnyItem, ...], BlueprintLine], least: int, **rule: object) -> Quiz:
    items = tuple(item for pool, _ in pools for item in pool)
    passing = QuizPass.model_validate({"min_percent": least} | rule)
    return quiz(items, least).model_copy(
        update={"blueprint": tuple(line for _, line in pools), "pass_rule": passing}
    )


def test_every_draw_is_counted_with_its_probability():
    easy_or_hard = from_bank((2, 4), 1)
    assert guess_probability(drawing(easy_or_hard, least=100)) == pytest.approx((1 / 2 + 1 / 4) / 2)
    two_of_three = from_bank((2, 2, 4), 2)
    pairs = (1 / 4 + 1 / 8 + 1 / 8) / 3
    assert guess_probability(drawing(two_of_three, least=100)) == pytest.approx(pairs)


def test_a_draw_is_counted_as_what_is_asked_and_not_as_what_is_in_the_bank():
    assert guess_probability(drawing(from_bank((2,) * 20, 4), least=75)) == pytest.approx(5 / 16)


def test_the_least_of_an_outcome_is_counted():
    both = (from_bank((2, 2), 2, "LO1"), from_bank((2, 2), 2, "LO2"))
    assert guess_probability(drawing(*both, least=50)) == pytest.approx(11 / 16)
    likely = guess_probability(drawing(*both, least=50, min_by_outcome={"LO1": 50, "LO2": 50}))
    assert likely == pytest.approx(9 / 16)
    assert guess_probability(drawing(*both, least=50, min_by_outcome={"LO1": 100})) == pytest.approx(1 / 4)


def test_where_a_line_mixes_outcomes_their_least_is_left_out():
    items, line = from_bank((2, 2), 2)
    mixed = (items[0], items[1].model_copy(update={"outcome": "LO2"}))
    drawn = drawing((mixed, line.model_copy(update={"outcome": None})), least=50, min_by_outcome={"LO1": 100})
    assert guess_probability(drawn) == pytest.approx(3 / 4)


def test_what_a_draw_earns_agrees_with_drawing_and_guessing_many_times():
    pools = (from_bank((2, 3, 4, 5), 2, "LO1"), from_bank((2, 2, 4), 1, "LO2"))
    chance, random, passed = Random(7), 20_000, 0
    for _ in range(random):
        asked = [item for items, line in pools for item in chance.sample(items, line.count)]
        right = sum(chance.random() < 1 / len(item.options) for item in asked if isinstance(item, SingleItem))
        passed += right >= 2
    assert guess_probability(drawing(*pools, least=60)) == pytest.approx(passed / random, abs=0.015)


def test_a_large_bank_is_counted_quickly():
    items = (*(rating(1, 2, 3, 4).model_copy(update={"id": f"r{at}"}) for at in range(30)),)
    line = BlueprintLine(bank="b", count=15, items=tuple(item.id for item in items))
    begun = perf_counter()
    assert guess_probability(drawing((items, line), least=80)) < 1e-6
    assert perf_counter() - begun < 5
