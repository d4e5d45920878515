"""What statistics know of content: parts and keys of each kind of item, decisions, walks, words."""

import pytest

from pme.assessment import statistics_words as words
from pme.assessment.statistics_content import (
    items_of,
    items_of_scenario,
    mastery_lines,
    mastery_lines_of_scenario,
    walk_of,
)
from pme.assessment.statistics_data import Item
from pme.content.shapes import (
    AnyItem,
    BlueprintLine,
    Criterion,
    EssayItem,
    Key,
    NumericItem,
    QuizPass,
    RatedOption,
    RatingItem,
    RubricLevel,
    ShortTextItem,
)
from tests.support.library import quiz, scenario

COMMON = {"outcome": "LO1", "difficulty": "easy", "stem_html": "How?"}
RATING = RatingItem(
    id="rate",
    type="rating",
    options=(
        RatedOption(id="wait", text_html="Wait", key=Key(by="author", rating=2), feedback_html=""),
        RatedOption(id="ask", text_html="Ask", key=Key(by="panel", panel=(4, 4, 3)), feedback_html=""),
    ),
    **COMMON,  # type: ignore[arg-type]
)
NUMBER = NumericItem(
    id="number",
    type="numeric",
    answer="3",
    right_feedback_html="",
    wrong_feedback_html="",
    **COMMON,  # type: ignore[arg-type]
)
TEXT = ShortTextItem(
    id="text",
    type="short-text",
    accepted=("aid",),
    right_feedback_html="",
    wrong_feedback_html="",
    confidence="marked",
    **COMMON,  # type: ignore[arg-type]
)
ESSAY = EssayItem(
    id="essay",
    type="essay",
    rubric=(Criterion(id="c", title="C", levels=(RubricLevel(points=1, text="yes"),)),),
    most_words=100,
    model_html="",
    **COMMON,  # type: ignore[arg-type]
)


def only(item: AnyItem) -> Item:
    (found,) = items_of(quiz().model_copy(update={"items": (item,)}))
    return found


def test_options_pairs_and_keys_are_known_and_steps_are_not_parts():
    single, truth, many, match, order = items_of(quiz())
    assert [(part.id, part.is_key) for part in truth.parts] == [("true", False), ("false", True)]
    assert [part.is_key for part in many.parts] == [True, True, False]
    assert [part.id for part in match.parts] == ["CANARY-sun=CANARY-day", "CANARY-moon=CANARY-night"]
    assert order.parts == ()
    assert [item.has_distractors for item in (single, truth, many, match, order)] == [True] * 3 + [False] * 2
    assert [item.is_critical for item in (single, truth)] == [True, False]
    assert {item.stratum for item in (single, match)} == {"LO1", "LO2"}


def test_a_rating_has_a_part_for_each_rating_of_each_option():
    found = only(RATING)
    assert [part.id for part in found.parts if part.is_key] == ["wait=2", "ask=4"]
    assert len(found.parts) == 8
    assert not found.has_distractors
    assert words.words_of_parts(RATING)["ask=4"] == "Ask: 4"


def test_typed_answers_have_no_parts_and_certainty_has_its_lowest_mark():
    assert [(only(item).is_typed, only(item).parts) for item in (NUMBER, TEXT, ESSAY)] == [
        (True, ()),
        (True, ()),
        (False, ()),
    ]
    assert (only(NUMBER).lowest, only(TEXT).lowest) == (0.0, -2.0)


@pytest.mark.parametrize("item", [NUMBER, ESSAY])
def test_what_is_not_chosen_has_no_words_for_its_parts(item: AnyItem):
    assert words.words_of_parts(item) == {}


def test_parts_are_told_in_the_words_that_were_published():
    single, _, _, match, _ = quiz().items
    assert words.words_of_parts(single)["CANARY-alpha-right"] == "Answer alpha"
    assert words.words_of_parts(match)["CANARY-sun=CANARY-day"] == "sun → day"


def test_what_is_drawn_knows_its_pool():
    first, *others = quiz().items
    line = BlueprintLine(bank="bank", count=1, items=(first.id, others[0].id))
    found = items_of(quiz().model_copy(update={"blueprint": (line,)}))
    assert [item.pool for item in found] == ["1", "1", "", "", ""]


def test_mastery_is_the_authors_line_for_the_outcome_or_that_of_the_quiz():
    rule = QuizPass(min_percent=75, min_by_outcome={"LO2": 90})
    assert mastery_lines(quiz().model_copy(update={"pass_rule": rule})) == {"LO1": 75, "LO2": 90}
    assert mastery_lines_of_scenario(scenario()) == {"LO1": 75, "LO2": 75}


def test_decisions_are_items_whose_best_choices_are_the_key():
    first, second = items_of_scenario(scenario())
    assert [(part.id, part.is_key) for part in first.parts] == [
        ("CANARY-listen", True),
        ("CANARY-wait", False),
        ("CANARY-shout", False),
    ]
    assert (first.stratum, second.stratum) == ("LO1", "LO2")
    assert first.is_critical
    assert second.is_critical


def test_a_path_is_a_walk_with_its_ending_and_what_it_failed():
    walk = walk_of(scenario(), [("d1", "CANARY-shout"), ("d2", "CANARY-nothing")])
    assert walk.steps == (("d1", "CANARY-shout", "d2"), ("d2", "CANARY-nothing", "harm"))
    assert (walk.ending, walk.failed) == ("harm", frozenset({"CA1", "CA2"}))


def test_a_path_that_has_not_ended_leads_nowhere_yet():
    assert walk_of(scenario(), [("d1", "CANARY-listen")]).ending == ""


def test_places_are_called_by_number_and_label():
    assert words.words_of_places(scenario()) == {
        "d1": "Decision 1",
        "d2": "Decision 2",
        "sound": "CANARY-ending sound",
        "gaps": "CANARY-ending gaps",
        "harm": "CANARY-ending harm",
    }
