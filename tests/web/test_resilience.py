"""Nothing is lost or counted twice: double clicks, the back button, two tabs, many hands at once."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pme import journeys
from pme.assessment.models import Attempt, AttemptStatus, Decision, Reflection, Response
from pme.certificates.models import Certificate
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person
from pme.progress.models import CourseCompletion, ModuleCompletion, PageRead
from pme.schema import every_table
from tests.conftest import Visits
from tests.support import student
from tests.support.belongings import give, keep_pdf
from tests.support.cast import CAST, HOME, NOBODY, START
from tests.support.client import Visit
from tests.support.student import BASICS, COURSE
from tests.web.test_permissions import address, expected_of

HANDS = 8
READS = re.compile(r"\s*SELECT\b|WITH\b(?!.*\b(INSERT|UPDATE|DELETE)\b)|SHOW \w+$|PRAGMA [^=]+$", re.DOTALL)


def tab(app: Flask, visit: Visit) -> Visit:
    """Another tab of the same browser."""
    other = Visit(app, NOBODY)
    other.name = visit.name
    cookie = visit.http.get_cookie("pme", "localhost")
    assert cookie is not None
    other.http.set_cookie("pme", cookie.value)
    return other


def at_once(acts: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    """Do all of these in the same moment."""
    together = Barrier(len(acts))

    def act(one: Callable[[], TestResponse]) -> TestResponse:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(act, acts))


def sending(app: Flask, visit: Visit, where: str, **data: object) -> Callable[[], TestResponse]:
    """A form sent from a tab of its own, ready to go."""
    hand = tab(app, visit)
    token = hand.token()
    return lambda: hand.http.post(where, data=data | {"csrf_token": token})


def count(session: Session, model: type, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.session() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in every_table().metadata.sorted_tables
        }


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that the application says to its database meanwhile."""
    engine, said = app.extensions["pme_database"].engine, []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_double_click_on_an_answer_saves_it_once(visit: Visits, database: Database):
    adams = visit("adams")
    question = adams.get(f"{BASICS}/quiz/check").submit()
    for _ in range(2):
        assert adams.send(question.path, answer="1").status_code == 303
    with database.session() as session:
        assert count(session, Response) == 1


def test_going_back_to_a_question_shows_the_answer_and_the_last_one_counts(visit: Visits, database: Database):
    adams = visit("adams")
    page = adams.get(f"{BASICS}/quiz/check").submit()
    while "Which one?" not in page.words:
        page = student.answer(page, student.RIGHT)
    first = page.path
    student.answer(page, student.WRONG)
    back = adams.get(first)
    assert back.tree is not None
    (chosen,) = back.tree.xpath("//label[input[@checked]]")
    assert " ".join(chosen.xpath("string()").split()) == "Answer bravo"
    student.answer(back, student.RIGHT)
    with database.session() as session:
        kept = session.scalars(select(Response.answer).where(Response.item == "CANARY-single")).one()
    assert kept == ["CANARY-alpha-right"]


def test_a_tab_left_open_cannot_change_what_was_handed_in(app: Flask, visit: Visits, database: Database):
    adams = visit("adams")
    question = adams.get(f"{BASICS}/quiz/check").submit()
    number = question.path.rsplit("/", 1)[1]
    forgotten = tab(app, adams)
    student.answer_all(adams).press("Hand in")
    before = everything(database)
    late = forgotten.post(question.path, answer="1", order=["1", "2", "3"])
    assert late.path.endswith("/result")
    assert "This attempt is finished. Your answers are as you left them." in late.words
    refused = forgotten.send(question.path, headers={"Accept": "application/json"}, answer="1")
    assert refused.status_code == 409
    assert forgotten.get(f"{question.path.removesuffix(number)}1").path.endswith("/result")
    after = everything(database)
    assert len(after.pop("refused_response")) == 2
    assert after | {"refused_response": []} == before


def test_handing_in_twice_gives_one_result(visit: Visits, database: Database):
    adams = visit("adams")
    check = student.answer_all(adams)
    first = check.press("Hand in")
    before = everything(database)
    second = check.press("Hand in")
    assert (second.path, second.status) == (first.path, 200)
    assert everything(database) == before


def test_a_double_click_on_a_decision_takes_it_once(visit: Visits, database: Database):
    adams = visit("adams")
    page = student.begin_scenario(adams)
    adams.send(f"{page.path}", step="1", choice="1")
    again = adams.post(f"{page.path}", step="1", choice="1")
    assert "Decision 2 of 2" in again.words
    assert "already taken. You are where it led." in again.words
    with database.session() as session:
        assert session.scalars(select(Decision.sequence)).all() == [1]


