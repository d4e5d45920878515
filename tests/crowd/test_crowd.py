"""Academies of invented people: they look like real ones, and every number in them follows the rules."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment import grading
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Decision, Response, Task
from pme.assessment.scenario import debrief
from pme.audit import first_broken
from pme.certificates.models import Certificate
from pme.config import Settings
from pme.content.catalogue import Catalogue, current
from pme.crowd.names import ALDERMARK
from pme.crowd.service import make_academy
from pme.db import Database
from pme.demo import create_people
from pme.enrolment.models import Cohort, CohortInstructor, Enrolment, EnrolmentStatus, Extension
from pme.enrolment.models_admission import EnrolmentCode, EnrolmentRequest, Prerequisite, Waiver
from pme.errors import Conflict
from pme.outbox.models import Letter, LetterState
from pme.outbox.service import known_keys
from pme.people.models import Academy, Membership, Person, Personnel, Role
from pme.progress.completion import StepKind, course_percent
from pme.progress.models import CompletionEvent, CourseCompletion, ModuleCompletion, PageRead
from pme.reminders.facts import addressees, told_at
from pme.reminders.rules import Arrangement
from tests.conftest import Visits
from tests.support.client import Page

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PEOPLE = 40


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return Settings.from_environment(environment)


def of_academy(session: Session, model: Any) -> list[Any]:
    academy = select(Academy.id).where(Academy.slug == ALDERMARK.slug).scalar_subquery()
    return list(session.scalars(select(model).where(model.academy_id == academy).order_by(model.id)))


def test_two_academies_of_forty_people_are_made_and_can_be_run(
    database: Database, settings: Settings, visit: Visits
):
    sign_ins = create_people(database, settings, people=PEOPLE, seed="1", at=NOW)
    with database.session() as session:
        for slug in ("aldermark", "corvane"):
            students = select(Membership.id).join(Academy, Academy.id == Membership.academy_id)
            mine = students.where(Academy.slug == slug, Membership.role == Role.STUDENT)
            assert len(session.scalars(mine).all()) == PEOPLE + 1
        known = of_academy(session, Personnel)
        assert len({one.unit for one in known}) > 5
        assert len({one.external_id for one in known}) == len(known) - 5  # those who run it have none
        catalogue = current(session)
        check_attempts(session, catalogue, of_academy(session, Attempt))
        check_completions(session, catalogue)
        check_certificates(session)
        check_staff_work(session)
    registrar = next(one for one in sign_ins if one.email == "registrar@aldermark.example")
    browser = visit("nobody")
    page = Page(browser, browser.http.get("/sign-in"))
    page.submit(email=registrar.email, password=registrar.password)
    assert "Aldermark" in browser.get("/academy").words
    with pytest.raises(Conflict, match="already"):
        create_people(database, settings, people=PEOPLE, seed="1", at=NOW)


def check_attempts(session: Session, catalogue: Catalogue, attempts: list[Attempt]) -> None:
    assert {attempt.status for attempt in attempts} >= {AttemptStatus.FINISHED}
    assert len(attempts) > PEOPLE
    for attempt in attempts:
        assert attempt.started_at <= NOW
        if attempt.status is AttemptStatus.OPEN:
            assert attempt.percent is None
            continue
        assert attempt.result is not None
        if attempt.task is Task.QUIZ:
            quiz = catalogue.quizzes_by_slug[attempt.slug]
            given = session.scalars(select(Response).where(Response.attempt_id == attempt.id)).all()
            marks = grading.mark(
                quiz.content,
                Draw.from_json(attempt.draw).items,
                {one.item: tuple(one.answer) for one in given},
                confidence={one.item: one.confidence for one in given if one.confidence},
            )
            assert attempt.version_id == quiz.version_id
            assert (attempt.percent, attempt.level, attempt.result) == (
                marks.percent,
                marks.level,
                marks.as_result(),
            )
            assert attempt.finished_at is not None
            assert all(attempt.started_at <= one.saved_at <= attempt.finished_at for one in given)
        else:
            scenario = catalogue.scenarios_by_slug[attempt.slug]
            path = session.scalars(
                select(Decision).where(Decision.attempt_id == attempt.id).order_by(Decision.sequence)
            )
            review = debrief(scenario.content, [(one.node, one.choice) for one in path])
            assert attempt.version_id == scenario.version_id
            assert (attempt.percent, attempt.is_passed) == (review.score.percent, review.score.passed)
            assert attempt.result["ending"] == review.ending.id


def check_completions(session: Session, catalogue: Catalogue) -> None:
    done = of_academy(session, CourseCompletion)
    assert done
    assert {event.enrolment_id for event in of_academy(session, CompletionEvent)} == {
        one.enrolment_id for one in done
    }
    best: dict[int, dict[tuple[StepKind, str], float]] = defaultdict(dict)
    for attempt in of_academy(session, Attempt):
        if attempt.status is AttemptStatus.FINISHED:
            key = (StepKind(attempt.task.value), attempt.slug)
            best[attempt.enrolment_id][key] = max(best[attempt.enrolment_id].get(key, 0.0), attempt.percent)
    for one in done:
        course = catalogue.courses_by_slug[one.course]
        modules = [catalogue.modules_by_slug[slug].content for slug in course.content.modules]
        assert one.version_id == course.version_id
        assert one.percent == course_percent(modules, best[one.enrolment_id])
        when = [
            *session.scalars(select(PageRead.read_at).where(PageRead.enrolment_id == one.enrolment_id)),
            *session.scalars(
                select(ModuleCompletion.completed_at).where(ModuleCompletion.enrolment_id == one.enrolment_id)
            ),
        ]
        assert max(when) <= one.completed_at <= NOW
        enrolment = session.get_one(Enrolment, one.enrolment_id)
        assert enrolment.enrolled_at < min(when)


def check_certificates(session: Session) -> None:
    issued = of_academy(session, Certificate)
    by_year = defaultdict(list)
    for one in sorted(issued, key=lambda each: each.issued_at):
        by_year[one.issued_at.year].append(one.number)
    for year, numbers in by_year.items():
        assert numbers == [f"ALDERMARK-{year}-{n:06d}" for n in range(1, len(numbers) + 1)]
    assert len(issued) == len(of_academy(session, CourseCompletion))


def check_staff_work(session: Session) -> None:
    """Classes run, end and are over without everybody; who builds on what is kept; nobody is told twice."""
    cohorts, today = of_academy(session, Cohort), NOW.date()
    over = [one.id for one in cohorts if one.due_on < today]
    assert all(one.starts_on < one.due_on for one in cohorts)
    assert any(today <= one.due_on <= today + timedelta(days=7) for one in cohorts)
    assert any(today < one.starts_on for one in cohorts)
    assert {one.cohort_id for one in of_academy(session, CohortInstructor)} == {one.id for one in cohorts}
    enrolled = of_academy(session, Enrolment)
    done = {one.enrolment_id: one for one in of_academy(session, CourseCompletion)}
    late = [e for e in enrolled if e.cohort_id in over and e.id not in done]
    assert {e.status for e in late} >= {EnrolmentStatus.ACTIVE}
    first, second = min((one.needs, one.course) for one in of_academy(session, Prerequisite))
    held = {e.person_id: done[e.id].completed_at for e in enrolled if e.course == first and e.id in done}
    free = {one.person_id for one in of_academy(session, Waiver)}
    for one in (e for e in enrolled if e.course == second and e.enrolled_at != NOW):  # not the sign-in's own
        assert one.person_id in free or held[one.person_id] < one.enrolled_at
    assert {one.status for one in of_academy(session, EnrolmentRequest)} >= {"waiting", "declined"}
    assert any(one.closed_at is None and one.expires_at > NOW for one in of_academy(session, EnrolmentCode))
    assert all(one.reason and one.at < NOW for one in of_academy(session, Extension))
    assert {one.state for one in of_academy(session, Letter)} >= {LetterState.SENT}
    academy_id = cohorts[0].academy_id
    told = told_at(session, academy_id, Arrangement(), at=NOW)
    known = known_keys(session, academy_id, [one.key for one in told])
    new = {one.person_id for one in told if one.key not in known}
    reached = addressees(session, academy_id, new, as_=Role.STUDENT, day=today)
    assert {one.email for one in reached.values()} <= {"student@aldermark.example"}
    assert first_broken(session, academy_id=academy_id) is None


@pytest.mark.database("sqlite")
def test_the_same_seed_and_day_give_the_same_people_and_another_seed_others(database: Database):
    def made(seed: str) -> list[Any]:
        with database.session() as session:
            session.connection(execution_options={"pme_write": True})
            academy = make_academy(
                session, current(session), ALDERMARK, people=12, seed=seed, password_hash="-", at=NOW
            )
            people = session.execute(
                select(Personnel.name, Personnel.unit, Person.email)
                .join(Person, Person.id == Personnel.person_id)
                .where(Personnel.academy_id == academy.id)
            ).all()
            done = session.execute(select(Attempt.slug, Attempt.percent, Attempt.started_at)).all()
            session.rollback()
            return [*map(tuple, people), *map(tuple, done)]

    first = made("1")
    assert first == made("1")
    assert first != made("2")
