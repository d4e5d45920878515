"""Where less is asked of many at once, what they have earned is completed in the background; its page says how far."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from pme import completing, journeys
from pme.assessment.models import Attempt, AttemptStatus
from pme.certificates.models import Certificate
from pme.completing import complete_what_is_earned
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.jobs.models import Job
from pme.progress.models import CourseCompletion
from pme.scope import everywhere
from tests.conftest import Visits
from tests.support.cast import AWAY, START
from tests.support.client import Page, Visit
from tests.support.earned import asks_for_less, have_earned
from tests.support.essays import more_students, person_of, publish_written, set_up
from tests.support.marked import mark, release
from tests.support.people import academy_id_of
from tests.support.work import run_jobs

MANY = 7
TOLD = "Whoever has completed the course by it gets the completion and the certificate."


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three are many here, and two are looked at together."""
    monkeypatch.setattr(completing, "HERE", 3)
    monkeypatch.setattr(completing, "PART", 2)


@pytest.fixture
def earned(database: Database, few: None) -> tuple[int, list[int]]:
    """The cohort at home and those in it; there are as many elsewhere."""
    with database.writing() as session, everywhere(session):
        cohort, ids = have_earned(session, MANY)
        have_earned(session, MANY, academy=AWAY)
        session.add(Cohort(academy_id=cohort.academy_id, course="core", name="Autumn", created_at=START))
        return cohort.id, list(ids)


def completed(database: Database) -> list[tuple[int, float]]:
    """Who completed, wherever, and with what."""
    with database.session() as session, everywhere(session):
        rows = select(CourseCompletion.enrolment_id, CourseCompletion.percent)
        return [
            (enrolment, percent)
            for enrolment, percent in session.execute(rows.order_by(CourseCompletion.enrolment_id))
        ]


def certificates(database: Database) -> int:
    with database.session() as session, everywhere(session):
        return session.scalar(select(func.count()).select_from(Certificate)) or 0


def arrange(irving: Visit, cohort: int, **modules: str) -> Page:
    page = irving.get(f"/academy/cohorts/{cohort}")
    return page.press("Save the modules", **({"module-elsewhere": ""} | modules))


def test_a_cohort_that_asks_for_less_completes_its_many_in_the_background(
    app: Flask, visit: Visits, database: Database, earned: tuple[int, list[int]]
):
    cohort, ids = earned
    page = arrange(visit("irving"), cohort)
    assert page.path.startswith("/changes/")
    assert TOLD in page.words
    assert "Waiting for its turn" in page.words
    assert completed(database) == []
    assert run_jobs(app) == 1
    assert [number for number, _percent in completed(database)] == ids, "and nobody elsewhere"
    assert certificates(database) == MANY
    page = visit("irving").get(page.path)
    assert f"{TOLD} Ready" in page.words
    before = completed(database)
    assert "Undone" in page.press("Undo").words
    assert run_jobs(app) == 0
    assert completed(database) == before, "a completion is never taken back"


def test_what_is_completed_in_the_background_is_what_would_be_at_once(
    app: Flask,
    visit: Visits,
    database: Database,
    earned: tuple[int, list[int]],
    monkeypatch: pytest.MonkeyPatch,
):
    cohort, ids = earned
    with database.writing() as session:
        session.get_one(Enrolment, ids[1]).status = EnrolmentStatus.WITHDRAWN
    with monkeypatch.context() as patched, database.writing() as session:
        patched.setattr(completing, "HERE", 1_000)
        with session.begin_nested() as trial:
            asks_for_less(session, session.get_one(Cohort, cohort), at=START)
            academy = academy_id_of(session)
            job = complete_what_is_earned(session, current(session), academy, ids, about=None, at=START)
            assert job is None
            rows = select(CourseCompletion.enrolment_id, CourseCompletion.percent)
            at_once = [tuple(row) for row in session.execute(rows.order_by(CourseCompletion.enrolment_id))]
            trial.rollback()
    assert [number for number, _percent in at_once] == [ids[0], *ids[2:]]
    arrange(visit("irving"), cohort)
    run_jobs(app)
    assert completed(database) == at_once


def test_a_change_that_is_undone_before_its_turn_completes_nobody(
    app: Flask, visit: Visits, database: Database, earned: tuple[int, list[int]]
):
    page = arrange(visit("irving"), earned[0])
    page.press("Undo")
    assert run_jobs(app) == 2, "what was changed, and what was changed back"
    assert completed(database) == []


def test_undoing_that_asks_for_less_completes_in_the_background_too(
    app: Flask, visit: Visits, database: Database, earned: tuple[int, list[int]]
):
    cohort, ids = earned
    with database.writing() as session:
        asks_for_less(session, session.get_one(Cohort, cohort), at=START)
    done = arrange(visit("irving"), cohort, **{"module-elsewhere": "required"})
    assert run_jobs(app) == 1
    assert completed(database) == [], "the cohort asks for all again"
    page = done.press("Undo")
    assert "Waiting for its turn" in page.words
    assert run_jobs(app) == 1
    assert [number for number, _percent in completed(database)] == ids


@pytest.mark.parametrize("who", ["irving", "clarke"])
def test_moving_many_completes_them_in_the_background_and_whoever_moved_them_sees_how_far_it_is(
    app: Flask, visit: Visits, database: Database, earned: tuple[int, list[int]], who: str
):
    _cohort, ids = earned
    with database.session() as session:
        autumn = session.scalars(select(Cohort.id).where(Cohort.name == "Autumn")).one()
    if who == "irving":
        form = {"go": "move", "to": str(autumn), "enrolment": [str(each) for each in ids], "course": "core"}
        page = visit("irving").post("/academy/enrolments", **form)
    else:
        page = visit("clarke").post(
            f"/teach/core/cohorts/{autumn}/students", student=[str(each) for each in ids]
        )
    assert TOLD in page.words
    assert "moved" in page.words
    assert run_jobs(app) == 1
    assert [number for number, _percent in completed(database)] == ids
    assert f"{TOLD} Ready" in visit(who).get(page.path).words


def test_of_few_it_is_done_at_once(visit: Visits, database: Database, few: None):
    with database.writing() as session:
        cohort, ids = have_earned(session, 3)
        number = cohort.id
    page = arrange(visit("irving"), number)
    assert page.path == f"/academy/cohorts/{number}"
    assert [each for each, _percent in completed(database)] == ids
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_released_marks_stand_at_once_and_the_courses_of_many_are_completed_in_the_background(
    app: Flask, visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(completing, "HERE", 1)
    with database.writing() as session:
        publish_written(session, asked=True)
        names = ["adams", *more_students(session, 2)]
        catalogue = current(session)
        module = catalogue.modules_by_slug["basics"]
        for name in names:
            own = select(Enrolment).where(Enrolment.person_id == person_of(session, name).id)
            enrolment = session.scalars(own.where(Enrolment.course == "core")).one()
            for each in module.content.pages:
                journeys.read_page(session, catalogue, enrolment, module, page=each.slug, at=START)
    desk, clarke = set_up(database, *names, asked=True), visit("clarke")
    for name in names:
        mark(clarke, desk.script(name), level_0="3", level_1="3")
    page = release(clarke, desk)
    assert "The marks are released" in page.words
    assert f"{TOLD} Waiting for its turn" in page.words
    with database.session() as session:
        assert set(session.scalars(select(Attempt.status))) == {AttemptStatus.FINISHED}
    assert completed(database) == []
    assert run_jobs(app) == 1
    assert (len(completed(database)), certificates(database)) == (3, 3)
    assert f"{TOLD} Ready" in clarke.get(page.path).words
