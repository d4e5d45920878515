"""Corrections that very many have answered: a job looks, a job does it, and all else is as with few."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pme import completing, correcting
from pme.assessment.models import Attempt
from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import Scope, sittings
from pme.audit import AuditEntry
from pme.certificates.models import Certificate
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz
from pme.db import Database
from pme.jobs.models import Job
from pme.jobs.results import name_of
from pme.jobs.work import Interrupted, Work
from pme.jobs.worker import Worker
from pme.people.models import Role
from pme.people.queries import person_by_email
from pme.people.service import grant
from pme.progress.models import CourseCompletion
from pme.reports import regrade_dry_run
from pme.scope import WRITES
from pme.stores.chosen import store_of
from tests.conftest import Visits
from tests.regrade.every_type import BRAVO, RIGHT, answers, enrolment_of, sit, student
from tests.regrade.test_acts import a_class, read_all
from tests.regrade.test_pages import many
from tests.regrade.trying import REASON, count, try_it
from tests.support.cast import email_of
from tests.support.client import Page
from tests.support.clock import Clock
from tests.support.work import run_jobs

APPLY, LOOK, UNDO = "Apply the correction", "See what it would change", "Undo the correction"
COUNTS = "finished attempts 3 students with another result 3 pass by it 1 no longer pass by it 1"


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "HERE", 2)


def again(page: Page) -> Page:
    """The same page, a while later."""
    return page.visit.get(page.path)


def work_on_one(app: Flask) -> None:
    """Do one job, and leave what comes of it for later."""
    given = app.extensions
    worker = Worker(given["pme_database"], given["pme_settings"], given["pme_clock"], raises=True)
    assert worker.work_on_a_job()


def looked_at(app: Flask, visit: Visits, scope: Scope, number: int = 1, kind: str = "key") -> Page:
    """What a correction would do, once a job has found out."""
    waiting = try_it(visit("clarke"), scope, number, kind)
    assert "Waiting for its turn" in waiting.words, waiting.words
    run_jobs(app)
    return again(waiting)


def earned(database: Database) -> list[tuple[Any, ...]]:
    """Every result beside that of its day."""
    columns = (
        Revision.attempt_id, Revision.number, Revision.percent, Revision.is_passed, Revision.level,
        Revision.result, Revision.regrades, Revision.is_current,
    )  # fmt: skip
    with database.session() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Revision.id))]


def test_a_job_looks_a_job_does_it_and_jobs_take_it_back(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    waiting = try_it(visit("clarke"), scope)
    assert waiting.title == "What a correction would change"
    assert "Nothing is changed yet" in waiting.words
    assert REASON in waiting.words
    quiz = visit("clarke").get(f"/teach/core/corrections/check/{scope.version_id}")
    assert "What a correction would change Waiting for its turn" in quiz.words
    run_jobs(app)
    assert count(database, Regrade) == 0
    dry = quiz.follow("What a correction would change")
    assert dry.path == waiting.path
    assert dry.title == "What it would change"
    assert COUNTS in dry.words
    doing = dry.press(APPLY)
    assert doing.title == "Correcting a question"
    assert count(database, Regrade) == 0
    assert run_jobs(app) == 1
    done = again(doing)
    assert done.path == "/teach/core/corrections/1"
    assert "The question is corrected. Results take it into account from now on." in done.words
    assert "In force" in done.words
    assert "Passes now" in done.words
    first = done.follow("Undo this correction")
    assert "it is calculated in the background" in first.words
    undo = first.press(LOOK)
    assert undo.title == "What undoing a correction would change"
    run_jobs(app)
    undo = again(undo)
    assert "Students whose result changes" in undo.words
    undoing = undo.press(UNDO)
    assert run_jobs(app) == 1
    undone = again(undoing)
    assert "The correction is undone. Results no longer take it into account." in undone.words
    assert "Who crossed the pass line when it was undone" in undone.words
    assert again(undo).path == undone.path, "what was looked at is done"
    assert not any(row[-1] for row in earned(database))
    with database.session() as session:
        acts = ("question corrected", "correction undone")
        trail = session.scalars(
            select(AuditEntry.act).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.id)
        )
        assert trail.all() == list(acts)


@pytest.mark.parametrize(("number", "kind"), [(1, "key"), (3, "accept"), (4, "void"), (9, "full-credit")])
def test_results_are_those_of_the_direct_way(
    app: Flask,
    visit: Visits,
    scope: Scope,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: str,
):
    doing = looked_at(app, visit, scope, number, kind).press(APPLY)
    run_jobs(app)
    by_job = again(doing)
    found = earned(database)
    with database.writing() as session:
        kept = session.scalars(select(Regrade)).one()
        effects, seal = kept.effects, kept.seal
        session.execute(delete(Revision))
        session.delete(kept)
    monkeypatch.setattr(correcting, "HERE", 1000)
    direct = try_it(visit("clarke"), scope, number, kind).press(APPLY)
    own = [row[:6] + row[7:] for row in found]  # but for the number of the correction
    assert [row[:6] + row[7:] for row in earned(database)] == own
    with database.session() as session:
        regrade = session.scalars(select(Regrade)).one()
        assert (regrade.effects, regrade.seal) == (effects, seal)
    body = "//main//table | //main//dl"
    told = [
        ["".join(each.xpath(".//text()[not(ancestor::time)]")) for each in p.tree.xpath(body)]
        for p in (by_job, direct)
    ]
    assert told[0] == told[1] != []


def test_what_moved_since_is_told_and_nothing_is_done(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    dry = looked_at(app, visit, scope)
    with database.writing() as session:
        sit(session, student(session, 7), current(session).quizzes_by_slug["check"], RIGHT)
    doing = dry.press(APPLY)
    run_jobs(app)
    told = again(doing)
    assert (
        "Since you looked, attempts were finished or questions corrected. Nothing was changed" in told.words
    )
    assert (count(database, Regrade), count(database, Revision)) == (0, 0)
    edit = told.press("Change the correction")
    assert edit.tree.xpath("//input[@name='key'][@checked]/@value") == [BRAVO]
    fresh = told.press(LOOK)
    run_jobs(app)
    fresh = again(fresh)
    assert "finished attempts 4" in fresh.words
    doing = fresh.press(APPLY)
    run_jobs(app)
    assert "The question is corrected" in again(doing).words


def test_a_correction_that_leaves_nothing_to_ask_is_refused_by_the_job_in_the_same_words(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    with database.writing() as session:
        session.execute(update(Attempt).values(draw={"items": ["single"], "options": {}}))
    refused = looked_at(app, visit, scope, 1, "void")
    assert "no question left that counts" in refused.words
    assert refused.press("Change the correction").status == 200


def test_what_cannot_be_done_at_all_is_refused_at_once(app: Flask, visit: Visits, scope: Scope):
    doing = looked_at(app, visit, scope).press(APPLY)
    run_jobs(app)
    assert "The question is corrected" in again(doing).words
    refused = try_it(visit("clarke"), scope)
    assert refused.status == 422
    assert "in force already" in refused.words


def test_looking_twice_at_the_same_is_one_job_and_at_something_else_another(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    first, second = try_it(visit("clarke"), scope), try_it(visit("clarke"), scope)
    assert first.path == second.path
    assert try_it(visit("clarke"), scope, 2).path != first.path
    run_jobs(app)
    assert try_it(visit("clarke"), scope).path != first.path, "attempts may have come since"


def test_pressing_twice_is_pressing_once(
    app: Flask, visit: Visits, scope: Scope, database: Database, clock: Clock
):
    dry = looked_at(app, visit, scope)
    first, second = dry.press(APPLY), dry.press(APPLY)
    assert first.path == second.path
    assert run_jobs(app) == 1
    clock.move(minutes=2)
    later = dry.press(APPLY)
    assert later.path != first.path
    assert run_jobs(app) == 1
    assert again(later).path == again(first).path
    assert (count(database, Regrade), count(database, Revision)) == (1, 3)


@pytest.mark.parametrize("seal", ["", "x", "0" * 64, "f" * 5000, "\x00"])
def test_what_was_not_looked_at_is_not_done(
    app: Flask, visit: Visits, scope: Scope, database: Database, seal: str
):
    doing = looked_at(app, visit, scope).press(APPLY, seal=seal)
    run_jobs(app)
    assert "Nothing was changed" in again(doing).words
    assert count(database, Regrade) == 0


def test_many_students_come_page_by_page_from_what_was_looked_at(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    with database.writing() as session:
        many(session, 105)
    dry = looked_at(app, visit, scope)
    assert "Students page 1 of 2." in dry.words
    second = dry.press("More students")
    assert "Students page 2 of 2." in second.words
    assert len(second.tree.xpath("//main//tbody/tr")) == 8
    names = [page.tree.xpath("//main//tbody/tr/th//text()") for page in (dry, second)]
    assert not set(names[0]) & set(names[1])
    assert len(second.press("Students before these").tree.xpath("//main//tbody/tr")) == 100


def test_what_very_many_have_earned_is_completed_by_a_job_and_the_page_says_so(
    app: Flask, visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(completing, "HERE", 1)
    with database.writing() as session:
        taught = a_class(session)
        for number in range(3):
            enrolment = student(session, number)
            read_all(taught, enrolment)
            sit(session, enrolment, taught.version, answers(single=(BRAVO,), many=(), match=()))
        scope = taught.scope
    doing = looked_at(app, visit, scope).press(APPLY)
    work_on_one(app)
    done = again(doing)
    assert (
        "Whoever has completed the course by it gets the completion and the certificate. Waiting for its turn"
        in done.words
    )
    assert count(database, CourseCompletion) == 0
    run_jobs(app)
    assert (count(database, CourseCompletion), count(database, Certificate)) == (3, 3)
    assert "Waiting for its turn" not in again(doing).words


def test_what_was_looked_at_long_ago_is_looked_at_again(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    dry = looked_at(app, visit, scope)
    with database.session() as session:
        job = session.scalars(select(Job)).one()
    store_of(app.extensions["pme_settings"]).delete(name_of(job.result_file or ""))
    gone = again(dry)
    assert "Start again" in gone.words
    assert gone.press(LOOK).status == 200


def test_only_who_asked_sees_what_a_job_found(app: Flask, visit: Visits, scope: Scope, database: Database):
    dry = looked_at(app, visit, scope)
    with database.writing() as session:
        other = enrolment_of(session, "adams").person_id
        session.execute(update(Job).values(person_id=other))
    assert visit("clarke").get(dry.path).status == 404
    assert visit("clarke").get(dry.path.replace("/check/", "/other/")).status == 404
    assert visit("adams").get(dry.path).status == 403


@pytest.mark.parametrize("where", ["progress", "meanwhile"], ids=["as it marks", "as it writes"])
def test_a_look_by_a_worker_that_has_to_stop_is_gone_on_with(
    app: Flask, visit: Visits, scope: Scope, database: Database, monkeypatch: pytest.MonkeyPatch, where: str
):
    dry = looked_at(app, visit, scope)
    doing = dry.press(APPLY)

    def stops(_work: Work, done: int, _of: int) -> None:
        if done:
            raise Interrupted

    with monkeypatch.context() as held:
        held.setattr("pme.reports.regrade_dry_run.BATCH", 1)
        held.setattr(Work, where, stops)
        work_on_one(app)
    assert count(database, Regrade) == 0
    assert "Waiting for its turn" in again(doing).words
    run_jobs(app)
    assert "The question is corrected" in again(doing).words


def test_attempts_are_marked_before_anybody_has_to_wait_and_again_only_if_one_came_in(
    app: Flask, visit: Visits, scope: Scope, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """Within the step that others wait for nothing is marked, and what came in since it was marked is still seen."""
    marked: list[bool] = []
    whole = sittings

    def watched(session: Session, *given: Any) -> Any:
        marked.append(bool(session.connection().get_execution_options().get(WRITES)))
        return whole(session, *given)

    monkeypatch.setattr(regrade_dry_run, "sittings", watched)
    doing = looked_at(app, visit, scope).press(APPLY)
    marked.clear()
    run_jobs(app)
    assert "The question is corrected" in again(doing).words
    assert marked == [False]

    undo = again(doing).follow("Undo this correction").press(LOOK)
    run_jobs(app)
    undoing = again(undo).press(UNDO)
    marked.clear()
    prepared = correcting._try

    def and_one_comes_in(session: Session, *given: Any, **more: Any) -> Any:
        found = prepared(session, *given, **more)
        session.rollback()
        with database.writing() as other:
            version = pinned(other, scope.version_id, Quiz)
            sit(other, student(other, 77), version, answers(single=(BRAVO,), many=(), match=()))
        return found

    monkeypatch.setattr(correcting, "_try", and_one_comes_in)
    run_jobs(app, raises=False)
    assert marked == [False, True]
    assert "Nothing was changed: look again" in again(undoing).words


def test_what_ended_long_ago_is_not_listed_any_more(
    app: Flask, visit: Visits, scope: Scope, database: Database, clock: Clock
):
    dry = looked_at(app, visit, scope)
    address = f"/teach/core/corrections/check/{scope.version_id}"
    assert f'href="{dry.path}"' in visit("clarke").get(address).text
    clock.move(minutes=61)
    assert dry.path not in visit("clarke").get(address).text


def test_a_notice_of_the_academy_leads_to_the_page_of_the_correction(
    app: Flask, visit: Visits, scope: Scope, database: Database
):
    with database.writing() as session:
        clarke = person_by_email(session, email_of("clarke"))
        assert clarke is not None
        grant(session, clarke.id, scope.academy_id, Role.ADMINISTRATOR)
    dry = looked_at(app, visit, scope)
    assert visit("clarke").get("/academy").follow("What a correction would change").path == dry.path
