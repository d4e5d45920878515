"""Fifty hands at once, through the application: one attempt, one result, every saved answer kept, never a 500."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from pme import invigilation
from pme.assessment.draw import Draw
from pme.assessment.grading import mark
from pme.assessment.models import Attempt, AttemptStatus, Break, FurtherAttempt, RefusedResponse, Response
from pme.content.catalogue import pinned
from pme.content.shapes import Quiz
from pme.db import Database
from pme.progress.models import ModuleCompletion
from tests.conftest import Visits
from tests.support import student
from tests.support.clock import Clock
from tests.support.student import BASICS
from tests.support.timed import answers, arrange, publish_timed, the_attempt
from tests.web.test_resilience import at_once, sending

HANDS = 50
QUIZ = f"{BASICS}/quiz/check"


@pytest.fixture(autouse=True)
def _timed(database: Database, clock: Clock) -> None:
    publish_timed(database)


@pytest.fixture(autouse=True)
def _ends_of_lines(app: Flask) -> Iterator[None]:
    """Connections that fifty hands opened go back at the end."""
    yield
    app.extensions["pme_database"].dispose()


def is_marked_from_what_is_kept(database: Database, attempt: Attempt) -> bool:
    """Whether the result is that of the answers that are kept."""
    with database.session() as session:
        quiz = pinned(session, attempt.version_id, Quiz).content
    kept = {item: tuple(answer) for item, answer in answers(database).items()}
    marked = mark(quiz, Draw.from_json(attempt.draw).items, kept)
    return (marked.percent, marked.as_result()) == (attempt.percent, attempt.result)


def test_fifty_starts_give_one_attempt_with_one_end(
    app: Flask, visit: Visits, database: Database, clock: Clock
):
    adams = visit("adams")
    responses = at_once([sending(app, adams, QUIZ) for _ in range(HANDS)])
    assert {response.status_code for response in responses} == {303}
    assert len({response.headers["Location"] for response in responses}) == 1
    assert the_attempt(database).ends_at == clock.at + timedelta(minutes=30)


def test_fifty_submits_give_one_result(app: Flask, visit: Visits, database: Database):
    adams = visit("adams")
    student.read_module(adams, BASICS)
    check = student.answer_all(adams)
    finish = check.path.replace("/check", "/finish")
    responses = at_once([sending(app, adams, finish) for _ in range(HANDS)])
    assert {(r.status_code, r.headers["Location"]) for r in responses} == {
        (303, check.path.replace("/check", "/result"))
    }
    done = the_attempt(database)
    assert (done.status, done.percent, done.is_passed) == (AttemptStatus.FINISHED, 100.0, True)


def test_saving_while_handing_in_keeps_what_was_acknowledged_and_marks_what_is_kept(
    app: Flask, visit: Visits, database: Database
):
    adams = visit("adams")
    page = adams.get(QUIZ).press("Begin")
    base = page.path.rpartition("/")[0]
    values = {"answer": "1", "order": ["1", "2", "3"], "row-1": "1", "row-2": "2"}
    saves = [sending(app, adams, f"{base}/{n % 5 + 1}", **values) for n in range(30)]
    finishes = [sending(app, adams, base.replace("/questions", "/finish")) for _ in range(4)]
    codes = [response.status_code for response in at_once([*saves, *finishes])]
    assert set(codes) == {303}
    done = the_attempt(database)
    assert done.status is AttemptStatus.FINISHED
    assert is_marked_from_what_is_kept(database, done)
    with database.session() as session:
        latest = session.scalar(select(func.max(Response.saved_at)))
        assert latest is None or done.handed_in_at is not None
        assert latest is None or latest <= done.handed_in_at


def test_what_a_tab_is_told_is_saved_is_what_is_marked(app: Flask, visit: Visits, database: Database):
    adams = visit("adams")
    page = adams.get(QUIZ).press("Begin")
    while "Which one?" not in page.words:
        page = student.answer(page, student.RIGHT)
    finish = page.path.partition("/questions")[0] + "/finish"
    tabs = [sending(app, adams, page.path, answer=str(n % 3 + 1)) for n in range(20)]
    responses = at_once([*tabs[:10], sending(app, adams, finish), *tabs[10:]])
    saved = [
        r
        for r in responses[:10] + responses[11:]
        if "/questions/" in r.headers["Location"] or r.headers["Location"].endswith("/check")
    ]
    done = the_attempt(database)
    assert is_marked_from_what_is_kept(database, done)
    with database.session() as session:
        refused = session.scalar(select(func.count(RefusedResponse.id))) or 0
    assert len(saved) + refused == 20
    assert ("CANARY-single" in answers(database)) == bool(saved)


def test_the_end_comes_while_everybody_presses(app: Flask, visit: Visits, database: Database, clock: Clock):
    adams = visit("adams")
    student.read_module(adams, BASICS)
    check = student.answer_all(adams)
    base = check.path.rpartition("/")[0]
    kept = answers(database)
    clock.move(minutes=30)
    acts = [
        *(sending(app, adams, f"{base}/questions/{n % 5 + 1}", answer="1") for n in range(10)),
        *(sending(app, adams, f"{base}/finish", over="1") for _ in range(10)),
        *(sending(app, adams, QUIZ) for _ in range(10)),
    ]
    together = Barrier(4)

    def upkeep(_number: int) -> int:
        together.wait()
        return invigilation.close_overdue(database, at=clock.at)

    with ThreadPoolExecutor(4) as hands:
        closing = [hands.submit(upkeep, n) for n in range(4)]
        responses = at_once(acts)
        assert sum(one.result() for one in closing) <= 1
    assert {response.status_code for response in responses} == {303}
    with database.session() as session:
        ended = session.scalars(select(Attempt).order_by(Attempt.number)).all()
        completed = session.scalar(select(func.count(ModuleCompletion.id))) or 0
    assert ended[0].handed_in_at == ended[0].ends_at == clock.at
    assert ended[0].is_passed
    assert len(ended) <= 2, "a press on “Begin” after the end may begin the next one, once"
    assert completed == 0
    assert {item: answer for item, answer in answers(database).items() if item in kept} == kept


def test_pauses_and_extensions_at_once_give_one_break_and_the_longest_time(
    app: Flask, visit: Visits, database: Database, clock: Clock
):
    arrange(database, "adams", 100, 10, at=clock.at)
    adams = visit("adams")
    base = adams.get(QUIZ).press("Begin").path.partition("/questions")[0]
    pauses = [sending(app, adams, f"{base}/pause") for _ in range(10)]
    with ThreadPoolExecutor(4) as hands:
        more = [
            hands.submit(arrange, database, "adams", percent, 10, at=clock.at) for percent in (120, 200, 150)
        ]
        assert {response.status_code for response in at_once(pauses)} == {303}
        for one in more:
            one.result()
    with database.session() as session:
        assert session.scalar(select(func.count(Break.id))) == 1
    assert the_attempt(database).ends_at == clock.at + timedelta(minutes=60)


def test_fifty_presses_give_one_further_attempt(app: Flask, visit: Visits, database: Database):
    publish_timed(database, attempts=1)
    adams = visit("adams")
    student.answer_all(adams).press("Hand in")
    clarke = visit("clarke")
    where = f"/teach/core/students/{the_attempt(database).enrolment_id}/further-attempts"
    responses = at_once([sending(app, clarke, where, task="quiz", slug="check") for _ in range(HANDS)])
    assert {response.status_code for response in responses} == {303}
    with database.session() as session:
        assert session.scalar(select(func.count(FurtherAttempt.id))) == 1
