"""What acts of marking refuse, in words, and what doing them again changes: nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus
from pme.content.catalogue import pinned
from pme.content.shapes import EssayItem, Quiz
from pme.db import Database
from pme.errors import Conflict, Invalid
from pme.marking import service
from pme.marking.models import Mark, Script
from pme.marking.plan import Plan, Second
from pme.marking.planning import essay_of, receive
from pme.marking.queries import find_script
from pme.marking.release import release
from pme.marking.rubric import Judgement
from pme.marking.standing import MarkStatus, ScriptState
from tests.support.essays import MARKED, hand_in, person_of, publish_written, set_up

FULL = Judgement({"CANARY-care": 2, "CANARY-reasons": 2})
NONE = Judgement({"CANARY-care": 0, "CANARY-reasons": 0})
TWO = Plan(second=Second.ALL, tolerance=1)
TOO_LONG = "x" * 2_001


class Table:
    """One script on the table, with whoever sits around it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.script = session.scalars(select(Script)).one()
        attempt = session.get_one(Attempt, self.script.attempt_id)
        self.quiz = pinned(session, attempt.version_id, Quiz).content
        self.item: EssayItem = essay_of(self.quiz, self.script.item)
        self.by = {name: person_of(session, name).id for name in ("clarke", "davis", "evans")}
        at_home = Script.academy_id == attempt.academy_id
        found = find_script(session, at_home, self.script.code, for_update=True)
        assert found is self.script

    def mark(self, name: str, judgement: Judgement) -> Mark:
        by = self.by[name]
        service.claim(self.session, self.script, by=by, at=MARKED)
        service.save(self.session, self.script, self.item, judgement, by=by, seen_at=None, at=MARKED)
        return service.finish(self.session, self.script, self.quiz, by=by, at=MARKED)

    def decide(self, name: str, judgement: Judgement = FULL, reason: str = "So it is.") -> Mark:
        return service.decide(
            self.session,
            self.script,
            self.item,
            judgement,
            reason=reason,
            by=self.by[name],
            at=MARKED,
        )


def test_finishing_and_claiming_again_change_nothing(database: Database):
    set_up(database, "adams")
    with database.writing() as session:
        table = Table(session)
        first = table.mark("clarke", FULL)
        again = service.finish(
            session, table.script, table.quiz, by=table.by["clarke"], at=MARKED + timedelta(hours=1)
        )
        assert again is first
        assert first.finished_at == MARKED
        service.let_go(session, table.script, by=table.by["clarke"], at=MARKED)
        service.let_go(session, table.script, by=table.by["davis"], at=MARKED)
        assert first.status is MarkStatus.FINISHED
        assert service.claim(session, table.script, by=table.by["clarke"], at=MARKED) is first


def test_what_is_not_in_hand_cannot_be_saved_finished_or_opened(database: Database):
    set_up(database, "adams")
    with database.writing() as session:
        table, by = Table(session), 0
        by = table.by["clarke"]
        with pytest.raises(Conflict, match="Take this script first"):
            service.save(session, table.script, table.item, FULL, by=by, seen_at=None, at=MARKED)
        with pytest.raises(Conflict, match="Somebody else"):
            service.finish(session, table.script, table.quiz, by=by, at=MARKED)
        with pytest.raises(Conflict, match="no finished mark of yours"):
            service.reopen(session, table.script, by=by, at=MARKED)
        service.claim(session, table.script, by=by, at=MARKED)
        with pytest.raises(Invalid, match="Choose a level"):
            service.finish(session, table.script, table.quiz, by=by, at=MARKED)


def test_a_released_script_takes_no_further_act(database: Database):
    desk = set_up(database, "adams")
    with database.writing() as session:
        table = Table(session)
        by = table.by["clarke"]
        table.mark("clarke", FULL)
        release(session, desk.group, by=by, at=MARKED)
        for act in (service.claim, service.reopen):
            with pytest.raises(Conflict, match="released"):
                act(session, table.script, by=by, at=MARKED)
        with pytest.raises(Conflict, match="released"):
            service.save(session, table.script, table.item, NONE, by=by, seen_at=None, at=MARKED)
        with pytest.raises(Conflict, match="does not wait for a moderator"):
            service.moderate(session, table.script, is_confirmed=True, note="", by=by, at=MARKED)
        with pytest.raises(Conflict, match="nothing to release"):
            release(session, desk.group, by=by, at=MARKED)


