"""Questions by forms, in every look: each type of form, empty, filled and refused, and the pages around them."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from pme.authoring.item_fields import TYPES
from pme.content.check import check_tree
from pme.content.publish import publish
from pme.content.render import Renderer
from pme.db import Database
from tests.browser.album import Album
from tests.browser.looking import faults_of
from tests.browser.test_every_page import faults_in, none_of
from tests.content.small_library import QUIZ, TODAY, Shelf
from tests.support.cast import START
from tests.support.client import Visit
from tests.support.html import html_validate

pytestmark = pytest.mark.browser
SAVE = "Save in the draft"


@pytest.fixture
def album(app: Flask, database: Database, tmp_path: Path) -> Album:
    """Every page of questions by forms, as Clarke sees them."""
    with Renderer() as renderer:
        shelf = Shelf(tmp_path, renderer)
    library = check_tree(shelf.root / "modules", shelf.root / "quizzes", today=TODAY).require()
    with database.writing() as session:
        publish(session, library, by_id=None, at=START, note="the small library")
    album, clarke = Album(app), Visit(app, "clarke")
    draft = clarke.get("/author").press("Begin", title="Clearer words").path
    take = album.take
    take(clarke.get(f"{draft}/new-questions"), "nothing entered")
    take(clarke.get(f"{draft}/new-questions").press("Begin it", slug=".."), "refused")
    for kind in TYPES:
        take(clarke.get(f"{draft}/new-question/{kind}/{QUIZ}"), "empty")
    wrong = {
        "options.1.correct": "yes",
        "options.2.feedback": "",
        "outcome": "LO9",
        "refs.0.key": "NONE",
    }
    broken = clarke.get(f"{draft}/question/1/form/{QUIZ}").press(SAVE, stem="x" * 500, **wrong)
    take(broken, "with problems")
    take(broken.press("Add: option"), "with one more row")
    take(broken.press(SAVE, stem="A\x00B"), "refused")
    stale = clarke.get(f"{draft}/question/2/form/{QUIZ}")
    clarke.get(f"{draft}/question/2/form/{QUIZ}").press(SAVE, stem="Theirs")
    take(stale.press(SAVE, stem="Mine"), "somebody else saved")
    take(clarke.get(f"{draft}/questions/{QUIZ}"), "with problems")
    take(clarke.get(f"{draft}/questions/{QUIZ}").press(SAVE, title="A\x00B"), "refused")
    take(clarke.get(f"{draft}/questions/{QUIZ}").press("Delete: question 1"), "one deleted")
    for number in range(1, 8):
        page = take(clarke.get(f"{draft}/question/{number}/preview/{QUIZ}"), "as students see it")
        if number > 1:
            take(page.follow("With key and feedback"), "with its key")
    return album


@pytest.mark.soak
def test_questions_by_forms_have_no_fault_in_any_look(album: Album, chromium: Browser):
    pictures = list(enumerate(album.pictures))
    none_of(faults_in(pictures, album, chromium, faults_of))
    none_of(html_validate({picture.name: picture.html for _, picture in pictures}))
    none_of(album.dead_ends)
