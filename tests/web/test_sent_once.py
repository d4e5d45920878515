"""What a device had to keep is sent when the link is back, and stored once: sent twice, from two tabs, after a lost
answer, by many threads at once; and what was done elsewhere meanwhile counts.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pme.assessment.models import Decision, Response
from pme.assessment.stamps import new_key, stamp_in
from pme.db import Database
from tests.conftest import Visits
from tests.support import student
from tests.support.client import Page, Visit
from tests.support.student import BASICS

JSON = {"Accept": "application/json"}
QUIZ = f"{BASICS}/quiz/check"


def key_of(page: Page) -> str:
    """The key that the server made for the form of a page."""
    assert page.tree is not None
    return str(page.tree.xpath("//main//form/@data-key")[0])


def decisions(database: Database) -> list[tuple[int, str, bool]]:
    with database.session() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id))
        return [(row.sequence, row.choice, row.taken_back_at is not None) for row in rows]


def answer_of(session: Session) -> Response:
    return session.scalars(select(Response)).one()


def send(visit: Visit, path: str, **fields: Any) -> TestResponse:
    return visit.send(path, headers=JSON, **fields)


def told(response: TestResponse) -> dict[str, Any]:
    """What the script is told."""
    answer: dict[str, Any] = response.get_json()
    return answer


def single_choice(visit: Visit) -> Page:
    """The question that has one right option, wherever it was dealt."""
    first = visit.get(QUIZ).submit().path.rpartition("/")[0]
    pages = (visit.get(f"{first}/{number}") for number in range(1, 6))
    return next(page for page in pages if "Which one?" in page.words)


def decide(visit: Visit, page: Page, what: str, *, step: int = 1, key: str = "") -> TestResponse:
    """What the script sends of a decision on this page."""
    choice = page.choices("choice")[what]
    return send(visit, page.path, step=str(step), choice=choice, key=key or key_of(page), late="1")


def test_a_decision_sent_again_after_a_lost_answer_is_stored_once(visit: Visits, database: Database):
    adams = visit("adams")
    page = student.begin_scenario(adams)
    first, again = decide(adams, page, "Do listen"), decide(adams, page, "Do listen")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json  # the moment of the first is told, not that of the second
    assert decisions(database) == [(1, "CANARY-listen", False)]
    assert f"saved at {told(first)['saved_at']} by the server" in adams.get(page.path).words


def test_the_last_decision_sent_again_is_known_though_the_debrief_is_open(visit: Visits, database: Database):
    adams = visit("adams")
    page = student.decide(student.begin_scenario(adams), "Do listen")
    each_told = [decide(adams, page, "Do help", step=2) for _ in range(2)]
    assert [each.status_code for each in each_told] == [200, 200]
    assert [line[0] for line in decisions(database)] == [1, 2]
    late = decide(adams, page, "Do help", step=2, key=new_key())
    assert late.status_code == 409
    assert "you decided “Do help” here on another page or device, and that counts." in told(late)["error"]


def test_what_was_decided_elsewhere_meanwhile_counts_and_is_told(visit: Visits, database: Database):
    adams, elsewhere = visit("adams"), visit("adams")
    page = student.begin_scenario(adams)
    student.decide(student.begin_scenario(elsewhere), "Do shout")
    late = decide(adams, page, "Do listen")
    assert late.status_code == 409
    assert "you decided “Do shout” here on another page or device, and that counts." in told(late)["error"]
    assert [line[1] for line in decisions(database)] == ["CANARY-shout"]
    other_choice = decide(elsewhere, page, "Do wait", key=key_of(page))
    assert other_choice.status_code == 409
    assert len(decisions(database)) == 1


def test_one_page_cannot_decide_twice_by_its_key(visit: Visits, database: Database):
    adams = visit("adams")
    page = student.begin_scenario(adams)
    assert decide(adams, page, "Do listen").status_code == 200
    assert decide(adams, page, "Do shout").status_code == 409
    assert send(adams, page.path, step="2", choice="9", key=new_key()).status_code == 422
    assert decisions(database) == [(1, "CANARY-listen", False)]


def test_taking_back_by_number_twice_takes_back_one_decision(visit: Visits, database: Database):
    adams = visit("adams")
    first = student.begin_scenario(adams, "practice")
    student.decide(student.decide(first, "Do listen"), "Do help")
    where = f"{first.path}/take-back"
    each_told = [send(adams, where, step="2") for _ in range(2)]
    assert [each.status_code for each in each_told] == [200, 200]
    assert [line[2] for line in decisions(database)] == [False, True]
    assert send(adams, where, step="7").status_code == 409
    adams.post(where, step="1")
    assert [line[2] for line in decisions(database)] == [True, True]


def at_once(app: Flask, visit: Visits, act: Callable[[Visit], TestResponse]) -> list[int]:
    """Eight browsers of Adams do the same at once."""
    visits = [visit("adams") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        return [response.status_code for response in pool.map(act, visits)]


def test_the_same_decision_from_many_threads_at_once_is_stored_once(
    app: Flask, visit: Visits, database: Database
):
    page = student.begin_scenario(visit("adams"))
    key = key_of(page)
    assert at_once(app, visit, lambda one: decide(one, page, "Do listen", key=key)) == [200] * 8
    assert decisions(database) == [(1, "CANARY-listen", False)]


def test_the_same_answer_from_many_threads_at_once_is_stored_once(
    app: Flask, visit: Visits, database: Database
):
    page = visit("adams").get(QUIZ).submit()
    stamp = {"form": key_of(page), "turn": "3", "seen": "", "late": "1"}
    assert at_once(app, visit, lambda one: send(one, page.path, answer="1", **stamp)) == [200] * 8
    with database.session() as session:
        assert answer_of(session).turn == 3


def test_an_older_change_of_the_same_page_never_undoes_a_newer_one(visit: Visits, database: Database):
    adams = visit("adams")
    page = single_choice(adams)
    stamp = {"form": key_of(page), "seen": ""}
    newer = send(adams, page.path, answer="2", turn="2", **stamp)
    older = send(adams, page.path, answer="1", turn="1", late="1", **stamp)
    again = send(adams, page.path, answer="2", turn="2", late="1", **stamp)
    assert [each.status_code for each in (newer, older, again)] == [200, 200, 200]
    assert told(again)["seen"] == told(newer)["seen"]  # when it was stored, not when it was sent again
    with database.session() as session:
        chosen = answer_of(session).answer
    send(adams, page.path, answer="1", turn="3", **stamp)
    with database.session() as session:
        assert answer_of(session).answer != chosen


def test_a_late_answer_takes_nothing_back_that_was_answered_elsewhere(visit: Visits, database: Database):
    adams, elsewhere = visit("adams"), visit("adams")
    page = adams.get(QUIZ).submit()
    student.answer(elsewhere.get(page.path), student.RIGHT)
    with database.session() as session:
        there = answer_of(session).answer
    late = send(adams, page.path, answer="1", form=key_of(page), turn="1", seen="", late="1")
    assert late.status_code == 409
    assert told(late)["elsewhere"] is True
    assert "on another page or device meanwhile, and that answer counts" in told(late)["error"]
    with database.session() as session:
        stored = answer_of(session)
        assert stored.answer == there
        seen = stored.saved_at.isoformat()
    known = adams.get(page.path)
    assert known.tree is not None
    assert known.tree.xpath("//main//form/@data-seen") == [seen]
    wanted = send(adams, page.path, answer="1", form=key_of(known), turn="1", seen=seen, late="1")
    assert wanted.status_code == 200  # this one was made in the knowledge of the other


def test_without_a_script_the_last_answer_counts_as_ever(visit: Visits, database: Database):
    adams = visit("adams")
    page = adams.get(QUIZ).submit()
    for value in ("1", "2"):
        adams.send(page.path, answer=value)
    with database.session() as session:
        stored = answer_of(session)
        assert (stored.form, stored.turn) == (None, None)


A_KEY = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("form", "turn"),
    [("x" * 32, 1), ("", 1), (None, 1), (A_KEY, None), (A_KEY, -1), (A_KEY, 10**7)],
)
def test_what_cannot_be_the_key_of_a_page_is_none(form: str | None, turn: int | None):
    assert stamp_in(form, turn, None, is_late=True) is None
