"""The quality of what very many have taken: worked out by a job, kept, the same as at once, and never silently old."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.models import Attempt, Decision, Response, Task
from pme.assessment.regrades import Scope
from pme.assessment.statistics_figures import Undefined
from pme.content.catalogue import current
from pme.content.shapes import Quiz
from pme.db import Database
from pme.enrolment.models import Cohort
from pme.jobs.models import Job
from pme.journeys_regrade import apply_correction
from pme.people.models import Academy, Person
from pme.privacy.erasing import erase
from pme.privacy.retention import rules_of, stays_of
from pme.reports import kept, quality_kept
from pme.reports.models_kept import KeptFigures
from pme.reports.quality import quiz_quality, scenario_quality
from pme.reports.quality_kept import Edition, standing_of
from pme.reports.quality_plain import SENTENCES, plain, whole_again
from pme.reports.regrade_dry_run import try_correction
from pme.stores.folder import Folder
from pme.words.speech import speaking
from tests.conftest import Visits
from tests.support.attempts import Class, enrol_many, play_scenario, sit_quiz
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page
from tests.support.work import run_duty, run_jobs

QUIZ, SCENARIO = "/teach/core/quizzes/check/quality", "/teach/core/scenarios/checkpoint/quality"
NOW = START + timedelta(days=1)
STUDENTS = 45


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty answers are many here."""
    monkeypatch.setattr(quality_kept, "AT_ONCE", 40)


@pytest.fixture
def sat(database: Database, few: None) -> None:
    """Classes of two academies that took the same quiz and scenario."""
    with database.writing() as session:
        take(session, HOME, STUDENTS, seed=3, cohorts=("Autumn", "Spring"))
        take(session, AWAY, STUDENTS - 8, seed=4)


def take(session: Session, slug: str, number: int, *, seed: int, cohorts: tuple[str, ...] = ()) -> None:
    place = session.scalars(select(Academy).where(Academy.slug == slug)).one()
    named = [Cohort(academy_id=place.id, course="core", name=name, created_at=START) for name in cohorts]
    session.add_all(named)
    session.flush()
    if not number:
        return
    together = Class(place, "core", "basics", START, named)
    enrolled = enrol_many(session, together, number, prefix=f"seed{seed}-")
    catalogue = current(session)
    check, gate = catalogue.quizzes_by_slug["check"], catalogue.scenarios_by_slug["checkpoint"]
    sit_quiz(session, check, together, enrolled, random=Random(seed), confidence=True)
    dealt = {"items": [item.id for item in check.content.items], "options": {}}
    mine = Attempt.academy_id == place.id, Attempt.enrolment_id.in_(enrolled), Attempt.task == Task.QUIZ
    session.execute(update(Attempt).where(*mine).values(draw=dealt))
    play_scenario(session, gate, together, enrolled, random=Random(seed))


def academy(session: Session, slug: str = HOME) -> int:
    return session.scalars(select(Academy.id).where(Academy.slug == slug)).one()


def person(session: Session, name: str) -> int:
    return session.scalars(select(Person.id).where(Person.email == email_of(name))).one()


def edition(session: Session, slug: str = HOME) -> tuple[Edition, Quiz]:
    check = current(session).quizzes_by_slug["check"]
    return Edition(academy(session, slug), "core", Task.QUIZ, "check", check.version_id), check.content


def how(database: Database, slug: str = HOME) -> kept.Standing:
    with database.session() as session:
        found = standing_of(session, *edition(session, slug))
        assert found is not None
        return found


def told(page: Page) -> list[str]:
    """All numbers and words of the page's figures: every table, and every fact."""
    assert page.tree is not None
    cells = page.tree.xpath("//main//td | //main//th | //main//dl//dd | //main//caption | //main//section//p")
    return [" ".join(cell.xpath("string()").split()) for cell in cells]


