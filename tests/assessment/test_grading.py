"""Marks: each item earns 0 to 1, and the pass rule is kept to the last fraction."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.assessment.grading import check_answer, credit, is_complete, mark
from pme.content.shapes import (
    AnyItem,
    MatchingItem,
    MultipleItem,
    Option,
    OrderingItem,
    Quiz,
    QuizPass,
    SingleItem,
)
from pme.errors import Invalid
from tests.support.library import quiz

QUIZ = quiz()
calm = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SINGLE, TRUTH, MANY, MATCH, ORDER = QUIZ.items[:5]
ALPHA, BRAVO = "CANARY-alpha-right", "CANARY-bravo-wrong"
DELTA, ECHO, FOXTROT = "CANARY-delta-right", "CANARY-echo-right", "CANARY-foxtrot-wrong"
SUN, MOON = "CANARY-sun=CANARY-day", "CANARY-moon=CANARY-night"
STEPS = ("CANARY-1", "CANARY-2", "CANARY-3")
RIGHT = {
    SINGLE.id: (ALPHA,),
    TRUTH.id: ("false",),
    MANY.id: (DELTA, ECHO),
    MATCH.id: (SUN, MOON),
    ORDER.id: STEPS,
}


def asked_of(quiz: Quiz) -> list[str]:
    """Every item of a quiz, as one without a blueprint asks them."""
    return [item.id for item in quiz.items]


ASKED = asked_of(QUIZ)


def parts_of(item: AnyItem) -> list[str]:
    """Every part that an answer to this item may name."""
    match item:
        case MatchingItem():
            rights = [p.right_id for p in item.pairs] + [d.right_id for d in item.distractors]
            return [f"{pair.id}={right}" for pair in item.pairs for right in rights]
        case OrderingItem():
            return [step.id for step in item.sequence]
        case SingleItem() | MultipleItem():
            return [option.id for option in item.options]
        case _:
            raise AssertionError(item.type)


def scored(item: AnyItem, scoring: str) -> AnyItem:
    return item.model_copy(update={"scoring": scoring})


@calm
@given(st.data())
def test_whatever_is_accepted_earns_between_nothing_and_everything(data: st.DataObject):
    item = data.draw(st.sampled_from(QUIZ.items))
    answer = data.draw(st.lists(st.sampled_from(parts_of(item)), max_size=4))
    try:
        accepted = check_answer(item, answer)
    except Invalid:
        return
    assert 0 <= credit(item, accepted) <= 1
    assert check_answer(item, accepted) == accepted


@pytest.mark.parametrize("item", QUIZ.items, ids=lambda item: item.type)
def test_the_right_answer_earns_everything_and_no_answer_nothing(item: AnyItem):
    assert credit(item, check_answer(item, RIGHT[item.id])) == 1
    assert credit(item, ()) == 0
    assert is_complete(item, RIGHT[item.id])
    assert not is_complete(item, ())


@pytest.mark.parametrize(
    ("scoring", "chosen", "earned"),
    [
        ("per-option", (DELTA,), 2 / 3),
        ("per-option", (FOXTROT,), 0),
        ("per-option", (DELTA, ECHO, FOXTROT), 2 / 3),
        ("all-or-nothing", (DELTA,), 0),
        ("all-or-nothing", (DELTA, ECHO), 1),
        ("right-minus-wrong", (DELTA,), 1 / 2),
        ("right-minus-wrong", (DELTA, ECHO, FOXTROT), 0),
        ("right-minus-wrong", (FOXTROT,), 0),
    ],
)
def test_several_options_are_scored_by_the_rule_the_author_named(
    scoring: str, chosen: tuple[str, ...], earned: float
):
    assert credit(scored(MANY, scoring), chosen) == pytest.approx(earned)


def test_where_every_option_is_right_nothing_can_be_lost():
    right = Option(id="a", text_html="A", correct=True, feedback_html="")
    item = MultipleItem(
        id="all", type="multiple", scoring="right-minus-wrong", outcome="LO1", difficulty="easy", stem_html="?",
        options=(right, right.model_copy(update={"id": "b"})),
    )  # fmt: skip
    assert credit(item, ("a",)) == 1 / 2


@pytest.mark.parametrize(("scoring", "earned"), [("per-option", 1 / 2), ("all-or-nothing", 0)])
def test_half_of_the_pairs_earns_half_or_nothing(scoring: str, earned: float):
    assert credit(scored(MATCH, scoring), (SUN, "CANARY-moon=CANARY-noon")) == earned


@pytest.mark.parametrize(
    ("order", "earned"),
    [(STEPS, 1), (("CANARY-2", "CANARY-3", "CANARY-1"), 1 / 2), (("CANARY-3", "CANARY-2", "CANARY-1"), 0)],
)
def test_steps_earn_by_what_follows_what(order: tuple[str, ...], earned: float):
    assert credit(ORDER, order) == earned
    assert credit(scored(ORDER, "all-or-nothing"), order) == int(earned)


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        (SINGLE, (ALPHA, BRAVO)),
        (SINGLE, ("unknown",)),
        (MANY, (DELTA, DELTA)),
        (MANY, (DELTA, "unknown")),
        (MATCH, (SUN, "CANARY-sun=CANARY-night")),
        (MATCH, ("CANARY-mars=CANARY-day",)),
        (MATCH, ("CANARY-sun=CANARY-mars",)),
        (MATCH, ("CANARY-sun",)),
        (ORDER, STEPS[:2]),
        (ORDER, (*STEPS, STEPS[0])),
    ],
)
def test_an_answer_of_another_question_is_refused(item: AnyItem, answer: tuple[str, ...]):
    with pytest.raises(Invalid, match="does not belong to this question"):
        check_answer(item, answer)


def test_sets_are_kept_in_one_order_and_steps_as_given():
    assert check_answer(MANY, (FOXTROT, DELTA)) == (DELTA, FOXTROT)
    assert check_answer(MATCH, (SUN, MOON)) == (MOON, SUN)
    assert check_answer(ORDER, tuple(reversed(STEPS))) == tuple(reversed(STEPS))
    assert check_answer(ORDER, ()) == ()


def test_a_matching_item_is_complete_when_every_row_has_its_match():
    assert not is_complete(MATCH, (SUN,))
    assert is_complete(MATCH, (SUN, MOON))


def test_everything_right_passes_with_a_mark_for_each_outcome():
    marks = mark(QUIZ, ASKED, RIGHT)
    assert (marks.percent, marks.is_passed, marks.missed_critical) == (100, True, ())
    assert all(item.is_right for item in marks.items)
    assert [(m.outcome, m.percent, m.items) for m in marks.outcomes] == [("LO1", 100, 2), ("LO2", 100, 3)]


def test_a_critical_item_is_not_made_up_for():
    marks = mark(QUIZ, ASKED, RIGHT | {SINGLE.id: (BRAVO,)})
    assert marks.percent == 80
    assert marks.missed_critical == (SINGLE.id,)
    assert not marks.is_passed


def test_an_outcome_that_no_item_serves_has_no_mark():
    only = QUIZ.model_copy(update={"items": (SINGLE,)})
    assert [m.outcome for m in mark(only, asked_of(only), RIGHT).outcomes] == ["LO1"]


def three_of(percent: int) -> Quiz:
    """A quiz of three equal items that asks for this percentage."""
    items = tuple(SINGLE.model_copy(update={"id": f"q{n}"}) for n in range(3))
    return QUIZ.model_copy(update={"items": items, "pass_rule": QuizPass(min_percent=percent)})


@pytest.mark.parametrize(("needed", "is_passed"), [(66, True), (67, False)])
def test_two_of_three_pass_at_66_percent_and_not_at_67(needed: int, is_passed: bool):
    assert (
        mark(three_of(needed), asked_of(three_of(needed)), {"q0": (ALPHA,), "q1": (ALPHA,)}).is_passed
        is is_passed
    )


@calm
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_sum_of_thirds_is_never_a_hair_short(right: list[bool]):
    items = tuple(MANY.model_copy(update={"id": f"q{n}"}) for n in range(len(right)))
    answers = {f"q{n}": ((DELTA, ECHO) if good else (DELTA,)) for n, good in enumerate(right)}
    exact = (3 * sum(right) + 2 * (len(right) - sum(right))) * 100
    needed = exact // (3 * len(right))
    asked = QUIZ.model_copy(update={"items": items, "pass_rule": QuizPass(min_percent=needed)})
    assert mark(asked, asked_of(asked), answers).is_passed
