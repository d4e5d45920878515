"""The instructor's door at one script: mark it, open it again, settle it, moderate it."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme import journeys
from pme.assessment.queries import answers_of
from pme.content.catalogue import Catalogue, pinned
from pme.content.shapes import EssayItem, Quiz
from pme.errors import Conflict, Invalid
from pme.marking import queries, rubric, service
from pme.marking.models import Mark, Script
from pme.marking.planning import essay_of
from pme.marking.release import goes_at_once
from pme.marking.rubric import Judgement
from pme.marking.standing import DECIDING, MarkStatus, ScriptState, shows_others
from pme.permissions import scripts_marked
from pme.trail.models import Part
from pme.web.forms import moment_in
from pme.web.instructor.mark_form import judgement_form, judgement_in, show_error, show_unjudged
from pme.web.instructor.marking import cohort_of, title_of, to_next
from pme.web.instructor.views import blueprint
from pme.web.loaders import catalogue, load_script, load_taught_course
from pme.web.opened import shows
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.speech import _, _n


@blueprint.get("/<course>/scripts/<code>")
def script(course: str, code: str) -> ResponseReturnValue:
    """A script: the answer beside the rubric, for its marker; the answer alone for others."""
    found = load_script(load_taught_course(course), code)
    return _script_page(found)


@blueprint.post("/<course>/scripts/<code>")
def save_script(course: str, code: str) -> ResponseReturnValue:
    """Save a mark; with a button “finish”, finish it, and with “next”, go on to another script."""
    taught, visitor, published = load_taught_course(course), current_visitor(), catalogue()
    found = load_script(taught, code)
    quiz = _quiz(found)
    item, go = essay_of(quiz, found.item), request.form.get("go", "save")
    wants_json = request.accept_mimetypes.best == "application/json"
    form = judgement_form(item, Judgement())
    is_valid = form.validate()
    judgement = judgement_in(form, item)
    if not is_valid or judgement is None:
        return _refused(found, form, as_json=wants_json)
    if missing := () if wants_json or go == "save" else rubric.unjudged(judgement, item):
        with transaction() as session:
            _keep(session, load_script(taught, code, for_update=True), item, judgement, form)
        show_unjudged(form, item, _("Choose a level before you finish this mark."), missing)
        return _refused(found, form)
    try:
        with transaction() as session:
            found = load_script(taught, code, for_update=True)
            mark = _keep(session, found, item, judgement, form)
            total = rubric.points_of(rubric.from_json(mark.judgement), item)
            if not wants_json and go != "save":
                service.finish(session, found, quiz, by=visitor.person_id, at=now())
                _release_if_prompt(session, published, found)
            group = queries.group_of(session, found)
    except Conflict as error:
        if wants_json:
            return jsonify(error=error.says), HTTPStatus.CONFLICT
        flash(error.says)
        return _to(found)
    except Invalid as error:
        show_error(form, item, error.says, error.field)
        return _refused(found, form, as_json=wants_json)
    if wants_json:
        clock = f"{now():%H:%M:%S} UTC"  # not words
        return jsonify(saved_at=clock, seen_at=now().isoformat(), total=_total(total, item))
    if go == "next":
        flash(_("Script {code} is marked.", code=found.code), "success")
        return to_next(group, after=found.code)
    return _to(found)


@blueprint.post("/<course>/scripts/<code>/claim")
def claim_script(course: str, code: str) -> ResponseReturnValue:
    """Take a script into hand."""
    return _act(course, code, service.claim)


@blueprint.post("/<course>/scripts/<code>/let-go")
def let_go_script(course: str, code: str) -> ResponseReturnValue:
    """Leave a script to others."""
    return _act(course, code, service.let_go)


@blueprint.post("/<course>/scripts/<code>/reopen")
def reopen_script(course: str, code: str) -> ResponseReturnValue:
    """Open one's own finished mark again."""
    return _act(course, code, service.reopen)


def _act(course: str, code: str, act: Callable[..., object]) -> ResponseReturnValue:
    taught = load_taught_course(course)
    found = load_script(taught, code)
    try:
        with transaction() as session:
            found = load_script(taught, code, for_update=True)
            act(session, found, by=current_visitor().person_id, at=now())
    except Conflict as error:
        flash(error.says)
    return _to(found)


@blueprint.get("/<course>/scripts/<code>/review")
def script_review(course: str, code: str) -> ResponseReturnValue:
    """The finished marks of a script side by side, and what is still to be decided about them."""
    found = load_script(load_taught_course(course), code)
    item = essay_of(_quiz(found), found.item)
    return _review_page(found, judgement_form(item, _common(found)))


@blueprint.post("/<course>/scripts/<code>/review")
def settle_script(course: str, code: str) -> ResponseReturnValue:
    """Settle two marks: agree to what was proposed, propose, or decide as a third."""
    taught, visitor, published = load_taught_course(course), current_visitor(), catalogue()
    found = load_script(taught, code)
    item = essay_of(_quiz(found), found.item)
    form = judgement_form(item, Judgement())
    agreed = request.form.get("agree", 0, type=int)
    is_valid = bool(agreed) or form.validate()
    judgement = judgement_in(form, item)
    if not is_valid or judgement is None:
        return _review_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            found = load_script(taught, code, for_update=True)
            if agreed:
                service.agree(session, found, mark_id=agreed, by=visitor.person_id, at=now())
            else:
                reason = form["reason"].data or ""
                service.decide(session, found, item, judgement, reason=reason, by=visitor.person_id, at=now())
            _release_if_prompt(session, published, found)
    except Conflict as error:
        flash(error.says)
    except Invalid as error:
        show_error(form, item, error.says, error.field)
        return _review_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to(found, "instructor.script_review")


