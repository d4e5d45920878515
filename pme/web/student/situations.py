"""The student's door in a scenario: situations, decisions, the debrief."""

from http import HTTPStatus

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import journeys
from pme.assessment.deciding import close_path, close_weighed, closing_of, take_if_unchanged, weigh_beside
from pme.assessment.deciding import decide as take_decision
from pme.assessment.deciding import take_back as undo
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import decisions_of, path_in, path_of, reflected_at, reflections_of
from pme.assessment.scenario import debrief, decisions_on_each_path
from pme.assessment.service import (
    keep_reflection_private,
    reflect,
    reflection_prompts,
    share_reflection,
)
from pme.assessment.sitting import time_of
from pme.assessment.stamps import AlreadyTaken, SentAgain, key_in, new_key
from pme.content.inline_text import plain_text
from pme.content.play import remembered
from pme.content.shapes import DecisionNode
from pme.errors import Conflict, Invalid
from pme.people.queries import support_of
from pme.permissions import Can
from pme.web.loaders import attempted_scenario, catalogue, load_attempt, load_enrolment, load_waiting
from pme.web.reflecting import reflection_form, reflection_texts, seen_at_of
from pme.web.session import at_once, database, db_session, is_at_once, quick, transaction
from pme.web.signin import now
from pme.web.student.attempts import blueprint, own_attempt, see_other, wants_json
from pme.words.speech import _


