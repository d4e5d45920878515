"""Reminders: who is told of what, once each, and who is not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.content.models import CourseEdition
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus, Extension
from pme.enrolment.service import cohort_of_name
from pme.outbox.models import Letter
from pme.people.models import Academy, Membership, Person, Standing
from pme.progress.models import CourseCompletion
from pme.progress.models_requalify import Requalification
from pme.progress.validity import Term, set_validity
from tests.conftest import Visits
from tests.support.belongings import give
from tests.support.cast import START, email_of
from tests.support.clock import Clock
from tests.support.essays import HANDED_IN, give_script
from tests.support.people import academy_id_of, id_of
from tests.support.work import run_duty

DUE = date(2027, 3, 10)
NOON = datetime(2027, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def due(database: Database, clock: Clock) -> None:
    """Adams has a cohort whose course is to be done by a day."""
    clock.at = NOON
    with database.writing() as session:
        enrolment = enrolment_of(session)
        cohort = cohort_of_name(session, enrolment.academy_id, course="core", name="Spring", at=START)
        cohort.due_on, enrolment.cohort_id = DUE, cohort.id


def enrolment_of(session: Session) -> Enrolment:
    whose = select(Enrolment).join(Person, Person.id == Enrolment.person_id)
    return session.scalars(whose.where(Person.email == email_of("adams"))).one()


def written(database: Database) -> list[tuple[str, str, str]]:
    with database.session() as session:
        found = session.scalars(select(Letter).order_by(Letter.id))
        return [(each.template, each.address, each.subject) for each in found]


def test_a_student_is_told_before_and_after_the_date_once_each(
    app: Flask, database: Database, clock: Clock, due: None
):
    run_duty(app, "reminders", at=NOON - timedelta(days=3))
    assert written(database) == []
    for _ in range(2):
        run_duty(app, "reminders")
    assert written(database) == [("due-soon", email_of("adams"), "To be done by 10 March 2027: Core course")]
    for days in (5, 6, 7):
        run_duty(app, "reminders", at=NOON + timedelta(days=days))
    assert [each[0] for each in written(database)] == ["due-soon", "overdue"]
    with database.session() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id)).first()
        assert letter is not None
        assert "/learn/core" in letter.body
        assert letter.body.startswith("Captain Adams Person,")


def withdrawn(session: Session) -> None:
    session.execute(update(Enrolment).values(status=EnrolmentStatus.WITHDRAWN))


def suspended(session: Session) -> None:
    session.execute(update(Membership).values(standing=Standing.SUSPENDED))


def expired(session: Session) -> None:
    session.execute(update(Membership).values(valid_until=NOON.date() - timedelta(days=1)))


def extended(session: Session) -> None:
    enrolment = enrolment_of(session)
    session.add(
        Extension(
            academy_id=enrolment.academy_id,
            enrolment_id=enrolment.id,
            due_on=DUE + timedelta(days=30),
            reason="Exercise",
            by_id=id_of(session, "evans"),
            at=NOON,
        )
    )


@pytest.mark.parametrize("why", [withdrawn, suspended, expired, extended])
def test_who_has_left_or_has_more_time_is_not_told(
    app: Flask, database: Database, due: None, why: Callable[[Session], None]
):
    with database.writing() as session:
        why(session)
    run_duty(app, "reminders")
    assert written(database) == []


def test_who_has_completed_the_course_is_not_told_until_that_ends(
    app: Flask, database: Database, clock: Clock, due: None
):
    give(database, "adams")
    with database.writing() as session:
        academy_id, evans = academy_id_of(session), id_of(session, "evans")
        earned = session.scalars(select(CourseCompletion.completed_at)).one()
        cohort = session.scalars(select(Cohort).where(Cohort.name == "Spring")).one()
        cohort.due_on = DUE
        set_validity(session, academy_id, "core", Term(36), by=evans, at=NOON)
    run_duty(app, "reminders", at=NOON)
    before = [each[0] for each in written(database)]
    assert "due-soon" not in before
    end = datetime.combine(Term(36).end(earned), NOON.time(), UTC)
    for left, letters in ((91, 0), (90, 1), (89, 1), (30, 2), (7, 3), (-1, 3)):
        run_duty(app, "reminders", at=end - timedelta(days=left))
        assert [each[0] for each in written(database)].count("recertification") == letters, left


def test_a_holder_is_told_of_what_changed_before_and_after_its_date(app: Flask, database: Database):
    give(database, "adams")
    with database.writing() as session:
        enrolment = enrolment_of(session)
        session.add(
            Requalification(
                academy_id=enrolment.academy_id,
                enrolment_id=enrolment.id,
                edition_id=session.scalars(
                    select(CourseEdition.id).where(CourseEdition.course == "core")
                ).first(),
                parts=[],
                due_on=DUE,
                asked_at=START,
            )
        )
    for days in (-3, 0, 1, 6, 7):
        run_duty(app, "reminders", at=NOON + timedelta(days=days))
    assert [each[0] for each in written(database)] == ["requalification", "requalification"]


def test_instructors_are_told_of_what_waits_once_a_week(app: Flask, database: Database):
    give_script(database, "adams")
    run_duty(app, "reminders", at=HANDED_IN + timedelta(days=2))
    assert written(database) == []
    for days in (3, 4, 10):
        run_duty(app, "reminders", at=HANDED_IN + timedelta(days=days))
    told = ("marking", email_of("clarke"), "Written answers wait for marks: Core course")
    assert written(database) == [told, told]
    with database.session() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id)).first()
        assert letter is not None
        assert "1 written answer waits for marks" in letter.body
        assert app.url_map.bind("").match("/teach/core/marking")[0] == "instructor.marking"
        assert "/teach/core/marking\n" in letter.body


def test_an_academy_says_what_it_wants_and_at_which_hours(
    app: Flask, database: Database, clock: Clock, due: None, visit: Visits
):
    irving = visit("irving")
    form = irving.get("/academy/reminders")
    wrong = form.press("Save", quiet_from="25", due_days="")
    assert wrong.status == 422
    assert "Give a full hour from 0 to 23." in wrong.words
    form.press("Save", quiet_from="10", quiet_to="15", time_zone="Europe/Helsinki")
    run_duty(app, "reminders")
    with database.session() as session:
        letter = session.scalars(select(Letter)).one()
        assert letter.not_before == datetime(2027, 3, 5, 13, tzinfo=UTC)
        zones = set(session.execute(select(Academy.slug, Academy.time_zone)).all())
    assert ("home", "Europe/Helsinki") in zones
    assert ("away", "UTC") in zones
    irving.get("/academy/reminders").press("Save", kinds=["due-soon"])
    run_duty(app, "reminders", at=NOON + timedelta(days=6))
    assert [each[0] for each in written(database)] == ["due-soon"]
    assert (
        "Nothing was changed: it was like this already"
        in irving.get("/academy/reminders").press("Save").words
    )
