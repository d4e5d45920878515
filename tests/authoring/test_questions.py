"""Questions by forms, in the browser without JavaScript: from nothing to what students see."""

from typing import Any

import pytest

from pme.content import catalogue
from pme.content.yaml_edit import read
from pme.db import Database
from tests.authoring.test_changes import put_file
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import FILES, PAGE, QUIZ, Shelf
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

SAVE = "Save in the draft"
BANK = "quizzes/listening.bank.yaml"
HOSTILE = ["<script>alert(1)</script>", "=cmd|'/c calc'!A1", "../../etc/passwd", "x" * 5_000, "{{ 7 * 7 }}"]


def text_of(visit: Visit, draft: str, path: str = QUIZ) -> str:
    """A file as the draft has it."""
    return str(visit.get(f"{draft}/file/{path}").tree.xpath("string(//textarea)")).removeprefix("\n")


def items_of(visit: Visit, draft: str) -> Any:
    """The questions of a quiz as the draft has them."""
    content: Any = read(text_of(visit, draft))
    return content["items"]


def form_at(visit: Visit, draft: str, number: int, path: str = QUIZ) -> Page:
    """The form of a question."""
    return visit.get(f"{draft}/question/{number}/form/{path}")


def value(page: Page, name: str) -> str:
    """What stands in a field of a page."""
    field = page.tree.xpath(f"//*[@name='{name}']")[0]
    return field.get("value") if field.tag == "input" else (field.text or "").removeprefix("\n")


