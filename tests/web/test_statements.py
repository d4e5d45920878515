"""How many statements each page of a student, and each save of an exam, sends: no more than is written here.

A number may go down. Where a page needs one more, it is changed here on purpose, and `make bench` looked at.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.conftest import Visits
from tests.support import student

PAGES = {
    "/learn": 7,
    student.COURSE: 7,
    f"{student.BASICS}/": 6,
    f"{student.BASICS}/first": 3,
    f"{student.BASICS}/quiz/check": 7,
    f"{student.BASICS}/scenario/practice": 8,
}
"""The files to take along are one statement of the pages of a course and of a module. What is new since the last visit
is one statement of the first page and of a course. The first page of somebody in
a cohort with dates costs one more, and two more once a course is complete.
"""
QUESTION, ANSWER, SITUATION, DECISION = 3, 4, 3, 3
Count = Callable[[Callable[[], Any]], int]


@pytest.fixture
def sent(app: Flask) -> Iterator[Count]:
    """How many statements an act sends, without those that only begin a transaction."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    def count(act: Callable[[], Any]) -> int:
        statements.clear()
        assert act().status_code in (200, 303)
        return len([each for each in statements if not each.startswith("BEGIN")])

    engine = app.extensions["pme_database"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield count
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.database("sqlite")
def test_a_page_of_a_student_sends_no_more_statements_than_are_written_down(visit: Visits, sent: Count):
    adams, found = visit("adams"), {}
    for address in PAGES:
        assert adams.get(address).status == 200
        found[address] = sent(partial(adams.fetch, address))
    assert found == PAGES


@pytest.mark.database("sqlite")
def test_a_question_and_a_decision_are_read_and_saved_in_few_statements(visit: Visits, sent: Count):
    adams = visit("adams")
    question = adams.get(f"{student.BASICS}/quiz/check").press("Begin")
    situation = student.begin_scenario(adams, "practice")
    costs = (
        sent(lambda: adams.fetch(question.path)),
        sent(lambda: adams.send(question.path, answer="1")),
        sent(lambda: adams.fetch(situation.path)),
        sent(lambda: adams.send(situation.path, step="1", choice="1")),
    )
    assert costs == (QUESTION, ANSWER, SITUATION, DECISION)
