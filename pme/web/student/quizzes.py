"""The student's door at a quiz: questions, the check before handing in, the result."""

from http import HTTPStatus

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import journeys
from pme.assessment import feedback, paper
from pme.assessment.draw import Draw
from pme.assessment.effective import effective_result
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import answers_of, confidence_of, saved_at, standings
from pme.assessment.service import save_answer
from pme.errors import Conflict, Invalid, NotFound
from pme.marking.told import told_of
from pme.permissions import Can
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, catalogue, load_enrolment, pinned_quiz
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.student.attempts import blueprint, own_attempt


@blueprint.get("/quiz/<int:attempt_id>")
def quiz(attempt_id: int) -> ResponseReturnValue:
    """Where a quiz attempt stands: its first open question, the check, or the result."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    number = paper.first_open(
        pinned_quiz(attempt), Draw.from_json(attempt.draw), answers_of(db_session(), attempt_id)
    )
    if number is None:
        return redirect(url_for("attempts.check", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    address = url_for("attempts.question", attempt_id=attempt_id, number=number)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/quiz/<int:attempt_id>/questions/<int:number>")
def question(attempt_id: int, number: int) -> ResponseReturnValue:
    """One question."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    return _question_page(attempt, number)


@blueprint.post("/quiz/<int:attempt_id>/questions/<int:number>")
def answer(attempt_id: int, number: int) -> ResponseReturnValue:
    """Save an answer, then go where the button says."""
    wants_json = request.accept_mimetypes.best == "application/json"
    attempt = own_attempt(Task.QUIZ, attempt_id)
    quiz, draw = pinned_quiz(attempt), Draw.from_json(attempt.draw)
    item = paper.item_at(quiz, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    form = dict(request.form.lists())
    try:
        given = paper.read_answer(item, draw, form)
        sure = paper.read_sure(item, form)
        with transaction() as session:
            attempt = own_attempt(Task.QUIZ, attempt_id, for_update=True)
            save_answer(session, attempt, quiz, item_id=item.id, answer=given, confidence=sure, at=now())
    except Conflict as error:
        if wants_json:
            return jsonify(error=error.says), HTTPStatus.CONFLICT
        flash(error.says)
        return redirect(url_for("attempts.quiz", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    except Invalid as error:
        if wants_json:
            return jsonify(error=error.says), HTTPStatus.UNPROCESSABLE_ENTITY
        return _question_page(attempt, number, refused=error, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    if wants_json:
        return jsonify(saved_at=f"{now():%H:%M:%S} UTC")
    return redirect(_after_answer(attempt_id, number, len(draw.items)), HTTPStatus.SEE_OTHER)


@blueprint.get("/quiz/<int:attempt_id>/check")
def check(attempt_id: int) -> ResponseReturnValue:
    """Every question with whether it is answered, before handing in."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    quiz = pinned_quiz(attempt)
    lines = paper.summary(quiz, Draw.from_json(attempt.draw), answers_of(db_session(), attempt_id))
    return render_template("student/quiz-check.html", attempt=attempt, quiz=quiz, lines=lines, form=ActForm())


@blueprint.post("/quiz/<int:attempt_id>/finish")
def finish(attempt_id: int) -> ResponseReturnValue:
    """Hand in: the last saved answers count. Handing in twice changes nothing."""
    quiz = pinned_quiz(own_attempt(Task.QUIZ, attempt_id))
    published = catalogue()
    with transaction() as session:
        attempt = own_attempt(Task.QUIZ, attempt_id, for_update=True)
        enrolment = load_enrolment(Can.LEARN, attempt.course, for_update=True)
        journeys.finish_quiz(session, published, enrolment, attempt, quiz, at=now())
    return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/quiz/<int:attempt_id>/result")
def result(attempt_id: int) -> ResponseReturnValue:
    """The result by outcome, with feedback; right answers once the quiz is passed."""
    attempt = own_attempt(Task.QUIZ, attempt_id)
    if attempt.status is AttemptStatus.OPEN:
        return redirect(url_for("attempts.quiz", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    quiz = pinned_quiz(attempt)
    if attempt.status is AttemptStatus.MARKING:
        return render_template("student/quiz-waiting.html", attempt=attempt, quiz=quiz)
    standing = standings(db_session(), [attempt.enrolment_id])[attempt.enrolment_id]
    is_passed = standing[attempt.task, attempt.slug].is_passed
    mark = effective_result(db_session(), attempt_id)
    reviews = feedback.review(
        quiz,
        Draw.from_json(attempt.draw),
        answers_of(db_session(), attempt_id),
        reveal=is_passed,
        confidence=confidence_of(db_session(), attempt_id),
        kept=mark.result["items"] if mark else None,
    )
    return render_template(
        "student/quiz-result.html",
        attempt=attempt,
        mark=mark,
        quiz=quiz,
        reviews=reviews,
        told=told_of(db_session(), attempt, quiz),
        is_revealed=is_passed,
        is_offered=catalogue().quiz(quiz.slug) is not None,
    )


def _question_page(
    attempt: Attempt, number: int, *, refused: Invalid | None = None, form: paper.Form | None = None
) -> str:
    quiz, draw = pinned_quiz(attempt), Draw.from_json(attempt.draw)
    item = paper.item_at(quiz, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    answers = answers_of(db_session(), attempt.id)
    sure = confidence_of(db_session(), attempt.id).get(item.id)
    shown = paper.question(quiz, draw, number, answers.get(item.id, ()), sure=sure)
    return render_template(
        "student/question.html",
        attempt=attempt,
        quiz=quiz,
        question=paper.as_typed(shown, form) if form else shown,
        lines=paper.summary(quiz, draw, answers),
        saved_at=saved_at(db_session(), attempt.id, item.id),
        errors={(refused.field or "answer"): refused.says} if refused else {},
        form=ActForm(),
    )


def _after_answer(attempt_id: int, number: int, of: int) -> str:
    go = request.form.get("go", "next")
    if "move" in request.form:
        go = "stay"
    here = {"stay": number, "back": max(1, number - 1), "next": number + 1}.get(go, number)
    if go == "check" or here > of:
        return url_for("attempts.check", attempt_id=attempt_id)
    return url_for("attempts.question", attempt_id=attempt_id, number=here)