def test_the_back_button_and_a_second_tab_lead_to_where_the_scenario_stands(app: Flask, visit: Visits):
    adams = visit("adams")
    page = student.begin_scenario(adams)
    other = tab(app, adams)
    stale = other.get(page.path)
    student.decide(page, "Do listen")
    assert "Decision 2 of 2" in student.decide(stale, "Do shout").words
    assert "CANARY-later: they stay." in adams.get(page.path).words
    debrief = student.decide(adams.get(page.path), "Do help")
    assert debrief.path.endswith("/debrief")
    assert student.decide(page, "Do shout").path == debrief.path
    assert "Passed" in adams.get(debrief.path).words


@pytest.mark.alike
@pytest.mark.parametrize("step", ["0", "-1", "3", "", "x"])
def test_a_step_that_is_not_the_next_changes_nothing(visit: Visits, database: Database, step: str):
    adams = visit("adams")
    page = student.begin_scenario(adams)
    assert "Decision 1 of 2" in adams.post(f"{page.path}", step=step, choice="1").words
    with database.session() as session:
        assert count(session, Decision) == 0


def test_a_decision_that_was_taken_back_stays_on_record(visit: Visits, database: Database):
    adams = visit("adams")
    page = student.decide(student.begin_scenario(adams, "practice"), "Do shout")
    again = page.press("Take this decision back")
    twice = page.press("Take this decision back")  # the same once more, as a poor link may send it
    assert twice.words == again.words
    assert "There is no decision to take back yet." in adams.post(f"{page.path}/take-back").words
    student.decide(again, "Do listen")
    with database.session() as session:
        rows = session.execute(
            select(Decision.sequence, Decision.taken_back_at).order_by(Decision.sequence)
        ).all()
    assert [(sequence, at is not None) for sequence, at in rows] == [(1, True), (2, False)]


def test_finishing_a_debrief_twice_keeps_what_was_written_last(visit: Visits, database: Database):
    adams = visit("adams")
    debrief = student.play(adams)
    done = student.reflect(debrief, "First thought.")
    assert "Your debrief is complete" in student.reflect(debrief, "Second thought.").words
    assert "Second thought." in adams.get(done.path).text
    with database.session() as session:
        assert count(session, Reflection, Reflection.text == "Second thought.") == 1
        assert count(session, Attempt, Attempt.status == AttemptStatus.FINISHED) == 1


@pytest.mark.alike
@pytest.mark.parametrize("task", ["quiz", "scenario", "debrief"])
def test_reloading_a_page_shows_it_again(visit: Visits, task: str):
    adams = visit("adams")
    if task == "quiz":
        page = adams.get(f"{BASICS}/quiz/check").submit()
    else:
        page = student.begin_scenario(adams) if task == "scenario" else student.play(adams)
    again = adams.get(page.path)
    assert (again.status, again.title, again.words) == (200, page.title, page.words)


def test_many_hands_decide_on_one_attempt_and_each_decision_is_taken_once(
    app: Flask, visit: Visits, database: Database
):
    adams = visit("adams")
    page = student.begin_scenario(adams)
    for step in ("1", "2"):
        acts = [sending(app, adams, f"{page.path}", step=step, choice=str(n % 2 + 1)) for n in range(HANDS)]
        for response in at_once(acts):
            assert (response.status_code, response.headers["Location"]) == (303, page.path)
    with database.session() as session:
        assert session.scalars(select(Decision.sequence).order_by(Decision.sequence)).all() == [1, 2]
        assert session.scalars(select(Attempt.status)).all() == [AttemptStatus.DEBRIEF]


def test_many_hands_answer_at_once_and_the_last_answer_of_each_question_stays(
    app: Flask, visit: Visits, database: Database
):
    adams = visit("adams")
    first = adams.get(f"{BASICS}/quiz/check").submit().path.removesuffix("1")
    acts = [
        sending(app, adams, f"{first}{n % 2 + 1}", answer="1", order=["1", "2", "3"]) for n in range(HANDS)
    ]
    assert {response.status_code for response in at_once(acts)} == {303}
    with database.session() as session:
        assert count(session, Response) == 2


@pytest.mark.parametrize("task", ["quiz/check", "scenario/practice"])
def test_many_hands_begin_and_there_is_one_attempt(app: Flask, visit: Visits, database: Database, task: str):
    adams = visit("adams")
    places = at_once([sending(app, adams, f"{BASICS}/{task}") for _ in range(HANDS)])
    assert len({response.headers["Location"] for response in places}) == 1
    with database.session() as session:
        assert count(session, Attempt) == 1


