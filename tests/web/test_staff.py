"""What teachers and academy staff see: progress, scores and attempts, no private reflection; exports on record."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pme.audit import AuditEntry, alias_of, first_broken
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.people.models import Academy, Person, Personnel
from pme.progress.models import CourseCompletion
from pme.reports.datasets.read import BATCH
from pme.reports.datasets.registry import DATASETS
from pme.web.stream import BYTE_ORDER_MARK, safe_cell
from tests.conftest import Visits
from tests.support import student
from tests.support.belongings import give
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page, Visit
from tests.support.student import BASICS

HEADINGS = DATASETS["completions"].shape.keys
NAME, RANK = HEADINGS.index("name"), HEADINGS.index("rank")
SECRET_THOUGHT = "I was afraid and did not know whom to ask."
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "|x",
    "%x",
    "＝1",
    '=HYPERLINK("http://x")',
]


def cells_of(page: Page) -> list[list[str]]:
    """Every row of the tables on a page, as texts."""
    assert page.tree is not None
    rows = page.tree.xpath("//main//tr")
    return [[" ".join(cell.xpath("string()").split()) for cell in row.xpath("./th|./td")] for row in rows]


def rename(session: Session, who: str, name: str, rank: str = "Captain") -> None:
    person = select(Person.id).where(Person.email == email_of(who)).scalar_subquery()
    session.execute(update(Personnel).where(Personnel.person_id == person).values(name=name, rank=rank))


def export(staff: Visit) -> TestResponse:
    response = staff.send("/academy/completions.csv")
    assert response.status_code == 200
    return response


def rows_of(response: TestResponse) -> list[list[str]]:
    text = response.get_data().decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def complete(session: Session, names: Sequence[str], *, academy: str = HOME, rank: str = "Captain") -> None:
    """Let more people complete the core course, one a minute after the other."""
    place = session.scalars(select(Academy).where(Academy.slug == academy)).one()
    version = current(session).courses_by_slug["core"].version_id
    people = [
        Person(
            email=f"student{n}@{academy}.example",
            name=name,
            rank=rank,
            password_hash="none",
            created_at=START,
        )
        for n, name in enumerate(names)
    ]
    session.add_all(people)
    session.flush()
    enrolments = [
        Enrolment(person_id=person.id, academy_id=place.id, course="core", enrolled_at=START)
        for person in people
    ]
    session.add_all(enrolments)
    session.flush()
    session.add_all(
        CourseCompletion(
            enrolment_id=enrolment.id,
            academy_id=place.id,
            course="core",
            version_id=version,
            percent=75.0,
            completed_at=START + timedelta(minutes=100 + n),
        )
        for n, enrolment in enumerate(enrolments)
    )


def students(many: int) -> list[str]:
    """So many names, in alphabetical order."""
    return [f"Student {number:04}" for number in range(many)]


def test_a_teacher_sees_how_far_each_student_is_and_what_they_scored(visit: Visits):
    adams = visit("adams")
    student.read_module(adams, BASICS)
    student.answer_all(adams, student.WRONG).press("Hand in")
    clarke = visit("clarke")
    assert "1 student" in clarke.get("/teach").words
    heading, row = cells_of(clarke.get("/teach/core"))
    assert heading[:5] == ["Student ▲", "Steps done", "Modules complete", "Tasks passed", "Best marks, mean"]
    assert row[:4] == ["Captain Adams Person", "2 of 7", "0 of 2", "0"]
    assert row[-1] == "Not yet"
    student.pass_quiz(adams)
    (_, row) = cells_of(clarke.get("/teach/core"))
    assert row[1:5] == ["3 of 7", "0 of 2", "1", "100 %"]


def test_a_teacher_sees_a_completed_course(visit: Visits):
    student.complete_course(visit("adams"))
    (_, row) = cells_of(visit("clarke").get("/teach/core"))
    assert row[:5] == ["Captain Adams Person", "7 of 7", "2 of 2", "3", "100 %"]
    assert "UTC" in row[6]


def test_a_teacher_opens_an_attempt_and_sees_each_answer(visit: Visits):
    student.answer_all(visit("adams"), student.WRONG).press("Hand in")
    clarke = visit("clarke")
    person = clarke.get("/teach/core").follow("Captain Adams Person")
    attempt = person.follow("A short check, attempt 1")
    assert "Answer bravo The student’s answer Not correct" in attempt.words
    assert "You" not in attempt.words.partition("Answers ")[2].partition("Help Reading aids")[0]
    assert "Answer alpha Correct" in attempt.words
    assert "Not passed yet" in attempt.words


def test_a_teacher_sees_an_open_attempt_as_it_stands(visit: Visits):
    adams = visit("adams")
    student.answer(adams.get(f"{BASICS}/quiz/check").submit(), student.RIGHT)
    student.begin_scenario(adams)
    clarke = visit("clarke")
    person = clarke.get("/teach/core").follow("Captain Adams Person")
    assert "Still open" in person.follow("A short check, attempt 1").words
    scenario = person.follow("At the gate, attempt 1").words
    assert "The student is still deciding" in scenario


def test_the_reflection_stays_with_the_student(visit: Visits):
    adams = visit("adams")
    debrief = student.play(adams)
    debrief.press("Save and finish later", prompt_0=SECRET_THOUGHT)
    clarke, evans = visit("clarke"), visit("evans")
    person = clarke.get("/teach/core").follow("Captain Adams Person")
    pages = [person, person.follow("At the gate, attempt 1")]
    assert SECRET_THOUGHT in student.reflect(debrief, SECRET_THOUGHT).text
    pages += [person.follow("At the gate, attempt 1"), clarke.get("/teach/core"), evans.get("/academy")]
    assert "The student chose" in pages[1].words
    assert not any("afraid" in page.text for page in pages)


def test_many_students_come_page_by_page_in_order_of_name(visit: Visits, database: Database):
    with database.writing() as session:
        complete(session, students(104))
    clarke = visit("clarke")
    names = []
    for number in (1, 2, 3):
        page = clarke.get(f"/teach/core?page={number}")
        assert "105 students" in page.words
        names += [row[0] for row in cells_of(page)[1:]]
    assert names == ["Captain Adams Person", *(f"Captain {name}" for name in students(104))]
    assert clarke.get("/teach/core?page=9").words == clarke.get("/teach/core?page=3").words


def test_a_teacher_sees_the_students_of_their_own_academy_only(visit: Visits):
    assert "Gray" not in visit("clarke").get("/teach/core").words
    assert "Adams" not in visit("hayes").get("/teach/core").words
    assert "Other course" in visit("davis").get("/teach").words
    assert "Core course" not in visit("davis").get("/teach").words


def test_a_name_that_is_markup_is_shown_as_written(visit: Visits, database: Database):
    with database.writing() as session:
        rename(session, "adams", "<script>alert(1)</script>")
    give(database, "adams")
    for page in (visit("clarke").get("/teach/core"), visit("evans").get("/academy")):
        assert "<script>alert(1)</script>" in page.words


def test_the_academy_sees_how_many_completed_and_who_was_last(visit: Visits, database: Database):
    assert "No completions yet" in visit("evans").get("/academy").words
    with database.writing() as session:
        complete(session, students(60))
        complete(session, ["Far Away"], academy=AWAY)
    evans = visit("evans").get("/academy")
    assert "60 course completions" in evans.words
    rows = cells_of(evans)[1:]
    assert len(rows) == 50
    assert rows[0][:2] == ["Captain Student 0059", "Core course"]
    assert "Far Away" not in evans.words


def test_the_export_holds_every_completion_of_the_own_academy_once(visit: Visits, database: Database):
    own = give(database, "adams")
    with database.writing() as session:
        complete(session, students(2 * BATCH + 1))
        complete(session, ["Far Away"], academy=AWAY)
    response = export(visit("evans"))
    assert response.is_streamed
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="completions-home-')
    assert response.headers["Cache-Control"] == "no-store"
    heading, first, *rest = rows_of(response)
    assert tuple(heading) == HEADINGS
    assert dict(zip(heading, first, strict=True)) | dict.fromkeys(
        ("record", "person", "edition", "version"), ""
    ) == {
        "record": "",
        "person": "",
        "name": "Adams Person",
        "rank": "Captain",
        "nation": "",
        "service": "",
        "unit": "",
        "email": "adams@home.example",
        "external_id": "",
        "course": "core",
        "course_title": "Core course",
        "edition": "",
        "version": "",
        "cohort": "Spring",
        "enrolled_at": "2026-03-02T08:00:00Z",
        "completed_at": "2026-03-02T09:00:00Z",
        "percent": "90.0",
        "percent_on_the_day": "90.0",
        "status": "in force",
        "certificate": own.number,
    }
    assert [row[NAME] for row in rest] == students(2 * BATCH + 1)
    assert {len(row) for row in rest} == {len(HEADINGS)}
    assert [row[NAME] for row in rows_of(export(visit("frost")))[1:]] == ["Far Away"]


def test_an_export_without_completions_is_its_headings(visit: Visits):
    assert [tuple(row) for row in rows_of(export(visit("evans")))] == [HEADINGS]


def test_no_cell_of_the_export_is_a_formula(visit: Visits, database: Database):
    with database.writing() as session:
        complete(session, [*FORMULAS, 'Anna "Ann" Lee, Jr.\nMajor'], rank="=2+2")
    (_, *rows, last) = rows_of(export(visit("evans")))
    assert [row[NAME] for row in rows] == [f"'{formula}" for formula in FORMULAS]
    assert {row[RANK] for row in rows} == {"'=2+2"}
    assert last[NAME] == 'Anna "Ann" Lee, Jr.\nMajor'


@pytest.mark.parametrize("text", ["", "Adams", "Anne-Marie", "a=b", "90.0", "2026-03-02", "O'Neill", "Ελένη"])
def test_plain_cells_stay_as_they_are(text: str):
    assert safe_cell(text) == text


def test_every_export_is_on_record_before_it_is_sent(visit: Visits, database: Database):
    evans = visit("evans")
    for _ in range(2):
        export(evans)
    assert visit("clarke").send("/academy/completions.csv").status_code == 403
    with database.session() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        person = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "report exported").order_by(AuditEntry.id)
        ).all()
        assert [entry.actor for entry in entries] == [alias_of(session, person, academy_id=academy)] * 2
        assert first_broken(session, academy_id=academy) is None


def test_an_export_cannot_be_fetched_by_a_link(visit: Visits):
    assert visit("evans").fetch("/academy/completions.csv").status_code == 405


def test_who_left_a_course_is_still_among_the_completions(visit: Visits, database: Database):
    give(database, "adams")
    with database.writing() as session:
        session.execute(update(Enrolment).values(status="withdrawn"))
    assert len(rows_of(export(visit("evans")))) == 2
