"""Trying, applying and undoing a correction: whose results change, what is completed, and what never changes."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind, kinds_for
from pme.assessment.effective import EffectiveResult, effective_results
from pme.assessment.models import Attempt, Decision, RefusedResponse, Response
from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import Scope
from pme.assessment.service import begin
from pme.audit import AuditEntry, alias_of, first_broken
from pme.certificates.models import Certificate
from pme.content.catalogue import Catalogue, Versioned, current
from pme.content.shapes import Quiz
from pme.errors import Invalid
from pme.journeys import complete_if_earned, read_page
from pme.journeys_regrade import Moved, apply_correction, undo_correction
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind, ModuleCompletion
from pme.reports.regrade_dry_run import DryRun, try_correction, try_undoing
from tests.regrade.every_type import (
    BRAVO,
    ITEMS,
    KEYS,
    LATER,
    NOW,
    RIGHT,
    WRONG,
    answers,
    correction,
    enrolment_of,
    finish,
    publish_quiz,
    quiz,
    scope,
    sit,
    student,
)
from tests.support import belongings
from tests.support.cast import AWAY

KEY, ACCEPT, VOID, FULL = CorrectionKind
EACH = [(kind, item.id) for item in ITEMS for kind in kinds_for(item)]


@dataclass
class Class:
    """Some students who have sat the quiz, and who corrects it."""

    session: Session
    version: Versioned[Quiz]
    scope: Scope
    catalogue: Catalogue
    by: int

    def try_it(self, new: Correction) -> DryRun:
        return try_correction(self.session, self.catalogue, self.scope, self.version.content, new)

    def apply(self, new: Correction, *, seal: str | None = None) -> Regrade:
        return apply_correction(
            self.session,
            self.catalogue,
            self.scope,
            self.version.content,
            new,
            reason="It was wrong.",
            seal=self.try_it(new).seal if seal is None else seal,
            by=self.by,
            at=NOW,
        )

    def undo(self, regrade: Regrade, *, seal: str | None = None) -> None:
        seal = (
            try_undoing(self.session, self.catalogue, regrade, self.version.content).seal
            if seal is None
            else seal
        )
        undo_correction(
            self.session, self.catalogue, regrade, self.version.content, seal=seal, by=self.by, at=NOW
        )

    def results(self) -> list[EffectiveResult]:
        return list(effective_results(self.session, Attempt.academy_id == self.scope.academy_id))

    def earned(self) -> list[tuple[Any, ...]]:
        return [(r.attempt_id, r.percent, r.is_passed, r.level, r.result) for r in self.results()]


@pytest.fixture
def taught(session: Session) -> Class:
    return a_class(session)


def a_class(session: Session, content: Quiz | None = None) -> Class:
    version = publish_quiz(session, content or quiz())
    by = enrolment_of(session, "adams").person_id  # whoever: the acts ask for an id only
    return Class(session, version, scope(session, version), current(session), by)


def rows_of(session: Session, *models: type[Any]) -> list[tuple[Any, ...]]:
    tables: list[Table] = [model.__table__ for model in models]
    return [tuple(row) for table in tables for row in session.execute(select(table).order_by(table.c.id))]


def amendments(session: Session, enrolment_id: int) -> list[tuple[int, int, int | None]]:
    """What regrades made of the result of a completion: before, after, by which."""
    events = select(CompletionEvent).where(
        CompletionEvent.enrolment_id == enrolment_id, CompletionEvent.kind == EventKind.AMENDED
    )
    found = session.scalars(events.order_by(CompletionEvent.id)).all()
    return [(int(e.percent_before or 0), int(e.percent), e.regrade_id) for e in found]


RECORD = (Attempt, Response, RefusedResponse, Decision)


@pytest.mark.alike
@pytest.mark.parametrize(("kind", "item"), EACH)
def test_each_correction_gives_the_results_it_says_and_undoing_gives_the_old_ones(
    taught: Class, kind: CorrectionKind, item: str
):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, answers(**{item: WRONG[item]}))
    sit(session, student(session, 1), taught.version, RIGHT, points=2)
    record, before = rows_of(session, *RECORD), taught.earned()
    dry = taught.try_it(correction(kind, item))
    assert rows_of(session, Revision, Regrade) == []
    regrade = taught.apply(correction(kind, item))
    after = {line.attempt_id: line.percent_after for effect in dry.effects for line in effect.lines}
    assert {r.attempt_id: r.percent for r in taught.results() if r.is_revised} == after
    assert rows_of(session, *RECORD) == record
    taught.undo(regrade)
    assert taught.earned() == before
    assert not any(result.is_revised for result in taught.results())
    assert rows_of(session, *RECORD) == record


def test_a_dry_run_tells_who_rises_who_falls_and_what_that_touches(taught: Class):
    session = taught.session
    riser, faller, other = (student(session, n) for n in range(3))
    for enrolment in (riser, faller, other):
        read_all(taught, enrolment)
    just = {"many": WRONG["many"], "match": WRONG["match"]}  # 7 of 9 with the question right, 6 of 9 without
    sit(session, riser, taught.version, answers(**just, single=(BRAVO,)))
    sit(session, faller, taught.version, answers(**just))
    complete_if_earned(session, taught.catalogue, faller, at=LATER)
    sit(session, other, taught.version, RIGHT)
    certificate = session.scalars(select(Certificate)).one()
    dry = taught.try_it(correction(KEY, "single"))
    falls, rises, stays = dry.effects
    assert (dry.seen, dry.rising, dry.falling) == (3, 1, 1)
    assert (falls.enrolment_id, falls.falls, falls.rests, falls.course, falls.certificate) == (
        faller.id,
        True,
        ("basics",),
        "rests",
        certificate.number,
    )
    assert (rises.enrolment_id, rises.rises, rises.completes, rises.course) == (
        riser.id,
        True,
        ("basics",),
        "completes",
    )
    assert (stays.enrolment_id, stays.rises, stays.falls, stays.certificate) == (other.id, False, False, "")
    (line,) = falls.lines
    assert (int(line.percent_before), int(line.percent_after)) == (77, 66)
    assert (line.level_before, line.level_after) == ("acceptable", "fail")


def test_who_rises_completes_and_who_falls_keeps_what_was_earned(taught: Class):
    session = taught.session
    riser, faller = student(session, 1), student(session, 2)
    just = {"many": WRONG["many"], "match": WRONG["match"]}
    for enrolment, given in ((riser, answers(**just, single=(BRAVO,))), (faller, answers(**just))):
        read_all(taught, enrolment)
        sit(session, enrolment, taught.version, given)
        complete_if_earned(session, taught.catalogue, enrolment, at=LATER)
    old = rows_of(session, ModuleCompletion, CourseCompletion, Certificate)
    regrade = taught.apply(correction(KEY, "single"))
    new = rows_of(session, ModuleCompletion, CourseCompletion, Certificate)
    assert set(map(repr, old)) < set(map(repr, new))
    earned = session.scalars(select(CourseCompletion).where(CourseCompletion.enrolment_id == riser.id)).one()
    assert earned.completed_at == NOW
    assert {c.enrolment_id for c in session.scalars(select(Certificate))} == {riser.id, faller.id}
    crossing = {effect["enrolment_id"]: effect for effect in regrade.effects["crossing"]}
    assert list(crossing[faller.id]["rests"]) == ["basics"]
    assert amendments(session, faller.id) == [(88, 83, regrade.id)]
    assert amendments(session, riser.id) == []
    taught.undo(regrade)
    assert rows_of(session, ModuleCompletion, CourseCompletion, Certificate) == new
    assert amendments(session, faller.id)[1:] == [(83, 88, regrade.id)]
    assert amendments(session, riser.id) == [(88, 83, regrade.id)]
    undone = {effect["enrolment_id"]: effect for effect in regrade.undone_effects["crossing"]}
    assert undone[riser.id]["falls"]
    assert undone[riser.id]["course"] == "rests"


def test_a_student_with_another_passed_attempt_does_not_cross_the_line(taught: Class):
    session, adams = taught.session, enrolment_of(taught.session, "adams")
    sit(session, adams, taught.version, RIGHT)
    sit(session, adams, taught.version, answers(many=(), match=()))
    dry = taught.try_it(correction(KEY, "single"))
    (effect,) = dry.effects
    assert [line.is_passed for line in effect.lines] == [True, False]
    assert not effect.falls


def test_a_student_who_left_rises_and_completes_nothing(taught: Class):
    session, gone = taught.session, student(taught.session, 1)
    read_all(taught, gone)
    sit(session, gone, taught.version, answers(single=(BRAVO,), many=(), match=()))
    gone.status = "withdrawn"  # type: ignore[assignment]
    session.flush()
    (effect,) = taught.try_it(correction(KEY, "single")).effects
    assert (effect.rises, effect.completes, effect.course) == (True, (), "")
    before = rows_of(session, ModuleCompletion, CourseCompletion, Certificate)
    taught.apply(correction(KEY, "single"))
    assert rows_of(session, ModuleCompletion, CourseCompletion, Certificate) == before


def test_corrections_add_up_and_come_off_in_any_order(taught: Class):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, WRONG, sure=2)
    none = taught.earned()
    first = taught.apply(correction(KEY, "single"))
    one = taught.earned()
    second = taught.apply(correction(FULL, "order"))
    third = taught.apply(correction(ACCEPT, "word"))
    taught.undo(third)
    taught.undo(first)
    taught.undo(second)
    assert taught.earned() == none
    assert none != one
    numbers = session.execute(select(Revision.number, Revision.is_current).order_by(Revision.number)).all()
    assert [number for number, _ in numbers] == list(range(1, len(numbers) + 1))
    assert not any(is_current for _, is_current in numbers)


def test_only_the_own_academy_course_and_version_is_reached(taught: Class):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, answers(single=(BRAVO,)))
    sit(session, enrolment_of(session, "gray"), taught.version, answers(single=(BRAVO,)))
    newer = publish_quiz(session, quiz(min_percent=50))
    sit(session, enrolment_of(session, "adams"), newer, answers(single=(BRAVO,)))
    taught.apply(correction(KEY, "single"))
    theirs = scope(session, taught.version, academy=AWAY)
    assert taught.scope != theirs
    at_both = Attempt.academy_id.in_((taught.scope.academy_id, theirs.academy_id))
    assert [result.is_revised for result in effective_results(session, at_both)] == [True, False, False]


def test_an_attempt_that_is_finished_later_is_marked_by_the_correction_beside_its_own_mark(taught: Class):
    session = taught.session
    late = sit(
        session, enrolment_of(session, "adams"), taught.version, answers(single=(BRAVO,)), hand_in=False
    )
    other = sit(session, student(session, 1), taught.version, answers(number=("20",)), hand_in=False)
    regrade = taught.apply(correction(KEY, "single"))
    assert taught.results() == []
    finish(session, late)
    finish(session, other)
    assert late.result is not None
    assert late.result["items"]["single"] == 0
    first, second = taught.results()
    assert (first.is_revised, first.percent) == (True, 100)
    assert (second.is_revised, second.result["items"]["single"], second.result["items"]["number"]) == (
        True,
        0,
        0,
    )
    taught.undo(regrade)
    assert [result.percent for result in taught.results()] == [late.percent, other.percent]


def test_an_attempt_that_was_not_asked_the_question_is_left_alone(taught: Class):
    session = taught.session
    attempt = begin(session, enrolment_of(session, "adams"), taught.version, module="basics", at=LATER)
    attempt.draw = attempt.draw | {
        "items": [i for i in attempt.draw["items"] if i not in ("single", "essay")]
    }
    session.flush()
    finish(session, attempt)
    dry = taught.try_it(correction(KEY, "single"))
    assert (dry.seen, dry.effects) == (1, ())


def test_a_question_that_was_the_only_one_asked_cannot_stop_to_count(taught: Class):
    session = taught.session
    attempt = begin(session, enrolment_of(session, "adams"), taught.version, module="basics", at=LATER)
    attempt.draw = attempt.draw | {"items": ["single"]}
    session.flush()
    finish(session, attempt)
    with pytest.raises(Invalid, match="no question left that counts"):
        taught.try_it(correction(VOID, "single"))
    late = begin(session, student(session, 1), taught.version, module="basics", at=LATER)
    late.draw = late.draw | {"items": ["truth"]}
    session.flush()
    regrade = taught.apply(correction(VOID, "truth"))
    finish(session, late)
    assert not any(result.is_revised for result in taught.results())
    taught.undo(regrade)


def test_what_moved_since_the_dry_run_is_shown_afresh_and_nothing_is_done(taught: Class):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, answers(single=(BRAVO,)))
    old = taught.try_it(correction(KEY, "single"))
    sit(session, student(session, 1), taught.version, RIGHT)
    with pytest.raises(Moved) as moved:
        taught.apply(correction(KEY, "single"), seal=old.seal)
    assert moved.value.fresh.seen == 2
    taught.apply(correction(VOID, "truth"))
    with pytest.raises(Moved):
        taught.apply(correction(KEY, "single"), seal=moved.value.fresh.seal)
    regrade = session.scalars(select(Regrade)).one()
    seal = try_undoing(session, taught.catalogue, regrade, taught.version.content).seal
    taught.apply(correction(KEY, "single"))
    with pytest.raises(Moved):
        taught.undo(regrade, seal=seal)
    assert regrade.undone_at is None


def test_applying_and_undoing_twice_is_doing_it_once(taught: Class):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, answers(single=(BRAVO,)))
    seal = taught.try_it(correction(KEY, "single")).seal
    regrade = taught.apply(correction(KEY, "single"), seal=seal)
    assert taught.apply(correction(KEY, "single"), seal=seal) is regrade
    undo = try_undoing(session, taught.catalogue, regrade, taught.version.content).seal
    taught.undo(regrade, seal=undo)
    taught.undo(regrade, seal=undo)
    assert len(session.scalars(select(Revision)).all()) == 1
    again = taught.apply(correction(KEY, "single"))
    assert again is not regrade
    assert again.seal != seal


def test_each_act_is_on_record_with_the_results_before_and_after(taught: Class):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, answers(single=(BRAVO,)))
    regrade = taught.apply(correction(KEY, "single"))
    taught.undo(regrade)
    done, undone = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.act.in_(("question corrected", "correction undone")))
        .order_by(AuditEntry.id)
    ).all()
    assert done.detail["before"] == undone.detail["after"]
    assert done.detail["after"] == undone.detail["before"] != done.detail["before"]
    assert done.actor == alias_of(session, taught.by, academy_id=taught.scope.academy_id)
    assert done.detail["detail"] == KEYS["single"]
    assert "It was wrong." not in str(done.detail), "free text may name somebody, and this is for ever"
    assert first_broken(session, academy_id=taught.scope.academy_id) is None


def test_a_mark_by_hand_survives_every_correction(taught: Class):
    session = taught.session
    sit(session, enrolment_of(session, "adams"), taught.version, RIGHT, points=1)
    taught.apply(correction(VOID, "single"))
    (result,) = taught.results()
    assert result.result["items"]["essay"] == 1 / 3
    assert result.percent == pytest.approx(100 * (7 + 1 / 3) / 8)


def read_all(taught: Class, enrolment: Any, *, pages: tuple[str, ...] = ("first", "second")) -> None:
    """Read these pages of every module and pass every scenario of the core course."""
    session, catalogue = taught.session, taught.catalogue
    for slug in ("basics", "further"):
        module = catalogue.modules_by_slug[slug]
        for page in pages:
            read_page(session, catalogue, enrolment, module, page=page, at=LATER)
    for slug in ("checkpoint", "practice"):
        scenario = catalogue.scenarios_by_slug[slug]
        attempt = begin(session, enrolment, scenario, module="basics", at=LATER)
        belongings.take(session, attempt, "CANARY-listen", "CANARY-help")
        attempt.status, attempt.percent, attempt.is_passed = "finished", 100.0, True  # type: ignore[assignment]
        session.flush()
