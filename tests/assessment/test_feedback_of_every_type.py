"""What is told of typed, rated and written answers: before a pass of what was given, after it everything."""

from random import Random

import pytest

from pme.assessment.draw import deal_quiz
from pme.assessment.feedback import ItemReview, review, review_item
from pme.assessment.shortfall import ShortOutcome, shortfall
from pme.content.shapes import Key
from tests.support.every_type import ESSAY, NUMBER, RATING, SURE, WORD, judgement, letter

QUIZ = judgement(shuffle_items=False, shuffle_options=False)
DRAW = deal_quiz(QUIZ, Random(1))
RATED = ("CANARY-kilo=4", "CANARY-lima=3", "CANARY-mike=2", "CANARY-november=1")
CLOSE = ("CANARY-kilo=3", "CANARY-lima=1", "CANARY-mike=2")
NEAR = "4815.16 l (from 4791.74 to 4838.58 is right)"


def one(item, answer: tuple[str, ...] = (), *, reveal: bool = False, **more) -> ItemReview:
    dealt = DRAW.options.get(item.id, ())
    return review_item(item, dealt, answer, reveal=reveal, **more)


def test_a_number_is_told_what_was_made_of_it_and_no_key():
    told = one(NUMBER, ("12,50",), sure=2)
    assert (told.said, told.read_as, told.verdict) == ("12,50", "12.5 l", "not right")
    assert (told.told_html, told.right, told.refs) == (("CANARY feedback number wrong",), (), ())
    assert (told.sure, told.points) == (2, "−2")
    right = one(NUMBER, ("4800",), sure=3)
    assert (right.verdict, right.told_html, right.right) == ("right", ("CANARY feedback number right",), ())
    assert right.points == "3"


def test_after_a_pass_a_number_is_told_the_key_and_how_near_is_near_enough():
    assert one(NUMBER, ("1",), reveal=True).right == (NEAR,)
    assert one(NUMBER, ("1",), reveal=True).told_html == (
        "CANARY feedback number wrong",
        "CANARY feedback number right",
    )
    assert one(NUMBER, reveal=True).told_html == ("CANARY feedback number right",)
    exact = NUMBER.model_copy(update={"tolerance": "0", "unit": ""})
    assert one(exact, reveal=True).right == ("4815.16",)
    share = NUMBER.model_copy(update={"answer": "-200", "tolerance": "5", "tolerance_is_percent": True})
    assert one(share, reveal=True).right == ("-200 l (from -210 to -190 is right)",)


def test_a_short_text_is_told_what_else_is_accepted_after_a_pass_only():
    assert one(WORD, ("no",)).told_html == ("CANARY feedback word wrong",)
    assert one(WORD, ("no",)).right == ()
    assert one(WORD, ("consent",), reveal=True).right == ("consent", "CANARY accepted word")
    assert one(WORD).told_html == ()


def test_an_answer_that_a_correction_made_right_is_not_told_to_be_wrong():
    assert one(WORD, ("agreement",), kept=1.0).verdict == "right"
    assert one(WORD, ("agreement",), kept=1.0).told_html == ()
    assert one(WORD, ("agreement",), kept=1.0, reveal=True).told_html == ("CANARY feedback word right",)
    assert one(WORD, ("agreement",), kept=0.0).told_html == ("CANARY feedback word wrong",)


def test_ratings_are_explained_when_all_are_right_or_the_quiz_is_passed():
    early = one(RATING, CLOSE)
    assert early.verdict == "partly right"
    assert [p.chosen_html for p in early.parts] == ["3", "1", "2", ""]
    assert all(
        (p.is_right, p.right_html, p.feedback_html, p.earned) == (None, "", "", None) for p in early.parts
    )
    assert early.keyed_by == ""
    assert [p.feedback_html for p in one(RATING, RATED).parts][:1] == ["CANARY feedback kilo"]
    late = one(RATING, CLOSE, reveal=True)
    assert [(p.earned, p.is_right, p.right_html) for p in late.parts] == [
        (0.5, False, "4"),
        (0.0, False, "3"),
        (1.0, True, "2"),
        (0.0, False, "1"),
    ]
    assert late.keyed_by == "its author"


def test_the_key_of_a_panel_says_how_many_rated():
    options = [
        o.model_copy(update={"key": Key(by="panel", panel=(3,) * n)}) for n, o in enumerate(RATING.options, 9)
    ]
    assert one(RATING.model_copy(update={"options": tuple(options)}), reveal=True).keyed_by == "a panel of 9"
    mixed = RATING.model_copy(update={"options": (*options[:3], RATING.options[3])})
    assert one(mixed, reveal=True).keyed_by == "its author"


def test_an_essay_waits_until_its_credit_is_kept():
    waiting = one(ESSAY, ("My\nwords.",))
    assert (waiting.verdict, waiting.said, waiting.model_html) == ("not marked yet", "My\nwords.", "")
    assert one(ESSAY).verdict == "not answered"
    half = one(ESSAY, ("Words.",), kept=0.5, reveal=True)
    assert (half.verdict, half.credit, half.model_html) == ("partly right", 0.5, "<p>CANARY model answer</p>")
    assert one(ESSAY, ("Words.",), kept=0.0).verdict == "not right"


def test_what_is_kept_with_the_attempt_counts_over_what_would_be_marked_today():
    wrong, kept, sure = {SURE.id: ("CANARY-papa-wrong",)}, {SURE.id: 1.0}, {SURE.id: 2}
    reviews = review(QUIZ, DRAW, wrong, reveal=False, kept=kept, confidence=sure)
    assert [r.verdict for r in reviews] == ["not answered"] * 3 + ["right"]
    assert (reviews[3].sure, reviews[3].points) == (2, "2")


def test_sureness_that_is_only_asked_earns_no_points():
    assert (one(WORD, ("consent",), sure=3).sure, one(WORD, ("consent",), sure=3).points) == (3, "")
    assert one(SURE, sure=3).points == ""
    assert one(SURE, ("CANARY-oscar-right",)).points == "1"


def result_with(**more: object) -> dict[str, object]:
    return {
        "outcomes": [{"outcome": "LO2", "percent": 40.0, "items": 2}],
        "missed_critical": [],
    } | more


def test_what_was_missing_is_named_as_the_student_was_asked_it():
    short = shortfall(
        QUIZ, DRAW, 80, result_with(missed_critical=[SURE.id, NUMBER.id, "gone"], short_outcomes=["LO2"])
    )
    assert (short.is_total, short.critical) == (False, (1, 4))
    assert short.outcomes == (ShortOutcome("Respond with care", 40.0, 60),)


@pytest.mark.parametrize(("percent", "is_total"), [(74.9, True), (75, False)])
def test_a_result_of_before_outcomes_could_be_short_names_none(percent: float, is_total: bool):
    short = shortfall(QUIZ, DRAW, percent, result_with())
    assert (short.is_total, short.critical, short.outcomes) == (is_total, (), ())


def test_an_outcome_that_the_quiz_no_longer_names_keeps_its_id():
    rule = QUIZ.pass_rule.model_copy(update={"min_by_outcome": {"LO9": 50}})
    other = QUIZ.model_copy(update={"pass_rule": rule})
    assert shortfall(other, DRAW, 80, result_with(short_outcomes=["LO9"])).outcomes == (
        ShortOutcome("LO9", 0.0, 50),
    )


def test_an_essay_quiz_has_its_reviews_too():
    draw = deal_quiz(letter(shuffle_items=False), Random(1))
    assert [r.kind for r in review(letter(), draw, {}, reveal=True)] == ["essay", "short-text"]