def test_finishing_the_course_by_several_ways_at_once_completes_and_certifies_it_once(
    app: Flask, visit: Visits, database: Database
):
    adams = visit("adams")
    student.read_module(adams, BASICS)
    adams.get(f"{COURSE}/further/first").press("Mark as read and continue")
    student.reflect(student.play(adams, slug="practice"))
    check, debrief = student.answer_all(adams), student.play(adams)
    acts = [
        *(sending(app, adams, f"{COURSE}/further/second") for _ in range(3)),
        *(sending(app, adams, check.path.replace("/check", "/finish")) for _ in range(3)),
        *(sending(app, adams, debrief.path, prompt_0=f"Thought {n}.") for n in range(2)),
    ]
    assert {response.status_code for response in at_once(acts)} == {303}
    with database.session() as session:
        assert count(session, CourseCompletion) == count(session, Certificate) == 1
        assert count(session, ModuleCompletion) == 2
        assert count(session, PageRead) == 4
    assert "number HOME-" in adams.get("/certificates").words


def test_certificates_issued_at_once_are_numbered_without_gaps_or_doubles(database: Database):
    numbers = range(1, 17)
    with database.writing() as session:
        academy = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        people = [
            Person(
                email=f"student{n}@home.example", name=f"Student {n}", password_hash="none", created_at=START
            )
            for n in numbers
        ]
        session.add_all(people)
        session.flush()
        enrolled = [enrol(session, person.id, academy.id, course="core", at=START) for person in people]
        course = current(session).courses_by_slug["core"]
        session.add_all(
            ModuleCompletion(
                enrolment_id=one.id, module=slug, version_id=course.version_id, completed_at=START
            )
            for one in enrolled
            for slug in course.content.modules
        )

    together = Barrier(len(numbers))

    def finish(enrolment_id: int) -> str:
        together.wait()
        with database.writing() as session:
            enrolment = session.get_one(type(enrolled[0]), enrolment_id)
            issued = journeys.complete_if_earned(session, current(session), enrolment, at=START)
            assert issued is not None
            return issued.number

    with ThreadPoolExecutor(len(numbers)) as hands:
        given = list(hands.map(finish, [one.id for one in enrolled]))
    assert sorted(given) == [f"HOME-2026-{n:06d}" for n in numbers]


def _readable(app: Flask) -> Iterator[tuple[str, frozenset[str]]]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            yield rule.endpoint, frozenset(rule.arguments)


OPENED: dict[str, Any] = {"attempt_opened": []}
"""The one thing that a GET writes: that somebody's attempt was opened, for its student to see (decision 027)."""


@pytest.mark.alike(0)
@pytest.mark.parametrize(
    "by",
    [
        pytest.param(slice(None, None, 4), id="some"),
        pytest.param(slice(None), id="all", marks=pytest.mark.soak),
    ],
)
def test_reading_writes_nothing_whoever_reads_whatever(
    app: Flask, visit: Visits, database: Database, by: slice
):
    own = give(database, "adams")
    keep_pdf(app, own)
    attempts = (own.open_quiz, own.finished_quiz, own.open_scenario, own.debrief)
    places = {
        "/verify?code=none": CAST,
        "/sign-in?next=/learn": CAST,
        "/teach/core?page=2": CAST,
        "/nowhere": CAST,
    }
    places[f"/teach/core?cohort={own.cohort}"] = CAST
    table = expected_of("adams")
    for endpoint, asked in _readable(app):
        # whoever is refused at the door reads nothing: test_permissions asks them, with a client that looks
        let_in = tuple(
            name for name, cell in table["GET", endpoint].items() if cell not in ("403", "sign-in")
        )[by]
        places[address(app, endpoint, own)] = let_in
        if "attempt_id" in asked and asked <= {"attempt_id", "number"}:
            with app.test_request_context():
                for attempt in attempts:
                    values: dict[str, Any] = {"attempt_id": attempt, "number": 1}
                    places[app.url_for(endpoint, **{name: values[name] for name in asked})] = let_in
    visits = {name: visit(name) for name in CAST}
    before = everything(database) | OPENED
    with statements(app) as said:
        for where, names in places.items():
            assert {visits[name].fetch(where).status_code for name in names} <= {200, 303, 308, 403, 404, 409}
    assert everything(database) | OPENED == before
    assert said
    # How the database is set up is looked at, too.
    reads = [one for one in said if READS.match(one) and "FOR UPDATE" not in one]
    notes = [one for one in said if one.startswith("INSERT INTO attempt_opened")]
    assert notes
    assert set(said) - {*reads, *notes, "BEGIN", "BEGIN IMMEDIATE"} == set()
