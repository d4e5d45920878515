"""A blueprint draws what it says, never anything twice, and everything about as often as everything else."""

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.assessment.draw import deal_quiz
from pme.assessment.grading import mark
from pme.assessment.paper import item_at, question, summary
from pme.content.blueprint import number_asked
from pme.content.shapes import BlueprintLine, Quiz
from tests.support.every_type import SURE, judgement

calm = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
OUTCOMES = ("LO1", "LO2")


def banked(sizes: tuple[int, int], fixed: int, lines: list[tuple[str | None, int]]) -> Quiz:
    """A quiz with a bank of so many items for each outcome, some items outside it, and these lines."""
    bank = {
        outcome: [f"{outcome}-{n}" for n in range(size)]
        for outcome, size in zip(OUTCOMES, sizes, strict=True)
    }
    everything = [*bank["LO1"], *bank["LO2"]]
    return judgement(
        items=tuple(
            SURE.model_copy(update={"id": name, "outcome": name[:3] if name[:3] in OUTCOMES else "LO1"})
            for name in (*everything, *(f"fixed-{n}" for n in range(fixed)))
        ),
        blueprint=tuple(
            BlueprintLine(
                bank="b", outcome=outcome, count=count, items=tuple(bank[outcome] if outcome else everything)
            )
            for outcome, count in lines
        ),
    )


@st.composite
def blueprints(draw: st.DrawFn) -> Quiz:
    """Quizzes with lines for one outcome, the other, and the whole bank, in any order, that can be dealt."""
    sizes = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    first, second = draw(st.integers(0, sizes[0])), draw(st.integers(0, sizes[1]))
    rest = draw(st.integers(0, sum(sizes) - first - second))
    lines = [("LO1", first), ("LO2", second), (None, rest)]
    asked = draw(st.permutations([line for line in lines if line[1]]))
    return banked(sizes, draw(st.integers(0, 3)), asked)


@calm
@given(blueprints(), st.integers(0, 10_000))
def test_every_draw_obeys_its_blueprint(quiz: Quiz, seed: int):
    draw = deal_quiz(quiz, Random(seed))
    assert len(set(draw.items)) == len(draw.items) == number_asked(quiz)
    drawn_from = {name for line in quiz.blueprint for name in line.items}
    assert {item.id for item in quiz.items} - drawn_from <= set(draw.items)
    for line in quiz.blueprint:
        assert len(set(draw.items) & set(line.items)) >= line.count
    assert set(draw.options) == set(draw.items)


@calm
@given(blueprints(), st.integers(0, 10_000))
def test_everything_goes_by_what_was_drawn(quiz: Quiz, seed: int):
    draw = deal_quiz(quiz, Random(seed))
    right = {item.id: ("CANARY-oscar-right",) for item in quiz.items}
    marks = mark(quiz, draw.items, right, confidence=dict.fromkeys(right, 3))
    assert [m.item for m in marks.items] == list(draw.items)
    assert marks.percent == (100 if draw.items else 0)
    assert [line.number for line in summary(quiz, draw, right)] == list(range(1, len(draw.items) + 1))
    assert {question(quiz, draw, n, ()).of for n in range(1, len(draw.items) + 1)} <= {len(draw.items)}
    assert item_at(quiz, draw, len(draw.items) + 1) is None


def test_a_wide_line_never_takes_what_a_narrow_one_needs():
    quiz = banked((3, 3), 0, [(None, 3), ("LO1", 3)])
    for seed in range(200):
        assert sorted(deal_quiz(quiz, Random(seed)).items) == sorted(item.id for item in quiz.items)


@pytest.mark.parametrize("seed", range(5))
def test_every_item_of_a_line_is_drawn_about_as_often(seed: int):
    """2 of 6, 6,000 times: each about 2,000 times; 4 standard deviations are 146."""
    quiz, dice = banked((6, 2), 1, [("LO1", 2)]), Random(seed)
    often = Counter(name for _ in range(6_000) for name in deal_quiz(quiz, dice).items)
    assert often["fixed-0"] == often["LO2-0"] == often["LO2-1"] == 6_000
    assert all(abs(often[f"LO1-{n}"] - 2_000) < 146 for n in range(6))


def test_every_pair_can_be_drawn():
    quiz = banked((4, 1), 0, [("LO1", 2)])
    pairs = {frozenset(deal_quiz(quiz, Random(seed)).items) - {"LO2-0"} for seed in range(300)}
    assert len(pairs) == 6


def test_the_order_of_the_author_is_kept_among_what_was_drawn():
    quiz = banked((5, 5), 2, [("LO1", 2), ("LO2", 2)]).model_copy(update={"shuffle_items": False})
    order = [item.id for item in quiz.items]
    for seed in range(30):
        items = list(deal_quiz(quiz, Random(seed)).items)
        assert items == sorted(items, key=order.index)
