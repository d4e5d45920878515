"""Marking as a story: an essay is handed in, read by code, marked, settled, moderated, released, told."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from pme.assessment.models import Attempt, AttemptStatus
from pme.audit import AuditEntry, first_broken
from pme.certificates.models import Certificate
from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.marking.models import Mark, Script
from pme.marking.plan import Plan, Second
from pme.marking.planning import set_plan
from pme.marking.standing import MarkStatus, ScriptState
from pme.people.models import Role
from pme.people.service import appoint, grant
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.essays import (
    MARKED,
    Desk,
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

JSON = {"Accept": "application/json"}
FULL = {"level_0": "3", "level_1": "3"}
"""6 of 6 points."""
HALF = {"level_0": "2", "level_1": "2"}
"""3 of 6 points."""
FOUR = {"level_0": "3", "level_1": "2"}
NEXT, FINISH, SAVE = "Finish this mark and take the next", "Finish this mark", "Save and stay"
TWO = Plan(second=Second.ALL, tolerance=1)


def mark(visit: Visit, address: str, **fields: str) -> Page:
    """Take a script into hand and finish its mark."""
    return visit.get(address).press("Mark this script").press(FINISH, **fields)


def release(visit: Visit, desk: Desk) -> Page:
    return visit.get(f"{desk.address}/release").press("Release marks")


def attempt_of(database: Database, name: str) -> Attempt:
    with database.session() as session:
        person = person_of(session, name)
        return session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()


def result_of(visit: Visit, database: Database, name: str) -> Page:
    return visit.get(f"/attempts/quiz/{attempt_of(database, name).id}/result")


def audited(database: Database) -> list[str]:
    with database.session() as session:
        assert first_broken(session, academy_id=home(session).id) is None
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


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
    assert "See how your attempt stands" in adams.get("/learn/core/basics/quiz/written").words
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
        ({"comment_0": "a\x00b"}, "signs that cannot be kept"),
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


def test_a_claim_keeps_others_away_and_runs_out(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    clarke.get(where).press("Mark this script").press(SAVE, level_0="2", comment="Clarke was here.")
    assert "First marker: Captain Clarke Person , marking now" in davis.get(desk.address).words
    refused = davis.get(where).press("Mark this script")
    assert "Somebody else is marking this script now" in refused.words
    assert "No script here waits for you now." in davis.get(desk.address).press("Mark the next script").words
    with database.writing() as session:
        session.execute(update(Mark).values(claimed_until=datetime.now(UTC) - timedelta(minutes=1)))
    taken = davis.get(where).press("Mark this script")
    assert "Clarke was here." not in taken.text
    taken.press(SAVE, level_0="1")
    back = clarke.get(where)
    assert "Somebody else took this script over" in back.words
    assert "Clarke was here." in back.words
    late = clarke.send(where, headers=JSON, level_0="3", comment="Still typing.")
    assert late.status_code == 200, "what is typed after a take-over is kept, in one's own mark"
    assert "Still typing." not in davis.get(where).text
    assert clarke.send(where, go="finish", level_0="3", level_1="3").status_code == 303
    assert "Somebody else is marking" in clarke.get(where).words
    davis.get(where).press(FINISH, **HALF)
    with database.session() as session:
        script = session.scalars(select(Script)).one()
        assert (script.state, script.points) == (ScriptState.READY, 3.0)


def test_a_script_can_be_left_to_others(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    clarke.get(where).press("Mark this script").press("Leave this script to others")
    assert "free to take over" in davis.get(desk.address).words
    mark(davis, where, **FULL)
    assert "6 points" in davis.get(desk.address).words


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
    assert "are released and stand as they are" in clarke.get(where).words
    with database.session() as session:
        assert session.scalars(select(Mark)).one().status is MarkStatus.FINISHED
    assert audited(database).count("mark reopened") == 1


def test_blind_markers_do_not_see_each_other_until_both_are_finished(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=TWO)
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    mark(clarke, where, **FULL, comment="Clarke’s own words.")
    for page in (davis.get(where), davis.get(f"{where}/review"), davis.get(desk.address)):
        assert "Clarke’s own words." not in page.text
        assert "6 points" not in page.words
    mark(davis, where, **FULL, comment="Davis’ own words.")
    review = davis.get(f"{where}/review").words
    assert "Clarke’s own words." in review
    assert "Davis’ own words." in review


def test_markers_who_may_see_each_other_do_so_once_the_first_is_finished(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=Plan(second=Second.ALL, is_blind=False))
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    page = clarke.get(where).press("Mark this script").press(SAVE, comment="A draft.")
    assert "Somebody else is marking" in davis.get(where).press("Mark this script").words
    page.press(FINISH, **FULL, comment="All done.")
    assert "All done." in davis.get(f"{where}/review").words


def test_two_marks_within_the_tolerance_stand_by_their_mean(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=Plan(second=Second.ALL, tolerance=2))
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    mark(clarke, where, level_0="2", level_1="3", comment="One view.")
    assert "Second mark to come" in clarke.get(desk.address).words
    mark(davis, where, level_0="3", level_1="2", comment="Another view.")
    assert "4.5 of 6 points: the mean of two marks" in davis.get(f"{where}/review").words
    release(clarke, desk)
    told = result_of(visit("adams"), database, "adams").words
    for text in (
        "4.5 of 6 points",
        "the mean of their points counts",
        "One view.",
        "Another view.",
        "1.5 of 2",
    ):
        assert text in told
    assert attempt_of(database, "adams").percent == pytest.approx(100 * (1 + 4.5 / 6) / 2)


def test_two_marks_too_far_apart_are_settled_by_both(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=TWO)
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    mark(clarke, where, level_0="3", level_1="3")
    mark(davis, where, level_0="3", level_1="1")
    review = clarke.get(desk.address).follow(f"Script {desk.codes['adams']}")
    assert "The two marks are more than 1 point apart." in review.words
    assert "checked" in review.tree.xpath("//input[@name='level_0'][@value='3']")[0].attrib
    refused = review.press("Propose this mark", level_1="2")
    assert refused.status == 422
    assert "Say in a sentence why" in refused.words
    proposed = refused.press(
        "Propose this mark", reason="The reasons are there, but thin.", comment="Agreed."
    )
    assert "Your proposal waits for the other marker." in proposed.words
    assert "attempts ready 0" in clarke.get(f"{desk.address}/release").words
    assert clarke.send(f"{where}/review", agree="1").status_code == 303
    settled = davis.get(f"{where}/review").press("Agree to this mark")
    assert "Ready to release 4 of 6 points" in settled.words
    assert audited(database).count("marks reconciled") == 1
    release(davis, desk)
    told = result_of(visit("adams"), database, "adams").words
    assert "Marks by rubric: 4 of 6 points" in told
    assert "Agreed." in told
    assert "but thin" not in told, "the reason is for the record"


def test_a_third_instructor_decides_alone(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=TWO)
    where = desk.script("adams")
    mark(visit("clarke"), where, level_0="3", level_1="3")
    mark(visit("davis"), where, level_0="3", level_1="1")
    page = visit("evans").get(f"{where}/review")
    assert "You marked nothing here, so what you choose decides." in page.words
    page = page.press("Decide on this mark", level_1="1", reason="No reason is given in the answer.")
    assert "Ready to release 2 of 6 points" in page.words
    reopened = visit("clarke").get(where).press("Open my mark again")
    assert "To mark" in reopened.words
    with database.session() as session:
        assert session.scalars(select(Mark).where(Mark.place == 3)).all() == []


def test_a_moderator_confirms_or_sends_back(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=Plan(moderation_percent=100))
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    mark(clarke, where, **FULL)
    assert "attempts ready 0" in clarke.get(f"{desk.address}/release").words
    assert "looks at it before release" in clarke.get(f"{where}/review").words
    assert clarke.send(f"{where}/moderation", go="confirm").status_code == 303
    assert "You marked this script" in clarke.get(where).words
    refused = davis.get(f"{where}/review").press("Send back", note=" ")
    assert refused.status == 422
    assert "Say what the markers should look at again." in refused.words
    refused.press("Send back", note="Care is not shown in line two.")
    again = clarke.get(where)
    assert "Care is not shown in line two." in again.words
    again.press(FINISH, level_0="2", level_1="3")
    davis.get(f"{where}/review").press("Confirm")
    assert "attempt ready 1" in clarke.get(f"{desk.address}/release").words
    assert {"mark sent back", "mark confirmed"} <= set(audited(database))
    release(clarke, desk)
    assert "line two" not in result_of(visit("adams"), database, "adams").words


def test_a_sample_takes_its_share_and_everyone_near_the_pass_mark(visit: Visits, database: Database):
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, 10)
    plan = Plan(second=Second.SAMPLE, sample_percent=20, border=5)
    desk = set_up(database, *names, plan=plan)
    with database.session() as session:
        drawn = set(session.scalars(select(Script.code).where(Script.is_sampled)))
    assert 2 <= len(drawn) < 10, "at least the share; a late hand-in may add to what was drawn"
    clarke = visit("clarke")
    plain = [name for name in names if desk.codes[name] not in drawn]
    mark(clarke, desk.script(plain[0]), **HALF)  # 75 percent of the attempt: on the pass mark
    mark(clarke, desk.script(plain[1]), **FULL)
    with database.session() as session:
        states = {row[0]: row[1] for row in session.execute(select(Script.code, Script.state))}
    assert states[desk.codes[plain[0]]] is ScriptState.SECOND
    assert states[desk.codes[plain[1]]] is ScriptState.READY


def test_the_plan_is_drawn_again_the_same_and_recorded(visit: Visits, database: Database):
    desk = set_up(database, "adams")
    clarke = visit("clarke")
    page = clarke.get(desk.address).follow("Plan")
    refused = page.press("Set the plan", sample_percent="0", tolerance="many")
    assert refused.status == 422
    assert "Give a whole number from 1 to 100." in refused.words
    assert "many" in refused.text
    page.press("Set the plan", second="sample", sample_percent="50", is_named="y")
    with database.session() as session:
        before = session.scalars(select(Script.is_sampled)).all()
    assert before == [True]
    assert "Captain Adams Person" in clarke.get(desk.address).words
    assert audited(database).count("marking plan set") == 1


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
    assert "1 attempt was handed in without being taken in" in page.words
    assert "To mark: 1" in page.press("Take them in").words


def test_agreement_is_counted_from_what_was_finished_first(visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=Plan(second=Second.ALL, tolerance=6))
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    assert "Nothing to compare yet" in clarke.get(f"{desk.address}/agreement").words
    mark(clarke, where, level_0="3", level_1="3")
    mark(davis, where, level_0="1", level_1="3")
    davis.get(where).press("Open my mark again").press(FINISH, level_0="3")
    page = clarke.get(f"{desk.address}/agreement").words
    assert "Care 0 of 1 0 of 1 n too small" in page
    assert "Reasons 1 of 1 1 of 1 n too small" in page
    assert "Points in all 0 of 1 0 of 1" in page


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


def test_a_plan_set_on_a_script_that_is_ready_asks_for_the_second_mark(database: Database, visit: Visits):
    desk = set_up(database, "adams")
    mark(visit("clarke"), desk.script("adams"), **FULL)
    with database.writing() as session:
        set_plan(session, desk.group, TWO, by=person_of(session, "clarke").id, at=MARKED)
        assert session.scalars(select(Script)).one().state is ScriptState.SECOND


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
