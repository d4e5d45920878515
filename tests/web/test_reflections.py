"""A reflection is private until its student shares it, and private again as soon as they take it back."""

from sqlalchemy import select, update

from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.people.models import Person
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import email_of
from tests.support.client import Page, Visit

THOUGHT = "I was afraid.\nI did not know whom to ask."
SHARE, TAKE_BACK = "Save and share it with my instructors", "Keep it private again"


def attempt_of(teacher: Visit) -> Page:
    """What the teacher sees of Adams's attempt."""
    return teacher.get("/teach/core").follow("Captain Adams Person").follow("At the gate, attempt 1")


def test_a_shared_reflection_is_shown_to_the_instructor_and_only_while_it_is_shared(visit: Visits):
    adams, clarke = visit("adams"), visit("clarke")
    debrief = student.reflect(student.play(adams), THOUGHT)
    assert "Only you can read this." in debrief.words
    assert "afraid" not in attempt_of(clarke).text
    shared = debrief.press(SHARE)
    assert "Your instructors can read your reflection now." in shared.words
    assert "Your instructors can read this." in shared.words
    seen = attempt_of(clarke)
    assert "What was planned? I was afraid. I did not know whom to ask." in seen.words
    assert "Shared since" in seen.words
    private = shared.press(TAKE_BACK)
    assert "Only you can read your reflection now." in private.words
    assert "afraid" not in attempt_of(clarke).text
    assert "is private and is not shown here" in attempt_of(clarke).words


def test_what_is_changed_after_sharing_is_what_the_instructor_sees(visit: Visits):
    adams, clarke = visit("adams"), visit("clarke")
    shared = student.reflect(student.play(adams), THOUGHT).press(SHARE)
    shared.press("Save", prompt_0="I was calm.")
    seen = attempt_of(clarke)
    assert "I was calm." in seen.words
    assert "afraid" not in seen.text


def test_nothing_is_shared_before_something_is_written(visit: Visits):
    page = student.play(visit("adams")).press(SHARE)
    assert "There is nothing to share yet: write an answer first." in page.words
    assert SHARE in page.words


def test_what_is_written_is_saved_with_the_sharing(visit: Visits):
    adams, clarke = visit("adams"), visit("clarke")
    shared = student.play(adams).press(SHARE, prompt_0="Not saved before.")
    assert "Finish the debrief" in shared.words
    assert "Not saved before." in attempt_of(clarke).words


def test_sharing_twice_and_taking_back_twice_changes_nothing(visit: Visits):
    adams, clarke = visit("adams"), visit("clarke")
    debrief = student.reflect(student.play(adams), THOUGHT)
    for _ in range(2):
        adams.post(debrief.path, prompt_0=THOUGHT, go="share")
    first = attempt_of(clarke).words
    assert "afraid" in first
    for _ in range(2):
        adams.post(f"{debrief.path.removesuffix('/debrief')}/keep-private")
    assert "afraid" not in attempt_of(clarke).words


def test_another_teacher_another_academy_and_its_staff_never_see_it(visit: Visits):
    shared = student.reflect(student.play(visit("adams")), THOUGHT).press(SHARE)
    number = shared.path.split("/")[3]
    for name in ("davis", "evans", "frost", "hayes", "gray", "baker"):
        one = visit(name)
        assert one.get(f"/teach/attempts/{number}").status in (403, 404)
        assert "afraid" not in one.get("/teach").text + one.get("/academy").text


def test_who_has_left_the_course_can_still_take_it_back_but_not_share(visit: Visits, database: Database):
    adams, clarke = visit("adams"), visit("clarke")
    shared = student.reflect(student.play(adams), THOUGHT).press(SHARE)
    base = shared.path.removesuffix("/debrief")
    with database.writing() as session:
        person = select(Person.id).where(Person.email == email_of("adams")).scalar_subquery()
        session.execute(
            update(Enrolment).where(Enrolment.person_id == person).values(status=EnrolmentStatus.WITHDRAWN)
        )
    assert adams.send(f"{base}/keep-private").status_code == 303
    assert "afraid" not in attempt_of(clarke).text
    assert adams.send(shared.path, prompt_0=THOUGHT, go="share").status_code == 403
    assert "afraid" not in attempt_of(clarke).text


def test_markup_in_a_shared_reflection_is_shown_as_written(visit: Visits):
    student.reflect(student.play(visit("adams")), "<script>alert(1)</script>").press(SHARE)
    seen = attempt_of(visit("clarke"))
    assert "<script>alert(1)</script>" in seen.words
