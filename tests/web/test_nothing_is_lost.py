"""What a student wrote survives an ended session, a stale token and an older tab; nothing is sent by itself."""

from datetime import timedelta

from sqlalchemy import update

from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Database
from pme.people.models import BrowserSession, Membership, Role, Teaching
from pme.people.queries import person_by_email
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import PASSWORD, START, email_of
from tests.support.library import library, module, quiz
from tests.support.student import BASICS


def _end_every_session(database: Database) -> None:
    with database.writing() as session:
        session.execute(update(BrowserSession).values(renewed_at=START - timedelta(days=1)))


def test_a_reflection_travels_through_signing_in_again(visit: Visits, database: Database):
    adams = visit("adams")
    debrief = student.play(adams)
    _end_every_session(database)
    asked = debrief.press("Finish the debrief", prompt_0="I would <listen> first.")
    assert asked.status == 401
    assert "Sign in again" in asked.words
    wrong = asked.submit(email=email_of("adams"), password="not the right one at all")
    assert wrong.status == 422
    kept = wrong.submit(email=email_of("adams"), password=PASSWORD)
    assert "I would <listen> first." in kept.words
    done = kept.press("Send it now")
    assert "Your debrief is complete" in done.words
    assert "I would &lt;listen&gt; first." in done.text


def test_an_answer_travels_through_signing_in_again(visit: Visits, database: Database):
    adams = visit("adams")
    question = adams.get(f"{BASICS}/quiz/check").submit()
    _end_every_session(database)
    asked = student.answer(question, student.RIGHT)
    after = asked.submit(email=email_of("adams"), password=PASSWORD).press("Send it now")
    assert after.title == "Question 2 of 5"


def test_an_autosave_without_a_session_is_refused_in_a_way_that_a_script_understands(
    visit: Visits, database: Database
):
    adams = visit("adams")
    question = adams.get(f"{BASICS}/quiz/check").submit()
    token = adams.token()
    _end_every_session(database)
    answer = adams.http.post(
        question.path, data={"csrf_token": token, "answer": "1"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 401
    assert "Sign in to go on" in answer.get_json()["error"]


def test_a_form_from_before_signing_in_again_can_be_sent_with_a_fresh_token(visit: Visits):
    adams = visit("adams")
    debrief = student.play(adams)
    adams.post("/sign-out")
    adams.sign_in()
    stale = debrief.press("Finish the debrief", prompt_0="Words that must not be lost.")
    assert stale.status == 400
    assert "Words that must not be lost." in stale.words
    assert "Your debrief is complete" in stale.press("Send it now").words


def test_carried_words_never_go_to_another_place(visit: Visits):
    nobody = visit("nobody")
    form = nobody.get("/sign-in")
    page = form.submit(
        email=email_of("adams"), password=PASSWORD, **{"kept_target": "//evil.example/x", "kept-a": "b"}
    )
    assert "evil" not in page.text
    assert page.path == "/learn"


def test_an_older_empty_tab_does_not_wipe_a_finished_reflection(visit: Visits):
    adams = visit("adams")
    older = student.play(adams)
    student.reflect(adams.get(older.path), "Mine, written in the other tab.")
    older.press("Finish the debrief")
    assert "Mine, written in the other tab." in adams.get(older.path).text


def test_a_student_may_take_their_own_words_out_again(visit: Visits):
    adams = visit("adams")
    done = student.reflect(student.play(adams), "I wrote too much.")
    cleared = done.press("Save", prompt_0="")
    assert "I wrote too much." not in cleared.text


def test_an_instructor_who_also_learns_never_sees_the_key_of_their_own_attempt(
    visit: Visits, database: Database
):
    with database.writing() as session:
        person = person_by_email(session, email_of("adams"))
        assert person is not None
        membership = session.query(Membership).filter_by(person_id=person.id).one()
        session.add(Membership(person_id=person.id, academy_id=membership.academy_id, role=Role.INSTRUCTOR))
        session.add(Teaching(person_id=person.id, academy_id=membership.academy_id, course="core"))
    adams = visit("adams")
    question = adams.get(f"{BASICS}/quiz/check").submit()
    number = question.path.split("/")[3]
    assert adams.get(f"/teach/attempts/{number}").status == 404
    assert "Adams Person" not in adams.get("/teach/core").tree.xpath("string(//main)")


def test_a_quiz_that_came_later_does_not_lower_the_result(visit: Visits, database: Database):
    adams = visit("adams")
    student.read_module(adams, BASICS)
    student.pass_quiz(adams)
    student.reflect(student.play(adams))
    student.reflect(student.play(adams, slug="practice"))
    tasks = Completion(quizzes=("check", "later"), scenarios=("checkpoint", "practice"))
    wider = module("basics", "The basics", tasks)
    with database.writing() as session:
        publish(session, library(wider, quiz("later")), by_id=None, at=START, note="a second quiz")
    student.read_module(adams, f"{student.COURSE}/further")
    assert "result 100 %" in adams.get("/certificates").words


def test_when_all_attempts_are_used_the_start_page_says_so(visit: Visits, database: Database):
    with database.writing() as session:
        publish(session, library(quiz(attempts=1)), by_id=None, at=START, note="one attempt")
    adams = visit("adams")
    student.answer_all(adams, student.WRONG).press("Hand in")
    again = adams.post(f"{BASICS}/quiz/check")
    assert again.path == f"{BASICS}/quiz/check"
    assert "You have used all 1 attempts" in again.words
