"""An instructor's day by keyboard alone, from an empty start: Tab, Enter, Space and arrows, the focus always seen.

After each act the focus, or where Tab goes on from, is at what the act was about. Marking is in test_marking.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from pme.content.render import Renderer
from pme.db import Database
from tests.browser.conftest import SignedIn
from tests.browser.hands import Keyboard
from tests.browser.test_keyboard import at_the_keyboard, nothing_unseen
from tests.content.small_library import QUIZ, SCENARIO, Shelf
from tests.regrade.every_type import BRAVO, answers, enrolment_of, publish_quiz, quiz, sit
from tests.support.panels import publish_files

pytestmark = [pytest.mark.browser, pytest.mark.database("sqlite")]

SAVE = "Save in the draft"
NEAR = 2
"""Presses of Tab within which the next thing of what an act was about is reached."""


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    """The small library of files, published."""
    with Renderer() as renderer:
        shelf = Shelf(tmp_path, renderer)
        with database.writing() as session:
            publish_files(session, shelf)
    return shelf


def pressed(hands: Keyboard, button: str) -> Locator:
    """The first button of this name, hidden words and all."""
    return hands.page.get_by_role("button", name=re.compile(f"^{button}$")).first


def tabs_to(hands: Keyboard, thing: Locator) -> int:
    """How many presses of Tab lead to a thing, or to something in it."""
    for presses in range(1, 121):
        hands.page.keyboard.press("Tab")
        if thing.evaluate("element => element.contains(document.activeElement)"):
            return presses
    raise AssertionError(f"Tab does not reach {thing} on {hands.page.url}")


def has_focus(thing: Locator) -> None:
    """Wait until a thing has the focus itself."""
    expect(thing).to_be_focused()


def write_a_section(clarke: Keyboard) -> None:
    """A section of a page, with a figure, saved and seen beside the text."""
    page = clarke.page
    clarke.follow("Open the contents")
    clarke.follow("First steps")
    area = page.get_by_label("Text of the page")
    clarke.reach(area)
    page.keyboard.press("ControlOrMeta+End")
    clarke.activate(pressed(clarke, "Heading"))
    page.keyboard.type("What you see")
    has_focus(area)
    page.keyboard.press("ControlOrMeta+End")
    clarke.activate(pressed(clarke, r"Insert media.steps\.svg"))
    has_focus(area)
    page.keyboard.press("ControlOrMeta+s")
    expect(page.locator("[data-seen]").get_by_role("heading", name="What you see")).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("by the server")
    page.wait_for_function(
        "() => Object.keys(localStorage).filter(key => key.startsWith('pme:')).length === 0"
    )
    clarke.press("Save and preview")
    clarke.reach(page.locator("[data-seen]"))


def write_a_question(clarke: Keyboard, draft: str) -> None:
    """A question in the form of its kind."""
    page = clarke.page
    clarke.open(f"{draft}/questions/{QUIZ}")
    clarke.follow("True or false")
    clarke.write("Question", "A person may change their mind after they have agreed. Is it so?")
    clarke.pick("Learning outcome", "LO1.*")
    clarke.activate(page.get_by_role("button", name=SAVE, exact=True).first)
    clarke.sees("Added to the draft")


def arrange_questions(clarke: Keyboard, draft: str) -> None:
    """Moved, deleted, and put back: the focus is at the row, then at the way back."""
    page = clarke.page
    clarke.open(f"{draft}/questions/{QUIZ}")
    clarke.activate(pressed(clarke, "Move down ?: question 1"))
    expect(page).to_have_url(re.compile("#question-2$"))
    assert tabs_to(clarke, page.locator("#question-2")) <= NEAR
    clarke.activate(pressed(clarke, "Delete ?: question 3"))
    has_focus(page.locator(".notice").first)
    assert tabs_to(clarke, page.get_by_role("button", name="Undo")) <= NEAR
    clarke.press("Undo")
    clarke.sees("Question third is back.")


def change_a_story(clarke: Keyboard, draft: str) -> None:
    """A part added, deleted from its form, put back, and deleted from the list."""
    page = clarke.page
    clarke.open(f"{draft}/scenario/{SCENARIO}")
    clarke.pick("What", "Decision")
    clarke.pick("Where", "After d1: .*")
    clarke.press("Add it")
    clarke.sees("Added to the story")
    clarke.activate(page.locator("summary", has_text="Delete "))
    clarke.press("Delete it")
    has_focus(page.locator(".notice").first)
    clarke.press("Undo")
    clarke.sees("is back.")
    clarke.activate(pressed(clarke, "Delete ?: [a-z0-9-]*decision[a-z0-9-]*|Delete ?: d4"))
    clarke.sees("to d2 instead")


def test_a_draft_is_written_looked_at_checked_and_published(signed_in: SignedIn, shelf: Shelf):
    clarke = at_the_keyboard(signed_in, "clarke")
    page = clarke.page
    clarke.open("/author")
    clarke.sees("No draft yet")
    clarke.press("Begin")
    has_focus(page.get_by_role("alert"))
    clarke.write("Name of the draft", "A clearer first hour")
    clarke.press("Begin")
    clarke.reads("A clearer first hour")
    draft = page.url.removeprefix(clarke.address)
    write_a_section(clarke)
    write_a_question(clarke, draft)
    arrange_questions(clarke, draft)
    change_a_story(clarke, draft)

    # what is not finished is taken out again
    clarke.open(f"{draft}/questions/{QUIZ}")
    clarke.activate(pressed(clarke, "Delete ?: question 8"))
    clarke.sees("Question 8 is deleted")

    # seen as a student, checked, published, compared
    clarke.open(draft)
    clarke.follow("See it as a student")
    expect(page).to_have_url(re.compile("/preview/draft-"))
    clarke.open(draft)
    clarke.press("Check everything")
    clarke.sees("Checked")
    clarke.activate(page.get_by_role("link", name=re.compile("^Publish")).first)
    clarke.press("Publish")
    clarke.sees("Students see it from now on")
    clarke.open("/author/history")
    clarke.activate(page.get_by_role("link", name=re.compile("^Compare with now")).first)
    clarke.follow("First steps")
    clarke.sees("What you see")
    nothing_unseen(clarke)


def test_a_question_is_corrected_its_statistics_are_read_and_the_correction_is_undone(
    signed_in: SignedIn, database: Database
):
    with database.writing() as session:
        version = publish_quiz(session, quiz(essay=False))
        sit(session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,), many=(), match=()))
    clarke = at_the_keyboard(signed_in, "clarke")
    page = clarke.page
    clarke.open("/teach")
    clarke.follow("Core course")
    clarke.follow("Correct a question")
    clarke.activate(page.get_by_role("link", name=re.compile("^A short check")))
    clarke.activate(page.get_by_role("link", name=re.compile("^Correct the key ?: question 1$")))
    clarke.choose("Answer bravo")
    clarke.press("See what it would change")
    has_focus(page.get_by_role("alert"))
    clarke.write("Reason", "Both sources name it.")
    clarke.press("See what it would change")
    clarke.press("Apply the correction")
    clarke.sees("The question is corrected.")
    clarke.follow("Undo this correction")
    clarke.press("Undo the correction")
    clarke.sees("Undone")
    clarke.open("/teach/core")
    clarke.follow("Quality of questions")
    clarke.activate(page.locator("main .tasks a").first)
    clarke.activate(page.locator("main table a").first)
    nothing_unseen(clarke)
