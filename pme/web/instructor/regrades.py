"""The instructor's door at corrections of questions: choose a question, try a correction, apply it, undo it."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import correcting
from pme import journeys_regrade as journeys
from pme.assessment.correction_words import ACTS, HINTS, NAMES
from pme.assessment.corrections import Correction, CorrectionKind, corrected, kinds_for
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import quiz_in_force, scope_of
from pme.completing import job_about
from pme.content.catalogue import pinned
from pme.content.shapes import AnyItem, Quiz
from pme.correcting import Asked
from pme.errors import Invalid, NotFound
from pme.jobs.models import JobStatus
from pme.reports.regrade_dry_run import check_correction, try_correction, try_undoing
from pme.reports.regrade_effects import names_of
from pme.reports.regrade_rows import history, question_rows, regrades_in, versions_in
from pme.web.instructor.regrade_forms import correction_form, detail_in, key_fields, refuse
from pme.web.instructor.regrade_pages import (
    STUDENTS_A_PAGE,
    Place,
    dry_page,
    load_regrade,
    module_titles,
    page_of,
    place_of,
    taught,
    to_regrade,
    undo_page,
    work_address,
)
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.web.working import nobody_works_on
from pme.words.lazily import lazy

APPLIED = lazy("The question is corrected. Results take it into account from now on.")
UNDONE = lazy("The correction is undone. Results no longer take it into account.")
QUESTION = "/<course>/corrections/<slug>/<int:version_id>/questions/<int:number>/<kind>"


@blueprint.get("/<course>/corrections")
def corrections(course: str) -> ResponseReturnValue:
    """The quizzes of a course that were attempted, version by version."""
    found = taught(course)
    rows = versions_in(db_session(), current_visitor().academy_id, course)
    return render_template("instructor/corrections.html", course=found.content, rows=rows)


@blueprint.get("/<course>/corrections/<slug>/<int:version_id>")
def questions(course: str, slug: str, version_id: int) -> ResponseReturnValue:
    """The questions of one version, with their keys and how they went, and every correction of the quiz."""
    place, session = place_of(course, slug, version_id), db_session()
    return render_template(
        "instructor/questions.html",
        course=place.course.content,
        place=place,
        rows=question_rows(session, place.scope, place.quiz),
        history=history(session, regrades_in(session, place.scope.academy_id, course, slug)),
        jobs=[
            (job, work_address(job, place.scope))
            for job in correcting.lately(session, place.scope, current_visitor().person_id, at=now())
        ],
        names=NAMES,
        acts=ACTS,
    )


@blueprint.get(QUESTION)
def correct(course: str, slug: str, version_id: int, number: int, kind: str) -> ResponseReturnValue:
    """The form of one correction."""
    place = _question(course, slug, version_id, number, kind)
    return _form_page(place, correction_form(_item_now(place), place.kind))


@blueprint.post(QUESTION)
def try_it(course: str, slug: str, version_id: int, number: int, kind: str) -> ResponseReturnValue:
    """The dry run of a correction, which changes nothing; or back to its form."""
    place = _question(course, slug, version_id, number, kind)
    form = correction_form(_item_now(place), place.kind)
    if request.form.get("go") == "edit":
        return _form_page(place, form)
    correction = _read(place, form)
    if correction is None:
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    session = db_session()
    try:
        if correcting.are_many(session, place.scope):
            check_correction(session, place.scope, place.quiz, correction)
            return _in_background(correcting.LOOK, _asked(place, form, correction))
        dry = try_correction(session, catalogue(), place.scope, place.quiz, correction)
    except Invalid as error:
        refuse(form, error)
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return dry_page(place, _asked(place, form, correction), dry, dry.effects)


@blueprint.post(f"{QUESTION}/apply")
def apply(course: str, slug: str, version_id: int, number: int, kind: str) -> ResponseReturnValue:
    """Carry out what the dry run showed; where that has changed, show it afresh and change nothing."""
    place, published = _question(course, slug, version_id, number, kind), catalogue()
    form = correction_form(_item_now(place), place.kind)
    correction = _read(place, form)
    if correction is None:
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    asked = _asked(place, form, correction)
    if correcting.are_many(db_session(), place.scope):
        return _in_background(correcting.ACT, asked)
    try:
        with transaction() as session:
            regrade = journeys.apply_correction(
                session,
                published,
                place.scope,
                place.quiz,
                correction,
                reason=asked.reason,
                seal=asked.seal,
                by=current_visitor().person_id,
                at=now(),
            )
    except journeys.Moved as moved:
        fresh = moved.fresh
        return dry_page(place, asked, fresh, fresh.effects, says=moved.says), HTTPStatus.CONFLICT
    except Invalid as error:
        refuse(form, error)
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(str(APPLIED), "success")
    return redirect(
        url_for("instructor.correction", course=course, regrade_id=regrade.id), HTTPStatus.SEE_OTHER
    )


@blueprint.get("/<course>/corrections/<int:regrade_id>")
def correction(course: str, regrade_id: int) -> ResponseReturnValue:
    """One correction: what, why, who was touched, and what rests on a result that no longer passes."""
    found, regrade = taught(course), load_regrade(course, regrade_id)
    crossing: Sequence[Mapping[str, Any]] = regrade.effects["crossing"]
    undone = regrade.undone_effects.get("crossing", [])
    page, pages = page_of(max(len(crossing), len(undone)))
    job = job_about(db_session(), regrade.academy_id, *journeys.completions_of(regrade))
    shown = slice((page - 1) * STUDENTS_A_PAGE, page * STUDENTS_A_PAGE)
    ids = [effect["enrolment_id"] for effect in (*crossing[shown], *undone[shown])]
    return render_template(
        "instructor/correction.html",
        course=found.content,
        regrade=regrade,
        row=history(db_session(), [regrade])[0],
        acts=ACTS,
        crossing=crossing[shown],
        undone=undone[shown],
        names=names_of(db_session(), scope_of(regrade), ids),
        titles=module_titles(),
        page=page,
        pages=pages,
        told=_told(regrade, request.args.get("now", "")),
        job=job if job is not None and job.status is not JobStatus.DONE else None,
        is_missed=job is not None and nobody_works_on(job),
    )


@blueprint.get("/<course>/corrections/<int:regrade_id>/undo")
def undo(course: str, regrade_id: int) -> ResponseReturnValue:
    """The dry run of undoing a correction."""
    regrade, session = load_regrade(course, regrade_id), db_session()
    if regrade.undone_at is not None:
        return to_regrade(regrade)
    if correcting.are_many(session, scope_of(regrade)):
        return undo_page(regrade)
    quiz = pinned(session, regrade.version_id, Quiz).content
    dry = try_undoing(session, catalogue(), regrade, quiz)
    return undo_page(regrade, dry, dry.effects)


@blueprint.post("/<course>/corrections/<int:regrade_id>/undo/look")
def look_at_undoing(course: str, regrade_id: int) -> ResponseReturnValue:
    """The dry run of undoing a correction of very many attempts, in the background; changes nothing."""
    regrade = load_regrade(course, regrade_id)
    if regrade.undone_at is not None:
        return to_regrade(regrade)
    return _in_background(correcting.LOOK, Asked(scope_of(regrade), regrade_id=regrade.id))


@blueprint.post("/<course>/corrections/<int:regrade_id>/undo")
def undo_it(course: str, regrade_id: int) -> ResponseReturnValue:
    """Undo a correction as its dry run showed; where that has changed, show it afresh and change nothing."""
    regrade, published, seal = load_regrade(course, regrade_id), catalogue(), _seal()
    if correcting.are_many(db_session(), scope_of(regrade)):
        return _in_background(correcting.ACT, Asked(scope_of(regrade), regrade_id=regrade.id, seal=seal))
    quiz = pinned(db_session(), regrade.version_id, Quiz).content
    try:
        with transaction() as session:
            regrade = load_regrade(course, regrade_id)
            journeys.undo_correction(
                session,
                published,
                regrade,
                quiz,
                seal=seal,
                by=current_visitor().person_id,
                at=now(),
            )
    except journeys.Moved as moved:
        regrade = load_regrade(course, regrade_id)
        fresh = moved.fresh
        return undo_page(regrade, fresh, fresh.effects, says=moved.says), HTTPStatus.CONFLICT
    flash(str(UNDONE), "success")
    return to_regrade(regrade)


def _question(course: str, slug: str, version_id: int, number: int, kind: str) -> Place:
    place = place_of(course, slug, version_id)
    if not 1 <= number <= len(place.quiz.items) or kind not in list(CorrectionKind):
        raise NotFound(UNKNOWN)
    chosen = Place(place.course, place.scope, place.quiz, number, CorrectionKind(kind))
    if chosen.kind not in kinds_for(chosen.item):
        raise NotFound(UNKNOWN)
    return chosen


def _item_now(place: Place) -> AnyItem:
    """The question with the key that is in force."""
    return quiz_in_force(db_session(), place.scope, place.quiz).items[place.number - 1]


def _read(place: Place, form: SpokenForm) -> Correction | None:
    """The correction that a form holds, or None with all of the form's errors set."""
    is_whole = form.validate()
    if any(field.errors for field in key_fields(form)):
        return None
    try:
        correction = Correction(place.item.id, place.kind, detail_in(form, place.item, place.kind))
        corrected(place.quiz, [correction])
    except Invalid as error:
        refuse(form, error)
        return None
    return correction if is_whole else None


