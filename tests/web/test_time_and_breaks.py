"""More time than others have, and breaks: what they move, what they hide, and what they never open again."""

from datetime import timedelta

import pytest

from pme.assessment.models import AttemptStatus
from pme.db import Database
from tests.conftest import Visits
from tests.support.clock import Clock
from tests.support.student import BASICS
from tests.support.timed import answers, arrange, publish_timed, question_about, refused, the_attempt

QUIZ = f"{BASICS}/quiz/check"
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _timed(database: Database, clock: Clock) -> None:
    publish_timed(database)


def test_what_a_person_needs_lengthens_every_timed_task_and_only_theirs(
    visit: Visits, database: Database, clock: Clock
):
    arrange(database, "adams", 150, at=clock.at)
    start = visit("adams").get(QUIZ)
    assert "45 min, which is your own time; the usual is 30 min." in start.words
    assert f"Ends at {clock.time(45)}" in start.press("Begin").words
    other = visit("gray").get(QUIZ)
    assert "30 min. It runs" in other.words
    assert f"Ends at {clock.time(30)}" in other.press("Begin").words


def test_time_added_on_the_way_moves_the_end_at_once_and_less_never_moves_it_back(
    visit: Visits, database: Database, clock: Clock
):
    adams = visit("adams")
    page = adams.get(QUIZ).press("Begin")
    began = clock.at
    clock.move(minutes=10)
    arrange(database, "adams", 200, at=clock.at)
    assert f"Ends at {clock.time(50)}" in adams.get(page.path).words
    saved = adams.send(page.path, headers=JSON, answer="1", order=["1", "2", "3"]).get_json()
    assert (saved["left"], saved["ends"]) == (50 * 60, clock.time(50))
    arrange(database, "adams", 100, at=clock.at)
    assert the_attempt(database).ends_at == began + timedelta(minutes=60)


def test_time_that_comes_after_the_end_opens_nothing_again(visit: Visits, database: Database, clock: Clock):
    adams = visit("adams")
    page = adams.get(QUIZ).press("Begin")
    clock.move(minutes=31)
    arrange(database, "adams", 200, at=clock.at)
    done = the_attempt(database)
    assert done.status is AttemptStatus.FINISHED
    assert done.finished_at == clock.at - timedelta(minutes=1)
    assert adams.get(page.path).path.endswith("/result")


def test_a_break_hides_the_questions_and_the_end_moves_by_what_it_took(
    visit: Visits, database: Database, clock: Clock
):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = visit("adams")
    start = adams.get(QUIZ)
    assert "10 min in all, when you like." in start.words
    page = question_about(start.press("Begin"), "Which one?")
    clock.move(minutes=5)
    pausing = page.press("Save and take a break", answer=page.choices("answer")["Answer alpha"])
    assert pausing.title == "You are on a break"
    assert answers(database) == {"CANARY-single": ["CANARY-alpha-right"]}
    for where in (page.path, f"{page.path.partition('/questions')[0]}/check"):
        hidden = adams.get(where)
        assert hidden.title == "You are on a break"
        assert "Which one?" not in hidden.text
    clock.move(minutes=4)
    again = adams.get(page.path).press("Go on with the questions")
    assert f"Ends at {clock.time(25)}" in again.words
    assert "Save and take a break" in again.words
    clock.move(minutes=1)
    adams.post(page.path.partition("/questions")[0] + "/pause")
    clock.move(minutes=20)
    assert f"Ends at {clock.time(10)}" in adams.get(page.path).words, "six minutes were left of the breaks"
    assert "Save and take a break" not in adams.get(page.path).words
    refused_break = adams.post(page.path.partition("/questions")[0] + "/pause")
    assert "There is no break left in this attempt." in refused_break.words
    assert f"Ends at {clock.time(10)}" in adams.get(page.path).words


def test_a_break_that_has_used_itself_up_is_not_revived_by_more_breaks(
    visit: Visits, database: Database, clock: Clock
):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    adams.post(page.path.partition("/questions")[0] + "/pause")
    clock.move(minutes=6)
    arrange(database, "adams", 100, 20, at=clock.at)
    clock.move(minutes=6)
    assert adams.get(page.path).title == "You are on a break", "a running break has the longer allowance"
    clock.move(minutes=9)
    ends = clock.time(29)
    assert f"Ends at {ends}" in adams.get(page.path).words
    arrange(database, "adams", 100, 60, at=clock.at)
    assert f"Ends at {ends}" in adams.get(page.path).words


def test_an_answer_on_a_break_is_refused_and_kept_as_evidence(
    visit: Visits, database: Database, clock: Clock
):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    adams.post(page.path.partition("/questions")[0] + "/pause")
    told = adams.send(page.path, headers=JSON, answer="1")
    assert told.status_code == 409
    assert "You are on a break" in told.get_json()["error"]
    assert answers(database) == {}
    assert len(refused(database)) == 1


def test_who_has_no_breaks_cannot_take_one(visit: Visits, database: Database, clock: Clock):
    adams = visit("adams")
    page = adams.get(QUIZ).press("Begin")
    assert "break" not in page.words
    told = adams.post(page.path.partition("/questions")[0] + "/pause")
    assert "There is no break left in this attempt." in told.words
    assert adams.send(page.path, answer="1", order=["1", "2", "3"], go="pause").status_code == 303
    assert len(answers(database)) == 1


def test_handing_in_on_a_break_ends_it(visit: Visits, database: Database, clock: Clock):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = visit("adams")
    base = adams.get(QUIZ).press("Begin").path.partition("/questions")[0]
    adams.post(f"{base}/pause")
    clock.move(minutes=3)
    adams.post(f"{base}/finish")
    done = the_attempt(database)
    assert done.finished_at == clock.at
    assert done.ends_at == clock.at + timedelta(minutes=30)