def analyses(session: Session) -> Iterator[Any]:
    """Figures of both kinds of task at HOME."""
    catalogue, here = current(session), Attempt.academy_id == academy(session)
    check, gate = catalogue.quizzes_by_slug["check"], catalogue.scenarios_by_slug["checkpoint"]
    yield quiz_quality(session, here, check.content, check.version_id)
    yield scenario_quality(session, here, gate.content, gate.version_id)


@pytest.mark.parametrize("students", [0, 1, 12, 35, 90])
def test_what_is_kept_of_figures_comes_back_whole(session: Session, students: int):
    take(session, HOME, students, seed=students, cohorts=("Autumn", "Spring"))
    for found in analyses(session):
        again = whole_again(json.loads(json.dumps(plain(found), allow_nan=False)))
        assert again == found
        assert replace(again) == replace(found)


@pytest.mark.parametrize("why", SENTENCES)
def test_why_a_figure_does_not_exist_is_said_in_the_language_of_whoever_reads(why: str):
    found = whole_again(json.loads(json.dumps(plain(Undefined(why, 3)))))
    assert isinstance(found, Undefined)
    english = f"{found.why}"
    with speaking("fr"):
        assert f"{found.why}" not in ("", english)


@pytest.mark.usefixtures("sat")
@pytest.mark.parametrize("address", [QUIZ, SCENARIO])
def test_kept_figures_are_those_worked_out_at_once(
    app: Flask, visit: Visits, monkeypatch: pytest.MonkeyPatch, address: str
):
    with monkeypatch.context() as patched:
        patched.setattr(quality_kept, "AT_ONCE", 10**9)
        at_once = visit("clarke").get(address)
        file = visit("clarke").fetch(f"{address}.csv").get_data()
    assert "as of" not in at_once.words
    first = visit("clarke").get(address)
    assert "They have not been calculated yet." in first.words
    assert not first.tree.xpath("//main//table")
    waiting = first.press("Calculate them")
    assert "Waiting for its turn" in waiting.words
    assert run_jobs(app) == 1
    page = visit("clarke").get(address)
    assert "These figures are as of" in page.words
    assert "Nothing new since then." in page.words
    assert [each for each in told(page) if "as of" not in each] == told(at_once)
    answer = visit("clarke").fetch(f"{address}.csv")
    assert answer.get_data() == file
    assert "-as-of-2026-" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("sat")
def test_a_question_is_shown_from_what_is_kept_and_says_so(app: Flask, visit: Visits, database: Database):
    clarke = visit("clarke")
    assert clarke.get(f"{QUIZ}/questions/1").title.startswith("Quality of"), "where they can be asked for"
    assert clarke.fetch(f"{QUIZ}.csv").status_code == 303
    clarke.get(QUIZ).press("Calculate them")
    run_jobs(app)
    page = clarke.get(f"{QUIZ}/questions/1")
    assert "These figures are as of" in page.words
    assert f"{STUDENTS}, of whom" in page.words
    assert "Something was added or has changed since." not in page.words
    with database.writing() as session:
        kept.outdate(session, academy(session))
    assert "Something was added or has changed since." in clarke.get(f"{QUIZ}/questions/1").words


@pytest.mark.usefixtures("sat")
def test_new_attempts_corrections_and_erasures_are_told_and_only_at_that_academy(
    app: Flask, visit: Visits, database: Database
):
    run_duty(app, "figures of reports")
    assert run_jobs(app) == 4, "a quiz and a scenario at each academy, before anybody looked"
    run_duty(app, "figures of reports")
    assert run_jobs(app) == 0, "nothing came"
    assert not how(database).is_stale
    with database.writing() as session:
        take(session, HOME, 2, seed=5)
    assert (how(database).came, how(database).is_changed) == (2, False)
    page = visit("clarke").get(QUIZ)
    assert "Since then 2 first attempts have come." in page.words
    assert f"From {STUDENTS} students’ first attempts" in page.words, "what is kept is shown at once"
    page.press("Calculate again")
    assert run_jobs(app) == 1
    page = visit("clarke").get(QUIZ)
    assert f"From {STUDENTS + 2} students’ first attempts" in page.words
    before = told(page)
    with database.writing() as session:
        correct(session)
    assert (how(database).came, how(database).is_changed) == (0, True)
    assert "Since then results were corrected" in visit("clarke").get(QUIZ).words
    run_duty(app, "figures of reports")
    assert run_jobs(app) == 2, "both tasks, within the hour"
    assert told(visit("clarke").get(QUIZ)) != before
    with database.writing() as session:
        store = Folder(app.extensions["pme_settings"].instance_dir)
        stays = stays_of(rules_of(session, academy(session)))
        gone, by = person(session, "adams"), person(session, "irving")
        erase(session, academy(session), gone, stays=stays, by=by, at=NOW, store=store)
    assert how(database).is_changed
    assert not how(database, AWAY).is_stale


