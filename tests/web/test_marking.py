"""Marking as a story: an essay is handed in, read by code, marked, settled, moderated, released, told."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from pme.assessment.models import AttemptStatus
from pme.certificates.models import Certificate
from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.marking.models import Mark, Script
from pme.marking.standing import MarkStatus
from pme.people.models import Role
from pme.people.service import appoint, grant
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.essays import (
    hand_in,
    home,
    more_markers,
    more_students,
    person_of,
    publish_written,
    put_into_cohort,
    set_up,
    written_quiz,
)
from tests.support.library import library
from tests.support.marked import FINISH, NEXT, SAVE, attempt_of, audited, mark, release, result_of

JSON = {"Accept": "application/json"}
FULL = {"level_0": "3", "level_1": "3"}
"""6 of 6 points."""
HALF = {"level_0": "2", "level_1": "2"}
"""3 of 6 points."""
FOUR = {"level_0": "3", "level_1": "2"}


def test_an_empty_queue_explains_marking(visit: Visits):
    page = visit("clarke").get("/teach").follow("Marking in Core course")
    assert "Nothing to mark yet" in page.words
    assert "Nothing reaches the student before you release the marks" in page.words


def test_an_essay_is_marked_by_code_and_told_on_release(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    adams, clarke = visit("adams"), visit("clarke")
    assert "Waiting for marks" in result_of(adams, database, "adams").words
    queue = clarke.get("/teach/core/marking")
    assert "To mark: 1" in queue.words
    group = queue.follow("In your own words, no cohort")
    code = desk.codes["adams"]
    assert f"Script {code}" in group.words
    page = group.press("Mark the next script")
    assert page.title == f"Script {code}"
    assert "Adams" not in page.words
    assert "<b>whom</b>" in page.words, "the answer is shown as it was typed, never as markup"
    assert "CANARY model answer." in page.words
    page = page.press(NEXT, **FULL, comment_0="Well seen.", comment="A good answer.")
    assert "No script here waits for you now." in page.words
    assert "6 points" in page.words
    assert "Waiting for marks" in result_of(adams, database, "adams").words
    assert "1 attempt ready" not in page.words
    page = clarke.get(f"{desk.address}/release")
    assert "attempt ready 1" in page.words
    assert "The marks are released" in page.press("Release marks").words
    told = result_of(adams, database, "adams").words
    assert "You reached 100 %" in told
    for text in (
        "Marks by rubric: 6 of 6 points",
        "Full care",
        "Full reason",
        "Well seen.",
        "A good answer.",
    ):
        assert text in told
    assert "CANARY model answer." in told, "the quiz is passed, so the model answer is earned"
    assert "Clarke" not in told
    assert audited(database).count("marks released") == 1


def test_a_failed_quiz_tells_levels_and_comments_but_keeps_its_model_answer(
    visit: Visits, database: Database
):
    desk = set_up(database, "adams")
    clarke = visit("clarke")
    mark(clarke, desk.script("adams"), level_0="1", level_1="1", comment="Read page two again.")
    release(clarke, desk)
    told = result_of(visit("adams"), database, "adams").words
    assert "Not passed yet" in told
    assert "No care" in told
    assert "Read page two again." in told
    assert "CANARY model answer." not in told


def test_the_percent_is_final_only_at_release_and_completes_the_course(visit: Visits, database: Database):
    with database.writing() as session:
        publish_written(session, asked=True)
    desk = set_up(database, "adams", asked=True)
    adams, clarke = visit("adams"), visit("clarke")
    for page in ("first", "second"):
        adams.get(f"/learn/core/basics/{page}").press("Mark as read and continue")
    attempt = attempt_of(database, "adams")
    assert (attempt.status, attempt.percent, attempt.is_passed) == (AttemptStatus.MARKING, None, None)
    assert "Waiting for marks" in adams.get("/learn").words
    assert "Waiting for marks" in adams.get("/learn/core/basics/").words
    assert "See where your attempt is" in adams.get("/learn/core/basics/quiz/written").words
    mark(clarke, desk.script("adams"), **FOUR)
    with database.session() as session:
        assert session.scalars(select(Certificate)).all() == []
    release(clarke, desk)
    attempt = attempt_of(database, "adams")
    assert attempt.status is AttemptStatus.FINISHED
    assert attempt.percent == pytest.approx(100 * (1 + 4 / 6) / 2)
    assert attempt.is_passed
    assert attempt.level is not None
    with database.session() as session:
        assert len(session.scalars(select(Certificate)).all()) == 1


def test_who_left_the_course_gets_marks_but_no_certificate(visit: Visits, database: Database):
    desk = set_up(database, "adams", asked=True)
    adams, clarke = visit("adams"), visit("clarke")
    for page in ("first", "second"):
        adams.get(f"/learn/core/basics/{page}").press("Mark as read and continue")
    with database.writing() as session:
        person = person_of(session, "adams")
        session.execute(
            update(Enrolment).where(Enrolment.person_id == person.id).values(status=EnrolmentStatus.WITHDRAWN)
        )
    mark(clarke, desk.script("adams"), **FULL)
    release(clarke, desk)
    assert attempt_of(database, "adams").is_passed
    with database.session() as session:
        assert session.scalars(select(Certificate)).all() == []


def test_an_unanswered_essay_needs_no_marker(visit: Visits, database: Database):
    set_up(database, "adams", text="")
    attempt = attempt_of(database, "adams")
    assert (attempt.status, attempt.percent) == (AttemptStatus.FINISHED, 50.0)
    assert "Nothing to mark yet" in visit("clarke").get("/teach/core/marking").words


def test_an_attempt_with_two_essays_is_ready_when_both_are_marked(visit: Visits, database: Database):
    desk = set_up(database, "adams", essays=2, other="Never rush.")
    clarke = visit("clarke")
    page = clarke.get(desk.address).press("Mark the next script").press(NEXT, **FULL)
    assert "attempts ready 0" in clarke.get(f"{desk.address}/release").words
    assert "There is nothing to release yet." in clarke.get(f"{desk.address}/release").words
    page.press(FINISH, **HALF)
    release(clarke, desk)
    assert attempt_of(database, "adams").percent == pytest.approx(100 * (1 + 1 + 1 / 2) / 3)


def test_a_level_must_be_chosen_for_each_criterion_and_nothing_is_lost(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke = visit("clarke")
    page = clarke.get(desk.script("adams")).press("Mark this script")
    page = page.press(FINISH, level_0="3", comment_1="Not sure here.")
    assert page.status == 422
    assert "Choose a level before you finish this mark." in page.words
    assert "Not sure here." in page.text
    assert "2 of 6 points so far" in clarke.get(desk.script("adams")).words
    assert "Not sure here." in clarke.get(desk.script("adams")).text


@pytest.mark.alike
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"level_0": "9"}, "Choose one of the levels shown."),
        ({"level_1": "-1"}, "Choose one of the levels shown."),
        ({"level_1": "3 "}, "Choose one of the levels shown."),
        ({"comment": "x" * 4_001}, "Keep this comment under 4,000 characters."),
        ({"comment_0": "a\x00b"}, "characters that cannot be kept"),
    ],
)
def test_bad_input_is_refused_beside_the_field_with_all_of_it_still_there(
    visit: Visits, database: Database, fields: dict[str, str], says: str
):
    desk = set_up(database, "adams")
    page = visit("clarke").get(desk.script("adams")).press("Mark this script")
    typed = {"level_0": "2", "comment_1": "Typed before."} | fields
    refused = page.press(SAVE, **typed)
    assert refused.status == 422
    assert says in refused.words
    assert "Typed before." in refused.text
    assert "x" * 4_001 in refused.text or "comment" not in fields
    more: dict[str, Any] = dict(typed)
    as_json = page.visit.send(desk.script("adams"), headers=JSON, **more)
    assert as_json.status_code == 422
    assert says in as_json.get_json()["error"]


def test_marks_are_saved_while_typing_and_say_when(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke = visit("clarke")
    clarke.get(desk.script("adams")).press("Mark this script")
    answer = clarke.send(desk.script("adams"), headers=JSON, level_1="2", comment="So far.")
    told = answer.get_json()
    assert re.fullmatch(r"\d\d:\d\d:\d\d UTC", told["saved_at"])
    assert told["total"] == "2 of 6 points so far"
    page = clarke.get(desk.script("adams"))
    assert "So far." in page.text
    assert f"Saved at {told['saved_at']}" in page.words


def test_an_older_tab_clears_nothing(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke = visit("clarke")
    older = clarke.get(desk.script("adams")).press("Mark this script")
    newer = clarke.get(desk.script("adams")).press(SAVE, level_0="2", comment="Newer.")
    older.press(SAVE, comment_0="From the older tab.")
    page = clarke.get(desk.script("adams"))
    assert "Newer." in page.text
    assert "From the older tab." in page.text
    cleared = newer.visit.get(desk.script("adams")).press(SAVE, comment="")
    assert "Newer." not in cleared.text


def test_a_finished_mark_opens_again_before_release_only_and_on_record(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke, where = visit("clarke"), desk.script("adams")
    page = mark(clarke, where, **FULL)
    assert clarke.send(where, headers=JSON, level_0="1").status_code == 409
    page = page.press("Open my mark again")
    assert "6 of 6 points so far" in page.words
    assert "attempts ready 0" in clarke.get(f"{desk.address}/release").words
    page.press(FINISH, **FOUR)
    assert audited(database).count("mark reopened") == 1
    release(clarke, desk)
    assert "Open my mark again" not in clarke.get(where).words
    assert clarke.send(f"{where}/reopen").status_code == 303
    assert "are released and can no longer be changed" in clarke.get(where).words
    with database.session() as session:
        assert session.scalars(select(Mark)).one().status is MarkStatus.FINISHED
    assert audited(database).count("mark reopened") == 1


def test_later_marks_wait_for_the_next_release_or_go_at_once(visit: Visits, database: Database):
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, 3)
    desk = set_up(database, *names)
    clarke = visit("clarke")
    mark(clarke, desk.script("s0"), **FULL)
    release(clarke, desk)
    mark(clarke, desk.script("s1"), **FULL)
    assert attempt_of(database, "s1").status is AttemptStatus.MARKING
    clarke.get(f"{desk.address}/plan").press("Set the plan", is_prompt="y")
    mark(clarke, desk.script("s2"), **FULL)
    assert attempt_of(database, "s2").status is AttemptStatus.FINISHED
    assert attempt_of(database, "s1").status is AttemptStatus.MARKING
    release(clarke, desk)
    assert attempt_of(database, "s1").status is AttemptStatus.FINISHED


def test_each_cohort_is_released_by_itself(visit: Visits, database: Database):
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, 2)
        number = put_into_cohort(session, "s0", "Spring")
    desk = set_up(database, *names)
    clarke = visit("clarke")
    queue = clarke.get("/teach/core/marking").words
    assert "In your own words, Spring" in queue
    assert "In your own words, no cohort" in queue
    for name in names:
        mark(clarke, desk.script(name), **FULL)
    clarke.get(f"/teach/core/marking/written/{number}/release").press("Release marks")
    assert attempt_of(database, "s0").status is AttemptStatus.FINISHED
    assert attempt_of(database, "s1").status is AttemptStatus.MARKING


def test_marking_keeps_going_by_code_and_round(visit: Visits, database: Database):
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, 4)
    desk = set_up(database, *names)
    clarke, codes = visit("clarke"), sorted(desk.codes.values())
    page = clarke.get(f"/teach/core/scripts/{codes[2]}").press("Mark this script")
    assert f"Next: script {codes[3]}" in page.words
    assert f"Previous: script {codes[1]}" in page.words
    seen = [page.title]
    for _ in range(3):
        page = page.press(NEXT, **FULL)
        seen.append(page.title)
    assert seen == [f"Script {codes[n]}" for n in (2, 3, 0, 1)]
    assert "No script here waits" in page.press(NEXT, **FULL).words


def test_the_list_is_filtered_by_state(visit: Visits, database: Database):
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, 3)
    desk = set_up(database, *names)
    clarke = visit("clarke")
    mark(clarke, desk.script("s1"), **FULL)
    page = clarke.get(desk.address).follow("Ready to release (1)")
    assert f"Script {desk.codes['s1']}" in page.words
    assert f"Script {desk.codes['s0']}" not in page.words
    assert f"Script {desk.codes['s0']}" in clarke.get(f"{desk.address}?state=nonsense&page=999").words


def test_a_marker_never_meets_their_own_script(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    with database.writing() as session:
        adams = person_of(session, "adams")
        grant(session, adams.id, home(session).id, Role.INSTRUCTOR)
        appoint(session, adams.id, home(session).id, "core")
    visitor = visit("adams")
    assert "Nothing to mark yet" in visitor.get("/teach/core/marking").words
    assert visitor.get(desk.script("adams")).status == 404
    assert visitor.send(f"{desk.script('adams')}/claim").status_code == 404
    mark(visit("clarke"), desk.script("adams"), **FULL)
    visitor.send(f"{desk.address}/release")
    assert attempt_of(database, "adams").status is AttemptStatus.MARKING


def test_a_students_own_pages_do_not_betray_the_code(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke, attempt = visit("clarke"), attempt_of(database, "adams")
    page = clarke.get(f"/teach/attempts/{attempt.id}")
    assert "First we listen" not in page.words
    assert "once the marks are released" in page.words
    seen = clarke.get(desk.address).words + clarke.get(desk.script("adams")).words
    assert not re.search(r"\d\d:\d\d", seen)
    assert str(attempt.id) not in desk.codes["adams"]
    mark(clarke, desk.script("adams"), **FULL)
    release(clarke, desk)
    assert "First we listen" in clarke.get(f"/teach/attempts/{attempt.id}").words


def test_essays_that_were_never_taken_in_are_taken_in_by_a_button(visit: Visits, database: Database):
    set_up(database, "adams")
    with database.writing() as session:
        session.delete(session.scalars(select(Script)).one())
    page = visit("clarke").get("/teach/core/marking")
    assert "1 attempt was handed in and not added to marking" in page.words
    assert "To mark: 1" in page.press("Add them to marking").words


def test_staff_see_numbers_only(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    evans = visit("frost")
    assert "No written answers yet" in evans.get("/academy/marking").words
    mark(visit("clarke"), desk.script("adams"), **FULL, comment="A private word.")
    page = visit("evans").get("/academy").follow("Written answers that wait for marks")
    assert "In your own words Core course No cohort" in page.words
    assert "A private word." not in page.words
    assert desk.codes["adams"] not in page.words


def test_release_says_what_is_ready_and_twice_changes_nothing(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke = visit("clarke")
    page = clarke.get(f"{desk.address}/release")
    assert "To mark: 1 script" in page.words
    assert clarke.send(f"{desk.address}/release").status_code == 303
    assert "nothing to release yet" in clarke.get(f"{desk.address}/release").words
    mark(clarke, desk.script("adams"), **FULL)
    release(clarke, desk)
    before = attempt_of(database, "adams").finished_at
    clarke.send(f"{desk.address}/release")
    assert attempt_of(database, "adams").finished_at == before
    assert "There is nothing to release now." in clarke.get(f"{desk.address}/release").words


@pytest.mark.parametrize(("sure", "percent"), [(3, 100.0), (None, 50 * (1 / 3 + 1))])
def test_how_sure_a_student_was_still_counts_at_release(
    database: Database, visit: Visits, sure: int | None, percent: float
):
    with database.writing() as session:
        publish(session, library(written_quiz(confidence="marked")), by_id=None, at=START, note="how sure")
        hand_in(session, "adams", sure=sure)
        code = session.scalars(select(Script.code)).one()
    clarke = visit("clarke")
    mark(clarke, f"/teach/core/scripts/{code}", **FULL)
    clarke.get("/teach/core/marking/written/0/release").press("Release marks")
    assert attempt_of(database, "adams").percent == pytest.approx(percent)
