"""Adams is withdrawn from the course in the middle of it."""

from sqlalchemy import update

from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from tests.conftest import Visits
from tests.support import student


def test_a_withdrawn_student_changes_nothing_any_more_and_reads_why(visit: Visits, database: Database):
    adams = visit("adams")
    deciding = student.begin_scenario(adams)
    question = adams.get(f"{student.BASICS}/quiz/check").submit()
    with database.writing() as session:
        session.execute(update(Enrolment).values(status=EnrolmentStatus.WITHDRAWN))
    for refused in (
        student.decide(deciding, "Do listen"),
        student.answer(question, student.RIGHT),
        adams.post(f"{student.BASICS}/first"),
    ):
        assert refused.status == 403
        assert "You are no longer enrolled in this course." in refused.words
    assert "You are not enrolled in a course yet" in adams.get("/learn").words
