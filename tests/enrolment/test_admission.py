"""Who comes into a course: prerequisites, waivers, codes and their places, and what a cohort asks for besides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme import journeys
from pme.admission import (
    Came,
    Missing,
    admit,
    admit_by_code,
    approve,
    readmit,
    transfer,
    withdraw,
)
from pme.audit import AuditEntry
from pme.certificates.models import Certificate
from pme.completing import complete_what_is_earned
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.db import Database
from pme.demo import take_whole_course
from pme.enrolment.codes import make_code, shown
from pme.enrolment.cohorts import set_plan
from pme.enrolment.due import due_until, dues_by_enrolment, extend
from pme.enrolment.models import AcademyCourse, Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.models_admission import EnrolmentCode, Waiver
from pme.enrolment.plan import Arranged
from pme.enrolment.prerequisites import set_prerequisites
from pme.enrolment.requests import ask
from pme.enrolment.service import cohort_of_name
from pme.errors import Conflict, Invalid
from pme.people.models import Academy, Person, Role
from pme.people.service import grant
from pme.progress.models import CourseCompletion, ModuleCompletion
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import rows as rows_of
from pme.reports.datasets.registry import DATASETS
from pme.reports.students import student_rows
from tests.support.cast import HOME, START, email_of
from tests.support.library import course, library

TITLES = {"core": "Core course", "other": "Other course"}
WHY = "CANARY-reason: took it at another academy."


def ids(database: Database, *names: str) -> tuple[int, list[int]]:
    """The academy and these persons of the cast."""
    with database.session() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        found = {row.email: row.id for row in session.execute(select(Person.email, Person.id))}
        return academy, [found[email_of(name)] for name in names]


def newcomers(database: Database, number: int) -> list[int]:
    """More students of the academy, who take nothing yet."""
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        people = [
            Person(email=f"new{n}@home.example", name=f"New {n}", password_hash="x", created_at=START)
            for n in range(number)
        ]
        session.add_all(people)
        session.flush()
        for person in people:
            grant(session, person.id, academy, Role.STUDENT)
        return [person.id for person in people]


def test_who_lacks_a_prerequisite_is_told_which_and_may_be_let_in_with_a_reason_that_stays_inside(
    database: Database,
):
    academy, (adams, baker, evans, clarke) = ids(database, "adams", "baker", "evans", "clarke")
    with database.writing() as session:
        set_prerequisites(session, academy, "core", ["other"], titles=TITLES, by=evans, at=START)
        with pytest.raises(
            Invalid, match="its prerequisites would be “Core course”, which requires “Other course”"
        ):
            set_prerequisites(session, academy, "other", ["core"], titles=TITLES, by=evans, at=START)
        found = admit(session, academy, [adams, baker, clarke], course="core", by=evans, at=START)
        assert [one.came for one in found] == [Came.THERE, Came.MISSING, Came.NO_STUDENT]
        assert found[1].missing == ("other",)
        own = session.scalars(select(Enrolment).where(Enrolment.person_id == baker)).one()
        take_whole_course(session, current(session), own, at=START)
        withdraw(session, [own.id], Enrolment.academy_id == academy, by=evans, at=START)
        (done,) = admit(session, academy, [baker], course="core", by=evans, at=START)
        assert done.came is Came.NEW, "what was completed stays completed, withdrawn or not"
    (fresh,) = newcomers(database, 1)
    with database.writing() as session:
        with pytest.raises(Invalid, match="Say why the prerequisite is waived"):
            admit(session, academy, [fresh], course="core", waiver=" ", by=evans, at=START)
        (one,) = admit(session, academy, [fresh], course="core", waiver=WHY, by=evans, at=START)
        assert one.came is Came.NEW
        assert session.scalars(select(Waiver.reason)).all() == [WHY]
    with database.session() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert {"prerequisites set", "people enrolled", "prerequisite waived", "enrolment withdrawn"} <= {
            entry.act for entry in entries
        }
        assert all("CANARY" not in f"{entry.detail} {entry.subject}" for entry in entries)
        assert all({"before", "after"} == set(entry.detail) for entry in entries if "enrol" in entry.act)


def test_only_what_the_academy_chose_can_be_enrolled_in(database: Database):
    academy, (baker, evans) = ids(database, "baker", "evans")
    with database.writing() as session:
        chosen = select(AcademyCourse).where(
            AcademyCourse.academy_id == academy, AcademyCourse.course == "core"
        )
        session.delete(session.scalars(chosen).one())
        session.flush()
        with pytest.raises(Conflict, match="does not offer this course"):
            admit(session, academy, [baker], course="core", by=evans, at=START)
        with pytest.raises(Conflict, match="cannot be asked for"):
            ask(session, academy, baker, course="core", words="", at=START)


def test_withdrawing_and_coming_back_keeps_every_record(database: Database):
    academy, (baker, evans) = ids(database, "baker", "evans")
    with database.writing() as session:
        own = session.scalars(select(Enrolment).where(Enrolment.person_id == baker)).one()
        take_whole_course(session, current(session), own, at=START)
        scope = Enrolment.academy_id == academy
        assert withdraw(session, [own.id, own.id + 999], scope, by=evans, at=START) == [own.id]
        assert withdraw(session, [own.id], scope, by=evans, at=START) == []
        (back,) = admit(session, academy, [baker], course="other", by=evans, at=START)
        assert (back.came, back.enrolment_id) == (Came.BACK, own.id)
        assert readmit(session, [own.id], scope, by=evans, at=START) == []
        assert own.status is EnrolmentStatus.ACTIVE
        assert session.scalar(select(func.count(CourseCompletion.id))) == 1
        assert session.scalar(select(func.count(Certificate.id))) == 1


def test_the_last_place_of_a_code_is_taken_once_however_many_come_at_the_same_moment(database: Database):
    academy, (evans,) = ids(database, "evans")
    people = newcomers(database, 6)
    with database.writing() as session:
        cohort = cohort_of_name(session, academy, course="core", name="Spring", at=START)
        until = START + timedelta(days=2)
        code = make_code(session, cohort, capacity=2, expires_at=until, by=evans, at=START)
        typed = shown(code.code).lower()

    def enter(person_id: int) -> str:
        with database.writing() as session:
            try:
                return str(admit_by_code(session, academy, person_id, f" {typed} ", at=START).course)
            except Invalid as error:
                session.rollback()
                return error.says

    with ThreadPoolExecutor(6) as pool:
        told = sorted(pool.map(enter, people))
    assert told == [*["Every place of this code is taken. Ask your academy for a place."] * 4, "core", "core"]
    with database.session() as session:
        assert session.scalars(select(EnrolmentCode.used)).one() == 2
        held = select(func.count(Enrolment.id)).where(Enrolment.person_id.in_(people))
        assert session.scalar(held) == 2


def test_a_code_opens_nothing_before_what_the_course_builds_on_is_completed(database: Database):
    academy, (adams, baker, evans) = ids(database, "adams", "baker", "evans")
    with database.writing() as session:
        set_prerequisites(session, academy, "core", ["other"], titles=TITLES, by=evans, at=START)
        cohort = cohort_of_name(session, academy, course="core", name="Spring", at=START)
        until = START + timedelta(days=2)
        code = make_code(session, cohort, capacity=1, expires_at=until, by=evans, at=START).code
        with pytest.raises(Missing) as missing:
            admit_by_code(session, academy, baker, code, at=START)
        assert missing.value.courses == ("other",)
        assert admit_by_code(session, academy, adams, code, at=START).cohort_id == cohort.id
        assert admit_by_code(session, academy, adams, code, at=START).cohort_id == cohort.id, (
            "again is no harm"
        )
        with pytest.raises(Invalid, match="no longer valid"):
            admit_by_code(session, academy, baker, code, at=until)
        other = session.scalars(select(Academy.id).where(Academy.slug != HOME)).one()
        with pytest.raises(Invalid, match="no such code"):
            admit_by_code(session, other, baker, code, at=START)
        make_code(session, cohort, capacity=1, expires_at=until, by=evans, at=START)
        with pytest.raises(Invalid, match="closed"):
            admit_by_code(session, academy, baker, code, at=START)


def test_a_request_of_somebody_who_lacks_something_stays_until_it_is_waived(database: Database):
    academy, (baker, evans) = ids(database, "baker", "evans")
    with database.writing() as session:
        set_prerequisites(session, academy, "core", ["other"], titles=TITLES, by=evans, at=START)
        request = ask(session, academy, baker, course="core", words="Please.", at=START)
        with pytest.raises(Conflict, match="already"):
            ask(session, academy, baker, course="core", words="Please!", at=START)
        one = approve(session, request, cohort=None, waiver=None, answer="", by=evans, at=START)
        assert (one.came, request.status.value) == (Came.MISSING, "waiting")
        approve(session, request, cohort=None, waiver=WHY, answer="Welcome.", by=evans, at=START)
        assert request.status.value == "approved"
        with pytest.raises(Conflict, match="answered already"):
            approve(session, request, cohort=None, waiver=None, answer="", by=evans, at=START)


def test_a_cohort_that_asks_for_more_completes_with_it_and_one_that_asks_for_less_at_once(
    database: Database,
):
    academy, (adams, evans) = ids(database, "adams", "evans")
    with database.writing() as session:
        some = course("core", "Core course", ("further", "elsewhere")).model_copy(
            update={"required": ("further",)}
        )
        publish(session, library(some), by_id=None, at=START, note="one module is optional")
        catalogue = current(session)
        cohort = cohort_of_name(session, academy, course="core", name="Spring", at=START)
        with pytest.raises(Invalid, match="What completes the course cannot be arranged"):
            set_plan(session, cohort, some, {"further": Arranged.LEFT_OUT}, by=evans, at=START)
        set_plan(session, cohort, some, {"elsewhere": Arranged.REQUIRED}, by=evans, at=START)
        own = session.scalars(select(Enrolment).where(Enrolment.person_id == adams)).one()
        own.cohort_id = cohort.id
        module = catalogue.module("further")
        assert module is not None
        for page in module.content.pages:
            journeys.read_page(session, catalogue, own, module, page=page.slug, at=START)
        assert session.scalar(select(func.count(CourseCompletion.id))) == 0, "the cohort asks for more"
        other = cohort_of_name(session, academy, course="core", name="Autumn", at=START)
        with session.begin_nested() as moving:
            moved = transfer(
                session,
                [own.id],
                (Enrolment.academy_id == academy) & (Enrolment.id > 0),
                cohort=other,
                by=evans,
                at=START,
            )
            assert moved == [own.id]
            assert complete_what_is_earned(session, catalogue, academy, moved, about=None, at=START) is None
            assert session.scalar(select(func.count(CourseCompletion.id))) == 1, "the other asks for less"
            moving.rollback()
        set_plan(session, cohort, some, {"elsewhere": Arranged.LEFT_OUT}, by=evans, at=START)
        complete_what_is_earned(session, catalogue, academy, [own.id], about=None, at=START)
        assert session.scalar(select(func.count(CourseCompletion.id))) == 1
        set_plan(session, cohort, some, {"elsewhere": Arranged.REQUIRED}, by=evans, at=START)
        complete_what_is_earned(session, catalogue, academy, [own.id], about=None, at=START)
        assert session.scalar(select(func.count(CourseCompletion.id))) == 1, "nothing is taken back"


WHO = {"person", "name", "rank", "email", "record", "enrolment", "certificate", "enrolled_at"}
"""Columns that tell people apart, whatever they did."""


def told_of(session: Session, academy: int, name: str, person_id: int) -> list[dict[str, Any]]:
    """What a report tells of a person, without who it is."""
    keys = DATASETS[name].shape.keys
    found = (
        dict(zip(keys, row, strict=True))
        for row in rows_of(session, name, academy, Filters(), at=START + timedelta(days=1), sort="")
    )
    return [
        {key: value for key, value in row.items() if key not in WHO}
        for row in found
        if row["person"] == person_id
    ]


def test_work_of_equal_value_counts_the_same_and_no_report_or_record_tells_it_apart(database: Database):
    academy, (adams, clarke) = ids(database, "adams", "clarke")
    (other,) = newcomers(database, 1)
    with database.writing() as session:
        only = course("core", "Core course", ("further",))
        publish(session, library(only), by_id=None, at=START, note="a course of one module")
        catalogue = current(session)
        module = catalogue.module("further")
        assert module is not None
        admit(session, academy, [other], course="core", by=clarke, at=START)
        by_person = {row.person_id: row for row in session.scalars(select(Enrolment))}
        reader, equal = by_person[adams], by_person[other]
        for page in module.content.pages:
            journeys.read_page(session, catalogue, reader, module, page=page.slug, at=START)
        journeys.confirm_equal_work(session, catalogue, equal, module, by=clarke, at=START)
        journeys.confirm_equal_work(session, catalogue, equal, module, by=clarke, at=START)
        shown_as = []
        for one in (reader, equal):
            scope = (Enrolment.academy_id == academy) & (Enrolment.id == one.id)
            rows = [told_of(session, academy, name, one.person_id) for name in ("completions", "progress")]
            students = student_rows(session, scope, [module], offset=0, limit=9)
            (kept,) = session.scalars(select(ModuleCompletion).where(ModuleCompletion.enrolment_id == one.id))
            (certificate,) = session.scalars(select(Certificate).where(Certificate.enrolment_id == one.id))
            shown_as.append(
                (
                    rows,
                    [(s.done, s.of, s.percent, s.completed_at) for s in students],
                    (kept.module, kept.version_id, kept.completed_at),
                    (certificate.percent, certificate.outcomes, certificate.statement),
                )
            )
        assert shown_as[0] == shown_as[1]
        assert all(len(rows) == 1 for rows in shown_as[1][0])
        told = [f"{e.act} {e.subject} {e.detail}" for e in session.scalars(select(AuditEntry))]
        assert len([line for line in told if line.startswith("work confirmed")]) == 1
        assert not any(word in line for line in told for word in ("equal", "alternative", "instead"))


def test_a_scenario_may_be_done_otherwise_and_its_module_is_then_completed_as_ever(database: Database):
    academy, (adams, clarke) = ids(database, "adams", "clarke")
    with database.writing() as session:
        catalogue = current(session)
        own = session.scalars(select(Enrolment).where(Enrolment.person_id == adams)).one()
        module = catalogue.module("basics")
        assert module is not None
        for slug in ("checkpoint", "practice"):
            journeys.confirm_equal_work(session, catalogue, own, module, scenario=slug, by=clarke, at=START)
        assert session.scalar(select(func.count(ModuleCompletion.id))) == 0
        take_whole_course(session, catalogue, own, at=START)
        assert session.scalars(select(CourseCompletion.academy_id)).all() == [academy]


def test_an_extension_is_a_later_day_of_ones_own_with_a_reason_that_stays_inside(database: Database):
    academy, (adams, evans) = ids(database, "adams", "evans")
    with database.writing() as session:
        cohort: Cohort = cohort_of_name(session, academy, course="core", name="Spring", at=START)
        cohort.due_on = date(2026, 6, 1)
        own = session.scalars(select(Enrolment).where(Enrolment.person_id == adams)).one()
        own.cohort_id = cohort.id
        session.flush()
        for day, reason, says in (
            (date(2026, 6, 1), WHY, "The cohort is due on 2026-06-01: give a day after that."),
            (date(2026, 6, 9), "  ", "Say why."),
        ):
            with pytest.raises(Invalid, match=says):
                extend(session, own, due_on=day, reason=reason, by=evans, at=START)
        for day in (date(2026, 6, 20), date(2026, 6, 9)):
            extend(session, own, due_on=day, reason=WHY, by=evans, at=START)
        due = dues_by_enrolment(session, academy, [own.id])[own.id]
        assert (due.due_on, due.extended_to) == (date(2026, 6, 9), date(2026, 6, 9)), "the newest counts"
        assert due_until(session, academy, date(2026, 6, 8)) == []
        assert due_until(session, academy, date(2026, 6, 9)) == [due]
        cohort.due_on = date(2026, 7, 1)
        session.flush()
        assert dues_by_enrolment(session, academy, [own.id])[own.id].due_on == date(2026, 7, 1)
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "due date extended").order_by(AuditEntry.id)
        ).all()
        assert "CANARY" not in str([entry.detail for entry in entries])
        assert entries[1].detail["before"]["due"] == "2026-06-20"
