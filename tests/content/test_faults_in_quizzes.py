"""Every fault in a quiz is named with its line."""

import pytest

from pme.content.shapes import MatchingItem, OrderingItem, Quiz, SingleItem
from tests.content.planting import Fault, assert_found, warned
from tests.content.small_library import QUIZ, Shelf


def wrong(old: str, new: str, at: str, says: str) -> Fault:
    return Fault(QUIZ, old, new, at, says)


FAULTS = {
    "the module is unknown": wrong(
        "module: listening", "module: hearing", "module:", "There is no module “hearing”"
    ),
    "the type is unknown": wrong("type: multiple", "type: multi", "type: multi\n", "Did you mean multiple?"),
    "the type is missing": wrong("    type: multiple\n", "", "id: signs", "“type” is missing"),
    "an item has no id": wrong("id: signs\n    type", "type", "type: multiple", "“id” is missing"),
    "an outcome is not the module's": wrong(
        "outcome: LO1", "outcome: LO9", "outcome: LO9", "LO9 is not an outcome"
    ),
    "no option is right": wrong("Listen, correct: yes,", "Listen,", "    options:\n", "exactly one option"),
    "two options are right": wrong(
        "Ask for more,", "Ask for more, correct: yes,", "    options:\n", "exactly one option"
    ),
    "no option of several is right": wrong(
        "Water, correct: yes, feedback: It helps.}\n      - {id: b, text: Shade, correct: yes,",
        "Water, feedback: It helps.}\n      - {id: b, text: Shade,",
        "options:\n      - {id: a, text: Water",
        "at least one option",
    ),
    "an option has no feedback": wrong(
        "Ask for more, feedback: No.", "Ask for more", "Ask for more", "“feedback”"
    ),
    "a pair has no feedback": wrong(
        ", feedback: Care is theirs.", "", "left: Medic", "“feedback” is missing"
    ),
    "a statement has no feedback": wrong(
        '{"true": It is not., ', "{", 'feedback: {"false"', "“true” is missing"
    ),
    "there is one option only": wrong(
        "      - {id: b, text: Leave the place, feedback: No.}\n      - {id: c, text: Ask for more, feedback: No.}\n",
        "",
        "    options:\n",
        "at least two entries",
    ),
    "two options share an id": wrong(
        "{id: c, text: Ask", "{id: a, text: Ask", "{id: a, text: Ask", "already taken at line"
    ),
    "two items share an id": wrong(
        "id: second", "id: first", "- id: first\n    type: single\n    outcome: LO2", "already taken"
    ),
    "two right-hand sides are the same": wrong("right: Inquiry", "right: Care", "pairs:", "are the same"),
    "an item cites nothing": wrong("    refs: [NOTES-2021]\n", "", "- id: second", "no source is cited"),
    "an item cites an unknown source": wrong(
        "[NOTES-2021]", "[NOTE-2021]", "[NOTE-2021]", "Did you mean NOTES-2021?"
    ),
    "refs are a text": wrong(
        "refs: [NOTES-2021]", "refs: NOTES-2021", "refs: NOTES-2021", "has to be a list"
    ),
    "a critical item is unknown": wrong(
        "critical: [first]", "critical: [frist]", "critical:", "Did you mean first?"
    ),
    "the pass mark is over 100": wrong(
        "min_percent: 90", "min_percent: 101", "min_percent:", "from 1 to 100"
    ),
    "the attempts are no number": wrong("attempts: unlimited", "attempts: some", "attempts:", "whole number"),
    "yes is neither yes nor no": wrong("items: yes", "items: maybe", "shuffle:", "has to be yes or no"),
    "the answer is neither true nor false": wrong(
        'answer: "false"', "answer: perhaps", "answer:", "one of: true, false"
    ),
    "the scoring is unknown": wrong(
        "scoring: all-or-nothing", "scoring: some", "scoring: some", "one of: all-or-nothing"
    ),
    "right minus wrong is asked of an ordering": wrong(
        "scoring: all-or-nothing",
        "scoring: right-minus-wrong",
        "right-minus-wrong",
        "one of: all-or-nothing, per-option",
    ),
    "a page's mark stands in a stem": wrong(
        "And then?", "And then [@GUIDE-2020]?", "And then [@", "put sources into refs"
    ),
    "options are no list": wrong(
        "options:\n      - {id: a, text: Water",
        "options: [water]\n    x:\n      - {id: a, text: Water",
        "options: [water]",
        "named fields",
    ),
    "items are no list": wrong(
        "items:\n  - id: first", "items: none\nx:\n  - id: first", "items: none", "has to be a list"
    ),
    "the right option is mostly the longest": warned(
        QUIZ,
        "text: An offer",
        "text: An offer of very much help",
        "items:\n  - id",
        "right option is the longest",
    ),
    "blind guessing passes": warned(
        QUIZ, "min_percent: 90", "min_percent: 20", "pass:", "Blind guessing passes"
    ),
    "an item has two options": warned(
        QUIZ, "      - {id: c, text: Ask for more, feedback: No.}\n", "", "- id: first", "three to five"
    ),
    "a distractor is empty": wrong(
        "distractors: [Rumour]", "distractors: ['']", "distractors:", "has to be a text"
    ),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_in_a_quiz_is_named_when(name: str, shelf: Shelf):
    if name == "the right option is mostly the longest":
        shelf.change(QUIZ, "text: A hand-over", "text: A hand-over with many words")
    assert_found(shelf, FAULTS[name])


def test_the_right_option_is_always_in_one_place(shelf: Shelf):
    shelf.change(
        QUIZ, "{id: b, text: An offer, correct: yes, feedback: Yes.}", "{id: b, text: A, feedback: No.}"
    )
    shelf.change(QUIZ, "{id: a, text: Silence and some more,", "{id: a, text: An offer, correct: yes,")
    shelf.change(QUIZ, "{id: c, text: A hand-over, correct: yes,", "{id: c, text: A tale,")
    shelf.change(QUIZ, "{id: a, text: A question or two,", "{id: a, text: A hand-over, correct: yes,")
    assert any("is always number 1" in problem.says for problem in shelf.check().warnings)


def test_a_quiz_that_its_module_does_not_name_is_mentioned(shelf: Shelf):
    shelf.change("modules/listening/module.md", "quizzes: [listening-check]", "quizzes: []")
    assert any("does not name this quiz" in problem.says for problem in shelf.check().warnings)


def test_a_quiz_of_another_module_is_refused(shelf: Shelf):
    shelf.change(QUIZ, "module: listening", "module: hearing")
    says = [problem.says for problem in shelf.check().errors]
    assert "The quiz “listening-check” says that it belongs to “hearing”." in says


def test_a_quiz_without_fields_is_refused(shelf: Shelf):
    shelf.write(QUIZ, "- one\n")
    assert any("This quiz has no fields" in problem.says for problem in shelf.check().errors)
    shelf.write(QUIZ, "")
    assert any("This quiz has no fields" in problem.says for problem in shelf.check().errors)


def test_every_item_becomes_its_shape(shelf: Shelf):
    quiz = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Quiz))
    statement, matching, ordering = (quiz.item(name) for name in ("consent", "who", "order"))
    assert isinstance(statement, SingleItem)
    assert [(option.id, option.correct) for option in statement.options] == [("true", False), ("false", True)]
    assert isinstance(matching, MatchingItem)
    assert len({pair.right_id for pair in matching.pairs} | {d.right_id for d in matching.distractors}) == 3
    assert all(pair.id not in pair.right_id or len(pair.right_id) == 12 for pair in matching.pairs)
    assert isinstance(ordering, OrderingItem)
    first = quiz.item("first")
    assert first is not None
    assert first.stem_html == "What comes <strong>first</strong>?"
    assert first.refs[0].locator == "§2"
    assert [outcome.text for outcome in quiz.outcomes] == ["Listen without questions.", "Offer help."]
    assert quiz.attempts is None


def test_attempts_may_be_numbered(shelf: Shelf):
    shelf.change(QUIZ, "attempts: unlimited", "attempts: 3")
    quiz = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Quiz))
    assert quiz.attempts == 3
