"""Several people at once: one dry run is applied once, and whoever hands in meanwhile is marked by what is in force."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.assessment.corrections import CorrectionKind
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import Scope
from pme.assessment.service import finish_quiz
from pme.audit import AuditEntry, first_broken
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz
from pme.db import Database
from pme.journeys_regrade import Moved, apply_correction
from pme.progress.models import ModuleCompletion
from tests.conftest import Visits
from tests.regrade.every_type import (
    BRAVO,
    NOW,
    answers,
    correction,
    enrolment_of,
    publish_quiz,
    quiz,
    sit,
    student,
)
from tests.regrade.test_acts import a_class, read_all
from tests.regrade.trying import try_it
from tests.support.client import Page

STUDENTS = 8
APPLY = "Apply the correction"


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each of these gives, done at the same moment as nearly as can be."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def go(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        found[place] = act()

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def stage(database: Database) -> Scope:
    """Adams and others have fallen for the wrong key."""
    with database.writing() as session:
        version = publish_quiz(session, quiz(essay=False))
        adams = enrolment_of(session, "adams")
        sit(session, adams, version, answers(single=(BRAVO,), many=(), match=()))
        for number in range(STUDENTS):
            sit(session, student(session, number), version, answers(single=(BRAVO,)))
        return Scope(adams.academy_id, "core", "check", version.version_id)


def test_one_dry_run_applied_many_times_at_once_is_one_regrade(app: Flask, visit: Visits, database: Database):
    scope = stage(database)
    dry_runs = [try_it(visit("clarke"), scope) for _ in range(6)]
    pages: list[Page] = at_once([partial(dry.press, APPLY) for dry in dry_runs])
    assert [page.status for page in pages] == [200] * 6
    assert len({page.path for page in pages}) == 1
    with database.session() as session:
        assert session.scalar(select(func.count(Regrade.id))) == 1
        assert session.scalar(select(func.count(Revision.id))) == STUDENTS + 1
        assert (
            len(
                session.scalars(
                    select(AuditEntry).where(AuditEntry.act == "question corrected").order_by(AuditEntry.id)
                ).all()
            )
            == 1
        )
        assert first_broken(session, academy_id=scope.academy_id) is None
    undoing = [visit("clarke").get(f"{pages[0].path}/undo") for _ in range(4)]
    undone: list[Page] = at_once([partial(page.press, "Undo the correction") for page in undoing])
    assert {page.status for page in undone} == {200}
    with database.session() as session:
        assert session.scalar(select(func.count(Revision.id)).where(Revision.is_current)) == 0
        assert (
            len(
                session.scalars(
                    select(AuditEntry).where(AuditEntry.act == "correction undone").order_by(AuditEntry.id)
                ).all()
            )
            == 1
        )


def test_two_different_corrections_at_once_never_mix(visit: Visits, database: Database):
    scope = stage(database)
    first, second = try_it(visit("clarke"), scope, 1, "key"), try_it(visit("clarke"), scope, 2, "void")
    pages: list[Page] = at_once([partial(page.press, APPLY) for page in (first, second)])
    assert sorted(page.status for page in pages) == [200, 409]
    with database.session() as session:
        assert session.scalar(select(func.count(Regrade.id))) == 1


def test_handing_in_while_a_correction_is_applied_gives_the_result_in_force(
    visit: Visits, database: Database
):
    for _round in range(4):
        scope = stage_again(database)
        adams, clarke = visit("adams"), visit("clarke")
        with database.session() as session:
            number = session.scalar(
                select(Attempt.id).where(
                    Attempt.version_id == scope.version_id, Attempt.status == AttemptStatus.OPEN
                )
            )
        dry = try_it(clarke, scope)
        check = adams.get(f"/attempts/quiz/{number}/check")
        applied, handed_in = at_once([partial(dry.press, APPLY), partial(check.press, "Hand in")])
        assert handed_in.status == 200
        assert applied.status in (200, 409)
        if applied.status == 409:  # handed in first: the dry run was shown afresh
            applied = applied.press(APPLY)
            assert applied.status == 200
        with database.session() as session:
            attempt = session.get_one(Attempt, number)
            revision = session.scalars(select(Revision).where(Revision.attempt_id == number)).one()
            assert attempt.result is not None
            assert attempt.result["items"]["single"] == 0
            assert revision.is_current
            assert revision.result["items"]["single"] == 1
        assert "With it, it earns" in adams.get(f"/attempts/quiz/{number}/result").words


def stage_again(database: Database) -> Scope:
    """A fresh version of the quiz, which Adams has answered and not handed in."""
    with database.writing() as session:
        least = 50 + (session.scalar(select(func.count(Attempt.id))) or 0)
        version = publish_quiz(session, quiz(min_percent=least, essay=False))
        adams = enrolment_of(session, "adams")
        sit(session, adams, version, answers(single=(BRAVO,), many=(), match=()), hand_in=False)
        sit(session, student(session, least), version, answers(single=(BRAVO,)))
        return Scope(adams.academy_id, "core", "check", version.version_id)


def waiting_quiz(database: Database) -> tuple[Scope, int, str]:
    """An attempt that waits to be handed in, and the seal of a correction tried before it is."""
    with database.writing() as session:
        taught = a_class(session, quiz(essay=False))
        attempt = sit(
            session, enrolment_of(session, "adams"), taught.version, answers(single=(BRAVO,)), hand_in=False
        )
        return taught.scope, attempt.id, taught.try_it(correction(CorrectionKind.KEY, "single")).seal


def hand_in(session: Session, attempt_id: int) -> None:
    attempt = session.get_one(Attempt, attempt_id)
    finish_quiz(session, attempt, pinned(session, attempt.version_id, Quiz).content, at=NOW)


def correct(session: Session, scope: Scope, seal: str) -> None:
    content = pinned(session, scope.version_id, Quiz).content
    new = correction(CorrectionKind.KEY, "single")
    apply_correction(
        session, current(session), scope, content, new, reason="It was wrong.", seal=seal, by=1, at=NOW
    )


def in_own_transaction(
    database: Database, act: Callable[[Session], None]
) -> tuple[threading.Thread, list[Exception]]:
    """Begin an act in another thread."""
    failed: list[Exception] = []

    def go() -> None:
        try:
            with database.writing() as session:
                act(session)
        except Exception as error:  # noqa: BLE001  (told to the test)
            failed.append(error)

    thread = threading.Thread(target=go)
    thread.start()
    return thread, failed


def test_handing_in_waits_for_a_correction_that_is_being_applied_and_is_marked_by_it(database: Database):
    scope, number, seal = waiting_quiz(database)
    with database.writing() as session:
        correct(session, scope, seal)
        thread, failed = in_own_transaction(database, lambda other: hand_in(other, number))
        thread.join(1)
        assert thread.is_alive()
    thread.join()
    assert failed == []
    with database.session() as session:
        (revision,) = session.scalars(select(Revision).where(Revision.attempt_id == number))
        assert revision.result["items"]["single"] == 1


def test_applying_waits_for_an_attempt_that_is_being_handed_in_and_sees_it(database: Database):
    scope, number, seal = waiting_quiz(database)
    with database.writing() as session:
        hand_in(session, number)
        thread, failed = in_own_transaction(database, lambda other: correct(other, scope, seal))
        thread.join(1)
        assert thread.is_alive()
    thread.join()
    assert [type(error) for error in failed] == [Moved]
    with database.session() as session:
        assert session.scalar(select(func.count(Regrade.id))) == 0


def test_reading_the_last_page_while_a_correction_lifts_the_quiz_completes_the_module(
    visit: Visits, database: Database
):
    with database.writing() as session:
        taught = a_class(session, quiz(essay=False))
        adams = enrolment_of(session, "adams")
        sit(session, adams, taught.version, answers(single=(BRAVO,), many=(), match=()))
        read_all(taught, adams, pages=("first",))
        scope, enrolment_id = taught.scope, adams.id
    dry, page = try_it(visit("clarke"), scope), visit("adams").get("/learn/core/basics/second")
    applied, read = at_once([partial(dry.press, APPLY), partial(page.press, "Mark as read and continue")])
    assert read.status == 200
    if applied.status == 409:
        applied = applied.press(APPLY)
    assert applied.status == 200
    with database.session() as session:
        modules = session.scalars(
            select(ModuleCompletion.module).where(ModuleCompletion.enrolment_id == enrolment_id)
        ).all()
        assert "basics" in modules
