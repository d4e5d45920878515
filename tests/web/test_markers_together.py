"""Markers beside each other: a script is claimed or left, marked blind by two, settled, decided, moderated, drawn."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from pme.db import Database
from pme.marking.models import Mark, Script
from pme.marking.plan import Plan, Second
from pme.marking.planning import set_plan
from pme.marking.standing import ScriptState
from tests.conftest import Visits
from tests.support.essays import (
    MARKED,
    more_markers,
    more_students,
    person_of,
    publish_written,
    set_up,
)
from tests.support.marked import FINISH, SAVE, attempt_of, audited, mark, release, result_of

JSON = {"Accept": "application/json"}
FULL = {"level_0": "3", "level_1": "3"}
"""6 of 6 points."""
HALF = {"level_0": "2", "level_1": "2"}
"""3 of 6 points."""
TWO = Plan(second=Second.ALL, tolerance=1)


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
    clarke.get(where).press("Mark this script").press("Release this script to others")
    assert "free to take over" in davis.get(desk.address).words
    mark(davis, where, **FULL)
    assert "6 points" in davis.get(desk.address).words


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


def test_a_plan_set_on_a_script_that_is_ready_asks_for_the_second_mark(database: Database, visit: Visits):
    desk = set_up(database, "adams")
    mark(visit("clarke"), desk.script("adams"), **FULL)
    with database.writing() as session:
        set_plan(session, desk.group, TWO, by=person_of(session, "clarke").id, at=MARKED)
        assert session.scalars(select(Script)).one().state is ScriptState.SECOND