def test_marks_are_settled_with_whole_levels_a_reason_and_the_other_marker(database: Database):
    set_up(database, "adams", plan=TWO)
    with database.writing() as session:
        table = Table(session)
        with pytest.raises(Conflict, match="settled already"):
            table.decide("evans")
        table.mark("clarke", FULL)
        table.mark("davis", NONE)
        assert table.script.state is ScriptState.RECONCILE
        with pytest.raises(Invalid, match="Choose a level"):
            table.decide("evans", Judgement({"CANARY-care": 1}))
        for reason in (" ", TOO_LONG):
            with pytest.raises(Invalid) as refused:
                table.decide("evans", reason=reason)
            assert refused.value.field == "reason"
        first = table.decide("clarke")
        second = table.decide("clarke", NONE)
        assert (first.place, first.status) == (None, MarkStatus.SET_ASIDE)
        with pytest.raises(Conflict, match="replaced or settled"):
            service.agree(session, table.script, mark_id=first.id, by=table.by["davis"], at=MARKED)
        for name in ("clarke", "evans"):
            with pytest.raises(Conflict, match="Only the other marker"):
                service.agree(session, table.script, mark_id=second.id, by=table.by[name], at=MARKED)
        service.agree(session, table.script, mark_id=second.id, by=table.by["davis"], at=MARKED)
        assert (table.script.state, table.script.points) == (ScriptState.READY, 0.0)


def test_who_settled_a_script_does_not_moderate_it(database: Database):
    plan = Plan(second=Second.ALL, tolerance=0, moderation_percent=100)
    set_up(database, "adams", plan=plan)
    with database.writing() as session:
        table = Table(session)
        table.mark("clarke", FULL)
        table.mark("davis", NONE)
        table.decide("evans")
        for name in ("clarke", "davis", "evans"):
            with pytest.raises(Conflict, match="You marked this script"):
                service.moderate(
                    session, table.script, is_confirmed=True, note="", by=table.by[name], at=MARKED
                )
        assert table.script.state is ScriptState.MODERATION


def test_a_moderators_note_has_its_limit_and_sending_back_undoes_what_was_settled(database: Database):
    plan = Plan(second=Second.ALL, tolerance=0, moderation_percent=100)
    set_up(database, "adams", plan=plan)
    with database.writing() as session:
        table = Table(session)
        marks = [table.mark("clarke", FULL), table.mark("davis", NONE)]
        proposed = table.decide("clarke")
        service.agree(session, table.script, mark_id=proposed.id, by=table.by["davis"], at=MARKED)
        evans = table.by["evans"]
        with pytest.raises(Invalid) as refused:
            service.moderate(session, table.script, is_confirmed=True, note=TOO_LONG, by=evans, at=MARKED)
        assert refused.value.field == "note"
        service.moderate(session, table.script, is_confirmed=False, note="Again.", by=evans, at=MARKED)
        assert [mark.status for mark in marks] == [MarkStatus.DRAFT] * 2
        assert proposed.place is None
        assert table.script.state is ScriptState.WAITING


def test_what_decided_once_is_not_taken_for_a_markers_own_judgement(database: Database):
    set_up(database, "adams", plan=TWO)
    with database.writing() as session:
        table = Table(session)
        table.mark("clarke", FULL)
        table.mark("davis", NONE)
        decided = table.decide("evans")
        service.reopen(session, table.script, by=table.by["davis"], at=MARKED)
        later = MARKED + timedelta(hours=1)
        own = service.claim(session, table.script, by=table.by["evans"], at=later)
        assert own.id != decided.id
        assert (own.place, own.reason, own.judgement["levels"]) == (2, "", {})


def test_receiving_twice_or_too_early_changes_nothing(database: Database):
    set_up(database, "adams")
    with database.writing() as session:
        table = Table(session)
        attempt = session.get_one(Attempt, table.script.attempt_id)
        receive(session, attempt, table.quiz)
        attempt.status = AttemptStatus.OPEN
        receive(session, attempt, table.quiz)
        assert len(session.scalars(select(Script)).all()) == 1


def test_one_essay_left_out_needs_one_marker_only(database: Database):
    with database.writing() as session:
        publish_written(session, essays=2)
        hand_in(session, "adams", other="")
        assert len(session.scalars(select(Script)).all()) == 1
