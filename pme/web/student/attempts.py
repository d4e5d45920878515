"""The student's door, while something is attempted: questions, decisions, debriefs, results.

A conflict (double click, second tab, back button) is a redirect to where the attempt truly stands.
"""

from http import HTTPStatus

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import journeys
from pme.assessment import feedback, paper
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import (
    answers_of,
    decisions_of,
    path_in,
    path_of,
    reflected_at,
    reflections_of,
    saved_at,
    standings,
)
from pme.assessment.scenario import debrief, decisions_on_each_path
from pme.assessment.service import (
    close_path,
    reflect,
    reflection_prompts,
    save_answer,
)
from pme.assessment.service import (
    decide as take_decision,
)
from pme.assessment.service import (
    take_back as undo,
)
from pme.content.play import follow
from pme.errors import Conflict, Invalid, NotFound
from pme.people.models import Role
from pme.people.queries import get_academy
from pme.permissions import Can
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, catalogue, load_attempt, load_enrolment, pinned_quiz, pinned_scenario
from pme.web.session import db_session, transaction
from pme.web.signin import guard, now
from pme.web.student.forms import reflection_form, reflection_texts, seen_at_of

blueprint = Blueprint("attempts", __name__, url_prefix="/attempts")
guard(blueprint, Role.STUDENT)


def _own(task: Task, attempt_id: int, *, for_update: bool = False) -> Attempt:
    """The visitor's own attempt; to change it, they must still be enrolled."""
    attempt = load_attempt(
        Can.CONTINUE_ATTEMPT, attempt_id, see=Can.SEE_OWN_ATTEMPT, task=task, for_update=for_update
    )
    if for_update:
        load_enrolment(Can.LEARN, attempt.course)
    return attempt


# ---------------------------------------------------------------- quizzes


