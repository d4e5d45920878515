"""Sentences that deserve a look and sentences that do not; reasons that answer, and what brings a warning back."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from pme.config import ROOT
from pme.content.answers import ANSWERS, answered, outlived, parse_answers, to_fill_in
from pme.content.ethics import ethics
from pme.content.ethics_rules import RULES
from pme.content.files import read_tree
from pme.content.lint import ethics_of
from pme.content.lint_facts import Known
from pme.content.parse_fields import Passage
from pme.content.parse_prose import passages
from pme.content.problems import Findings, Problem
from pme.content.shapes import ContentNote
from pme.content.unrendered import words_of
from tests.content.small_library import MODULE, SECOND, Shelf

NOTE = ContentNote(themes=("fear",), detail="mentioned", text="Somebody is afraid.", equivalent="A talk.")
BAD = {
    "blame": [
        "The alleged victim came back.",
        "She claims that he hurt her.",
        "He did not resist at all.",
        "They put themselves at risk by going out.",
        "The child prostitute was found.",
        "He committed suicide.",
    ],
    "gendered": [
        "All mankind is at risk.",
        "The post is manned by six.",
        "Ask the spokesman.",
        "Every soldier must know his rules.",
        "A commander should ask what he can do.",
        "Soldiers must report to the officer who checks his weapon.",
        "Each person brings his/her card.",
    ],
    "graphic": ["They were brutally hurt.", "There was a pool of blood.", "The bodies were mutilated."],
    "real-name": [
        "Colonel Radcombe gave the order.",
        "We met Jana Kowalczuk at the gate.",
        "The 14th Mechanized Brigade held the town.",
        "It was said by Dr. Ilse van Marum.",
    ],
    "uncited-number": [
        "About 60 per cent of survivors never report.",
        "NATO agreed its policy in 2019.",
        "More than 12,000 people fled.",
        "Some medicines work for 72 hours only.",
        "One in three women has met it.",
        "Two million people were displaced.",
    ],
    "content-note": ["They were trafficked to the city.", "Rape is a crime.", "The prisoners were tortured."],
    "long-sentence": ["This one " + "goes on and on " * 6 + "until nobody knows any more how it began."],
}
GOOD = [
    "The person says that somebody hurt them.",
    "A man may say that he was hurt; ask what he needs.",
    "The corporal nods, and she takes her place.",
    "The human body needs water.",
    "Every soldier knows their rules.",
    "Meet at 14:30, or at 1500 hours, in room 12.",
    "See step 3, article 65, resolution 1325 and AJP-3.19.",
    "The 3rd question is easy, and so are 4 and 5.",
    "How many of the 300 people can you name?",
    "The Security Council and the General Assembly met in New York.",
    "Captain, look at the Geneva Conventions.",
    "The First Aid kit is with the Military Police.",
    "The basement of the house is dry.",
    "Horsemen crossed the river.",
]


def told(
    text: str,
    *,
    known: str = "",
    allowed: tuple[str, ...] = (),
    note: ContentNote | None = NOTE,
    code: str = "en",
) -> list[Problem]:
    """What is said of one paragraph of a page."""
    names = Known(known, allowed)
    return list(ethics(passages("p.md", text), language_code=code, most_grade=8, known=names, note=note))


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in BAD.items() for text in texts])
def test_a_sentence_that_deserves_a_look_is_told_once_by_its_rule(rule: str, text: str):
    found = told(text, note=NOTE if rule == "content-note" else None)
    assert [problem.rule for problem in found] == [rule], found
    assert set(BAD) | {"support", "reading-grade"} == set(RULES)


@pytest.mark.parametrize("text", GOOD)
def test_an_ordinary_sentence_is_let_alone(text: str):
    assert told(text) == []


def test_a_better_word_is_offered():
    says = told("The post is unmanned and the chairman is away.")
    assert "write: uncrewed, remotely piloted" in says[0].says
    assert "write: chair" in says[1].says


@pytest.mark.parametrize(
    "text",
    [
        "More than 12,000 people fled [@GUIDE-2020].",
        "More than 12,000 people fled.[^1]",
        "It happens often [@GUIDE-2020]:\n\n- to 40 per cent of women;\n- to 12 per cent of men.",
        '!!! example "A town"\n    12,000 people live there.',
        "## Worked example\n\nThe town has 12,000 people.",
    ],
)
def test_a_number_may_stand_with_a_source_or_in_an_example(text: str):
    assert [problem for problem in told(text) if problem.rule == "uncited-number"] == []


def test_after_an_example_numbers_need_sources_again():
    text = '!!! example "A town"\n    12,000 people live there.\n\nIn 2021, 9,000 people fled.'
    assert [(problem.rule, problem.line) for problem in told(text)] == [("uncited-number", 4)]


def test_a_name_is_told_once_a_file_and_not_where_the_bibliography_has_it():
    text = "Jana Kowalczuk came.\n\nJana Kowalczuk left."
    assert [problem.line for problem in told(text)] == [1]
    assert told(text, known="A study by Jana Kowalczuk") == []
    assert told(text, allowed=("Kowalczuk",)) == []
    assert len(told(text, allowed=("Kowal",))) == 1


def test_a_note_that_names_the_theme_is_enough():
    note = NOTE.model_copy(update={"themes": ("trafficking (mentioned)",)})
    assert told("They were trafficked to the city.", note=note) == []


def test_other_languages_are_said_not_to_be_looked_at():
    found = told("Tout le monde committed suicide. About 60 per cent.", code="fr")
    assert ["written in French" in problem.says for problem in found] == [True]
    assert found[0].rule == ""


@pytest.mark.parametrize(
    ("written", "count"), [("None.", 1), ("n/a", 1), ("Talk.", 1), ("A talk counts.", 0)]
)
def test_a_note_without_an_alternative_is_told(shelf: Shelf, written: str, count: int):
    shelf.change(MODULE, "A talk with your instructor counts the same.", written)
    assert sum(problem.rule == "support" for problem in shelf.check().problems) == count


def warned(shelf: Shelf) -> list[Problem]:
    return [problem for problem in shelf.check().problems if problem.rule]


def answer(shelf: Shelf, problems: Iterable[Problem], **changed: str) -> None:
    """Answer warnings in the file, as somebody who works with files does."""
    entries = to_fill_in(problems, {}).replace('reason: ""', "reason: It is quoted here.")
    entries = entries.replace('by: ""', "by: Clarke").replace('on: ""', "on: 2026-03-02")
    for old, new in changed.items():
        entries = entries.replace(old, new)
    shelf.write(ANSWERS, entries + "\n")


def test_an_answered_warning_is_counted_apart_and_comes_back_when_its_text_changes(shelf: Shelf):
    shelf.change(SECOND, "what you saw.", "that she claims it.")
    assert [problem.rule for problem in warned(shelf)] == ["blame"]
    before = len(shelf.check().warnings)
    answer(shelf, warned(shelf))
    report = shelf.check()
    assert report.errors == ()
    assert (len(report.warnings), len(report.answered)) == (before - 1, 1)
    assert "answered: “she claims” can put blame" in report.text
    assert "Reason: It is quoted here. (Clarke, 2026-03-02)" in report.text
    assert report.text.endswith("1 answered.")
    shelf.change(SECOND, "she claims it", "she claims all of it")
    report = shelf.check()
    assert report.answered == ()
    assert any(problem.rule == "blame" for problem in report.warnings)
    assert any("has changed or is gone" in problem.says for problem in report.warnings)


def test_white_space_changes_no_text_and_another_rule_is_not_answered():
    one = Passage("p.md", 1, "He committed  suicide.")
    assert one.block == replace(one, text="He committed\nsuicide.", line=9).block
    problem = Problem("p.md", 1, "says", rule="blame", block=one.block)
    text = (
        f"answers:\n  - {{file: p.md, rule: graphic, block: {one.block}, reason: R, by: B, on: 2026-03-02}}\n"
    )
    answers = parse_answers(text, Findings(ANSWERS))
    assert [each.answer for each in answered([problem], answers)] == [""]
    assert outlived([problem], answers) == list(answers)


def test_a_name_with_a_reason_is_let_stand_in_every_file(shelf: Shelf):
    shelf.change(SECOND, "what you saw.", "what Corporal Lindqvist saw.")
    assert [problem.rule for problem in warned(shelf)] == ["real-name"]
    entry = "answers:\n- {name: Lindqvist, reason: Invented., by: Clarke, on: 2026-03-02}\n"
    shelf.write(ANSWERS, entry)
    assert warned(shelf) == []
    assert shelf.check().problems == ()
    shelf.write(ANSWERS, entry.replace("Lindqvist", "Li"))
    assert any("3 to 80 characters" in problem.says for problem in shelf.check().errors)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("reason: It is quoted here.", 'reason: ""', "“reason” is empty"),
        ("rule: blame", "rule: blaim", "Did you mean blame?"),
        ("block: ", "block: zz", "is not a hash as the check prints it"),
        ("by: Clarke", "who: Clarke", "“by” is missing"),
        ("2026-03-02", "yesterday", "a day such as"),
        ("It is quoted here.", "x" * 1_001, "longer than 1000"),
    ],
)
def test_a_bad_answer_is_refused_with_its_line(shelf: Shelf, old: str, new: str, says: str):
    shelf.change(SECOND, "what you saw.", "that she claims it.")
    answer(shelf, warned(shelf), **{old: new})
    assert any(
        says in problem.says and problem.file == ANSWERS and problem.line > 1
        for problem in shelf.check().errors
    )


def test_the_shipped_courses_leave_no_warning_of_this_kind_without_an_answer():
    tree = read_tree(ROOT / "modules", ROOT / "quizzes")
    read = words_of(tree)
    found = answered(ethics_of(read), read.answers)
    left = [problem for problem in found if problem.rule and not problem.answer]
    assert [str(problem) for problem in left if problem.rule not in ("long-sentence", "reading-grade")] == []
    assert outlived(found, read.answers) == []
    assert len(read.answers) >= 10
