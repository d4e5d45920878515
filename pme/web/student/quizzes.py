"""The student's door at a quiz: questions, breaks, the check before handing in, the result."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme import invigilation, journeys
from pme.assessment import paper
from pme.assessment.answering import Answered, keep_if_unchanged, weigh_answer
from pme.assessment.attempt_review import review_attempt
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import Saved, answers_of, saved_in, standings
from pme.assessment.shortfall import shortfall
from pme.assessment.sitting import resume as go_on
from pme.assessment.sitting import sitting_of, standing_of, time_of
from pme.assessment.stamps import AnsweredElsewhere, Stamp, new_key, stamp_in
from pme.assessment.timing import Sitting, Standing, break_left, stand
from pme.assessment.waiting import Waiting, saved_before
from pme.content.shapes import Quiz
from pme.errors import Conflict, Invalid, NotFound, PmeError
from pme.marking.told import told_of
from pme.quick import Quick
from pme.web.addresses import number_in
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, attempted_quiz, catalogue, load_waiting
from pme.web.resume import own_fields
from pme.web.session import (
    at_once,
    database,
    db_session,
    is_at_once,
    quick,
    takes_short_way,
    transaction,
)
from pme.web.signin import now
from pme.web.student.attempts import blueprint, held_attempt, own_attempt, see_other, wants_json
from pme.web.tongues import foreign, marked
from pme.words.speech import _

OF_THE_PAGE = frozenset({"form", "turn", "seen", "late"})
"""What a page says of itself beside the answer."""


@blueprint.get("/quiz/<int:attempt_id>")
def quiz(attempt_id: int) -> ResponseReturnValue:
    """Where a quiz attempt stands: its first open question, the check, or the result."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if (instead := _instead_of_questions(attempt)) is not None:
        return instead
    number = paper.first_open(
        attempted_quiz(attempt), Draw.from_json(attempt.draw), answers_of(db_session(), attempt_id)
    )
    if number is None:
        return redirect(url_for("attempts.check", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    return _to_question(attempt_id, number)


@blueprint.get("/quiz/<int:attempt_id>/questions/<int:number>")
@at_once
def question(attempt_id: int, number: int) -> ResponseReturnValue:
    """One question."""
    if takes_short_way():
        waiting = load_waiting(attempt_id, task=Task.QUIZ, is_to_change=False)
        sitting = Sitting(waiting.started_at, waiting.ends_at, waiting.latest_at)
        is_usual = waiting.status is AttemptStatus.OPEN and not waiting.has_breaks
        if is_usual and not stand(sitting, now()).is_over:
            return _asked(quick(), waiting, sitting, saved_before(quick(), attempt_id), number)
    attempt = own_attempt(Task.QUIZ, attempt_id)
    return _instead_of_questions(attempt) or _question_page(attempt, number)


@blueprint.post("/quiz/<int:attempt_id>/questions/<int:number>")
@at_once
def answer(attempt_id: int, number: int) -> ResponseReturnValue:
    """Save an answer, then go where the button says."""
    form, wrong, sure = dict(request.form.lists()), None, None
    stamp = _stamp()
    if (kept := _kept_as_weighed(attempt_id, number, form, stamp)) is not None:
        if wants_json():
            return _saved(kept.standing.now, kept.standing)
        return see_other(_after_answer(attempt_id, number, len(kept.attempt.draw["items"])))
    given = tuple(f"{name}={value}" for name, value in own_fields() if name not in OF_THE_PAGE)
    with transaction() as session:
        enrolment, attempt = held_attempt(Task.QUIZ, attempt_id)
        quiz, draw = attempted_quiz(attempt), Draw.from_json(attempt.draw)
        item = paper.item_at(quiz, draw, number)
        try:
            if item is not None:
                given, sure = paper.read_answer(item, draw, form), paper.read_sure(item, form)
        except Invalid as error:
            wrong = error
        refused = invigilation.answer(
            session,
            catalogue,
            enrolment,
            attempt,
            quiz,
            item_id=item.id if item else f"question {number}",
            given=given,
            confidence=sure,
            wrong=wrong,
            stamp=stamp,
            at=now(),
        )
        if refused is None and request.form.get("go") == "pause":
            refused = _paused(attempt, quiz)
    if refused is not None:
        return _refused(attempt, number if item else None, refused)
    if wants_json():
        standing = standing_of(db_session(), attempt, at=now())
        at = standing.now
        if stamp is not None and stamp.is_late and item is not None:  # it may have been stored long ago
            at = saved_in(db_session(), attempt_id)[item.id].at
        return _saved(at, standing)
    return see_other(_after_answer(attempt_id, number, len(draw.items)))


def _kept_as_weighed(attempt_id: int, number: int, form: paper.Form, stamp: Stamp | None) -> Answered | None:
    """Where one writes at a time, weigh an answer before the turn to write; None where it has to be weighed in it."""
    if not is_at_once() or request.form.get("go") == "pause":
        return None
    attempt = load_waiting(attempt_id, task=Task.QUIZ)  # of somebody who may still answer
    quiz, draw = attempted_quiz(attempt), Draw.from_json(attempt.draw)
    item = paper.item_at(quiz, draw, number)
    if item is None:
        return None
    try:
        given, sure = paper.read_answer(item, draw, form), paper.read_sure(item, form)
        answered = weigh_answer(attempt, item, given, confidence=sure, stamp=stamp, at=now())
    except Invalid:
        return None
    if answered is None:
        return None
    with database().turn(), quick().together():
        is_kept = keep_if_unchanged(quick(), answered)
    return answered if is_kept else None


def _saved(at: datetime, standing: Standing) -> ResponseReturnValue:
    """What a page's script is told of an answer that was saved."""
    ends = time_of(standing.ends_at) if standing.ends_at and standing.ends_today else None
    return jsonify(saved_at=time_of(at), seen=at.isoformat(), left=standing.left, ends=ends)


@blueprint.post("/quiz/<int:attempt_id>/pause")
def pause(attempt_id: int) -> ResponseReturnValue:
    """Take a break, as far as the person's accommodation goes: the questions are hidden meanwhile."""
    with transaction() as session:
        enrolment, attempt = held_attempt(Task.QUIZ, attempt_id)
        quiz = attempted_quiz(attempt)
        is_over = invigilation.end_if_over(session, catalogue, enrolment, attempt, at=now())
        refused = None if is_over else _paused(attempt, quiz)
    if refused is not None:
        flash(refused.says)
    return _to_quiz(attempt_id)


@blueprint.post("/quiz/<int:attempt_id>/resume")
def resume(attempt_id: int) -> ResponseReturnValue:
    """Go on after a break."""
    with transaction() as session:
        enrolment, attempt = held_attempt(Task.QUIZ, attempt_id)
        if not invigilation.end_if_over(session, catalogue, enrolment, attempt, at=now()):
            go_on(session, attempt, at=now())
    return _to_quiz(attempt_id)


@blueprint.get("/quiz/<int:attempt_id>/check")
def check(attempt_id: int) -> ResponseReturnValue:
    """Every question with whether it is answered, before handing in."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if (instead := _instead_of_questions(attempt)) is not None:
        return instead
    quiz = attempted_quiz(attempt)
    return render_template(
        "student/quiz-check.html",
        attempt=attempt,
        quiz=quiz,
        lines=marked(
            paper.summary(quiz, Draw.from_json(attempt.draw), answers_of(db_session(), attempt_id)),
            foreign(quiz),
        ),
        standing=stand(sitting := sitting_of(db_session(), attempt), now()),
        has_break=_has_break(db_session(), attempt, quiz, sitting),
        form=ActForm(),
    )


@blueprint.post("/quiz/<int:attempt_id>/finish")
def finish(attempt_id: int) -> ResponseReturnValue:
    """Hand in: the last saved answers count. Handing in twice changes nothing.

    A page whose clock has run out says so (`over`): where time was added meanwhile, the attempt goes on.
    """
    is_by_itself = "over" in request.form
    with transaction() as session:
        enrolment, attempt = held_attempt(Task.QUIZ, attempt_id)
        quiz = attempted_quiz(attempt)
        is_over = invigilation.end_if_over(session, catalogue, enrolment, attempt, at=now())
        if not is_over and not is_by_itself:
            journeys.finish_quiz(session, catalogue(), enrolment, attempt, quiz, at=now())
    if attempt.status is AttemptStatus.OPEN:
        number = number_in(request.form.get("number"))
        return _to_quiz(attempt_id) if number is None else _to_question(attempt_id, number)
    if is_over and attempt.ends_at is not None:
        flash(
            _(
                "The time was over at {time_of}. Your last saved answers are handed in.",
                time_of=time_of(attempt.ends_at),
            )
        )
    return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/quiz/<int:attempt_id>/result")
def result(attempt_id: int) -> ResponseReturnValue:
    """The result by outcome, with feedback; right answers once the quiz is passed."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if attempt.status is AttemptStatus.OPEN:
        return redirect(url_for("attempts.quiz", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    quiz = attempted_quiz(attempt)
    if attempt.status is AttemptStatus.MARKING:
        return render_template("student/quiz-waiting.html", attempt=attempt, quiz=quiz)
    standing = standings(db_session(), attempt.academy_id, [attempt.enrolment_id])[attempt.enrolment_id]
    is_passed = standing[attempt.task, attempt.slug].is_passed
    review = review_attempt(db_session(), attempt, quiz, reveal=is_passed)
    mark = review.mark
    return render_template(
        "student/quiz-result.html",
        attempt=attempt,
        mark=mark,
        on=review.corrections,
        missing=shortfall(quiz, Draw.from_json(attempt.draw), mark.percent, mark.result) if mark else None,
        quiz=quiz,
        reviews=marked(review.questions, foreign(quiz)),
        told=told_of(db_session(), attempt, quiz),
        is_revealed=is_passed,
        is_offered=catalogue().quiz(quiz.slug) is not None,
    )


def _instead_of_questions(attempt: Attempt) -> ResponseReturnValue | None:
    """What a student sees in place of questions: the result, that time is over, or the break; None for none."""
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.result", attempt_id=attempt.id), HTTPStatus.SEE_OTHER)
    standing = standing_of(db_session(), attempt, at=now())
    if not standing.is_over and standing.break_until is None:
        return None
    page = "student/quiz-over.html" if standing.is_over else "student/quiz-break.html"
    return render_template(page, attempt=attempt, quiz=attempted_quiz(attempt), standing=standing)


def _question_page(
    attempt: Attempt, number: int, *, refused: Invalid | None = None, form: paper.Form | None = None
) -> str:
    session = db_session()
    sitting, kept = sitting_of(session, attempt), saved_in(session, attempt.id)
    return _asked(session, attempt, sitting, kept, number, refused=refused, form=form)


def _asked(
    asker: Session | Quick,
    attempt: Attempt | Waiting,
    sitting: Sitting,
    kept: Mapping[str, Saved],
    number: int,
    *,
    refused: Invalid | None = None,
    form: paper.Form | None = None,
) -> str:
    quiz, draw = attempted_quiz(attempt), Draw.from_json(attempt.draw)
    item = paper.item_at(quiz, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    here, answers = kept.get(item.id), {name: saved.answer for name, saved in kept.items()}
    shown = paper.question(
        quiz, draw, number, here.answer if here else (), sure=here.confidence if here else None
    )
    return render_template(
        "student/question.html",
        attempt=attempt,
        quiz=quiz,
        question=marked(paper.as_typed(shown, form) if form else shown, foreign(quiz)),
        lines=paper.summary(quiz, draw, answers),
        saved=here,
        key=new_key(),
        errors={(refused.field or "answer"): refused.says} if refused else {},
        standing=stand(sitting, now()),
        has_break=_has_break(asker, attempt, quiz, sitting),
    )


def _has_break(asker: Session | Quick, attempt: Attempt | Waiting, quiz: Quiz, sitting: Sitting) -> bool:
    if attempt.ends_at is None or quiz.time_limit_minutes is None:
        return False
    return bool(break_left(sitting.pauses, invigilation.breaks_of(asker, attempt, quiz), now()))


def _paused(attempt: Attempt, quiz: Quiz) -> PmeError | None:
    try:
        invigilation.pause(db_session(), attempt, quiz, at=now())
    except Conflict as error:
        return error
    return None


def _refused(attempt: Attempt, number: int | None, error: PmeError) -> ResponseReturnValue:
    """Says why an answer was not saved: 409 where the attempt has moved on, 422 where the answer is wrong."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, Invalid) else HTTPStatus.CONFLICT
    if wants_json():
        return jsonify(error=error.says, elsewhere=isinstance(error, AnsweredElsewhere)), status
    if isinstance(error, Invalid) and number is not None:
        return _question_page(attempt, number, refused=error, form=dict(request.form.lists())), status
    flash(error.says)
    return _to_quiz(attempt.id)


def _stamp() -> Stamp | None:
    form = request.form
    return stamp_in(
        form.get("form"), form.get("turn", type=int), form.get("seen"), is_late=form.get("late") == "1"
    )


def _to_quiz(attempt_id: int) -> ResponseReturnValue:
    return redirect(url_for("attempts.quiz", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


def _to_question(attempt_id: int, number: int) -> ResponseReturnValue:
    address = url_for("attempts.question", attempt_id=attempt_id, number=number)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _after_answer(attempt_id: int, number: int, of: int) -> str:
    go = request.form.get("go", "next")
    if "move" in request.form:
        go = "stay"
    here = {"stay": number, "back": max(1, number - 1), "next": number + 1}.get(go, number)
    if go == "check" or here > of:
        return url_for("attempts.check", attempt_id=attempt_id)
    return url_for("attempts.question", attempt_id=attempt_id, number=here)
