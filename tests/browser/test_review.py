"""Review in a real browser: its pages in every look, and the whole of it with JavaScript off."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from pme.content.render import Renderer
from pme.db import Database
from tests.authoring.reviewing import let_review
from tests.authoring.test_changes import put_file
from tests.authoring.test_drafting import begin, change, title_of_quiz
from tests.authoring.test_review import ask
from tests.browser.album import SEEN, Album
from tests.browser.conftest import SignedIn
from tests.browser.looking import faults_of
from tests.browser.test_every_page import looking_at, none_of
from tests.content.small_library import FIGURE, FILES, MODULE, PAGE, QUIZ, Shelf
from tests.support.client import Visit
from tests.support.html import html_validate
from tests.support.panels import publish_files

pytestmark = pytest.mark.browser

APPROVALS = "/academy/approvals"
LONG = "A remark that goes on for quite some time, as remarks do. " * 6


@pytest.fixture
def _files(database: Database, tmp_path: Path) -> None:
    """The small library of files, published."""
    with Renderer() as renderer, database.writing() as session:
        publish_files(session, Shelf(tmp_path, renderer))


def played(album: Album, database: Database) -> None:
    """A draft from its review to its publication, and back again."""
    clarke, evans = Visit(album.app, "clarke"), Visit(album.app, "evans")
    album.walk(evans, [APPROVALS], "nothing set")
    album.take(evans.get(APPROVALS).press("Add", name=" "), "no name")
    let_review(database, "baker")
    baker = Visit(album.app, "baker")
    page = evans.get(APPROVALS).press("Add", name="Subject-matter expert")
    ((_, person),) = page.choices("person").items()
    page = page.press("Save these reviewers: Subject-matter expert", person=[person])
    album.take(page.press("Require it: Subject-matter expert"), "required")
    draft = begin(clarke)
    album.walk(clarke, [f"{draft}/review", f"{draft}/publish"], "nothing in it")
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    change(clarke, draft, QUIZ, "      - {id: b, text: Leave the place, feedback: No.}\n", "")
    change(clarke, draft, PAGE, "before you act", "before you ever act")
    change(clarke, draft, MODULE, "Listening is work", "Listening is hard work")
    put_file(database, draft, FIGURE, FILES[FIGURE].replace("Three steps", "The steps").encode())
    album.walk(clarke, [f"{draft}/review", f"{draft}/publish"], "written")
    album.take(clarke.get(f"{draft}/review").press("Ask for review", note=""), "not checked")
    album.take(ask(clarke, draft, " "), "no note")
    ask(clarke, draft, LONG)
    files = [f"{draft}/changes/{path}" for path in (QUIZ, PAGE, MODULE, FIGURE)]
    album.walk(baker, [f"{draft}/review", *files], "in review")
    album.take(baker.post(files[1], anchor="paragraph 2", text=LONG), "commented")
    album.take(baker.post(files[0], anchor="at title", text=" "), "no words")
    baker.post(files[0], anchor="at title", text="Clearer for whom?")
    album.take(baker.get(f"{draft}/review").press("Ask for changes", reason=" "), "no reason")
    baker.get(f"{draft}/review").press("Ask for changes", reason=LONG)
    album.take(clarke.get(files[0]).press("Send the answer", text=LONG), "answered")
    album.walk(clarke, [f"{draft}/review", draft], "changes asked for")
    change(clarke, draft, PAGE, "You ask for", "We ask for")
    album.walk(clarke, [files[1]], "on an earlier state")
    ask(clarke, draft)
    baker.get(f"{draft}/review").press("Approve")
    album.walk(clarke, [f"{draft}/review", draft, f"{draft}/publish"], "approved")
    clarke.get(f"{draft}/publish").press("Publish")
    compared = "/author/history/compare?older=1"
    files = [f"{compared}&path={path}" for path in (QUIZ, FIGURE)]
    album.walk(clarke, ["/author", "/author/history", compared, *files], "published")


@pytest.mark.usefixtures("_files")
@pytest.mark.soak
def test_pages_of_review_have_no_fault_in_any_look(app: Flask, database: Database, chromium: Browser):
    album = Album(app)
    played(album, database)
    none_of(album.dead_ends)
    none_of(html_validate({picture.name: picture.html for picture in album.pictures}))
    faults = []
    with looking_at(album, chromium) as (page, address, watch):
        for number, picture in enumerate(album.pictures):
            page.goto(f"{address}{SEEN}{number}")
            faults += [f"{picture.name}: {fault}" for fault in (*faults_of(page), *watch.faults)]
            watch.faults.clear()
    none_of(faults)


def press(page: Page, name: str) -> None:
    """Press a button of the page."""
    page.get_by_role("button", name=re.compile(rf"^{name}(\s*:.*)?$")).click()


@pytest.mark.usefixtures("_files")
def test_a_draft_is_reviewed_published_and_taken_back_with_javascript_off(
    signed_in: SignedIn, address: str, database: Database
):
    let_review(database, "baker")
    evans = signed_in("evans", script=False).page
    let_approve(evans, address)
    clarke = signed_in("clarke", script=False).page
    clarke.goto(f"{address}/author")
    clarke.get_by_label("Name of the draft").fill("A clearer title")
    press(clarke, "Begin")
    draft = clarke.url
    rewrite(clarke, draft, "title: A check", "title: A clearer check")
    clarke.goto(f"{draft}/review")
    request = clarke.get_by_label("What did you change")
    request.fill("The title.")
    press(clarke, "Ask for review")
    expect(clarke.locator("main")).to_contain_text("Check everything first")
    asked(clarke, draft, "The title.")

    baker = signed_in("baker", script=False, width=320).page
    baker.goto(f"{address}/author")
    baker.get_by_role("link", name="A clearer title").click()
    baker.get_by_role("link", name="What changes, and its review").click()
    baker.get_by_role("link", name="A clearer check").click()
    baker.locator("summary", has_text="Comment: Title").click()
    baker.get_by_label("Comment", exact=True).first.fill("Clearer for whom?")
    baker.get_by_role("button", name="Send the comment").first.click()
    expect(baker.locator("main")).to_contain_text("Clearer for whom?")
    baker.get_by_role("link", name="Review").click()
    baker.get_by_label("What should change?").fill("Say what it checks.")
    press(baker, "Ask for changes")

    clarke.goto(f"{draft}/changes/{QUIZ}")
    clarke.locator("summary", has_text="Answer: Title").click()
    clarke.get_by_label("Answer", exact=True).fill("It says so now.")
    press(clarke, "Send the answer")
    press(clarke, "Resolved")
    rewrite(clarke, draft, "title: A clearer check", "title: A check of listening")
    asked(clarke, draft, "As you said.")
    clarke.goto(f"{draft}/publish")
    expect(clarke.locator("main")).to_contain_text("Approval is still missing from: Legal adviser")

    baker.goto(f"{draft}/review")
    press(baker, "Approve")
    clarke.goto(f"{draft}/publish")
    press(clarke, "Publish")
    expect(clarke.locator("main")).to_contain_text("Students see it from now on")
    assert title_of_quiz(database) == "A check of listening"

    evans.goto(f"{address}{APPROVALS}")
    press(evans, "Stop requiring it")
    clarke.goto(f"{address}/author/history")
    clarke.get_by_role("link", name="Compare with now").first.click()
    clarke.get_by_role("button", name="Publish everything as it was").click()
    expect(clarke.locator("main")).to_contain_text("Students see it from now on")
    assert title_of_quiz(database) == "A check"


def let_approve(page: Page, address: str) -> None:
    """Let a reviewer be asked for approval as a legal adviser."""
    page.goto(f"{address}{APPROVALS}")
    page.get_by_label("Name of the function").fill("Legal adviser")
    press(page, "Add")
    page.get_by_label("Baker Person").check()
    press(page, "Save these reviewers")
    press(page, "Require it")
    expect(page.locator("main")).to_contain_text("Has to approve")


def rewrite(page: Page, draft: str, old: str, new: str) -> None:
    """Change a word of the quiz in its text box."""
    page.goto(f"{draft}/file/{QUIZ}")
    box = page.locator("textarea").first
    box.fill(box.input_value().replace(old, new))
    press(page, "Save in the draft")


def asked(page: Page, draft: str, note: str) -> None:
    """Check the draft and ask for its review."""
    page.goto(draft)
    press(page, "Check everything")
    page.goto(f"{draft}/review")
    page.get_by_label("What did you change").fill(note)
    press(page, "Ask for review")
    expect(page.locator("main")).to_contain_text("A review has been requested")
