"""Questions by forms, in the browser without JavaScript: from nothing to what students see."""

import pytest

from pme.content import catalogue
from pme.db import Database
from tests.authoring.question_forms import form_at, items_of, text_of, value
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import QUIZ, Shelf

pytestmark = pytest.mark.alike
SAVE = "Save in the draft"
HOSTILE = ["<script>alert(1)</script>", "=cmd|'/c calc'!A1", "../../etc/passwd", "x" * 5_000, "{{ 7 * 7 }}"]


def test_five_questions_from_nothing_are_published(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(draft).follow("Open the contents").follow("New quiz or bank")
    page = page.press(
        "Begin it", kind="quiz", title="Words of help", slug="words-of-help", module="listening"
    )
    assert page.title == "Words of help"
    assert "No question yet" in page.words
    head = {
        "outcome": "LO1",
        "difficulty": "easy",
        "refs.0.key": "GUIDE-2020",
        "refs.0.locator": "§2",
    }

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
        SAVE,
        **{
            "options.1.correct": "yes",
            "options.2.feedback": "",
            "outcome": "LO9",
            "refs.0.key": "NONE",
        },
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
    assert "Open the file from the contents" in again.words


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
    clarke.get(f"{draft}/questions/{QUIZ}").press("Delete: question 3")
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
    gone = page.press("Delete: question 2")
    assert "Question 2 is deleted from the draft. The quiz listening-check names it as critical" in gone.words
    stale = page.press("Delete: question 2")
    assert "Somebody else has changed this file meanwhile" in stale.words
