"""What is typed, rated and written: how it is asked, read, kept and marked."""

import dataclasses
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.assessment.answers import check_answer, is_complete
from pme.assessment.draw import deal_item, deal_quiz
from pme.assessment.grading import Corrections, credit, mark
from pme.assessment.levels import Level
from pme.assessment.paper import as_typed, ask, question, read_answer, read_sure, summary
from pme.content.shapes import Key, NumericItem
from pme.errors import Invalid
from tests.assessment.test_grading import asked_of
from tests.support.every_type import ESSAY, NUMBER, RATING, SURE, WORD, judgement, letter

calm = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
QUIZ, LETTER = judgement(), letter()
DRAW = deal_quiz(QUIZ.model_copy(update={"shuffle_items": False, "shuffle_options": False}), Random(1))
WORDS = st.text(st.characters(categories=["L", "P", "Zs"]), max_size=40)
RATED = ("CANARY-kilo=4", "CANARY-lima=3", "CANARY-mike=2", "CANARY-november=1")
RIGHT = {NUMBER.id: ("4800",), WORD.id: ("consent",), RATING.id: RATED, SURE.id: ("CANARY-oscar-right",)}


def percent_of(answer: str, tolerance: str) -> NumericItem:
    return NUMBER.model_copy(update={"answer": answer, "tolerance": tolerance, "tolerance_is_percent": True})


@pytest.mark.parametrize(
    "text",
    ["4815.16", "4815,16", "4 815,16", "4 815.16", "4,815.16", "4.815,16", "4'815.16", "٤٨١٥٫١٦", "٤٬٨١٥٫١٦",
     "4815.16 l", "4815.16litres", "+4815.16", "4838.58", "4791.74", "\u200f4815.16\u200e", "４８１５"],
)  # fmt: skip
def test_a_number_is_right_in_whatever_way_it_is_written(text: str):
    assert credit(NUMBER, check_answer(NUMBER, [text])) == 1


@pytest.mark.parametrize("text", ["4838.59", "4791.73", "-4815.16", "−4815,16", "0", "4.815", "4,815"])
def test_a_number_outside_the_tolerance_is_wrong(text: str):
    assert credit(NUMBER, check_answer(NUMBER, [text])) == 0


