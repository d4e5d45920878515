"""A preview of every kind of task: practice with choices taken back, timed and written quizzes, checks, French."""

import pytest

from pme.db import Database
from tests.authoring.test_preview import differing, everything
from tests.conftest import Visits
from tests.support.essays import SLUG, publish_written
from tests.support.in_french import publish_in_french
from tests.support.library import library
from tests.support.timed import publish_timed

pytestmark = pytest.mark.alike

PREVIEW = "/preview/published"
BASICS = f"{PREVIEW}/learn/core/basics"


def test_practice_tells_what_follows_and_takes_choices_back(database: Database, visit: Visits):
    clarke = visit("clarke")
    before = everything(database)
    first = clarke.get(f"{BASICS}/scenario/practice").press("Begin the scenario")
    second = first.submit_decision("1")
    assert "On your last decision" in second.words
    again = second.press("Take this decision back")
    assert "Decision 1 of 2" in again.words
    ended = again.submit_decision("1").submit_decision("1")
    debrief = ended.press("Go on to the debrief")
    assert debrief.title == "Debrief"
    assert differing(before, everything(database)) == {"preview_state"}


def test_a_time_limit_is_told_and_not_enforced(database: Database, visit: Visits):
    publish_timed(database, 30, attempts=1)
    clarke = visit("clarke")
    start = clarke.get(f"{BASICS}/quiz/check")
    assert "30 min" in start.words
    assert "Up to 1" in start.words
    page = start.press("Begin")
    assert "Ends at" not in page.words
    clarke.post(f"{BASICS}/quiz/check/finish")
    assert clarke.get(f"{BASICS}/quiz/check").press("Take it again").title.startswith("Question 1")


def test_a_written_quiz_shows_its_feedback_at_once_and_says_that_students_wait(
    database: Database, visit: Visits
):
    with database.writing() as session:
        publish_written(session)
    clarke = visit("clarke")
    page = clarke.get(f"{BASICS}/quiz/{SLUG}").press("Begin")
    while page.title.startswith("Question"):
        is_essay = page.tree.xpath("//main//textarea")
        page = page.press("Save and continue", **({"answer": "I would listen."} if is_essay else {}))
    result = page.press("Hand in")
    assert "Here students wait until a person has read" in result.words
    assert "Not marked yet" in result.words
    assert "I would listen." in result.words


def test_a_check_is_answered_and_opened_again(database: Database, visit: Visits):
    clarke = visit("clarke")
    before = everything(database)
    page = clarke.get(f"{BASICS}/first")
    assert page.press("Check my answer").status == 422
    name = next(box.get("name") for box in page.tree.xpath("//main//input[@type='radio']"))
    told = page.press("Check my answer", **{name: "1"})
    assert told.press("Try again").form("Check my answer") is not None
    assert differing(before, everything(database)) == {"preview_state"}


def test_a_preview_is_read_in_another_language(database: Database, visit: Visits):
    publish_in_french(database, library())
    clarke = visit("clarke")
    french = clarke.get(f"{PREVIEW}/").press("Français")
    assert french.status == 200
    assert "FR " in clarke.get(f"{BASICS}/").words
    assert "FR " in clarke.get(f"{BASICS}/whole-module").words
    assert "FR " in clarke.get(f"{BASICS}/first").words
    question = clarke.get(f"{BASICS}/quiz/check").press("Begin")
    assert "FR " in question.words
    assert "FR " in clarke.get(f"{BASICS}/scenario/checkpoint").press("Begin the scenario").words
    clarke.post(f"{PREVIEW}/language", language="en")
    assert "FR " not in clarke.get(f"{BASICS}/first").words
    assert clarke.post(f"{PREVIEW}/language", language="<script>").status == 200
