"""The pages of a correction: an instructor tries, applies and undoes one; the student is told plainly."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from pme.assessment.corrections import CorrectionKind, kinds_for
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import Scope
from pme.assessment.service import begin, finish_quiz
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz
from pme.db import Database
from pme.reports.regrade_dry_run import try_correction
from tests.conftest import Visits
from tests.regrade.every_type import (
    BRAVO,
    ITEMS,
    LATER,
    answers,
    correction,
    enrolment_of,
    publish_quiz,
    quiz,
    sit,
    student,
)
from tests.regrade.trying import REASON, count, form_of, try_it
from tests.support import student as taking
from tests.support.cast import START
from tests.support.student import BASICS, RIGHT

pytestmark = pytest.mark.alike
EACH = [(kind, n) for n, item in enumerate(ITEMS, start=1) for kind in kinds_for(item)]


@pytest.mark.parametrize(("kind", "number"), EACH)
def test_every_kind_has_a_form_for_every_type_of_question(
    visit: Visits, scope: Scope, database: Database, kind: CorrectionKind, number: int
):
    dry = try_it(visit("clarke"), scope, number, kind.value)
    assert dry.status == 200, dry.words
    assert dry.title == "What it would change"
    assert count(database, Regrade) == 0
    done = dry.press("Apply the correction")
    assert "The question is corrected" in done.words
    assert "In force" in done.words
    assert REASON in done.words
    assert count(database, Regrade) == 1
    back = visit("clarke").get(f"/teach/core/corrections/check/{scope.version_id}")
    assert f"Question {number}: " in back.words


def test_an_instructor_finds_the_question_from_the_course_and_undoes_the_correction(
    visit: Visits, scope: Scope, database: Database
):
    clarke = visit("clarke")
    quizzes = clarke.get("/teach/core").follow("Correct a question")
    assert "3 attempts" in quizzes.words
    address = next(a for a in quizzes.tree.xpath("//main//a/@href") if "/corrections/check/" in a)
    questions = clarke.get(address)
    assert "Answer alpha" in questions.words
    assert "33 % of the credit on average, 3 attempts" in questions.words
    form = questions.follow("Correct the key: question 1")
    dry = form.press("See what it would change", key=BRAVO, reason=REASON)
    assert (
        "finished attempts 3 students with another result 3 pass by it 1 no longer pass by it 1" in dry.words
    )
    assert re.search(r"Student 1 Attempt 1 : 77 %, acceptable, then 66 %, fail No longer passes", dry.words)
    assert re.search(r"Adams Person Attempt 1 : 66 %, fail, then 77 %, acceptable Passes now", dry.words)
    again = dry.press("Change the correction")
    assert again.tree.xpath("//input[@name='key'][@checked]/@value") == [BRAVO]
    assert REASON in again.text
    done = again.press("See what it would change").press("Apply the correction")
    assert "Passes now" in done.words
    undo = done.follow("Undo this correction")
    assert "Nothing is changed yet" in undo.words
    undone = undo.press("Undo the correction")
    assert "Undone" in undone.words
    assert "Who crossed the pass line when it was undone" in undone.words
    assert "Undo this correction" not in undone.words
    with database.session() as session:
        assert session.scalars(select(Revision).where(Revision.is_current)).all() == []
    assert clarke.get(f"{undone.path}/undo").path == undone.path


def test_the_student_is_told_what_was_corrected_and_what_it_means(
    visit: Visits, scope: Scope, database: Database
):
    adams = visit("adams")
    with database.session() as session:
        number = session.scalars(select(Attempt.id).order_by(Attempt.id)).first()
    address = f"/attempts/quiz/{number}/result"
    before = adams.get(address)
    assert "corrected" not in before.words
    try_it(visit("clarke"), scope).press("Apply the correction")
    after = adams.get(address)
    assert "A question of this quiz was corrected" in after.words
    assert (
        "Without what was corrected, this attempt earned 66 % and was not passed. With it, it earns 77 % and is passed."
        in after.words
    )
    assert "what this pass completes is already recorded" in after.words
    assert "Answer bravo Your answer Correct" in after.words
    assert REASON in after.words
    assert "(corrected)" in adams.get(f"{BASICS}/quiz/check").words
    told = visit("clarke").get(f"/teach/attempts/{number}")
    assert "Without what was corrected, this attempt earned 66 %" in told.words


def test_a_student_who_falls_keeps_what_is_theirs_and_may_try_again(
    visit: Visits, scope: Scope, database: Database
):
    with database.writing() as session:
        session.execute(
            update(Attempt)
            .where(Attempt.enrolment_id != enrolment_of(session, "adams").id)
            .values(started_at=LATER)
        )
        gray = enrolment_of(session, "adams")
        version = current(session).quizzes_by_slug["check"]
        sit(session, gray, version, answers(many=(), match=()))
    try_it(visit("clarke"), scope, 1, "key").press("Apply the correction")
    with database.session() as session:
        last = session.scalars(select(Attempt.id).order_by(Attempt.id.desc())).first()
    page = visit("adams").get(f"/attempts/quiz/{last}/result")
    assert (
        "Without what was corrected, this attempt earned 77 % and was passed. With it, it earns 66 % and is not passed."
        in page.words
    )
    assert "your certificates stay yours" in page.words


def test_a_voided_question_says_so_and_a_result_that_stays_says_that(
    visit: Visits, scope: Scope, database: Database
):
    try_it(visit("clarke"), scope, 9, "full-credit").press("Apply the correction")
    try_it(visit("clarke"), scope, 3, "void").press("Apply the correction")
    with database.session() as session:
        first = session.scalars(select(Attempt.id).order_by(Attempt.id)).first()
    page = visit("adams").get(f"/attempts/quiz/{first}/result")
    assert "Questions of this quiz were corrected" in page.words
    assert "Corrected The question does not count." in page.words
    assert "Corrected Everybody gets full credit for it." in page.words
    with database.writing() as session:
        session.execute(update(Revision).values(is_current=False))
    assert "The result stays 66 %, not passed." in visit("adams").get(f"/attempts/quiz/{first}/result").words


def test_no_key_comes_through_a_notice_before_it_is_earned(visit: Visits, database: Database):
    adams = visit("adams")
    page = adams.get(f"{BASICS}/quiz/check").submit()
    while "Question" in page.title:
        page = taking.answer(
            page, RIGHT | {"Which one?": ["Answer bravo"], "Which ones?": ["Answer foxtrot"]}
        )
    failed = page.press("Hand in")
    with database.session() as session:
        version = session.scalars(select(Attempt.version_id)).one()
    scope = Scope(0, "core", "check", version)
    form_of(visit("clarke"), scope, 1, "accept").press(
        "See what it would change", key="CANARY-charlie-wrong", reason=REASON
    ).press("Apply the correction")
    told = adams.get(failed.path)
    assert "A further answer is accepted." in told.words
    for secret in (
        "CANARY-reason",
        "CANARY-charlie",
        "CANARY feedback charlie",
        "CANARY feedback alpha",
        "Right:",
    ):
        assert secret not in told.text
    assert "Correct " not in told.tree.xpath("string(//section[@aria-labelledby='question-1'])").replace(
        "Corrected", ""
    )
    taking.pass_quiz(adams)
    earned = adams.get(failed.path)
    assert "CANARY-reason" in earned.text
    assert "Right: Answer charlie" in earned.words


def test_a_dry_run_sends_no_more_statements_for_more_students(
    visit: Visits, scope: Scope, database: Database
):
    counts, new = [], correction(CorrectionKind.KEY, "single")
    for more in (0, 40):
        with database.writing() as session:
            many(session, more)
        with database.session() as session:
            version = pinned(session, scope.version_id, Quiz)
            with statements(database) as sent:
                dry = try_correction(session, current(session), scope, version.content, new)
            assert len(dry.effects) == 3 + more
            counts.append(len(sent))
    assert counts[0] == counts[1]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def test_many_students_come_page_by_page(visit: Visits, scope: Scope, database: Database):
    with database.writing() as session:
        many(session, 105)
    dry = try_it(visit("clarke"), scope)
    assert "Students page 1 of 2." in dry.words
    assert len(dry.tree.xpath("//main//tbody/tr")) == 100
    second = dry.press("More students")
    assert "Students page 2 of 2." in second.words
    assert len(second.tree.xpath("//main//tbody/tr")) == 8
    assert "Students page 1 of 2." in second.press("Students before these").words
    done = second.press("Apply the correction")
    assert done.status == 200
    assert "108 students have another result" in done.words
    undo = done.follow("Undo this correction").press("More students")
    assert len(undo.tree.xpath("//main//tbody/tr")) == 8
    following = visit("clarke").get(f"{done.path}?page=2")
    assert len(following.tree.xpath("//main//tbody/tr")) == 7
    assert undo.press("Undo the correction").status == 200


def test_a_course_without_attempts_says_so(visit: Visits):
    assert "No quiz was attempted yet" in visit("davis").get("/teach/other/corrections").words


def test_a_question_that_nobody_was_asked_yet_can_be_corrected_ahead(visit: Visits, database: Database):
    with database.writing() as session:
        version = publish_quiz(session, quiz())
        attempt = begin(session, enrolment_of(session, "adams"), version, module="basics", at=START)
    page = visit("clarke").get(f"/teach/core/corrections/check/{version.version_id}")
    assert "Not asked in a finished attempt yet" in page.words
    dry = try_it(visit("clarke"), Scope(0, "core", "check", version.version_id))
    assert "No result changes." in dry.words
    done = dry.press("Apply the correction")
    assert "Nobody crossed the pass line" in done.words
    with database.writing() as session:
        kept = session.get_one(Attempt, attempt.id)
        finish_quiz(session, kept, version.content, at=LATER)
        assert kept.status is AttemptStatus.FINISHED
    assert (
        "No result changes." not in visit("clarke").get(f"{done.path}/undo").words
        or count(database, Revision) == 0
    )


def many(session: Session, number: int) -> None:
    """So many more students who all fell for the same wrong answer."""
    version = current(session).quizzes_by_slug["check"]
    for n in range(100, 100 + number):
        sit(session, student(session, n), version, answers(single=(BRAVO,), many=(), match=()))