@pytest.mark.parametrize(
    "text",
    ["about five", "1/2", "1e3", "10²", "4 81", "48 15", "1.2.3", "1,2,3", "4815 kg", "NaN", "∞", "-", ".", "l", "²",
     "--5", "5 5 l", "1" * 61],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_a_sentence_at_its_field(text: str):
    with pytest.raises(Invalid, match=r"number") as refused:
        check_answer(NUMBER, [text])
    assert refused.value.field == "answer"
    assert refused.value.says.endswith(".")


def test_the_sentence_names_the_text_and_the_unit():
    with pytest.raises(Invalid, match=r"“five” cannot be read as a number.*followed by l"):
        check_answer(NUMBER, ["five"])
    with pytest.raises(Invalid, match=r"like 12 500 or 2\.5\.$"):
        check_answer(NUMBER.model_copy(update={"unit": ""}), ["five"])


@pytest.mark.parametrize(
    ("answer", "tolerance", "given", "earned"),
    [
        ("200", "5", "190", 1),
        ("200", "5", "189.99", 0),
        ("-200", "5", "-210", 1),
        ("-200", "5", "-210.01", 0),
        ("0", "5", "0", 1),
        ("0", "5", "0.01", 0),
        ("0.3", "0", "0.30", 1),
    ],
)
def test_a_percentage_is_of_the_answer_whatever_its_sign(
    answer: str, tolerance: str, given: str, earned: int
):
    assert credit(percent_of(answer, tolerance), (given,)) == earned


@pytest.mark.parametrize(
    ("text", "earned"),
    [
        ("consent", 1),
        ("CONSENT.", 1),
        ("  con sent ", 1),
        ("canary accepted word", 1),
        ("conçent", 0),
        ("permission", 0),
    ],
)
def test_a_short_text_is_right_but_for_what_is_folded(text: str, earned: int):
    assert credit(WORD, check_answer(WORD, [text])) == earned


@pytest.mark.parametrize("item", [NUMBER, WORD, ESSAY], ids=lambda item: item.type)
def test_what_is_typed_is_refused_where_it_cannot_be_kept(item):
    assert check_answer(item, []) == check_answer(item, [" \n "]) == ()
    with pytest.raises(Invalid, match="does not belong"):
        check_answer(item, ["1", "2"])
    with pytest.raises(Invalid, match="characters that cannot be kept") as refused:
        check_answer(item, ["1\x00"])
    assert refused.value.field == "answer"


def test_a_short_text_has_an_end():
    assert check_answer(WORD, ["x" * 200]) == ("x" * 200,)
    with pytest.raises(Invalid, match="Keep this answer under 200 characters"):
        check_answer(WORD, ["x" * 201])


def test_an_essay_is_kept_as_it_was_typed_up_to_its_words():
    text = "  One,\n\n two " + "more " * 18
    assert check_answer(ESSAY, [text]) == (text,)
    with pytest.raises(
        Invalid, match=r"This is 21 words long, and at most 20 are read\. Shorten it by 1 word, "
    ):
        check_answer(ESSAY, [text + "last"])
    with pytest.raises(Invalid, match="Shorten it by 2 words"):
        check_answer(ESSAY, [text + "the last"])
    with pytest.raises(Invalid, match="longer than 20 words can be"):
        check_answer(ESSAY, ["x" * 801])


@pytest.mark.parametrize(
    ("given", "earned"),
    [
        (RATED, 1),
        (("CANARY-kilo=3", "CANARY-lima=4", "CANARY-mike=1", "CANARY-november=2"), Fraction(1, 2)),
        (("CANARY-kilo=2", "CANARY-lima=2", "CANARY-mike=3", "CANARY-november=3"), 0),
        (("CANARY-kilo=4", "CANARY-lima=4", "CANARY-mike=3"), Fraction(3, 8)),
        (("CANARY-kilo=4",), Fraction(1, 4)),
    ],
)
def test_ratings_earn_exactly_next_to_it_or_nothing_over_the_midline(
    given: tuple[str, ...], earned: Fraction
):
    """By hand: (1 + 1/2 + 0 + 0) / 4 = 3/8; 2 against 3 is next to it and on the wrong side."""
    assert credit(RATING, check_answer(RATING, given)) == float(earned)
    assert is_complete(RATING, given) is (len(given) == 4)


@pytest.mark.parametrize(
    ("panel", "right"), [((1, 2), 2), ((2, 3), 3), ((3, 4), 4), ((4, 4, 3), 4), ((1, 1, 2), 1)]
)
def test_the_key_of_a_panel_is_its_mean_to_the_nearest_rating_a_half_up(panel: tuple[int, ...], right: int):
    one = RATING.options[0].model_copy(update={"key": Key(by="panel", panel=panel)})
    item = RATING.model_copy(update={"options": (one,)})
    assert [rating for rating in range(1, 5) if credit(item, (f"CANARY-kilo={rating}",)) == 1] == [right]


@pytest.mark.parametrize(
    "given",
    [("CANARY-kilo=5",), ("CANARY-kilo=0",), ("CANARY-kilo=",), ("CANARY-kilo",), ("CANARY-zulu=1",),
     ("CANARY-kilo=1", "CANARY-kilo=2")],
)  # fmt: skip
def test_a_rating_that_was_not_offered_is_refused(given: tuple[str, ...]):
    with pytest.raises(Invalid, match="does not belong"):
        check_answer(RATING, given)


def test_an_essay_earns_what_its_marker_gives():
    asked, answers = asked_of(LETTER), {ESSAY.id: ("Words.",), WORD.id: ("consent",)}
    waiting = mark(LETTER, asked, answers)
    assert (waiting.unmarked, waiting.percent) == ((ESSAY.id,), 50)
    marked = mark(LETTER, asked, answers, by_hand={ESSAY.id: Fraction(1, 2)})
    assert (marked.unmarked, marked.percent, marked.is_passed) == ((), 75, True)
    assert mark(LETTER, asked, {}, by_hand={ESSAY.id: Fraction(1)}).percent == 0
    given_to_all = mark(LETTER, asked, answers, corrections=Corrections(given=frozenset({ESSAY.id})))
    assert (given_to_all.unmarked, given_to_all.percent) == ((), 100)
    voided = mark(LETTER, asked, answers, corrections=Corrections(voided=frozenset({ESSAY.id})))
    assert (voided.unmarked, voided.percent, len(voided.items)) == ((), 100, 1)


def test_certainty_counts_for_an_essay_once_it_is_marked():
    sure = ESSAY.model_copy(update={"confidence": "marked"})
    quiz, answers = letter(items=(sure,)), {ESSAY.id: ("Words.",)}
    assert mark(quiz, [ESSAY.id], answers, confidence={ESSAY.id: 3}).as_result()["certain"] == {}
    marks = mark(quiz, [ESSAY.id], answers, confidence={ESSAY.id: 3}, by_hand={ESSAY.id: Fraction(1)})
    assert (marks.percent, marks.as_result()["certain"]) == (100, {ESSAY.id: 1})
    everybody = Corrections(given=frozenset({ESSAY.id}))
    assert mark(quiz, [ESSAY.id], answers, confidence={ESSAY.id: 1}, corrections=everybody).percent == 100


@pytest.mark.parametrize(
    ("wrong", "level", "short"),
    [
        ({}, Level.SUCCESS, ()),
        ({WORD.id: ("no",)}, Level.FAIL, ("LO2",)),
        (
            {RATING.id: ("CANARY-kilo=4", "CANARY-lima=4", "CANARY-mike=2", "CANARY-november=2")},
            Level.SUCCESS,
            (),
        ),
        ({RATING.id: RATED[:2]}, Level.ACCEPTABLE, ()),
    ],
)
def test_a_result_has_its_level_and_what_fell_short(
    wrong: dict[str, tuple[str, ...]], level: Level, short: tuple[str, ...]
):
    """By hand: all but the word is 75 %, and LO2 is at 50; ratings of 3/4 make 93.75 %, two of four 87.5 %."""
    marks = mark(QUIZ, asked_of(QUIZ), RIGHT | wrong, confidence={NUMBER.id: 3, SURE.id: 3})
    assert (marks.level, marks.short_outcomes) == (level, short)


# ---- How it is asked, and comes back


def test_a_question_shows_what_was_typed_and_how_it_was_read():
    shown = question(QUIZ, DRAW, 1, ("4 800,50",), sure=2)
    assert (shown.kind, shown.text, shown.unit, shown.read_as, shown.parts) == (
        "numeric", "4 800,50", "l", "4800.5 l", (),
    )  # fmt: skip
    assert (shown.confidence, shown.sure) == ("marked", 2)
    assert ask(NUMBER, (), ("nothing",)).read_as == ""
    assert ask(ESSAY, (), ("Words.",)).most_words == 20
    assert ask(WORD, (), ()).text == ""
    assert [line.read_as for line in summary(QUIZ, DRAW, {NUMBER.id: ("5",)})] == ["5 l", "", "", ""]


@pytest.mark.parametrize(
    ("typed", "unit", "read"),
    [
        ("1", "days", "1, in days"),
        ("30", "days", "30, in days"),  # the answer that is right is said like any other
        ("1 day", "days", "1 day"),
        ("2,50 DAYS", "days", "2.5 DAYS"),
        ("1", "km/h", "1 km/h"),
        ("0.5", "%", "0.5 %"),
        ("7", "", "7"),
        ("ten", "days", ""),
    ],
)
def test_a_number_never_stands_beside_a_unit_in_the_wrong_form(typed: str, unit: str, read: str):
    item = NUMBER.model_copy(update={"answer": "30", "unit": unit, "accepted_units": ("day",)})
    assert ask(item, (), (typed,)).read_as == read


def test_a_rating_question_shows_the_rating_of_each_way():
    shown = question(QUIZ, DRAW, 3, ("CANARY-mike=2",))
    assert [(p.position, p.text_html, p.rating) for p in shown.parts] == [
        ("1", "Way kilo", ""),
        ("2", "Way lima", ""),
        ("3", "Way mike", "2"),
        ("4", "Way november", ""),
    ]


@pytest.mark.parametrize("item", [*QUIZ.items, ESSAY], ids=lambda item: item.id)
def test_nothing_that_is_asked_names_a_key_or_what_an_author_named(item):
    shown = repr(dataclasses.asdict(ask(item, deal_item(item, Random(3)), ())))
    assert "CANARY" not in shown
    assert "4815" not in shown


@calm
@given(st.integers(0, 500), st.data())
def test_what_is_rated_or_typed_comes_back_as_the_answer(seed: int, data: st.DataObject):
    draw = deal_quiz(QUIZ, Random(seed))
    ratings = data.draw(st.lists(st.sampled_from(["1", "2", "3", "4"]), min_size=4, max_size=4))
    answers = {
        NUMBER.id: (f"{data.draw(st.decimals(allow_nan=False, allow_infinity=False, places=2))}"[:60],),
        WORD.id: (data.draw(WORDS).strip() or "x",),
        RATING.id: tuple(sorted(f"{o.id}={r}" for o, r in zip(RATING.options, ratings, strict=True))),
        SURE.id: (data.draw(st.sampled_from([option.id for option in SURE.options])),),
    }  # fmt: skip
    for number, item_id in enumerate(draw.items, start=1):
        item = QUIZ.item(item_id)
        assert item is not None
        shown = question(QUIZ, draw, number, answers[item_id], sure=1)
        form = {f"p-rate-{part.position}": [part.rating] for part in shown.parts}
        form["p-answer"] = [shown.text] if shown.text else [p.position for p in shown.parts if p.is_chosen]
        form["p-sure"] = [str(shown.sure)]
        assert check_answer(item, read_answer(item, draw, form, prefix="p-")) == answers[item_id]
        assert read_sure(item, form, prefix="p-") == (None if item.confidence == "none" else 1)
        assert as_typed(shown, form, prefix="p-") in (shown, dataclasses.replace(shown, read_as=""))


@pytest.mark.parametrize("rating", ["5", "0", "x", "²"])
def test_a_rating_outside_one_to_four_is_refused(rating: str):
    with pytest.raises(Invalid, match="does not belong"):
        read_answer(RATING, DRAW, {"rate-1": [rating]})


@pytest.mark.parametrize("sure", ["0", "4", "x", "²", "1.0"])
def test_a_certainty_that_was_not_offered_is_refused_at_its_field(sure: str):
    with pytest.raises(Invalid, match="how sure you are") as refused:
        read_sure(SURE, {"sure": [sure]})
    assert refused.value.field == "sure"
    assert read_sure(RATING, {"sure": [sure]}) is None


def test_lines_of_an_essay_are_kept_as_lines():
    draw = deal_quiz(LETTER, Random(1))
    assert read_answer(ESSAY, draw, {"answer": ["One\r\ntwo"]}) == ("One\ntwo",)
    assert read_answer(ESSAY, draw, {"answer": [" \r\n"]}) == ()


def test_a_refused_form_is_shown_as_it_was_sent():
    saved = question(QUIZ, DRAW, 1, ("5",), sure=1)
    typed = as_typed(saved, {"answer": ["five\x00"], "sure": ["3"]})
    assert (typed.text, typed.read_as, typed.sure) == ("five", "", 3)
    assert as_typed(saved, {"sure": ["9"]}) == saved
    rated = as_typed(question(QUIZ, DRAW, 3, ("CANARY-kilo=4",)), {"rate-2": ["3"], "rate-3": ["9"]})
    assert [part.rating for part in rated.parts] == ["4", "3", "", ""]
    chosen = as_typed(question(QUIZ, DRAW, 4, ("CANARY-oscar-right",)), {"answer": ["2"], "sure": ["9"]})
    assert [part.is_chosen for part in chosen.parts] == [False, True]
    foreign = as_typed(question(QUIZ, DRAW, 4, ("CANARY-oscar-right",)), {"answer": ["9"]})
    assert [part.is_chosen for part in foreign.parts] == [True, False]
