"""What is dealt: everything once, in an order that tells nothing and never changes a mark."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.assessment.draw import Draw, deal_quiz, deal_scenario
from pme.assessment.grading import check_answer, mark
from pme.assessment.paper import question, read_answer
from pme.content.shapes import MatchingItem, MultipleItem, OrderingItem, Quiz, SingleItem
from tests.support.library import quiz, scenario

QUIZ = quiz()
calm = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10_000)
SINGLE, TRUTH, MANY, MATCH, ORDER = (item.id for item in QUIZ.items)


def sorted_parts(of: Quiz) -> dict[str, list[str]]:
    found = {}
    for item in of.items:
        match item:
            case MatchingItem():
                parts = [p.right_id for p in item.pairs] + [d.right_id for d in item.distractors]
            case OrderingItem():
                parts = [step.id for step in item.sequence]
            case SingleItem() | MultipleItem():
                parts = [option.id for option in item.options]
            case _:
                parts = []
        found[item.id] = sorted(parts)
    return found


@calm
@given(SEEDS)
def test_every_item_and_every_part_is_dealt_exactly_once(seed: int):
    draw = deal_quiz(QUIZ, Random(seed))
    assert sorted(draw.items) == sorted(item.id for item in QUIZ.items)
    assert {item: sorted(parts) for item, parts in draw.options.items()} == sorted_parts(QUIZ)


@calm
@given(SEEDS)
def test_steps_never_begin_in_their_right_order_and_truth_stays_before_falsehood(seed: int):
    draw = deal_quiz(QUIZ, Random(seed))
    assert list(draw.options[ORDER]) != ["CANARY-1", "CANARY-2", "CANARY-3"]
    assert list(draw.options[TRUTH]) == ["true", "false"]


def test_items_and_options_keep_the_order_of_an_author_who_wants_it():
    fixed = QUIZ.model_copy(update={"shuffle_items": False, "shuffle_options": False})
    for seed in range(20):
        draw = deal_quiz(fixed, Random(seed))
        assert list(draw.items) == [item.id for item in QUIZ.items]
        assert list(draw.options[SINGLE]) == [
            "CANARY-alpha-right",
            "CANARY-bravo-wrong",
            "CANARY-charlie-wrong",
        ]


def test_different_dice_deal_differently():
    assert len({tuple(deal_quiz(QUIZ, Random(seed)).options[SINGLE]) for seed in range(50)}) == 6
    assert len({tuple(deal_quiz(QUIZ, Random(seed)).items) for seed in range(50)}) > 20


@calm
@given(SEEDS)
def test_a_scenario_is_dealt_every_choice_of_every_decision(seed: int):
    draw = deal_scenario(scenario(), Random(seed))
    assert list(draw.items) == ["d1", "d2"]
    assert sorted(draw.options["d1"]) == ["CANARY-listen", "CANARY-shout", "CANARY-wait"]
    assert sorted(draw.options["d2"]) == ["CANARY-help", "CANARY-nothing"]


@calm
@given(SEEDS)
def test_a_draw_survives_being_kept(seed: int):
    draw = deal_quiz(QUIZ, Random(seed))
    kept = Draw.from_json(draw.as_json())
    assert (kept.items, kept.options) == (draw.items, draw.options)


@calm
@given(SEEDS, SEEDS, st.randoms(use_true_random=False))
def test_the_same_answers_earn_the_same_mark_in_whatever_order_they_were_dealt(
    one: int, two: int, dice: Random
):
    answers = {}
    for item in QUIZ.items:
        match item:
            case MatchingItem():
                rights = dice.sample(sorted_parts(QUIZ)[item.id], len(item.pairs))
                given_ids = tuple(f"{p.id}={r}" for p, r in zip(item.pairs, rights, strict=True))
            case OrderingItem():
                given_ids = tuple(dice.sample(sorted_parts(QUIZ)[item.id], 3))
            case SingleItem() | MultipleItem():
                given_ids = (dice.choice(item.options).id,)
            case _:
                given_ids = ()
        answers[item.id] = check_answer(item, given_ids)
    assert _sent(deal_quiz(QUIZ, Random(one)), answers) == _sent(deal_quiz(QUIZ, Random(two)), answers)


def _sent(draw: Draw, answers: dict[str, tuple[str, ...]]) -> object:
    """The mark after the answers went through the form of each question, as positions, and back."""
    came_back = {}
    for number, item_id in enumerate(draw.items, start=1):
        shown, item = question(QUIZ, draw, number, answers[item_id]), QUIZ.item(item_id)
        assert item is not None
        form = {"answer": [part.position for part in shown.parts if part.is_chosen]}
        form |= {row.field: [row.chosen] for row in shown.rows}
        form["order"] = [part.position for part in shown.parts]
        came_back[item_id] = check_answer(item, read_answer(item, draw, form))
    assert came_back == answers
    return mark(QUIZ, [item.id for item in QUIZ.items], came_back)