def correct(session: Session) -> None:
    of, quiz = edition(session)
    scope = Scope(of.academy_id, "core", "check", of.version_id)
    new = Correction("CANARY-truth", CorrectionKind.KEY, {"right": ["true"]})
    dry = try_correction(session, current(session), scope, quiz, new)
    assert dry.effects
    by = person(session, "clarke")
    apply_correction(
        session, current(session), scope, quiz, new, reason="It was wrong.", seal=dry.seal, by=by, at=NOW
    )


@pytest.mark.usefixtures("sat")
def test_attempts_that_went_leave_figures_out_of_date(app: Flask, database: Database):
    run_duty(app, "figures of reports")
    run_jobs(app)
    with database.writing() as session:
        gone = select(Attempt.id).where(Attempt.academy_id == academy(session)).order_by(Attempt.id).limit(1)
        number = session.scalars(gone).one()
        for rows in (Response, Decision):
            session.execute(delete(rows).where(rows.attempt_id == number))
        session.execute(delete(Attempt).where(Attempt.id == number))
    assert how(database).is_changed


@pytest.mark.usefixtures("sat")
def test_whoever_took_it_too_sees_the_figures_of_the_others_worked_out_at_once(
    app: Flask, visit: Visits, database: Database
):
    run_duty(app, "figures of reports")
    run_jobs(app)
    with database.writing() as session:
        first = select(Attempt.id).where(Attempt.academy_id == academy(session)).order_by(Attempt.id).limit(1)
        own = update(Attempt).where(Attempt.id == first.scalar_subquery())
        session.execute(own.values(person_id=person(session, "clarke")))
    page = visit("clarke").get(QUIZ)
    assert f"From {STUDENTS - 1} students’ first attempts" in page.words
    assert "as of" not in page.words


def test_up_to_the_size_nothing_is_kept_and_everything_is_of_now(
    app: Flask, visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch
):
    with database.writing() as session:
        take(session, HOME, 20, seed=1)
        size = 20 * len(current(session).quizzes_by_slug["check"].content.items)
        assert standing_of(session, *edition(session)) is None
    monkeypatch.setattr(quality_kept, "AT_ONCE", size)
    assert "From 20 students’ first attempts" in visit("clarke").get(QUIZ).words
    answer = visit("clarke").send(f"{QUIZ}/figures")
    assert answer.status_code == 303
    run_duty(app, "figures of reports")
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(KeptFigures)) == 0
        assert session.scalar(select(func.count()).select_from(Job)) == 0
    monkeypatch.setattr(quality_kept, "AT_ONCE", size - 1)
    assert "They have not been calculated yet." in visit("clarke").get(QUIZ).words


@pytest.mark.usefixtures("few")
def test_figures_of_what_is_large_no_more_are_forgotten(app: Flask, database: Database):
    clock = app.extensions["pme_clock"]
    with database.writing() as session:
        of, _quiz = edition(session)
        kept.set_down(session, of.subject, [], {}, changes=0, as_of=clock())
    run_duty(app, "figures of reports", at=clock() + timedelta(days=1))
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(KeptFigures)) == 1
    run_duty(app, "figures of reports", at=clock() + timedelta(days=20))
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(KeptFigures)) == 0