@blueprint.post("/<course>/scripts/<code>/moderation")
def moderate_script(course: str, code: str) -> ResponseReturnValue:
    """Confirm a script before release, or send it back to its markers."""
    taught, published = load_taught_course(course), catalogue()
    found = load_script(taught, code)
    item = essay_of(_quiz(found), found.item)
    note = request.form.get("note", "")
    try:
        with transaction() as session:
            found = load_script(taught, code, for_update=True)
            service.moderate(
                session,
                found,
                is_confirmed=request.form.get("go") == "confirm",
                note=note,
                by=current_visitor().person_id,
                at=now(),
            )
            _release_if_prompt(session, published, found)
    except Conflict as error:
        flash(error.says)
    except Invalid as error:
        form = judgement_form(item, Judgement())
        page = _review_page(found, form, note=note, note_error=error.says)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return _to(found, "instructor.script_review")


def _keep(session: Session, found: Script, item: EssayItem, judgement: Judgement, form: SpokenForm) -> Mark:
    return service.save(
        session,
        found,
        item,
        judgement,
        by=current_visitor().person_id,
        seen_at=moment_in(form["seen_at"].data),
        at=now(),
    )


def _release_if_prompt(session: Session, published: Catalogue, found: Script) -> None:
    group = queries.group_of(session, found)
    if found.state is ScriptState.READY and goes_at_once(session, group):
        others = queries.scripts_of(session, found.attempt_id, found.academy_id)
        if all(one.state is ScriptState.READY for one in others):
            journeys.release_marks(
                session,
                published,
                group,
                by=current_visitor().person_id,
                at=now(),
                attempt_id=found.attempt_id,
            )


def _refused(found: Script, form: SpokenForm, *, as_json: bool = False) -> ResponseReturnValue:
    if as_json:
        says = " ".join(dict.fromkeys(text for texts in form.errors.values() for text in texts))
        return jsonify(error=says), HTTPStatus.UNPROCESSABLE_ENTITY
    return _script_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _quiz(found: Script) -> Quiz:
    return pinned(db_session(), queries.version_of(db_session(), found), Quiz).content


def _total(points: int, item: EssayItem) -> str:
    return _n(
        "{points} of {n} points so far", "{points} of {n} points so far", item.most_points, points=points
    )


def _common(found: Script) -> Judgement:
    """Where the two markers agree, as a start for what decides between them."""
    marks = queries.marks_of(db_session(), [found.id]).get(found.id, ())
    judged = [rubric.from_json(line.mark.judgement) for line in marks if line.mark.place != DECIDING]
    if not judged:
        return Judgement()
    shared = set.intersection(*(set(one.levels.items()) for one in judged))
    return Judgement(levels=dict(shared))


def _script_page(found: Script, form: SpokenForm | None = None) -> str:
    session, visitor = db_session(), current_visitor()
    quiz, group = _quiz(found), queries.group_of(session, found)
    item, plan = essay_of(quiz, found.item), queries.plan_of(session, group)
    mark = queries.own_mark(session, found.id, visitor.person_id)
    judgement = rubric.from_json(mark.judgement) if mark else Judgement()
    is_mine = mark is not None and mark.status is MarkStatus.DRAFT
    if form is None:
        form = judgement_form(item, judgement, seen_at=mark.saved_at if mark else None)
    writer = queries.writer_of(session, found) if plan.is_named else ""
    if writer:
        shows(
            Part.SCRIPT,
            attempt_id=found.attempt_id,
            person_id=found.person_id,
            academy_id=found.academy_id,
        )
    before, after = queries.neighbours(session, scripts_marked(visitor, found.course), group, found.code)
    return render_template(
        "instructor/script.html",
        course=load_taught_course(found.course).content,
        script=found,
        quiz=quiz,
        item=item,
        group=group,
        title=title_of(group),
        cohort=cohort_of(group),
        writer=writer,
        answer=answers_of(session, found.attempt_id).get(found.item, ()),
        mark=mark,
        is_mine=is_mine,
        judgement=judgement,
        form=form,
        total=_total(rubric.points_of(judgement, item), item),
        shows_others=shows_others(plan, found.state),
        before=before,
        after=after,
    )


def _review_page(found: Script, form: SpokenForm, *, note: str = "", note_error: str = "") -> str:
    session, visitor = db_session(), current_visitor()
    quiz, group = _quiz(found), queries.group_of(session, found)
    plan = queries.plan_of(session, group)
    lines = queries.marks_of(session, [found.id]).get(found.id, ())
    shown = [
        line
        for line in lines
        if line.mark.status in (MarkStatus.FINISHED, MarkStatus.PROPOSED)
        and (shows_others(plan, found.state) or line.mark.marker_id == visitor.person_id)
    ]
    return render_template(
        "instructor/script-review.html",
        course=load_taught_course(found.course).content,
        script=found,
        quiz=quiz,
        item=essay_of(quiz, found.item),
        group=group,
        title=title_of(group),
        cohort=cohort_of(group),
        answer=answers_of(session, found.attempt_id).get(found.item, ()),
        plan=plan,
        lines=[(line, rubric.from_json(line.mark.judgement)) for line in shown],
        proposed=next((line for line in shown if line.mark.status is MarkStatus.PROPOSED), None),
        is_marker=any(line.mark.marker_id == visitor.person_id for line in lines),
        form=form,
        note=note,
        note_error=note_error,
    )


def _to(found: Script, endpoint: str = "instructor.script") -> ResponseReturnValue:
    return redirect(url_for(endpoint, course=found.course, code=found.code), HTTPStatus.SEE_OTHER)
