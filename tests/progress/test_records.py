"""Completion records: never changed, never deleted, pinned to an edition; corrections are one more event."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme import journeys
from pme.content.catalogue import current
from pme.content.editions import content_of, current_edition, edition_by_id, editions_of
from pme.content.publish import publish
from pme.content.shapes import Completion, Course, Module, Quiz
from pme.db import Base
from pme.errors import Conflict, Invalid
from pme.progress.corrections import restore, revoke
from pme.progress.in_force import completion_in_force, events_of
from pme.progress.models import CompletionEvent, CourseCompletion, ModuleCompletion
from tests.support.cast import START
from tests.support.graduates import enrolment_of, graduate
from tests.support.library import course, library, module, quiz

DONE = START + timedelta(days=1)
LATER = START + timedelta(days=30)


@pytest.mark.parametrize("kept", [CourseCompletion, ModuleCompletion, CompletionEvent])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_database_refuses_to_change_or_delete_what_was_earned(
    session: Session, kept: type[Base], act: str
):
    enrolment = graduate(session, "adams", at=DONE)
    statement = (
        update(kept).values(enrolment_id=enrolment.id + 1).execution_options(synchronize_session=False)
        if act == "change"
        else delete(kept).execution_options(synchronize_session=False)
    )
    with pytest.raises(DBAPIError, match="never change"), session.begin_nested():
        session.execute(statement)
    assert session.scalars(select(kept)).first() is not None


@pytest.mark.database("postgresql")
def test_the_tables_cannot_be_emptied_at_once_either(session: Session):
    with pytest.raises(DBAPIError, match="never change"):
        session.execute(text("TRUNCATE completion_event"))


def test_a_completion_is_pinned_to_the_edition_of_its_day(session: Session):
    enrolment = graduate(session, "adams", at=DONE)
    catalogue = current(session)
    standing = completion_in_force(session, enrolment.academy_id, enrolment.id)
    edition = current_edition(session, catalogue, "core")
    assert standing is not None
    assert edition is not None
    assert standing.edition_id == edition.id
    assert edition.label == "Edition 1 (2 March 2026)"
    content = content_of(session, edition)
    assert (set(content.modules), set(content.quizzes)) == ({"basics", "further"}, {"check"})
    assert set(content.scenarios) == {"checkpoint", "practice"}
    (earned,) = events_of(session, enrolment.academy_id, enrolment.id)
    assert (earned.kind, earned.percent, earned.at) == ("earned", standing.percent, DONE)


def test_later_edits_retired_modules_and_new_rules_never_take_a_completion_back(session: Session):
    enrolment = graduate(session, "adams", at=DONE)
    before = completion_in_force(session, enrolment.academy_id, enrolment.id)
    stricter = quiz().model_copy(
        update={"pass_rule": quiz().pass_rule.model_copy(update={"min_percent": 100})}
    )
    grown = module("basics", "The basics", Completion(quizzes=("check", "second")))
    changes: list[list[Course | Module | Quiz]] = [
        [stricter],
        [grown],
        [course("core", "Core course", ("basics", "elsewhere"))],
    ]
    for number, change in enumerate(changes, start=1):
        at = LATER + timedelta(days=number)
        publish(session, library(*change, quiz("second")), by_id=None, at=at, note="")
        journeys.complete_if_earned(session, current(session), enrolment, at=at)
        assert completion_in_force(session, enrolment.academy_id, enrolment.id) == before
    assert [edition.number for edition in editions_of(session, "core")] == [4, 3, 2, 1]
    assert len(events_of(session, enrolment.academy_id, enrolment.id)) == 1
    assert before is not None
    pinned = edition_by_id(session, before.edition_id)
    assert pinned is not None
    assert content_of(session, pinned).quizzes["check"].pass_rule.min_percent == 75


def test_publishing_something_else_makes_no_edition_of_a_course(session: Session):
    other = module("elsewhere", "Elsewhere, anew", Completion())
    publish(session, library(other), by_id=None, at=LATER, note="")
    assert [edition.number for edition in editions_of(session, "core")] == [1]
    assert [edition.number for edition in editions_of(session, "other")] == [2, 1]
    publish(session, library(), by_id=None, at=LATER, note="back again")
    edition = current_edition(session, current(session), "other")
    assert edition is not None
    assert edition.number == 1


def test_a_revocation_has_a_reason_and_can_be_taken_back_and_all_of_it_stays_on_record(session: Session):
    enrolment = graduate(session, "adams", at=DONE)
    academy, by = enrolment.academy_id, enrolment_of(session, "baker", "other").person_id
    with pytest.raises(Invalid, match="Say why"):
        revoke(session, academy, enrolment.id, reason="  ", by=by, at=LATER)
    with pytest.raises(Conflict, match="not revoked"):
        restore(session, academy, enrolment.id, reason="x", by=by, at=LATER)
    revoke(session, academy, enrolment.id, reason="Sat for another.", by=by, at=LATER)
    standing = completion_in_force(session, academy, enrolment.id)
    assert standing is not None
    assert standing.is_revoked
    with pytest.raises(Conflict, match="revoked already"):
        revoke(session, academy, enrolment.id, reason="Again.", by=by, at=LATER)
    restore(session, academy, enrolment.id, reason="It was a mix-up.", by=by, at=LATER)
    standing = completion_in_force(session, academy, enrolment.id)
    assert standing is not None
    assert not standing.is_revoked
    kinds = [event.kind.value for event in events_of(session, academy, enrolment.id)]
    assert kinds == ["earned", "revoked", "restored"]
    assert completion_in_force(session, academy + 1, enrolment.id) is None
