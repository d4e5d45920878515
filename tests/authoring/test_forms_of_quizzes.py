"""The form of a quiz: its fields, its rules, what it draws, and its text beside it."""

from typing import Any

import pytest

from pme.content.yaml_edit import read
from pme.db import Database
from tests.authoring.question_forms import form_at, items_of, text_of, value
from tests.authoring.test_changes import put_file
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import FILES, PAGE, QUIZ, Shelf

pytestmark = pytest.mark.alike
SAVE = "Save in the draft"
BANK = "quizzes/listening.bank.yaml"


def test_what_draws_and_asks_a_question_of_a_bank_is_told(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    items = FILES[QUIZ].partition("items:\n")[2]
    bank = (
        "schema: pme-bank/1\ntitle: More\nlanguage: en\nmodule: listening\nitems:\n"
        + items.replace("id: first", "id: bank-first").partition("  - id: second")[0]
    )
    put_file(database, draft, BANK, bank.encode())
    put_file(database, draft, BANK.replace(".yaml", ".fr.yaml"), b"items:\n  - {id: bank-first}\n")
    change(
        clarke,
        draft,
        QUIZ,
        "critical: [first]",
        "critical: [bank-first]\nblueprint:\n  - {bank: listening, count: 1}",
    )
    change(clarke, draft, PAGE, "### In short", "{check: listening/bank-first}\n\n### In short")
    page = clarke.get(f"{draft}/questions/{BANK}").press("Delete: question 1")
    for says in (
        "may draw it: its blueprint takes 1",
        "names it as critical",
        "asks it as a check",
        "“Check everything” tells 1 more.",
    ):
        assert says in page.words
    assert "No question yet" in page.words
    assert "0 available in listening." in clarke.get(f"{draft}/questions/{QUIZ}").words


def test_a_question_is_previewed_without_and_with_its_key(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    for number in range(1, 8):
        page = form_at(clarke, draft, number).follow("See it as students do")
        assert "Nothing that you answer here is kept" in page.words
        assert not {"Correct", "Yes.", "It helps."} & set(page.words.split())
        keyed = page.follow("With key and feedback")
        assert "Sources" in keyed.words
        assert not keyed.tree.xpath("//main//form")


def test_the_fields_of_a_quiz_are_kept_in_place(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/questions/{QUIZ}").press(
        SAVE, **{"title": "Another title", "pass.min_percent": "about 80", "time_limit_minutes": "20"}
    )
    assert "has to be a whole number" in page.tree.xpath("string(//*[@name='pass.min_percent']/parent::div)")
    text = text_of(clarke, draft)
    assert "title: Another title\n" in text
    assert "min_percent: about 80\n" in text
    assert text.endswith("time_limit_minutes: 20\n")


@pytest.mark.parametrize("path", ["modules/listening/module.md", "quizzes/none.quiz.yaml", "x", "../x"])
def test_what_is_no_quiz_or_bank_is_not_there(published: Shelf, visit: Visits, path: str):
    clarke = visit("clarke")
    draft = begin(clarke)
    for address in ("questions", "question/1/form", "question/1/preview", "new-question/single"):
        assert clarke.fetch(f"{draft}/{address}/{path}").status_code == 404
    assert clarke.fetch(f"{draft}/question/99/form/{QUIZ}").status_code == 404
    assert clarke.fetch(f"{draft}/new-question/none/{QUIZ}").status_code == 404


def test_a_file_that_no_form_can_read_is_edited_as_text(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "title: A check", "title: [A check")
    page = clarke.get(f"{draft}/questions/{QUIZ}")
    assert page.path.endswith(f"/file/{QUIZ}")
    assert "not readable YAML" in page.words


def test_two_people_at_two_questions_of_one_file_do_not_meet(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    theirs, first, head = (
        form_at(davis, draft, 2),
        form_at(clarke, draft, 1),
        clarke.get(f"{draft}/questions/{QUIZ}"),
    )
    theirs.press(SAVE, stem="Written by Davis")
    assert "Saved in the draft" in first.press(SAVE, stem="Written by Clarke").words
    assert "Saved in the draft" in head.press(SAVE, title="Another title").words
    items = items_of(clarke, draft)
    assert [each["stem"] for each in items[:2]] == ["Written by Clarke", "Written by Davis"]
    again = first.press(SAVE, stem="Late")
    assert again.status == 409
    assert "Written by Clarke" in again.words
    page = form_at(davis, draft, 2)
    clarke.get(f"{draft}/questions/{QUIZ}").press("Move down: question 1")
    assert "Saved in the draft" in page.press(SAVE, stem="Moved, and known again").words
    assert items_of(clarke, draft)[0]["stem"] == "Moved, and known again"


def test_the_rules_of_a_quiz_and_what_it_draws_are_written_by_its_form(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    clarke.get(f"{draft}/new-questions").press(
        "Begin it", kind="bank", title="A bank", slug="listening", module="listening"
    )
    item = '  - {id: b1, type: true-false, outcome: LO1, difficulty: easy, stem: Yes?, answer: "true", '
    item += 'refs: [GUIDE-2020], feedback: {"true": Yes., "false": No.}}'
    change(clarke, draft, BANK, "items: []", f"items:\n{item}")
    page = clarke.get(f"{draft}/questions/{QUIZ}").press("Add: line")
    row = {"blueprint.0.bank": "listening", "blueprint.0.outcome": "LO1", "blueprint.0.count": "3"}
    checked = page.press("Check", **row)
    assert "1 available of LO1 in listening." in checked.words
    assert "The quiz asks for 3, and the bank listening has 1 item of LO1" in checked.words
    assert value(checked, "blueprint.0.count") == "3"
    rules = {
        "blueprint.0.count": "1",
        "pass.min_by_outcome.LO2": "50",
        "pass.success_percent": "95",
        "time_limit_minutes": "20",
        "attempts": "3",
        "shuffle.options": "yes",
        "confidence": "asked",
    }
    before = text_of(clarke, draft)
    saved = checked.press(SAVE, **rules)
    assert "Saved in the draft" in saved.words
    content: Any = read(text_of(clarke, draft))
    assert content["blueprint"] == [{"bank": "listening", "outcome": "LO1", "count": "1"}]
    assert content["pass"]["min_by_outcome"] == {"LO2": "50"}
    assert content["shuffle"] == {"items": "yes", "options": "yes"}
    assert (
        text_of(clarke, draft)
        .partition("items:\n")[2]
        .startswith(before.partition("items:\n")[2].rstrip()[:500])
    )
    wrong = clarke.get(f"{draft}/questions/{QUIZ}").press("Check", **{"pass.success_percent": "1"})
    assert "“success_percent” has to be over" in wrong.words
    question = form_at(clarke, draft, 1).press("Check", **{"options.0.feedback": ""})
    assert "“feedback” is" in question.words
    gone = clarke.get(f"{draft}/questions/{QUIZ}").press("Remove: Line 1").press(SAVE)
    assert "blueprint" not in read(text_of(clarke, draft))
    assert gone.status == 200


def test_a_text_is_checked_line_by_line_without_being_saved(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    for path, old, new, says in (
        (QUIZ, "correct: yes, feedback: Yes.}", "feedback: Yes.}", "exactly one option"),
        ("quizzes/gate.scenario.yaml", "goto: d2", "goto: d9", "”, which is neither a node nor an ending"),
        ("modules/core.course.yaml", "title: Core", "titel: Core", "“titel” is not a known field"),
        ("modules/sources.yaml", "status: seen", "status: read", "status"),
    ):
        text = text_of(clarke, draft, path)
        assert old in text
        page = clarke.get(f"{draft}/file/{path}").press("Check", content=text.replace(old, new, 1))
        assert says in page.words
        answer = clarke.send(f"{draft}/look/{path}", content=text.replace(old, new, 1)).get_json()
        assert any(says in each["says"] and each["line"] > 1 for each in answer["problems"])
    assert "Nothing changed yet" in clarke.get(draft).words
    for hostile in ("[" * 200_000, "a: &x 1\nb: *x", "!!python/object:os.system x", "x" * 600_000):
        answer = clarke.send(f"{draft}/look/{QUIZ}", content=hostile)
        assert answer.status_code in (200, 413, 422)