def _form_page(place: Place, form: SpokenForm) -> str:
    return render_template(
        "instructor/correct.html",
        course=place.course.content,
        place=place,
        form=form,
        keys=key_fields(form),
        name=NAMES[place.kind],
        hint=HINTS[place.kind],
    )


def _asked(place: Place, form: SpokenForm, correction: Correction) -> Asked:
    """What is asked for, with the fields as they were sent."""
    sent = [(name, value) for name, values in request.form.lists() for value in values if name in form]
    return Asked(
        place.scope,
        correction,
        reason=form["reason"].data.strip(),
        sent=tuple(pair for pair in sent if pair[0] != "csrf_token"),
        seal=_seal(),
    )


def _seal() -> str:
    """The seal that was sent; what cannot be one is none."""
    sent = request.form.get("seal", "")
    return sent if re.fullmatch(r"[0-9a-f]{64}", sent) else ""


def _in_background(kind: str, asked: Asked) -> ResponseReturnValue:
    with transaction() as session:
        job = correcting.ask(session, kind, asked, by=current_visitor().person_id, at=now())
    return redirect(work_address(job, asked.scope), HTTPStatus.SEE_OTHER)


def _told(regrade: Regrade, act: str) -> str:
    """What a job has done of late, as a request tells it."""
    if regrade.undone_at is not None:
        return str(UNDONE) if act == correcting.UNDONE else ""
    return str(APPLIED) if act == correcting.APPLIED else ""
