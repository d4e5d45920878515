"""Corrections of questions in a real browser: every page in every look, and a story without JavaScript."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser

from pme import correcting
from pme.db import Database
from tests.browser.album import Album
from tests.browser.conftest import SignedIn
from tests.browser.looking import faults_of
from tests.browser.stories_regrade import corrected
from tests.browser.test_every_page import faults_in, none_of
from tests.regrade.every_type import BRAVO, answers, enrolment_of, publish_quiz, quiz, sit
from tests.support.client import Visit
from tests.support.html import html_validate
from tests.support.student import BASICS
from tests.support.work import run_jobs

pytestmark = pytest.mark.browser
LARGEST = 150_000
"""Bytes of the largest page, which shows a hundred students."""


@pytest.fixture
def album(app: Flask, database: Database) -> Album:
    """All of it."""
    album = Album(app)
    corrected(album, Visit(app, "clarke"), Visit(app, "adams"), database)
    return album


@pytest.mark.soak  # the album of the cast looks at these pages in every run
def test_pages_of_corrections_have_no_fault_in_any_look(album: Album, chromium: Browser):
    pictures = list(enumerate(album.pictures))
    assert len(pictures) > 40
    none_of(faults_in(pictures, album, chromium, faults_of))
    none_of(html_validate({picture.name: picture.html for _, picture in pictures}))
    none_of(album.dead_ends)
    assert max(len(picture.body) for picture in album.pictures) < LARGEST


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(False, id="without script"),
        pytest.param(
            True, id="with script", marks=pytest.mark.soak
        ),  # no script of its own is on these pages
    ],
)
def test_an_instructor_corrects_a_question_and_takes_it_back(
    signed_in: SignedIn, database: Database, script: bool
):
    with database.writing() as session:
        version = publish_quiz(session, quiz(essay=False))
        attempt = sit(
            session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,), many=(), match=())
        )
    clarke, adams = (
        signed_in("clarke", script=script, width=320),
        signed_in("adams", script=script, width=320),
    )
    clarke.open("/teach/core")
    clarke.follow("Correct a question")
    clarke.page.get_by_role("link", name=re.compile("^A short check")).click()
    clarke.page.get_by_role("link", name=re.compile("^Correct the key ?: question 1$")).click()
    clarke.choose("Answer bravo")
    clarke.press("See what it would change")
    clarke.sees("Say why, in a sentence")
    clarke.write("Reason", "Both sources name it.")
    clarke.press("See what it would change")
    clarke.reads("What it would change")
    clarke.sees("Passes now")
    clarke.press("Apply the correction")
    clarke.sees("The question is corrected.")
    adams.open(f"/attempts/quiz/{attempt.id}/result")
    adams.sees("A question of this quiz was corrected")
    clarke.follow("Undo this correction")
    clarke.press("Undo the correction")
    clarke.sees("Undone")
    adams.open(f"{BASICS}/quiz/check")
    adams.sees("Not passed yet")


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_a_look_at_very_many_is_waited_for_and_its_page_becomes_what_was_found(
    signed_in: SignedIn, app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, script: bool
):
    monkeypatch.setattr(correcting, "HERE", 0)
    with database.writing() as session:
        version = publish_quiz(session, quiz(essay=False))
        sit(session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,), many=(), match=()))
    clarke = signed_in("clarke", script=script)
    clarke.open(f"/teach/core/corrections/check/{version.version_id}/questions/1/key")
    clarke.choose("Answer bravo")
    clarke.write("Reason", "Both sources name it.")
    clarke.press("See what it would change")
    clarke.reads("What a correction would change")
    clarke.sees("Waiting for its turn")
    waiting = clarke.page.url
    assert run_jobs(app) == 1
    if not script:
        clarke.sees("Waiting for its turn")  # nothing happens by itself
        clarke.follow("Refresh")
    clarke.reads("What it would change")  # nobody has touched the page with the script
    assert clarke.page.url == waiting
    clarke.sees("Passes now")
