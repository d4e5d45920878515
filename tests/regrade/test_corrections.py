"""What corrections do to a mark: each kind for each type of question, alone and together."""

from fractions import Fraction
from typing import Any

import pytest

from pme.assessment.correction_keys import key_of, with_key
from pme.assessment.correction_words import correction_html, key_html
from pme.assessment.corrections import Correction, CorrectionKind, by_hand_in, check_new, corrected, kinds_for
from pme.assessment.grading import QuizMark, mark
from pme.content.shapes import Quiz
from pme.errors import Invalid
from tests.regrade.every_type import (
    BRAVO,
    BY_ID,
    CHARLIE,
    ITEMS,
    KEYS,
    RIGHT,
    WRONG,
    answers,
    correction,
    quiz,
)

QUIZ = quiz()
ASKED = [item.id for item in ITEMS]
HAND = {"essay": Fraction(1, 3)}
KEY, ACCEPT, VOID, FULL = CorrectionKind
EACH = [(kind, item.id) for item in ITEMS for kind in kinds_for(item)]


def marked(given: dict[str, tuple[str, ...]], *corrections: Correction, asked: list[str] = ASKED) -> QuizMark:
    return corrected(QUIZ, corrections).mark(asked, given, confidence={}, by_hand=HAND)


def credits_of(marks: QuizMark) -> dict[str, float]:
    return {item.item: item.credit for item in marks.items}


def test_each_type_has_the_kinds_that_fit_it():
    assert {item.type: kinds_for(item) for item in ITEMS} == {
        "single": (KEY, ACCEPT, VOID, FULL),
        "true-false": (KEY, ACCEPT, VOID, FULL),
        "multiple": (KEY, ACCEPT, VOID, FULL),
        "matching": (KEY, ACCEPT, VOID, FULL),
        "ordering": (KEY, ACCEPT, VOID, FULL),
        "numeric": (KEY, ACCEPT, VOID, FULL),
        "short-text": (KEY, ACCEPT, VOID, FULL),
        "rating": (KEY, VOID, FULL),
        "essay": (VOID, FULL),
    }


@pytest.mark.parametrize(("kind", "item"), EACH)
def test_a_wrong_answer_becomes_right_or_stops_to_count(kind: CorrectionKind, item: str):
    before = credits_of(marked(answers(**{item: WRONG[item]})))
    after = credits_of(marked(answers(**{item: WRONG[item]}), correction(kind, item)))
    assert before[item] == 0
    assert after.get(item) == (None if kind is VOID else 1)
    assert {name: credit for name, credit in after.items() if name != item} == {
        name: credit for name, credit in before.items() if name != item
    }


@pytest.mark.parametrize(("kind", "item"), EACH)
def test_what_was_right_stays_right_unless_the_key_is_another(kind: CorrectionKind, item: str):
    after = credits_of(marked(RIGHT, correction(kind, item)))
    if kind is KEY:
        assert after[item] < 1
    elif kind is VOID:
        assert item not in after
    else:
        assert after[item] == (1 if item != "essay" or kind is FULL else 1 / 3)


def test_without_corrections_the_mark_is_the_plain_one():
    given = answers(single=(BRAVO,), order=("hotel", "india", "golf"))
    assert marked(given) == mark(QUIZ, ASKED, given, by_hand=HAND)


def test_a_further_answer_is_accepted_whole_and_not_in_part():
    accept = Correction("many", ACCEPT, {"right": ["CANARY-echo-right", "CANARY-foxtrot-wrong"]})
    assert (
        credits_of(marked(answers(many=("CANARY-echo-right", "CANARY-foxtrot-wrong")), accept))["many"] == 1
    )
    only_one = credits_of(marked(answers(many=("CANARY-foxtrot-wrong",)), accept))["many"]
    assert only_one == credits_of(marked(answers(many=("CANARY-foxtrot-wrong",))))["many"]


def test_two_further_answers_and_a_later_key_all_count():
    both = (Correction("single", ACCEPT, {"right": [CHARLIE]}), Correction("single", KEY, {"right": [BRAVO]}))
    assert [
        credits_of(marked(answers(single=(o,)), *both))["single"] for o in (*RIGHT["single"], BRAVO, CHARLIE)
    ] == [
        0,
        1,
        1,
    ]


def test_a_question_that_does_not_count_is_not_critical_either():
    critical = quiz(critical=("single",))
    given = answers(single=(BRAVO,))
    assert not corrected(critical, []).mark(ASKED, given, confidence={}, by_hand=HAND).is_passed
    void = corrected(critical, [Correction("single", VOID)])
    assert void.mark(ASKED, given, confidence={}, by_hand=HAND).is_passed


def test_voided_outdoes_whole_credit_and_the_key():
    every = (Correction("single", FULL), correction(KEY, "single"), Correction("single", VOID))
    assert "single" not in credits_of(marked(RIGHT, *every))


def test_certainty_counts_with_a_corrected_key_as_with_any_other():
    sure = QUIZ.model_copy(
        update={"items": (QUIZ.items[0].model_copy(update={"confidence": "marked"}), *QUIZ.items[1:])}
    )
    by_key = corrected(sure, [Correction("single", ACCEPT, {"right": [BRAVO]})])
    marks = by_key.mark(["single"], {"single": (BRAVO,)}, confidence={"single": 1}, by_hand={})
    assert marks.items[0].certain == pytest.approx(1 / 3)


