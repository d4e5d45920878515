"""The students of a course are found by words, narrowed by how they stand, sorted by headings, and moved together."""

import pytest
from sqlalchemy import select, update

from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.graduates import enrolment_of, graduate, sit_quiz
from tests.support.student import BASICS
from tests.web.test_lists import column
from tests.web.test_undo import cohort, join, ticked

TEAM = ("Ivory", "Jasper", "Kestrel")


def cohorts_in(database: Database, ids: list[int]) -> list[int | None]:
    with database.session() as session:
        wanted = select(Enrolment.cohort_id).where(Enrolment.id.in_(ids)).order_by(Enrolment.id)
        return list(session.scalars(wanted))


def enrolment_number(database: Database, name: str, course: str) -> int:
    with database.session() as session:
        return enrolment_of(session, name, course).id


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("not-begun", {"Ivory", "Jasper"}),
        ("under-way", {"Captain Adams Person"}),
        ("complete", {"Captain Baker Person"}),
        ("withdrawn", {"Kestrel"}),
    ],
)
def test_students_are_narrowed_by_how_they_stand(
    visit: Visits, database: Database, state: str, who: set[str]
):
    own = join(database, *TEAM)
    with database.writing() as session:
        session.execute(
            update(Enrolment).where(Enrolment.id == own[2]).values(status=EnrolmentStatus.WITHDRAWN)
        )
        baker = enrolment_of(session, "baker", "other")
        baker.course = "core"
        session.flush()
        graduate(session, "baker", at=START)
    student.read_module(visit("adams"), BASICS)
    clarke = visit("clarke")
    assert set(column(clarke.get("/teach/core"), 0)) == {
        *TEAM,
        "Captain Adams Person",
        "Captain Baker Person",
    }
    found = clarke.get(f"/teach/core?state={state}&sort=-name")
    assert set(column(found, 0)) == who
    kept = clarke.get("/teach/core/cohorts").follow("Core course").response.request.full_path
    assert f"state={state}" in kept
    assert "sort=-name" in kept, "the way back leads to the list as it was left"
    assert "Nobody found" in clarke.get(f"/teach/core?state={state}&q=nobody+like+this").words


def test_the_first_words_of_a_name_find_a_student_and_can_be_taken_away(visit: Visits, database: Database):
    join(database, *TEAM)
    clarke = visit("clarke")
    found = clarke.get("/teach/core?sort=cohort").press("Show", q="jas")
    assert column(found, 0) == ["Jasper"]
    assert "1 student: progress and best marks" in found.words
    whole = found.follow("Remove: Words: jas ×")
    assert "sort=cohort" in whole.response.request.full_path
    assert len(column(whole, 0)) == 4


def test_students_are_sorted_by_what_they_passed_and_scored_with_nothing_scored_last(
    visit: Visits, database: Database
):
    own = join(database, "Ivory", "Jasper")
    with database.writing() as session:
        sit_quiz(session, session.get_one(Enrolment, own[1]), at=START)
        sit_quiz(session, session.get_one(Enrolment, own[0]), at=START, right=False)
    clarke = visit("clarke")
    marks = clarke.get("/teach/core").follow("Best marks, mean")
    assert column(marks, 0) == ["Ivory", "Jasper", "Captain Adams Person"]
    down = marks.follow("Best marks, mean ▲")
    assert column(down, 0) == ["Jasper", "Ivory", "Captain Adams Person"]
    assert [one.get("aria-sort") for one in down.tree.xpath("//th[@aria-sort]")] == ["descending"]
    passed = clarke.get("/teach/core?sort=-passed")
    assert column(passed, 0)[0] == "Jasper"
    assert column(clarke.get("/teach/core?sort=passed"), 0)[-1] == "Jasper"
    assert clarke.get("/teach/core?sort=no-such").status == 200


def test_students_are_sorted_by_modules_complete_and_by_the_day_of_completion(
    visit: Visits, database: Database
):
    join(database, "Ivory")
    with database.writing() as session:
        graduate(session, "adams", at=START)
    clarke = visit("clarke")
    for key in ("-modules", "-completed", "completed"):
        assert column(clarke.get(f"/teach/core?sort={key}"), 0)[0] == "Captain Adams Person"
    assert column(clarke.get("/teach/core?sort=modules"), 0)[-1] == "Captain Adams Person"


def test_students_are_sorted_by_the_steps_that_their_rows_tell(visit: Visits, database: Database):
    own = join(database, *TEAM)
    with database.writing() as session:
        graduate(session, "adams", at=START)
        sit_quiz(session, session.get_one(Enrolment, own[1]), at=START)
        sit_quiz(session, session.get_one(Enrolment, own[2]), at=START, right=False)
    clarke = visit("clarke")
    up = clarke.get("/teach/core").follow("Steps done")
    told = [int(text.split()[0]) for text in column(up, 1)]
    assert column(up, 0) == ["Ivory", "Kestrel", "Jasper", "Captain Adams Person"]
    assert told == sorted(told)
    assert told[2] == 1
    down = up.follow("Steps done ▲")
    assert [int(text.split()[0]) for text in column(down, 1)] == sorted(told, reverse=True)


def test_students_chosen_in_the_list_are_moved_together_and_back(visit: Visits, database: Database):
    own, spring = join(database, *TEAM), cohort(database, "Spring")
    clarke = visit("clarke")
    page = clarke.get("/teach/core?sort=-name")
    moved = page.press("Move", student=ticked(page, "student", "Ivory", "Kestrel"), to=str(spring))
    assert "2 students moved into “Spring”." in moved.words
    assert "sort=-name" in moved.response.request.full_path
    assert cohorts_in(database, own) == [spring, None, spring]
    assert column(clarke.get(f"/teach/core?cohort={spring}"), 0) == ["Ivory", "Kestrel"]
    assert "Jasper" in column(clarke.get("/teach/core?cohort=0"), 0)
    undone = moved.press("Undo")
    assert "Undone" in undone.words
    assert cohorts_in(database, own) == [None, None, None]
    assert "choose at least one student" in page.press("Move", to=str(spring)).words
    again = page.press("Move", student=[str(own[0])], to="")
    assert "those chosen are there already" in again.words
    baker = enrolment_number(database, "baker", "other")
    for forged in ("999999", str(baker)):
        assert (
            "none of those chosen is a student of this course" in page.press("Move", student=[forged]).words
        )


def test_all_who_match_are_moved_and_nobody_else(visit: Visits, database: Database):
    own, spring = join(database, *TEAM, "Jade"), cohort(database, "Spring")
    clarke = visit("clarke")
    moved = clarke.post("/teach/core", q="ja", all="yes", to=str(spring))
    assert "2 students moved into “Spring”." in moved.words
    assert cohorts_in(database, own) == [None, spring, None, spring]
    out = clarke.post("/teach/core", cohort=str(spring), all="yes", to="")
    assert "2 students are in no cohort any more." in out.words
    assert cohorts_in(database, own) == [None] * 4


def test_a_list_of_no_student_says_what_will_stand_there_and_where_to_begin(
    visit: Visits, database: Database
):
    spring = cohort(database, "Spring")
    clarke = visit("clarke")
    empty = clarke.get(f"/teach/core?cohort={spring}")
    assert "Nobody found" in empty.words
    assert len(column(empty.follow("Show all"), 0)) == 1
    with database.writing() as session:
        session.delete(enrolment_of(session, "adams"))
    assert "Each line will be one student" in clarke.get("/teach/core").words