def test_five_questions_from_nothing_are_published(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(draft).follow("Open the contents").follow("New quiz or bank")
    page = page.press(
        "Begin it", kind="quiz", title="Words of help", slug="words-of-help", module="listening"
    )
    assert page.title == "Words of help"
    assert "No question yet" in page.words
    head = {"outcome": "LO1", "difficulty": "easy", "refs.0.key": "GUIDE-2020", "refs.0.locator": "§2"}

    def add(kind: str, **fields: str) -> None:
        saved = page.follow(kind).press(SAVE, **(head | fields))
        assert "Added to the draft" in saved.words
        assert "Error" not in saved.words

    one = "One right answer"
    texts = {f"options.{at}.text": f"Way number {at}" for at in range(3)}
    told = {f"options.{at}.feedback": f"Because of {at}." for at in range(3)}
    add(one, stem="What helps a person first?", **texts, **told, **{"options.1.correct": "yes"})
    add(
        "True or false",
        stem="A person may say no.",
        answer="true",
        **{"feedback.true": "Right.", "feedback.false": "They may."},
    )
    add(
        "A number",
        stem="How many hours are three days?",
        answer="72",
        unit="hours",
        **{"feedback.right": "Right.", "feedback.wrong": "Three times 24."},
    )
    add(
        "A word or a few",
        stem="What do you ask for before you act?",
        accepted="consent\na yes",
        **{"feedback.right": "Right.", "feedback.wrong": "It is consent."},
    )
    add(
        "Steps in order",
        stem="In which order do you act?",
        **{f"sequence.{at}.text": text for at, text in enumerate(("Listen", "Offer", "Hand over"))},
        **{f"sequence.{at}.feedback": f"It is number {at}." for at in range(3)},
    )
    path = "quizzes/words-of-help.quiz.yaml"
    listed = clarke.get(f"{draft}/questions/{path}")
    assert "What helps a person first?" in listed.words
    assert "Error" not in listed.words
    done = clarke.get(draft).follow("Publish").press("Publish")
    assert "Students see it from now on" in done.words
    with database.session() as session:
        quiz = catalogue.current(session).quiz("words-of-help")
    assert quiz is not None
    assert [item.type for item in quiz.content.items] == [
        "single",
        "true-false",
        "numeric",
        "short-text",
        "ordering",
    ]
    assert quiz.content.items[0].id == "what-helps-person-first"


def test_an_edit_changes_its_lines_only(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "  - id: second", "  # the second one\n  - id: second  # kept\n    note: odd")
    before = text_of(clarke, draft)
    page = form_at(clarke, draft, 2)
    assert "“note” is not a known field" in page.words
    page.press(SAVE, **{"stem": "What comes after that?", "options.1.correct": []})
    after = text_of(clarke, draft)
    changed = set(after.splitlines()) ^ set(before.splitlines())
    assert len(changed) == 4
    assert "# the second one" in after
    assert "note: odd" in after
    form_at(clarke, draft, 2).press(SAVE)
    assert text_of(clarke, draft) == after


def test_a_form_that_is_saved_as_it_is_changes_nothing(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    for number in range(1, 8):
        form_at(clarke, draft, number).press(SAVE)
    clarke.get(f"{draft}/questions/{QUIZ}").press(SAVE)
    assert "Nothing changed yet" in clarke.get(draft).words


def test_rows_are_added_moved_and_removed_by_buttons_and_nothing_typed_is_lost(
    published: Shelf, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = form_at(clarke, draft, 1).press("Add: option", stem="Typed, and not saved")
    assert value(page, "stem") == "Typed, and not saved"
    page = page.press("Move up: Option 2", **{"options.3.text": "A fourth"})
    assert value(page, "options.0.text") == "Leave the place"
    page = page.press("Remove: Option 3")
    assert value(page, "options.2.text") == "A fourth"
    assert clarke.get(draft).words.count(QUIZ) == 0
    page.press(SAVE)
    items = items_of(clarke, draft)
    assert [(each["id"], each["text"]) for each in items[0]["options"]] == [
        ("b", "Leave the place"),
        ("a", "Listen"),
        ("d", "A fourth"),
    ]


def test_a_wrong_key_is_told_at_its_field_and_kept(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = form_at(clarke, draft, 1).press(
        SAVE, **{"options.1.correct": "yes", "options.2.feedback": "", "outcome": "LO9", "refs.0.key": "NONE"}
    )
    assert page.status == 200
    beside = {
        name: page.tree.xpath(f"string(//*[@name='{name}']/parent::div)")
        for name in ("options.2.feedback", "outcome")
    }
    assert "“feedback” is missing" in beside["options.2.feedback"]
    assert "not an outcome of the module" in beside["outcome"]
    assert "exactly one option" in page.tree.xpath("string(//fieldset[@id='options']/div/ul)")
    assert "not in sources.yaml" in page.tree.xpath("string(//fieldset[@id='refs'])")
    assert "LO9 (not known)" in page.words
    assert "It cannot be shown yet" in page.follow("See it as students do").words
    assert "exactly one option" in clarke.get(f"{draft}/questions/{QUIZ}").words


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_kept_and_shown_as_text(published: Shelf, visit: Visits, typed: str):
    clarke = visit("clarke")
    draft = begin(clarke)
    fields = ("stem", "outcome", "options.0.text", "refs.0.key", "id")
    page = form_at(clarke, draft, 1).press(SAVE, **dict.fromkeys(fields, typed))
    assert page.status == 200
    assert value(page, "stem") == typed
    assert not page.tree.xpath("//main//script")
    item = items_of(clarke, draft)[0]
    assert item["stem"] == item["options"][0]["text"] == item["id"] == typed
    assert not clarke.get(f"{draft}/questions/{QUIZ}").tree.xpath("//main//script")
    assert clarke.get(f"{draft}/question/1/preview/{QUIZ}").status == 200
    assert clarke.get(f"{draft}/question/1/delete/{QUIZ}").status == 200


def test_signs_that_cannot_be_kept_are_refused_beside_their_field(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    for page in (
        form_at(clarke, draft, 1).press(SAVE, stem="A\x00B", outcome="LO2"),
        clarke.get(f"{draft}/new-question/single/{QUIZ}").press(SAVE, stem="A\x07B"),
    ):
        assert page.status == 422
        assert value(page, "stem") == "AB"
        assert "cannot be kept" in page.tree.xpath("string(//p[@id='stem-error'])")
    page = clarke.get(f"{draft}/questions/{QUIZ}").press(SAVE, title="A\x1fB")
    assert page.status == 422
    assert "Nothing changed yet" in clarke.get(draft).words
    new = clarke.get(f"{draft}/new-questions").press(
        "Begin it", kind="quiz", title="T", slug="../x", module="listening"
    )
    assert new.status == 422
    again = clarke.get(f"{draft}/new-questions").press(
        "Begin it", kind="quiz", title="T", slug="listening-check", module="listening"
    )
    assert again.status == 409
    assert "one of this name already" in again.words


def test_two_people_who_edit_one_question_never_overwrite_each_other(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    mine, theirs = form_at(clarke, draft, 2), form_at(davis, draft, 2)
    clarke.get(f"{draft}/questions/{QUIZ}").press("Move up: question 2")
    mine = form_at(clarke, draft, 1)
    mine.press(SAVE, stem="As Clarke has it")
    late = theirs.press(SAVE, stem="As Davis has it")
    assert late.status == 409
    assert "Somebody else has saved this file" in late.words
    assert "As Clarke has it" in late.words
    assert value(late, "stem") == "As Davis has it"
    kept = late.press(SAVE)
    assert kept.status == 200
    items = items_of(clarke, draft)
    assert [(item["id"], item["stem"]) for item in items[:2]] == [
        ("second", "As Davis has it"),
        ("first", "What comes **first**?"),
    ]


def test_a_question_that_somebody_took_away_comes_back_as_a_new_one(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    form = form_at(davis, draft, 3)
    clarke.get(f"{draft}/questions/{QUIZ}").follow("Delete: question 3").press("Delete the question")
    late = form.press(SAVE, stem="And then what?")
    assert late.status == 409
    assert "comes back as a new one" in late.words
    assert "Added to the draft" in late.press(SAVE).words
    items = items_of(clarke, draft)
    assert [item["stem"] for item in items].index("And then what?") == 6


def test_questions_are_moved_copied_and_deleted_with_what_follows_told(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/questions/{QUIZ}").press("Move down: question 1")
    assert "Question 1 is now question 2" in page.words
    page = page.press("Duplicate: question 2")
    items = items_of(clarke, draft)
    assert [item["id"] for item in items[:4]] == ["second", "first", "first-copy", "third"]
    told = page.follow("Delete: question 2")
    assert "names it as critical" in told.words
    gone = told.press("Delete the question")
    assert "is deleted from the draft" in gone.words
    stale = told.press("Delete the question")
    assert "Somebody else has saved this file" in stale.words


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
    page = clarke.get(f"{draft}/question/1/delete/{BANK}")
    for says in (
        "may draw it: its blueprint takes 1",
        "names it as critical",
        "asks it as a check",
        "in another language",
    ):
        assert says in page.words
    emptied = page.press("Delete the question")
    assert "No question yet" in emptied.words
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
    assert "3 are to be drawn, and the bank listening has 1 item of LO1" in checked.words
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
        ("quizzes/gate.scenario.yaml", "goto: d2", "goto: d9", "neither a node nor an outcome"),
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
