"""Banks: what is read from them, what a quiz draws, and every fault in either with its line."""

import pytest

from pme.content.blueprint import always_asked, fewest_by_outcome, number_asked, own_items
from pme.content.shapes import (
    AnyItem,
    EssayItem,
    NumericItem,
    Quiz,
    RatingItem,
    ShortTextItem,
)
from tests.content.planting import Fault, assert_found, warned
from tests.content.small_bank import BANK, TEXT, with_bank
from tests.content.small_library import MODULE, QUIZ, Shelf


@pytest.fixture
def stocked(shelf: Shelf) -> Shelf:
    return with_bank(shelf)


def drawn_quiz(shelf: Shelf) -> Quiz:
    return next(e.content for e in shelf.check().require().entries if isinstance(e.content, Quiz))


def item(quiz: Quiz, name: str) -> AnyItem:
    found = quiz.item(name)
    assert found is not None
    return found


def test_the_library_with_a_bank_has_no_problem(stocked: Shelf):
    assert stocked.check().problems == ()


def test_a_quiz_embeds_what_it_may_draw(stocked: Shelf):
    quiz = drawn_quiz(stocked)
    assert [line.items for line in quiz.blueprint] == [("hours", "word", "gate"), ("ways", "letter", "chair")]
    assert [each.id for each in own_items(quiz)] == [
        "first",
        "second",
        "third",
        "signs",
        "consent",
        "who",
        "order",
    ]
    assert number_asked(quiz) == 9
    assert always_asked(quiz) == own_items(quiz)
    assert fewest_by_outcome(quiz) == {"LO1": 4, "LO2": 5}


def test_the_version_of_a_quiz_holds_the_text_of_its_banks(stocked: Shelf):
    entry = next(e for e in stocked.check().require().entries if isinstance(e.content, Quiz))
    assert entry.source == {QUIZ: stocked.text(QUIZ), BANK: stocked.text(BANK)}


def test_every_new_type_becomes_its_shape(stocked: Shelf):
    quiz = drawn_quiz(stocked)
    hours, word, ways, letter = (item(quiz, name) for name in ("hours", "word", "ways", "letter"))
    assert isinstance(hours, NumericItem)
    assert (hours.answer, hours.tolerance, hours.tolerance_is_percent) == ("72", "5", True)
    assert (hours.unit, hours.accepted_units) == ("hours", ("h", "hrs"))
    assert isinstance(word, ShortTextItem)
    assert (word.accepted, word.folding) == (("consent", "informed consent"), ("case", "accents"))
    assert isinstance(ways, RatingItem)
    assert [option.key.mean for option in ways.options] == [4, 1, pytest.approx(7 / 3)]
    assert isinstance(letter, EssayItem)
    assert letter.most_points == 3
    assert letter.model_html == "<p>She came at noon.</p><p>She asked for water.</p>"


def test_what_is_usual_need_not_be_said(stocked: Shelf):
    stocked.change(BANK, "    tolerance: 5 %\n", "")
    stocked.change(BANK, "    folding: [case, accents]\n", "")
    quiz = drawn_quiz(stocked)
    hours, word = item(quiz, "hours"), item(quiz, "word")
    assert isinstance(hours, NumericItem)
    assert (hours.tolerance, hours.tolerance_is_percent) == ("0", False)
    assert isinstance(word, ShortTextItem)
    assert word.folding == ("case", "spaces", "punctuation")


def test_confidence_is_the_items_or_the_quizs(stocked: Shelf):
    stocked.change(QUIZ, "minutes: 5", "minutes: 5\nconfidence: marked")
    quiz = drawn_quiz(stocked)
    said = {each.id: each.confidence for each in quiz.items}
    assert said["first"] == said["hours"] == "marked"
    assert (said["ways"], said["letter"]) == ("asked", "none")
    stocked.change(BANK, "module: listening", "module: listening\nconfidence: none")
    assert item(drawn_quiz(stocked), "hours").confidence == "none"


def test_the_pass_rule_may_ask_more(stocked: Shelf):
    stocked.change(
        QUIZ,
        "min_percent: 90",
        "min_percent: 80\n  success_percent: 95\n  min_by_outcome: {LO1: 60, LO2: 70}",
    )
    stocked.change(QUIZ, "minutes: 5", "minutes: 5\ntime_limit_minutes: 15")
    quiz = drawn_quiz(stocked)
    assert quiz.pass_rule.min_by_outcome == {"LO1": 60, "LO2": 70}
    assert (quiz.pass_rule.success_percent, quiz.time_limit_minutes) == (95, 15)


