"""A quiz under time: its end is settled at the start, never moves earlier, and the last saved answers count."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from pme import cli, invigilation
from pme.assessment.models import Attempt, AttemptStatus, Response
from pme.assessment.sitting import LONGEST_PART, PARTS_KEPT, REFUSED_KEPT
from pme.content.models import ContentVersion
from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.progress.models import CourseCompletion
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.student import BASICS, RIGHT
from tests.support.timed import answers, arrange, publish_timed, question_about, refused, the_attempt

QUIZ = f"{BASICS}/quiz/check"
JSON = {"Accept": "application/json"}
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _timed(database: Database, clock: Clock) -> None:
    publish_timed(database)


def test_the_end_is_settled_at_the_start_and_stands_on_every_question(
    visit: Visits, database: Database, clock: Clock
):
    adams = visit("adams")
    start = adams.get(QUIZ)
    assert "30 min. It runs from the moment you begin" in start.words
    assert "There is no time limit" not in start.words
    page = start.press("Begin")
    ends = clock.time(30)
    clock.move(minutes=4)
    while "Question" in page.title:
        assert f"Ends at {ends}" in page.words
        page = student.answer(page, RIGHT)
    assert f"Ends at {ends}" in page.words
    assert adams.get(page.path).tree.xpath("string(//*[@data-clock]/@data-clock)") == str(26 * 60)
    assert the_attempt(database).ends_at == clock.at + timedelta(minutes=26)


def test_who_begins_is_led_to_the_first_question_and_who_goes_on_to_where_they_stand(
    visit: Visits, clock: Clock
):
    adams = visit("adams")
    token = {"csrf_token": adams.token()}
    first = adams.http.post(QUIZ, data=token).headers["Location"]
    assert first.endswith("/questions/1")
    student.answer(adams.get(first), RIGHT)
    clock.move(minutes=1)
    student.answer(adams.get(first), RIGHT)  # once more, and later than it began
    again = adams.http.post(QUIZ, data=token).headers["Location"]
    assert "/questions/" not in again
    assert adams.get(again).path.endswith("/questions/2")


def test_a_quiz_without_a_limit_has_no_clock(visit: Visits, database: Database):
    publish_timed(database, None)
    page = visit("adams").get(QUIZ)
    assert "There is no time limit." in page.words
    page = page.press("Begin")
    assert "Ends at" not in page.words
    assert page.tree.xpath("//*[@data-clock or @data-over]") == []
    assert the_attempt(database).ends_at is None


def test_past_the_end_reading_shows_that_time_is_over_and_one_button(
    visit: Visits, database: Database, clock: Clock
):
    adams = visit("adams")
    page = student.answer(adams.get(QUIZ).press("Begin"), RIGHT)
    ends = clock.time(30)
    clock.move(minutes=31)
    base = page.path.partition("/questions")[0]
    over = page
    for where in (page.path, f"{base}/check", base, f"{base}/result"):
        over = adams.get(where)
        assert over.title == "Time is over"
        assert "Your last saved answers count." in over.words
        assert f"ended at {ends}" in over.words
        assert len(over.tree.xpath("//main//button")) == 1
        assert over.tree.xpath("//main//input[not(@type='hidden')]") == []
    assert the_attempt(database).status is AttemptStatus.OPEN
    result = over.press("See your result")
    assert result.path.endswith("/result")
    assert f"The time was over at {ends}. Your last saved answers are handed in." in result.words
    done = the_attempt(database)
    assert done.status is AttemptStatus.FINISHED
    assert done.handed_in_at == done.finished_at == done.ends_at
    assert len(answers(database)) == 1


@pytest.mark.alike
@pytest.mark.parametrize("act", ["answer", "autosave", "finish", "begin", "pause", "resume", "by itself"])
def test_any_press_after_the_end_hands_in_as_of_the_end(
    visit: Visits, database: Database, clock: Clock, act: str
):
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    values = page.choices("answer")
    page.press("Save and continue", answer=values["Answer alpha"])
    clock.move(minutes=30)
    base, late = page.path.partition("/questions")[0], values["Answer bravo"]
    acts: dict[str, tuple[str, dict[str, Any], Any]] = {
        "answer": (page.path, {"answer": late}, None),
        "autosave": (page.path, {"answer": late}, JSON),
        "finish": (f"{base}/finish", {}, None),
        "begin": (QUIZ, {}, None),
        "pause": (f"{base}/pause", {}, None),
        "resume": (f"{base}/resume", {}, None),
        "by itself": (f"{base}/finish", {"over": "1", "number": "1"}, None),
    }
    where, data, headers = acts[act]
    response = adams.send(where, headers=headers, **data)
    assert response.status_code == (409 if headers else 303)
    done = the_attempt(database)
    assert (done.status, done.number) == (AttemptStatus.FINISHED, 1)
    assert done.handed_in_at == done.ends_at == clock.at
    assert answers(database) == {"CANARY-single": ["CANARY-alpha-right"]}
    assert done.result is not None
    assert done.result["items"]["CANARY-single"] == 1.0
    late_ones = refused(database)
    if act in ("answer", "autosave"):
        (row,) = late_ones
        assert (row.item, row.answer) == ("CANARY-single", ["CANARY-bravo-wrong"])
        assert "The time of this attempt was over" in row.reason
    else:
        assert late_ones == []
    if headers:
        assert "what came later does not" in response.get_json()["error"]


def test_a_page_that_hands_itself_in_too_early_goes_on(visit: Visits, database: Database, clock: Clock):
    adams = visit("adams")
    page = student.answer(adams.get(QUIZ).press("Begin"), RIGHT)
    arrange(database, "adams", 200, at=clock.at)
    clock.move(minutes=30)
    again = page.press("Time is over: hand in")
    assert again.path == page.path
    assert the_attempt(database).status is AttemptStatus.OPEN
    clock.move(minutes=30)
    assert again.press("Time is over: hand in").path.endswith("/result")


def test_handing_in_before_the_end_is_as_of_then(visit: Visits, database: Database, clock: Clock):
    check = student.answer_all(visit("adams"))
    clock.move(minutes=12)
    assert "The time was over" not in check.press("Hand in").words
    assert the_attempt(database).handed_in_at == clock.at


def test_a_clock_set_back_opens_nothing_again(visit: Visits, database: Database, clock: Clock):
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    clock.move(minutes=29)
    page.press("Save and continue", answer=page.choices("answer")["Answer alpha"])
    clock.move(minutes=-25)
    again = adams.get(page.path)
    assert again.tree.xpath("string(//*[@data-clock]/@data-clock)") == "60"
    clock.move(minutes=27)
    adams.send(page.path, answer="1")
    clock.move(minutes=-20)
    before = the_attempt(database)
    assert adams.send(page.path, headers=JSON, answer="2").status_code == 409
    assert adams.get(page.path).path.endswith("/result")
    assert (before.status, before.finished_at) == (AttemptStatus.FINISHED, before.ends_at)
    assert answers(database) == {"CANARY-single": ["CANARY-alpha-right"]}


def test_a_clock_set_forward_scores_nothing_late_and_loses_nothing(
    visit: Visits, database: Database, clock: Clock
):
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    values = page.choices("answer")
    page.press("Save and continue", answer=values["Answer alpha"])
    clock.move(minutes=180)
    assert adams.send(page.path, headers=JSON, answer=values["Answer bravo"]).status_code == 409
    clock.move(minutes=-180)
    assert adams.send(page.path, headers=JSON, answer=values["Answer bravo"]).status_code == 409
    assert answers(database) == {"CANARY-single": ["CANARY-alpha-right"]}
    assert len(refused(database)) == 2


def test_an_answer_to_a_question_that_was_not_drawn_is_noted_and_never_scored(
    visit: Visits, database: Database
):
    adams = visit("adams")
    page = adams.get(QUIZ).press("Begin")
    base = page.path.rpartition("/")[0]
    for number in (0, 6, 999):
        told = adams.send(f"{base}/{number}", headers=JSON, answer=["1", "x" * 900])
        assert told.status_code == 422
        assert "not part of your attempt" in told.get_json()["error"]
    assert "not part of your attempt" in adams.post(f"{base}/6", answer="1").words
    assert answers(database) == {}
    rows = refused(database)
    assert [row.item for row in rows] == ["question 0", "question 6", "question 999", "question 6"]
    assert rows[0].answer == ["answer=1", f"answer={'x' * 900}"[:LONGEST_PART]]
    assert "csrf" not in str([row.answer for row in rows])


def test_refused_answers_are_kept_in_bounds(visit: Visits, database: Database):
    adams = visit("adams")
    base = adams.get(QUIZ).press("Begin").path.rpartition("/")[0]
    for _ in range(REFUSED_KEPT + 5):
        adams.send(f"{base}/77", headers=JSON, answer=["1"] * 60)
    rows = refused(database)
    assert len(rows) == REFUSED_KEPT
    assert {len(row.answer) for row in rows} == {PARTS_KEPT}


def test_a_malformed_answer_is_refused_and_nothing_is_lost(visit: Visits, database: Database, clock: Clock):
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    page.press("Save and continue", answer=page.choices("answer")["Answer alpha"])
    told = adams.send(page.path, headers=JSON, answer="99")
    assert told.status_code == 422
    assert adams.post(page.path, answer="99").status == 422
    assert answers(database) == {"CANARY-single": ["CANARY-alpha-right"]}
    clock.move(minutes=30)
    assert adams.send(page.path, headers=JSON, answer="99").status_code == 409
    assert the_attempt(database).status is AttemptStatus.FINISHED


def test_the_time_of_each_question_is_kept_without_breaks_and_absences(
    visit: Visits, database: Database, clock: Clock
):
    arrange(database, "adams", 400, 30, at=clock.at)
    adams = visit("adams")
    page = question_about(adams.get(QUIZ).press("Begin"), "Which one?")
    clock.move(seconds=40)
    alpha = page.choices("answer")["Answer alpha"]
    adams.send(page.path, headers=JSON, answer=alpha)
    clock.move(seconds=5)
    page.press("Save and take a break", answer=alpha)
    clock.move(minutes=9)
    adams.get(page.path).press("Go on with the questions")
    clock.move(seconds=7)
    adams.send(page.path, headers=JSON, answer=alpha)
    other = question_about(page, "Is it so?")
    clock.move(minutes=45)
    adams.send(other.path, headers=JSON, answer="1")
    with database.session() as session:
        spent = {row.item: row.seconds for row in session.scalars(select(Response))}
    assert spent == {"CANARY-single": 52.0, "CANARY-truth": 600.0}


def test_overdue_attempts_are_handed_in_without_their_student(
    visit: Visits, database: Database, clock: Clock, app: Flask
):
    adams = visit("adams")
    student.read_module(adams, BASICS)
    student.answer_all(adams)
    clock.move(minutes=29)
    assert invigilation.close_overdue(database, at=clock.at) == 0
    clock.move(minutes=8)
    assert "Open" in visit("clarke").get("/teach/core").follow("Captain Adams Person").words
    assert invigilation.close_overdue(database, at=clock.at) == 1
    assert invigilation.close_overdue(database, at=clock.at) == 0
    done = the_attempt(database)
    assert (done.status, done.is_passed) == (AttemptStatus.FINISHED, True)
    assert done.finished_at == clock.at - timedelta(minutes=7)
    assert "Passed" in visit("clarke").get("/teach/core").follow("Captain Adams Person").words


def test_an_attempt_on_a_break_is_not_overdue(visit: Visits, database: Database, clock: Clock):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = visit("adams")
    base = adams.get(QUIZ).press("Begin").path.partition("/questions")[0]
    clock.move(minutes=29)
    adams.post(f"{base}/pause")
    clock.move(minutes=5)
    assert invigilation.close_overdue(database, at=clock.at) == 0
    clock.move(minutes=6)
    assert invigilation.close_overdue(database, at=clock.at) == 1
    assert the_attempt(database).finished_at == clock.at


def test_the_attempt_of_who_left_is_handed_in_too_and_completes_nothing(
    visit: Visits, database: Database, clock: Clock
):
    student.answer_all(visit("adams"))
    with database.writing() as session:
        session.execute(update(Enrolment).values(status=EnrolmentStatus.WITHDRAWN))
    assert invigilation.close_overdue(database, at=clock.move(minutes=30)) == 1
    assert the_attempt(database).is_passed
    with database.session() as session:
        assert session.scalar(select(func.count(CourseCompletion.id))) == 0


def test_one_attempt_that_cannot_be_closed_keeps_no_other_open(
    visit: Visits, database: Database, clock: Clock, capsys: pytest.CaptureFixture[str]
):
    visit("adams").get(QUIZ).press("Begin")
    broken = the_attempt(database).id
    visit("gray").get(QUIZ).press("Begin")
    with database.writing() as session:
        course = select(ContentVersion.id).where(ContentVersion.kind == "course").limit(1).scalar_subquery()
        session.execute(update(Attempt).where(Attempt.id == broken).values(version_id=course))
    assert invigilation.close_overdue(database, at=clock.move(minutes=30)) == 1
    assert "overdue attempt left open" in capsys.readouterr().err


def test_an_owner_hands_in_what_is_overdue_by_a_command(
    visit: Visits,
    database: Database,
    clock: Clock,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    visit("adams").get(QUIZ).press("Begin")
    assert cli.main(["close-overdue"]) == 0
    assert "Handed in as of their end: 0." in capsys.readouterr().out
    with database.writing() as session:
        session.execute(update(Attempt).values(started_at=START, latest_at=START, ends_at=START + SECOND))
    assert cli.main(["close-overdue"]) == 0
    assert "Handed in as of their end: 1." in capsys.readouterr().out
    assert the_attempt(database).handed_in_at == START + SECOND