@blueprint.get("/quiz/<int:attempt_id>")
def quiz(attempt_id: int) -> ResponseReturnValue:
    """Where a quiz attempt stands: its first open question, the check, or the result."""
    attempt = _own(Task.QUIZ, attempt_id)
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
    attempt = _own(Task.QUIZ, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    return _question_page(attempt, number)


@blueprint.post("/quiz/<int:attempt_id>/questions/<int:number>")
def answer(attempt_id: int, number: int) -> ResponseReturnValue:
    """Save an answer, then go where the button says."""
    wants_json = request.accept_mimetypes.best == "application/json"
    attempt = _own(Task.QUIZ, attempt_id)
    quiz, draw = pinned_quiz(attempt), Draw.from_json(attempt.draw)
    item = paper.item_at(quiz, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    try:
        given = paper.read_answer(item, draw, dict(request.form.lists()))
        with transaction() as session:
            attempt = _own(Task.QUIZ, attempt_id, for_update=True)
            save_answer(session, attempt, quiz, item_id=item.id, answer=given, at=now())
    except Conflict as error:
        if wants_json:
            return jsonify(error=error.says), HTTPStatus.CONFLICT
        flash(error.says)
        return redirect(url_for("attempts.quiz", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    except Invalid as error:
        if wants_json:
            return jsonify(error=error.says), HTTPStatus.UNPROCESSABLE_ENTITY
        return _question_page(attempt, number, error=error.says), HTTPStatus.UNPROCESSABLE_ENTITY
    if wants_json:
        return jsonify(saved_at=f"{now():%H:%M:%S} UTC")
    return redirect(_after_answer(attempt_id, number, len(draw.items)), HTTPStatus.SEE_OTHER)


@blueprint.get("/quiz/<int:attempt_id>/check")
def check(attempt_id: int) -> ResponseReturnValue:
    """Every question with whether it is answered, before handing in."""
    attempt = _own(Task.QUIZ, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    quiz = pinned_quiz(attempt)
    lines = paper.summary(quiz, Draw.from_json(attempt.draw), answers_of(db_session(), attempt_id))
    return render_template("student/quiz-check.html", attempt=attempt, quiz=quiz, lines=lines, form=ActForm())


@blueprint.post("/quiz/<int:attempt_id>/finish")
def finish(attempt_id: int) -> ResponseReturnValue:
    """Hand in: the last saved answers count. Handing in twice changes nothing."""
    quiz = pinned_quiz(_own(Task.QUIZ, attempt_id))
    published = catalogue()
    with transaction() as session:
        attempt = _own(Task.QUIZ, attempt_id, for_update=True)
        enrolment = load_enrolment(Can.LEARN, attempt.course, for_update=True)
        journeys.finish_quiz(session, published, enrolment, attempt, quiz, at=now())
    return redirect(url_for("attempts.result", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/quiz/<int:attempt_id>/result")
def result(attempt_id: int) -> ResponseReturnValue:
    """The result by outcome, with feedback; right answers once the quiz is passed."""
    attempt = _own(Task.QUIZ, attempt_id)
    if attempt.status is AttemptStatus.OPEN:
        return redirect(url_for("attempts.quiz", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    quiz = pinned_quiz(attempt)
    if attempt.status is AttemptStatus.MARKING:
        return render_template("student/quiz-waiting.html", attempt=attempt, quiz=quiz)
    standing = standings(db_session(), [attempt.enrolment_id])[attempt.enrolment_id]
    is_passed = standing[attempt.task, attempt.slug].is_passed
    reviews = feedback.review(
        quiz, Draw.from_json(attempt.draw), answers_of(db_session(), attempt_id), reveal=is_passed
    )
    return render_template(
        "student/quiz-result.html",
        attempt=attempt,
        quiz=quiz,
        reviews=reviews,
        is_revealed=is_passed,
        is_offered=catalogue().quiz(quiz.slug) is not None,
    )


def _question_page(attempt: Attempt, number: int, error: str = "") -> str:
    quiz, draw = pinned_quiz(attempt), Draw.from_json(attempt.draw)
    item = paper.item_at(quiz, draw, number)
    if item is None:
        raise NotFound(UNKNOWN)
    answers = answers_of(db_session(), attempt.id)
    return render_template(
        "student/question.html",
        attempt=attempt,
        quiz=quiz,
        question=paper.question(quiz, draw, number, answers.get(item.id, ())),
        lines=paper.summary(quiz, draw, answers),
        saved_at=saved_at(db_session(), attempt.id, item.id),
        error=error,
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


# ---------------------------------------------------------------- scenarios


@blueprint.get("/scenario/<int:attempt_id>")
def scenario(attempt_id: int) -> ResponseReturnValue:
    """The situation a scenario attempt stands in."""
    attempt = _own(Task.SCENARIO, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.debriefing", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    return _situation_page(attempt)


@blueprint.post("/scenario/<int:attempt_id>")
def decide(attempt_id: int) -> ResponseReturnValue:
    """Take one decision, stored before the next page shows."""
    here = url_for("attempts.scenario", attempt_id=attempt_id)
    sequence, position = request.form.get("step", type=int), request.form.get("choice", type=int)
    if sequence is None or position is None:
        attempt = _own(Task.SCENARIO, attempt_id)
        if sequence is None or attempt.status is not AttemptStatus.OPEN:
            return redirect(here, HTTPStatus.SEE_OTHER)
        return _situation_page(attempt, "Choose what you should do, then continue."), 422
    try:
        with transaction() as session:
            attempt = _own(Task.SCENARIO, attempt_id, for_update=True)
            scenario = pinned_scenario(attempt)
            take_decision(session, attempt, scenario, sequence=sequence, position=position, at=now())
    except Conflict as error:
        flash(error.says)
    except Invalid as error:
        return _situation_page(_own(Task.SCENARIO, attempt_id), error.says), 422
    return redirect(here, HTTPStatus.SEE_OTHER)


@blueprint.post("/scenario/<int:attempt_id>/take-back")
def take_back(attempt_id: int) -> ResponseReturnValue:
    """Take the last decision back, where the scenario is for practice."""
    scenario = pinned_scenario(_own(Task.SCENARIO, attempt_id))
    try:
        with transaction() as session:
            undo(session, _own(Task.SCENARIO, attempt_id, for_update=True), scenario, at=now())
    except Conflict as error:
        flash(error.says)
    return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/scenario/<int:attempt_id>/close")
def close(attempt_id: int) -> ResponseReturnValue:
    """Go on from the ending of a practice scenario to its debrief."""
    scenario = pinned_scenario(_own(Task.SCENARIO, attempt_id))
    try:
        with transaction() as session:
            close_path(session, _own(Task.SCENARIO, attempt_id, for_update=True), scenario)
    except Conflict as error:
        flash(error.says)
    return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/scenario/<int:attempt_id>/debrief")
def debriefing(attempt_id: int) -> ResponseReturnValue:
    """The debrief: path, expert path, state over time, sources, and the student's own reflection."""
    attempt = _own(Task.SCENARIO, attempt_id)
    if attempt.status is AttemptStatus.OPEN:
        return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    prompts = reflection_prompts(pinned_scenario(attempt))
    session = db_session()
    form = reflection_form(prompts, reflections_of(session, attempt_id), reflected_at(session, attempt_id))
    return _debrief_page(attempt, form)


@blueprint.post("/scenario/<int:attempt_id>/debrief")
def finish_debrief(attempt_id: int) -> ResponseReturnValue:
    """Keep the reflection; with the button “finish”, end the attempt."""
    attempt = _own(Task.SCENARIO, attempt_id)
    scenario = pinned_scenario(attempt)
    prompts = reflection_prompts(scenario)
    form = reflection_form(prompts, {})
    wants_json = request.accept_mimetypes.best == "application/json"
    if not form.validate_on_submit():
        if wants_json:
            return jsonify(error=" ".join({text for texts in form.errors.values() for text in texts})), 422
        return _debrief_page(attempt, form), HTTPStatus.UNPROCESSABLE_ENTITY
    texts, seen_at, published = reflection_texts(form, prompts), seen_at_of(form), catalogue()
    try:
        with transaction() as session:
            attempt = _own(Task.SCENARIO, attempt_id, for_update=True)
            if wants_json or request.form.get("go") == "save":
                reflect(session, attempt, scenario, texts=texts, seen_at=seen_at, at=now())
            else:
                enrolment = load_enrolment(Can.LEARN, attempt.course, for_update=True)
                journeys.finish_scenario(
                    session, published, enrolment, attempt, scenario, texts=texts, seen_at=seen_at, at=now()
                )
    except Invalid as error:
        form.prompt_0.errors = [*form.prompt_0.errors, error.says]
        return _debrief_page(_own(Task.SCENARIO, attempt_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says)
        return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    if wants_json:
        return jsonify(saved_at=f"{now():%H:%M:%S} UTC")
    return redirect(url_for("attempts.debriefing", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


def _situation_page(attempt: Attempt, error: str = "") -> str:
    scenario = pinned_scenario(attempt)
    decisions = decisions_of(db_session(), attempt.id)
    played = follow(scenario, path_in(decisions))
    dealt = Draw.from_json(attempt.draw).options[played.waiting.id] if played.waiting else []
    return render_template(
        "student/situation.html",
        attempt=attempt,
        scenario=scenario,
        played=played,
        choices=[played.waiting.choice(choice_id) for choice_id in dealt] if played.waiting else [],
        step=decisions[-1].sequence + 1 if decisions else 1,
        of=decisions_on_each_path(scenario),
        last=played.steps[-1] if played.steps and scenario.mode == "formative" else None,
        error=error,
        form=ActForm(),
    )


def _debrief_page(attempt: Attempt, form: object) -> str:
    scenario = pinned_scenario(attempt)
    return render_template(
        "student/debrief.html",
        attempt=attempt,
        scenario=scenario,
        view=debrief(scenario, path_of(db_session(), attempt.id)),
        prompts=reflection_prompts(scenario),
        support=get_academy(db_session(), attempt.academy_id).support,
        form=form,
    )
