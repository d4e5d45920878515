"""Requests for courses are approved together, undone together, and those that need a word of their own are left."""

import pytest
from sqlalchemy import select, update

from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus
from pme.people.models import Academy
from pme.people.queries import person_by_email
from tests.conftest import Visits
from tests.support.cast import HOME, START, email_of
from tests.support.client import Page
from tests.web.test_undo import SEVERAL, cohort, join, ticked

QUEUE = "/academy/requests"
TOGETHER = "Approve those chosen and enrol them"


def ask(database: Database, *people: int, course: str = "core") -> None:
    """These people ask for a course."""
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        for person_id in people:
            session.add(
                EnrolmentRequest(
                    academy_id=home, person_id=person_id, course=course, asked_at=START, words=""
                )
            )


def stands(database: Database) -> list[RequestStatus]:
    with database.session() as session:
        return list(session.scalars(select(EnrolmentRequest.status).order_by(EnrolmentRequest.id)))


def taking(database: Database, *people: int) -> list[tuple[int, int | None]]:
    """Who of these takes a course, and in which cohort."""
    with database.session() as session:
        rows = session.execute(
            select(Enrolment.person_id, Enrolment.cohort_id)
            .where(Enrolment.person_id.in_(people), Enrolment.status == EnrolmentStatus.ACTIVE)
            .order_by(Enrolment.person_id)
        )
        return [(row[0], row[1]) for row in rows]


def undone(page: Page) -> Page:
    return page.press("Undo")


def test_those_chosen_are_enrolled_in_a_cohort_with_one_answer_and_wait_again_when_it_is_undone(
    visit: Visits, database: Database
):
    people, spring = join(database, *SEVERAL, enrolled=False), cohort(database, "Spring")
    ask(database, *people)
    queue = visit("irving").get(f"{QUEUE}?course=core")
    two = ticked(queue, "request", "Ivory", "Kestrel")
    page = queue.press(TOGETHER, request=two, cohort=str(spring), answer="Welcome.")
    assert "2 requests approved, and their students enrolled." in page.words
    assert "course=core" in page.response.request.full_path, "the list as it was left"
    assert taking(database, *people) == [(people[0], spring), (people[2], spring)]
    assert stands(database) == [RequestStatus.APPROVED, RequestStatus.WAITING, RequestStatus.APPROVED]
    assert "Welcome." in page.words
    page = undone(page)
    assert "Undone: 2 people are as before." in page.words
    assert stands(database) == [RequestStatus.WAITING] * 3
    assert taking(database, *people) == []
    with database.session() as session:
        answers = session.scalars(select(EnrolmentRequest.answer)).all()
    assert set(answers) == {""}, "nobody reads an answer that was taken back"


def test_all_that_wait_are_approved_of_the_course_that_the_list_shows(visit: Visits, database: Database):
    people = join(database, *SEVERAL, enrolled=False)
    ask(database, *people)
    ask(database, people[0], course="other")
    page = visit("irving").get(f"{QUEUE}?course=core").press(TOGETHER, all="yes")
    assert "3 requests approved" in page.words
    assert stands(database) == [RequestStatus.APPROVED] * 3 + [RequestStatus.WAITING]


def test_who_lacks_something_and_who_is_no_student_any_more_wait_on_and_are_counted(
    visit: Visits, database: Database
):
    people = join(database, *SEVERAL, enrolled=False)
    visit("evans").post("/academy/course-rules", course="core", needs="other", requests="yes")
    ask(database, *people)
    queue = visit("irving").get(QUEUE)
    assert ticked(queue, "request", *SEVERAL) == [], "they need a reason, one by one"
    page = visit("irving").post("/academy/requests/many", all="yes", course="core")
    assert "3 requests stay open: their students have not completed the prerequisites." in page.words
    assert stands(database) == [RequestStatus.WAITING] * 3
    assert taking(database, *people) == []


def test_nothing_chosen_is_said_and_nobody_answers_their_own(visit: Visits, database: Database):
    people = join(database, *SEVERAL, enrolled=False)
    ask(database, *people)
    page = visit("irving").get(QUEUE).press(TOGETHER)
    assert "choose at least one request, or all of them" in page.words
    with database.session() as session:
        irving = person_by_email(session, email_of("irving"))
        assert irving is not None
        own = irving.id
    ask(database, own)
    with database.session() as session:
        number = session.scalars(select(EnrolmentRequest.id).where(EnrolmentRequest.person_id == own)).one()
    page = visit("irving").post("/academy/requests/many", request=str(number))
    assert "choose at least one request" in page.words
    assert stands(database) == [RequestStatus.WAITING] * 4


@pytest.mark.parametrize("came", ["asked anew", "begun"])
def test_what_went_on_since_is_left_with_its_reason(visit: Visits, database: Database, came: str):
    people = join(database, *SEVERAL, enrolled=False)
    ask(database, *people)
    page = visit("irving").get(QUEUE).press(TOGETHER, all="yes")
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        if came == "asked anew":
            session.add(
                EnrolmentRequest(
                    academy_id=home, person_id=people[0], course="core", asked_at=START, words=""
                )
            )
        else:
            session.execute(
                update(Enrolment)
                .where(Enrolment.person_id == people[0])
                .values(status=EnrolmentStatus.WITHDRAWN)
            )
    page = undone(page)
    assert "Undone: 2 people are as before. 1 person was left as they are" in page.words
    assert (
        "no longer possible" if came == "asked anew" else "somebody else has changed it since"
    ) in page.words
    assert stands(database)[:3] == [RequestStatus.APPROVED, RequestStatus.WAITING, RequestStatus.WAITING]