def test_a_quiz_may_hold_no_item_of_its_own(stocked: Shelf):
    text = stocked.text(QUIZ)
    stocked.write(QUIZ, text[: text.index("items:\n")].replace("  critical: [first]\n", ""))
    assert number_asked(drawn_quiz(stocked)) == 2


def in_quiz(old: str, new: str, at: str, says: str) -> Fault:
    return Fault(QUIZ, old, new, at, says)


def in_bank(old: str, new: str, at: str, says: str) -> Fault:
    return Fault(BANK, old, new, at, says)


LO1 = "bank: listening-bank, outcome: LO1"
RATED = [f"{line}\n" for line in TEXT.splitlines() if ", key: {" in line]
FAULTS = {
    "the bank is unknown": in_quiz(
        LO1, "bank: listening-banks, outcome: LO1", "listening-banks", "Did you mean listening-bank?"
    ),
    "a line asks for too many": in_quiz(
        "LO1, count: 1",
        "LO1, count: 4",
        "LO1, count: 4",
        "The quiz asks for 4, and the bank listening-bank has 3 items of LO1",
    ),
    "an outcome has no item in the bank": in_quiz(
        "LO1, count: 1", "LO7, count: 1", "LO7, count: 1", "has 0 items of LO7"
    ),
    "an item is reached by two lines": in_quiz(
        "{bank: listening-bank, outcome: LO2, count",
        "{bank: listening-bank, count",
        "{bank: listening-bank, count",
        "can be reached in one way only",
    ),
    "an item is in the quiz and in the bank": in_quiz(
        "id: second", "id: word", LO1, "already in this quiz itself"
    ),
    "a line has an unknown key": in_quiz(
        "LO1, count: 1", "LO1, number: 1, count: 1", LO1, "“number” is not a known field"
    ),
    "a line has no count": in_quiz("LO1, count: 1", "LO1", LO1, "“count” is missing"),
    "a critical item is left to the draw": in_quiz(
        "critical: [first]", "critical: [chair]", "critical:", "is not asked of everybody"
    ),
    "an outcome is served by no line": in_quiz(
        "outcome: LO1\n    difficulty: easy\n    stem: What",
        "outcome: LO2\n    difficulty: easy\n    stem: What",
        "blueprint:",
        "No question about LO1 is sure to be asked",
    ),
    "a least percentage names no outcome": in_quiz(
        "min_percent: 90",
        "min_percent: 90\n  min_by_outcome: {LO9: 50}",
        "min_by_outcome",
        "LO9 is not an outcome",
    ),
    "a least percentage names an outcome that may be left out": in_quiz(
        "min_percent: 90",
        "min_percent: 90\n  min_by_outcome: {LO1: 50}",
        "min_by_outcome",
        "sure to be asked",
    ),
    "a least percentage is no number": in_quiz(
        "min_percent: 90",
        "min_percent: 90\n  min_by_outcome: {LO1: half}",
        "min_by_outcome",
        "whole number from 1 to 100",
    ),
    "success is not above the pass mark": in_quiz(
        "min_percent: 90", "min_percent: 90\n  success_percent: 90", "success_percent", "has to be over"
    ),
    "the time limit is no number": in_quiz(
        "minutes: 5", "minutes: 5\ntime_limit_minutes: long", "time_limit", "whole number"
    ),
    "the confidence is unknown": in_quiz(
        "minutes: 5", "minutes: 5\nconfidence: askd", "confidence", "Did you mean asked?"
    ),
    "the bank is of another module": in_bank(
        "module: listening", "module: speaking", "module:", "There is no module “speaking”"
    ),
    "two items of a bank share an id": in_bank(
        "id: word", "id: hours", "id: hours\n    type: short-text", "already taken at line 6"
    ),
    "an outcome is unknown in a bank": in_bank(
        "outcome: LO1\n    difficulty: easy\n    stem: A gate",
        "outcome: LO8\n    difficulty: easy\n    stem: A gate",
        "outcome: LO8",
        "LO8 is not an outcome",
    ),
    "a bank has an unknown key": in_bank(
        "title: More", "name: x\ntitle: More", "name: x", "“name” is not a known field"
    ),
    "a number is none": in_bank('"72,0"', "soon", "answer: soon", "has to be a number"),
    "a number may be read in two ways": in_bank(
        '"72,0"', '"72,000"', "answer:", "thousands or as a fraction"
    ),
    "a number is missing": in_bank('    answer: "72,0"\n', "", "- id: hours", "“answer” is missing"),
    "an id is very long": in_bank("id: hours", "id: " + "h" * 81, "- id: hhh", "at most 80 characters"),
    "a tolerance is negative": in_bank("5 %", "-5", "tolerance:", "“tolerance” is “-5”"),
    "a tolerance may be read in two ways": in_bank("5 %", "5.000", "tolerance:", "in two ways"),
    "a percentage is of nothing": in_bank('"72,0"', '"0"', "tolerance:", "a percentage of 0 is 0"),
    "other units have no unit": in_bank(
        "    unit: hours\n", "", "accepted_units", "“unit”, which is missing"
    ),
    "a unit begins with a digit": in_bank("[h, hrs]", "[h, 2h]", "accepted_units", "begins with no digit"),
    "a number has no feedback": in_bank(
        "    feedback: {right: Yes., wrong: No.}\n", "", "- id: hours", "“feedback” is missing"
    ),
    "feedback tells the right ones only": in_bank(
        "{right: Yes., wrong: No.}", "{right: Yes.}", "feedback: {right: Yes.}", "“wrong” is missing"
    ),
    "a short text accepts nothing": in_bank(
        "[consent, informed consent]", "[]", "accepted:", "“accepted” is empty"
    ),
    "an accepted text is nothing once it is folded": in_bank(
        "[consent, informed consent]\n    folding: [case, accents]",
        "[consent, '!']\n    folding: [punctuation]",
        "accepted:",
        "is empty once",
    ),
    "an accepted text is very long": in_bank(
        "informed consent]", "c" * 101 + "]", "accepted:", "at most 100 characters"
    ),
    "a folding is unknown": in_bank(
        "[case, accents]", "[case, accent]", "folding:", "once, of: case, accents, spaces, punctuation"
    ),
    "a folding is named twice": in_bank(
        "[case, accents]", "[case, case]", "folding:", "names each difference"
    ),
    "a rated option has no key": in_bank(
        "key: {by: author, rating: 4}, ", "", "text: Ask what she needs", "“key” is missing"
    ),
    "a rating is out of range": in_bank("rating: 4", "rating: 5", "text: Ask what", "from 1 to 4"),
    "a panel's rating is out of range": in_bank("[2, 2, 3]", "[2, 2, 9]", "[2, 2, 9]", "1, 2, 3 or 4"),
    "there is one option to rate": in_bank(
        RATED[1] + RATED[2],
        "",
        "options:",
        "at least two entries",
    ),
    "an essay has no rubric": in_bank("rubric:", "rubrik:", "- id: letter", "“rubric” is missing"),
    "an essay has no model": in_bank("model: |", "modell: |", "- id: letter", "“model” is missing"),
    "an essay has no length": in_bank("    most_words: 200\n", "", "- id: letter", "“most_words” is missing"),
    "a criterion has one level": in_bank(
        "          - {points: 2, text: All of them.}\n", "", "levels:", "at least two levels"
    ),
    "levels do not rise": in_bank("points: 2", "points: 0", "levels:", "from the lowest to the highest"),
    "the lowest level earns a point": in_bank(
        "{points: 0, text: None.}",
        "{points: 1, text: None.}",
        "levels:",
        "the lowest level gives 0 points, so that an essay can get none",
    ),
    "two criteria share an id": in_bank(
        "id: tone", "id: facts", "id: facts\n        title: Tone", "already taken"
    ),
    "the confidence of an essay is marked": in_bank(
        "most_words: 200",
        "most_words: 200\n    confidence: marked",
        "confidence: marked",
        "its confidence can be asked",
    ),
    "a line draws nearly all": warned(QUIZ, "LO1, count: 1", "LO1, count: 2", LO1, "a second attempt"),
    "the time is shorter than the quiz": warned(
        QUIZ, "minutes: 5", "minutes: 5\ntime_limit_minutes: 4", "time_limit", "time limit is 4 minutes"
    ),
    "an accepted text is there twice": warned(
        BANK, "informed consent]", "Consent]", "accepted:", "differs from “consent” only"
    ),
    "the answer stands in the question": warned(
        BANK,
        "Within how many hours",
        "Of 72 hours, within how many",
        "- id: hours",
        "the answer, “72”, stands in the question",
    ),
    "the word stands in the question": warned(
        BANK,
        "What is a free",
        "Consent is a yes. What is a free",
        "- id: word",
        "the answer, “consent”, stands",
    ),
    "all ratings are the same": warned(
        BANK,
        "".join(RATED),
        RATED[0] + RATED[0].replace("id: a", "id: b"),
        "- id: ways",
        "same key rating",
    ),
    "all ratings are on one side": warned(
        BANK, "rating: 4", "rating: 2", "- id: ways", "every option is rated on the same side of the middle"
    ),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_in_a_bank_or_blueprint_is_named_when(name: str, stocked: Shelf):
    if name == "an outcome is served by no line":
        only_lo1_from_the_bank(stocked)
    if name == "a least percentage names an outcome that may be left out":
        only_lo1_from_the_bank(stocked)
        stocked.change(
            QUIZ,
            "outcome: LO1\n    difficulty: easy\n    stem: What",
            "outcome: LO2\n    difficulty: easy\n    stem: What",
        )
    assert_found(stocked, FAULTS[name])


def only_lo1_from_the_bank(shelf: Shelf) -> None:
    """No item is sure to ask about LO1, and no scenario exercises it."""
    shelf.change(
        QUIZ,
        "  - {bank: listening-bank, outcome: LO1, count: 1}\n  - {bank: listening-bank, outcome: LO2, count: 1}\n",
        "  - {bank: listening-bank, count: 1}\n",
    )
    for stem in ("Which help?", "Silence is consent."):
        text = shelf.text(QUIZ)
        before, _, after = text.partition(stem)
        shelf.write(
            QUIZ, before[: before.rindex("LO1")] + "LO2" + before[before.rindex("LO1") + 3 :] + stem + after
        )
    shelf.change(MODULE, "scenarios: [gate]", "scenarios: []")


def test_an_item_that_nobody_asks_is_mentioned(stocked: Shelf):
    stocked.change(QUIZ, "  - {bank: listening-bank, outcome: LO1, count: 1}\n", "")
    says = {problem.says for problem in stocked.check().warnings}
    assert says == {f"Item {name} is asked by no quiz and no page." for name in ("hours", "word", "gate")}


def test_a_bank_that_nobody_uses_is_mentioned(shelf: Shelf):
    with_bank(shelf)
    text = shelf.text(QUIZ)
    shelf.write(QUIZ, text[: text.index("blueprint:")] + text[text.index("items:\n") :])
    assert [p.says for p in shelf.check().warnings] == [
        "No quiz and no page uses this bank; nobody sees its items."
    ]


def test_a_bank_that_cannot_be_read_is_not_called_unknown(stocked: Shelf):
    stocked.write(BANK, "- one\n")
    report = stocked.check()
    assert [p.file for p in report.errors] == [BANK]


def test_a_bank_in_another_language_or_of_another_module_is_refused(stocked: Shelf):
    stocked.change(BANK, "language: en", "language: fr")
    assert any("is written in “fr”" in problem.says for problem in stocked.check().errors)
    stocked.change(BANK, "module: listening", "module: core")
    assert any("holds items of the module “core”" in problem.says for problem in stocked.check().errors)


def test_a_source_that_only_a_bank_cites_is_doubted_at_the_bank(stocked: Shelf):
    stocked.change("modules/sources.yaml", "  title: Notes", "  status: to-verify\n  title: Notes")
    stocked.change("modules/sources.yaml", "  status: seen\n", "")
    stocked.change(BANK, "[GUIDE-2020]", "[NOTES-2021]")
    files = {p.file for p in stocked.check().warnings if "NOTES-2021" in p.says}
    assert BANK in files


def test_the_name_of_a_bank_has_its_limit(stocked: Shelf):
    stocked.write(f"quizzes/{'b' * 81}.bank.yaml", stocked.text(BANK))
    assert any("name of a bank is at most 80" in problem.says for problem in stocked.check().errors)


def test_a_critical_item_may_come_from_a_line_that_draws_all(stocked: Shelf):
    stocked.change(QUIZ, "outcome: LO2, count: 1", "outcome: LO2, count: 3")
    stocked.change(QUIZ, "critical: [first]", "critical: [chair]")
    assert stocked.check().errors == ()
    stocked.change(QUIZ, "critical: [chair]", "critical: [letter]")
    assert any("is an essay" in problem.says for problem in stocked.check().errors)