@blueprint.get("/scenario/<int:attempt_id>")
def scenario(attempt_id: int) -> ResponseReturnValue:
    """The situation a scenario attempt stands in."""
    attempt = own_attempt(Task.SCENARIO, attempt_id)
    if attempt.status is not AttemptStatus.OPEN:
        return redirect(url_for("attempts.debriefing", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    return _situation_page(attempt)


@blueprint.post("/scenario/<int:attempt_id>")
@at_once
def decide(attempt_id: int) -> ResponseReturnValue:
    """Take one decision, stored before the next page shows."""
    here = url_for("attempts.scenario", attempt_id=attempt_id)
    sequence, position = request.form.get("step", type=int), request.form.get("choice", type=int)
    if sequence is None or position is None:
        attempt = own_attempt(Task.SCENARIO, attempt_id)
        if sequence is None or attempt.status is not AttemptStatus.OPEN:
            return redirect(here, HTTPStatus.SEE_OTHER)
        return _situation_page(attempt, _("Choose what you should do, then continue.")), 422
    try:
        key, taken_at = key_in(request.form.get("key")), now()
        if not _is_taken_as_weighed(attempt_id, sequence, position, key):
            with transaction() as session:
                attempt = own_attempt(Task.SCENARIO, attempt_id, for_update=True)
                scenario = attempted_scenario(attempt)
                taken_at = take_decision(
                    session, attempt, scenario, sequence=sequence, position=position, key=key, at=now()
                )
    except Conflict as error:
        if wants_json():
            return jsonify(
                error=_as_stored(error, own_attempt(Task.SCENARIO, attempt_id))
            ), HTTPStatus.CONFLICT
        flash(error.says)
    except Invalid as error:
        if wants_json():
            return jsonify(error=error.says), HTTPStatus.UNPROCESSABLE_ENTITY
        return _situation_page(own_attempt(Task.SCENARIO, attempt_id), error.says), 422
    else:
        if wants_json():
            return jsonify(saved_at=time_of(taken_at))
    return see_other(here)


def _is_taken_as_weighed(attempt_id: int, sequence: int, position: int, key: str | None) -> bool:
    """Where one writes at a time, weigh a decision before the turn to write; False where it has to be weighed in it."""
    if not is_at_once():
        return False
    attempt = load_waiting(attempt_id, task=Task.SCENARIO)  # of somebody who may still decide
    scenario = attempted_scenario(attempt)
    try:
        weighed = weigh_beside(
            attempt.decisions, attempt, scenario, sequence=sequence, position=position, key=key
        )
    except SentAgain:
        return False
    if not weighed.closes:
        with database().turn():
            return take_if_unchanged(quick(), weighed, at=now())
    closing = closing_of(scenario, weighed.closes)
    with database().turn(), quick().together():
        is_taken = take_if_unchanged(quick(), weighed, at=now())
        if is_taken:
            close_weighed(quick(), weighed, closing)
    return is_taken


@blueprint.post("/scenario/<int:attempt_id>/take-back")
def take_back(attempt_id: int) -> ResponseReturnValue:
    """Take the last decision back, where the scenario is for practice; `step` says which that is."""
    scenario = attempted_scenario(own_attempt(Task.SCENARIO, attempt_id))
    sequence = request.form.get("step", type=int)
    try:
        with transaction() as session:
            attempt = own_attempt(Task.SCENARIO, attempt_id, for_update=True)
            undo(session, attempt, scenario, sequence=sequence, at=now())
    except Conflict as error:
        if wants_json():
            return jsonify(error=error.says), HTTPStatus.CONFLICT
        flash(error.says)
    else:
        if wants_json():
            return jsonify(saved_at=time_of(now()))
    return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/scenario/<int:attempt_id>/close")
def close(attempt_id: int) -> ResponseReturnValue:
    """Go on from the ending of a practice scenario to its debrief."""
    scenario = attempted_scenario(own_attempt(Task.SCENARIO, attempt_id))
    try:
        with transaction() as session:
            close_path(session, own_attempt(Task.SCENARIO, attempt_id, for_update=True), scenario)
    except Conflict as error:
        flash(error.says)
    return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/scenario/<int:attempt_id>/debrief")
def debriefing(attempt_id: int) -> ResponseReturnValue:
    """The debrief: path, expert path, state over time, sources, and the student's own reflection."""
    attempt = own_attempt(Task.SCENARIO, attempt_id)
    if attempt.status is AttemptStatus.OPEN:
        return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    prompts = reflection_prompts(attempted_scenario(attempt))
    session = db_session()
    form = reflection_form(prompts, reflections_of(session, attempt_id), reflected_at(session, attempt_id))
    return _debrief_page(attempt, form)


@blueprint.post("/scenario/<int:attempt_id>/debrief")
def finish_debrief(attempt_id: int) -> ResponseReturnValue:
    """Keep the reflection; the buttons say whether that ends the attempt, or shows it to the instructors."""
    attempt = own_attempt(Task.SCENARIO, attempt_id)
    scenario = attempted_scenario(attempt)
    prompts = reflection_prompts(scenario)
    form = reflection_form(prompts, {})
    is_saving = wants_json()
    if not form.validate_on_submit():
        if is_saving:
            return jsonify(error=" ".join({text for texts in form.errors.values() for text in texts})), 422
        return _debrief_page(attempt, form), HTTPStatus.UNPROCESSABLE_ENTITY
    texts, seen_at, published = reflection_texts(form, prompts), seen_at_of(form), catalogue()
    go = "save" if is_saving else request.form.get("go", "finish")
    try:
        with transaction() as session:
            attempt = own_attempt(Task.SCENARIO, attempt_id, for_update=True)
            if go in ("save", "share"):
                reflect(session, attempt, scenario, texts=texts, seen_at=seen_at, at=now())
                if go == "share":
                    share_reflection(session, attempt, at=now())
            else:
                enrolment = load_enrolment(Can.LEARN, attempt.course, for_update=True)
                journeys.finish_scenario(
                    session, published, enrolment, attempt, scenario, texts=texts, seen_at=seen_at, at=now()
                )
    except Invalid as error:
        form.prompt_0.errors = [*form.prompt_0.errors, error.says]
        return _debrief_page(own_attempt(Task.SCENARIO, attempt_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says)
        return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    if is_saving:
        return jsonify(saved_at=f"{now():%H:%M:%S} UTC")
    if go == "share":
        flash(
            _("Your instructors can read your reflection now. You can take it back at any time."), "success"
        )
    return redirect(url_for("attempts.debriefing", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/scenario/<int:attempt_id>/keep-private")
def keep_private(attempt_id: int) -> ResponseReturnValue:
    """Take one's reflection back, which takes no enrolment."""
    with transaction() as session:
        attempt = load_attempt(
            Can.CONTINUE_ATTEMPT, attempt_id, see=Can.SEE_OWN_ATTEMPT, task=Task.SCENARIO, for_update=True
        )
        keep_reflection_private(session, attempt)
    flash(_("Only you can read your reflection now."), "success")
    return redirect(url_for("attempts.debriefing", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


def _as_stored(error: Conflict, attempt: Attempt) -> str:
    """What counts in place of a decision that came late: what was decided here, and when."""
    stored = error.stored if isinstance(error, AlreadyTaken) else None
    node = attempted_scenario(attempt).nodes.get(stored.node) if stored else None
    choice = node.choice(stored.choice) if stored and isinstance(node, DecisionNode) else None
    if stored is None or choice is None:
        return error.says
    return _(
        "At {time} you decided “{stored}” here on another page or device, and that counts.",
        time=time_of(stored.decided_at),
        stored=plain_text(choice.text_html),
    )


def _situation_page(attempt: Attempt, error: str = "") -> str:
    scenario = attempted_scenario(attempt)
    decisions = decisions_of(db_session(), attempt.id)
    played = remembered(scenario, path_in(decisions))
    dealt = Draw.from_json(attempt.draw).options[played.waiting.id] if played.waiting else []
    return render_template(
        "student/situation.html",
        attempt=attempt,
        scenario=scenario,
        played=played,
        choices=[played.waiting.choice(choice_id) for choice_id in dealt] if played.waiting else [],
        step=decisions[-1].sequence + 1 if decisions else 1,
        of=decisions_on_each_path(scenario),
        last_step=next((each.sequence for each in reversed(decisions) if each.taken_back_at is None), 0),
        last=played.steps[-1] if played.steps and scenario.mode == "formative" else None,
        error=error,
        decided_at=decisions[-1].decided_at if decisions else None,
        key=new_key(),
    )


def _debrief_page(attempt: Attempt, form: object) -> str:
    scenario = attempted_scenario(attempt)
    return render_template(
        "student/debrief.html",
        attempt=attempt,
        module=catalogue().modules_by_slug.get(attempt.module),
        scenario=scenario,
        view=debrief(scenario, path_of(db_session(), attempt.id)),
        prompts=reflection_prompts(scenario),
        support=support_of(db_session(), attempt.academy_id),
        form=form,
    )
