"""The pages of a correction: an instructor tries, applies and undoes one; the student is told plainly."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from pme.assessment.corrections import CorrectionKind, kinds_for
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import Scope
from pme.assessment.service import begin, finish_quiz
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.models import Academy
from pme.people.queries import person_by_email
from pme.reports.regrade_dry_run import try_correction
from tests.conftest import Visits
from tests.regrade.every_type import (
    BRAVO,
    ITEMS,
    LATER,
    WRONG,
    answers,
    correction,
    enrolment_of,
    publish_quiz,
    quiz,
    sit,
    student,
)
from tests.support import student as taking
from tests.support.cast import START, email_of
from tests.support.client import Page, Visit
from tests.support.student import BASICS, RIGHT

pytestmark = pytest.mark.alike

EACH = [(kind, n) for n, item in enumerate(ITEMS, start=1) for kind in kinds_for(item)]
REASON = "Both sources name it; CANARY-reason."


@pytest.fixture
def scope(database: Database) -> Scope:
    """Adams and two others have sat a quiz with a question of every type."""
    with database.writing() as session:
        version = publish_quiz(session, quiz(essay=True))
        sit(session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,), many=(), match=()))
        sit(session, student(session, 1), version, answers(many=(), match=()))
        sit(session, student(session, 2), version, WRONG)
        academy = session.scalars(select(Academy.id).where(Academy.slug == "home")).one()
        return Scope(academy, "core", "check", version.version_id)


def form_of(visit: Visit, scope: Scope, number: int, kind: str) -> Page:
    return visit.get(f"/teach/core/corrections/check/{scope.version_id}/questions/{number}/{kind}")


def filled(page: Page, number: int) -> dict[str, Any]:
    """Another key for the question, as its fields take it."""
    names = sorted({name for name in page.tree.xpath("//main//*[@name]/@name") if name.startswith("key_")})
    match ITEMS[number - 1].type:
        case "single":
            return {"key": BRAVO}
        case "true-false":
            return {"key": "CANARY-false-wrong"}
        case "multiple":
            return {"key": ["CANARY-foxtrot-wrong"]}
        case "matching":
            return dict(zip(names, ("CANARY-night", "CANARY-noon"), strict=True))
        case "ordering":
            return dict(zip(names, ("3", "2", "1"), strict=True))
        case "numeric":
            return {"answer": "20", "tolerance": "0,5"}
        case "short-text":
            return {"key": "shelter\n  haven "}
        case _:
            return dict(zip(names, ("1", "4"), strict=True))


def try_it(visit: Visit, scope: Scope, number: int = 1, kind: str = "key") -> Page:
    page = form_of(visit, scope, number, kind)
    fields = filled(page, number) if kind in ("key", "accept") else {}
    return page.press("See what it would change", reason=REASON, **fields)


def count(database: Database, model: type[Any]) -> int:
    with database.session() as session:
        return session.scalar(select(func.count(model.id))) or 0


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
    assert "what this pass completes is recorded already" in after.words
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
    assert "Corrected Everybody has its whole credit." in page.words
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


@pytest.mark.parametrize(
    ("number", "kind", "fields", "says"),
    [
        (1, "key", {"reason": ""}, "Say why, in a sentence"),
        (1, "key", {"reason": "x" * 1001}, "Keep the reason under"),
        (1, "key", {"reason": REASON}, "in force already"),
        (1, "accept", {"reason": REASON}, "Choose an answer."),
        (3, "key", {"key": [], "reason": REASON}, "Choose at least one answer."),
        (5, "key", {"key_1": "2", "reason": REASON}, "a place of its own"),
        (6, "key", {"answer": "twelve", "reason": REASON}, "Write a number in digits"),
        (6, "key", {"tolerance": "-1", "reason": REASON}, "A tolerance is 0 or more"),
        (7, "accept", {"key": "\n", "reason": REASON}, "at least one accepted answer"),
        (7, "accept", {"key": "refuge", "reason": REASON}, "right already"),
        (8, "key", {"key_1": "9", "reason": REASON}, "Choose among what is shown"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field_with_everything_kept(
    visit: Visits, scope: Scope, database: Database, number: int, kind: str, fields: dict[str, Any], says: str
):
    refused = form_of(visit("clarke"), scope, number, kind).press("See what it would change", **fields)
    assert refused.status == 422
    assert refused.words.count(says) >= 2
    assert "Error: " in refused.text.partition("</title>")[0]
    for value in (value for name, value in fields.items() if isinstance(value, str) and name != "key_1"):
        assert value.strip() in refused.text
    assert count(database, Regrade) == 0


def test_all_that_is_wrong_is_told_at_once(visit: Visits, scope: Scope):
    form = form_of(visit("clarke"), scope, 6, "key")
    refused = form.press("See what it would change", answer="far", reason="")
    assert "Write a number in digits" in refused.words
    assert "Say why, in a sentence" in refused.words


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


def test_applying_what_is_badly_filled_in_brings_the_form_back(
    visit: Visits, scope: Scope, database: Database
):
    dry = try_it(visit("clarke"), scope)
    refused = dry.press("Apply the correction", reason="")
    assert refused.status == 422
    assert refused.tree.xpath("//input[@name='key'][@checked]/@value") == [BRAVO]
    twice = dry.press("Apply the correction")
    assert twice.status == 200
    other = try_it(visit("clarke"), scope, 4, "void")
    third = other.press("Apply the correction", seal="nonsense")
    assert (third.status, count(database, Regrade)) == (409, 1)


def test_a_second_press_finds_the_correction_made(visit: Visits, scope: Scope, database: Database):
    dry = try_it(visit("clarke"), scope)
    first, second = dry.press("Apply the correction"), dry.press("Apply the correction")
    assert first.path == second.path
    assert count(database, Regrade) == 1
    undo = first.follow("Undo this correction")
    assert undo.press("Undo the correction").path == undo.press("Undo the correction").path
    assert count(database, Revision) == 3


@pytest.mark.database("sqlite", "postgresql")
def test_what_moved_meanwhile_is_shown_afresh_and_can_be_applied_then(
    visit: Visits, scope: Scope, database: Database
):
    clarke = visit("clarke")
    dry = try_it(clarke, scope)
    with database.writing() as session:
        version = current(session).quizzes_by_slug["check"]
        sit(session, student(session, 9), version, answers(single=(BRAVO,)))
    fresh = dry.press("Apply the correction")
    assert fresh.status == 409
    assert "Nothing was changed: look again" in fresh.words
    assert "Student 9" in fresh.words
    assert count(database, Regrade) == 0
    done = fresh.press("Apply the correction")
    assert done.status == 200
    undo = done.follow("Undo this correction")
    with database.writing() as session:
        sit(session, student(session, 10), version, answers(single=(BRAVO,)))
    fresh = undo.press("Undo the correction")
    assert fresh.status == 409
    assert "Undone" in fresh.press("Undo the correction").words


def test_a_correction_that_no_longer_fits_is_refused_when_it_is_applied(visit: Visits, scope: Scope):
    clarke = visit("clarke")
    dry = try_it(clarke, scope)
    try_it(clarke, scope, 1, "void").press("Apply the correction")
    refused = dry.press("Apply the correction")
    assert refused.status == 422
    assert "does not count already" in refused.words


def test_who_takes_the_course_corrects_none_of_its_questions(visit: Visits, scope: Scope, database: Database):
    with database.writing() as session:
        clarke = person_by_email(session, email_of("clarke"))
        assert clarke is not None
        enrol(session, clarke.id, scope.academy_id, course="core", at=START)
    page = visit("clarke").get("/teach/core/corrections")
    assert page.status == 403
    assert "somebody else has to correct" in page.words
    assert form_of(visit("clarke"), scope, 1, "key").status == 403


@pytest.mark.parametrize(
    "rest",
    [
        "check/{version}/questions/0/key",
        "check/{version}/questions/10/key",
        "check/{version}/questions/9/key",
        "check/{version}/questions/8/accept",
        "check/{version}/questions/1/remove",
        "other/{version}",
        "check/1",
        "check/999999",
        "999999",
        "999999/undo",
    ],
)
def test_what_is_not_there_is_not_found(visit: Visits, scope: Scope, rest: str):
    address = f"/teach/core/corrections/{rest.format(version=scope.version_id)}"
    assert visit("clarke").get(address).status == 404


def test_nothing_of_another_academy_is_shown_or_changed(visit: Visits, scope: Scope, database: Database):
    with database.writing() as session:
        version = current(session).quizzes_by_slug["check"]
        gray = sit(
            session, enrolment_of(session, "gray"), version, answers(single=(BRAVO,), many=(), match=())
        )
    dry = try_it(visit("clarke"), scope)
    assert "Gray" not in dry.words
    done = dry.press("Apply the correction")
    assert visit("hayes").get(done.path).status == 404
    hayes = visit("hayes").get(f"/teach/core/corrections/check/{scope.version_id}")
    assert "In force" not in hayes.words
    assert "Answer alpha" in hayes.words
    with database.session() as session:
        assert session.scalars(select(Revision).where(Revision.attempt_id == gray.id)).all() == []


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
