"""Many hands at marking at once: each script has one marker a place, each attempt one result, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus
from pme.db import Database
from pme.marking.models import Mark, Release, Script
from pme.marking.plan import Plan, Second
from pme.marking.standing import MarkStatus, ScriptState
from tests.conftest import Visits
from tests.support.essays import OTHER_ESSAY as OTHER
from tests.support.essays import Desk, hand_in, more_markers, more_students, publish_written, set_up
from tests.web.test_resilience import at_once, sending

FULL: dict[str, Any] = {"level_0": "3", "level_1": "3", "go": "finish"}
HALF: dict[str, Any] = {"level_0": "2", "level_1": "2", "go": "finish"}
HANDS = 6


def count(session: Session, what: type[Mark] | type[Release] | type[Script]) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_many_markers_who_take_a_script_at_once_leave_it_to_one(
    app: Flask, visit: Visits, database: Database
):
    desk = set_up(database, "adams")
    where = f"{desk.script('adams')}/claim"
    acts = [sending(app, visit(name), where) for name in ("clarke", "davis", "evans") for _ in range(3)]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    with database.session() as session:
        assert len(session.scalars(select(Mark)).all()) == 1


def test_two_places_go_to_two_different_markers(app: Flask, visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=Plan(second=Second.ALL))
    where = f"{desk.script('adams')}/claim"
    acts = [sending(app, visit(name), where) for name in ("clarke", "davis", "evans") for _ in range(3)]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    with database.session() as session:
        marks = session.scalars(select(Mark).order_by(Mark.place)).all()
    assert [mark.place for mark in marks] == [1, 2]
    assert len({mark.marker_id for mark in marks}) == 2


def test_two_markers_who_finish_at_once_both_count(app: Flask, visit: Visits, database: Database):
    desk = set_up(database, "adams", plan=Plan(second=Second.ALL, tolerance=1))
    where = desk.script("adams")
    people = [(visit("clarke"), FULL), (visit("davis"), HALF)]
    for person, _ in people:
        person.send(f"{where}/claim")
    acts = [sending(app, person, where, **judged) for person, judged in people for _ in range(3)]
    assert {answer.status_code for answer in at_once(acts)} <= {303}
    with database.session() as session:
        marks = session.scalars(select(Mark)).all()
        assert sorted(mark.points or 0 for mark in marks) == [3, 6]
        assert session.scalars(select(Script.state)).one() is ScriptState.RECONCILE


def _after_a_first_release(visit: Visits, database: Database, *, essays: int = 1) -> Desk:
    """A group that was released once, with marks that go at once from then on; one attempt is left."""
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        more_students(session, 1)
    desk = set_up(database, "adams", "s0", essays=essays, other="Never." if essays > 1 else "")
    clarke = visit("clarke")
    with database.session() as session:
        person = session.scalars(select(Script.person_id).where(Script.code == desk.codes["adams"])).one()
        codes = session.scalars(select(Script.code).where(Script.person_id == person)).all()
    for code in codes:
        clarke.send(f"/teach/core/scripts/{code}/claim")
        clarke.send(f"/teach/core/scripts/{code}", **FULL)
    clarke.send(f"{desk.address}/release")
    clarke.get(f"{desk.address}/plan").press("Set the plan", is_prompt="y")
    return desk


def test_the_last_two_marks_of_an_attempt_finished_at_once_release_it_once(
    app: Flask, visit: Visits, database: Database
):
    desk = _after_a_first_release(visit, database, essays=2)
    with database.session() as session:
        other = session.scalars(
            select(Script.code).where(Script.item == OTHER, Script.state == ScriptState.WAITING)
        ).one()
    wheres = (desk.script("s0"), f"/teach/core/scripts/{other}")
    clarke, davis = visit("clarke"), visit("davis")
    for person, where in zip((clarke, davis), wheres, strict=True):
        person.send(f"{where}/claim")
    acts = [
        sending(app, person, where, **FULL)
        for person, where in zip((clarke, davis), wheres, strict=True)
        for _ in range(3)
    ]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    with database.session() as session:
        statuses = session.scalars(select(Attempt.status)).all()
        assert set(statuses) == {AttemptStatus.FINISHED}
        assert count(session, Release) == 2


@pytest.mark.parametrize("turn", range(3))
def test_a_release_while_a_mark_is_opened_again_takes_all_of_it_or_nothing(
    app: Flask, visit: Visits, database: Database, turn: int
):
    desk = set_up(database, "adams")
    clarke, davis, where = visit("clarke"), visit("davis"), desk.script("adams")
    clarke.send(f"{where}/claim")
    clarke.send(where, **FULL)
    acts = [sending(app, davis, f"{desk.address}/release") for _ in range(3)]
    acts += [sending(app, clarke, f"{where}/reopen") for _ in range(3)]
    acts = acts[turn:] + acts[:turn]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    with database.session() as session:
        script, attempt = session.scalars(select(Script)).one(), session.scalars(select(Attempt)).one()
        mark = session.scalars(select(Mark)).one()
        is_released = script.state is ScriptState.RELEASED
        assert (attempt.status is AttemptStatus.FINISHED) == is_released
        assert (mark.status is MarkStatus.FINISHED) == is_released
        assert (attempt.percent is not None) == is_released
        assert count(session, Release) == int(is_released)


def test_essays_handed_in_at_once_all_become_scripts(database: Database):
    with database.writing() as session:
        publish_written(session)
        more_markers(session)
        names = more_students(session, HANDS)
    set_up(database, plan=Plan(second=Second.SAMPLE, sample_percent=30, moderation_percent=30))
    together = Barrier(HANDS)

    def send(name: str) -> None:
        together.wait()
        with database.writing() as session:
            hand_in(session, name, at=datetime.now(UTC))

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(send, names))
    with database.session() as session:
        scripts = session.scalars(select(Script)).all()
    assert len(scripts) == HANDS
    assert len({script.code for script in scripts}) == HANDS
    assert any(script.is_sampled for script in scripts)