def test_marks_by_hand_are_read_back_exactly():
    result = mark(QUIZ, ASKED, RIGHT, by_hand={"essay": Fraction(2, 3)}).as_result()
    assert by_hand_in(QUIZ, result) == {"essay": Fraction(2, 3)}
    assert by_hand_in(QUIZ, {"items": {}}) == {}


@pytest.mark.parametrize("item", [item for item in ITEMS if item.type != "essay"], ids=lambda item: item.type)
def test_the_key_of_an_item_given_again_is_the_same_item(item: Any):
    assert with_key(item, key_of(item)) == item
    assert with_key(with_key(item, KEYS[item.id]), key_of(item)) == item


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("single", {"right": []}, "the one right answer"),
    ("single", {"right": [BRAVO, CHARLIE]}, "the one right answer"),
    ("single", {"right": ["nobody"]}, "the one right answer"),
    ("many", {"right": []}, "at least one"),
    ("match", {"pairs": {"sun": "CANARY-day"}}, "every row"),
    ("match", {"pairs": {"sun": "CANARY-day", "moon": "CANARY-mars"}}, "every row"),
    ("order", {"sequence": ["golf", "golf", "india"]}, "place of its own"),
    ("number", {"answer": "far", "tolerance": "0", "tolerance_is_percent": False}, "a number"),
    ("number", {"answer": "12", "tolerance": "-1", "tolerance_is_percent": False}, "0 or more"),
    ("number", {"answer": "1,000", "tolerance": "0", "tolerance_is_percent": False}, "a thousand"),
    ("number", {"answer": "NaN", "tolerance": "0", "tolerance_is_percent": False}, "a number"),
    ("word", {"accepted": ["", " ", "!"]}, "at least one accepted"),
    ("word", {"accepted": ["x" * 201]}, "at most"),
    ("word", {"accepted": [f"w{n}" for n in range(51)]}, "at most"),
    ("rate", {"ratings": {"kilo": 5, "lima": 1}}, "from 1 to 4"),
    ("rate", {"ratings": {"kilo": 1}}, "from 1 to 4"),
    ("essay", {}, "no key"),
]


@pytest.mark.parametrize(("item", "key", "says"), REFUSED)
def test_a_key_that_does_not_fit_is_refused_in_a_sentence(item: str, key: dict[str, Any], says: str):
    with pytest.raises(Invalid, match=says):
        with_key(BY_ID[item], key)


@pytest.mark.parametrize(
    ("in_force", "new", "says"),
    [
        ((), Correction("nobody", VOID), "cannot be done"),
        ((), Correction("essay", KEY, {}), "cannot be done"),
        ((), Correction("rate", ACCEPT, {}), "cannot be done"),
        ((), Correction("single", KEY, key_of(BY_ID["single"])), "in force already"),
        ((), Correction("single", ACCEPT, key_of(BY_ID["single"])), "right already"),
        ((), Correction("word", ACCEPT, {"accepted": ["refuge"]}), "right already"),
        ((correction(ACCEPT, "single"),), correction(ACCEPT, "single"), "right already"),
        ((correction(KEY, "single"),), correction(KEY, "single"), "in force already"),
        ((Correction("single", VOID),), correction(KEY, "single"), "does not count already"),
        ((Correction("single", VOID),), Correction("single", VOID), "does not count already"),
        ((Correction("single", FULL),), correction(KEY, "single"), "full credit for this question"),
        (
            tuple(Correction(item, VOID) for item in ASKED[1:]),
            Correction("single", VOID),
            "At least one question must count",
        ),
    ],
)
def test_a_correction_that_changes_nothing_or_too_much_is_refused(
    in_force: tuple[Correction, ...], new: Correction, says: str
):
    with pytest.raises(Invalid, match=says):
        check_new(QUIZ, in_force, new)


@pytest.mark.parametrize(("kind", "item"), EACH)
def test_a_correction_that_does_something_is_taken(kind: CorrectionKind, item: str):
    check_new(QUIZ, (), correction(kind, item))


def test_whole_credit_may_become_not_counting():
    check_new(QUIZ, (Correction("single", FULL),), Correction("single", VOID))


def test_keys_are_told_in_words_with_what_was_typed_made_harmless():
    assert {item.id: key_html(item) for item in ITEMS} == {
        "single": ("Answer alpha",),
        "truth": ("Answer true",),
        "many": ("Answer delta", "Answer echo"),
        "match": ("sun: day", "moon: night"),
        "order": ("1. Step golf", "2. Step hotel", "3. Step india"),
        "number": ("12 (± 0.5) km",),
        "word": ("refuge",),
        "rate": ("Do kilo: 4", "Do lima: 1"),
        "essay": (),
    }
    typed = Correction("word", ACCEPT, {"accepted": ["<b>shelter</b>"]})
    assert correction_html(BY_ID["word"], typed) == ("&lt;b&gt;shelter&lt;/b&gt;",)
    assert correction_html(BY_ID["word"], Correction("word", VOID)) == ()
    percent = with_key(BY_ID["number"], {"answer": "5", "tolerance": "10", "tolerance_is_percent": True})
    assert key_html(percent) == ("5 (± 10 %) km",)


def test_a_pair_whose_right_side_changed_frees_the_old_one():
    item = with_key(BY_ID["match"], KEYS["match"])
    assert [d.right_id for d in item.distractors] == ["CANARY-day"]  # type: ignore[union-attr]


def test_the_quiz_itself_is_never_touched():
    copy = Quiz.model_validate(QUIZ.model_dump())
    for kind, item in EACH:
        corrected(QUIZ, [correction(kind, item)])
    assert copy == QUIZ
