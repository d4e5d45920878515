"""The instructor's door at corrections of questions: choose a question, try a correction, apply it, undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from pme import journeys_regrade as journeys
from pme.assessment.correction_words import ACTS, HINTS, NAMES, correction_html
from pme.assessment.corrections import Correction, CorrectionKind, corrected, kinds_for
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Scope, find_regrade, quiz_in_force, scope_of
from pme.content.catalogue import Versioned, pinned
from pme.content.shapes import AnyItem, Course, Quiz
from pme.enrolment.queries import find_enrolment
from pme.errors import Invalid, NotAllowed, NotFound
from pme.permissions import Can, may
from pme.reports.regrade_dry_run import DryRun, try_correction, try_undoing
from pme.reports.regrade_effects import names_of
from pme.reports.regrade_rows import has_attempts, history, question_rows, regrades_in, versions_in
from pme.web.forms import ActForm
from pme.web.instructor.regrade_forms import correction_form, detail_in, key_fields, refuse
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN, catalogue, load_taught_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _

STUDENTS_A_PAGE = 100
QUESTION = "/<course>/corrections/<slug>/<int:version_id>/questions/<int:number>/<kind>"


@dataclass(frozen=True)
class Place:
    """What is being corrected: a version of a quiz in a course, and where it is one of its questions."""

    course: Versioned[Course]
    scope: Scope
    quiz: Quiz
    number: int = 0
    kind: CorrectionKind = CorrectionKind.KEY

    @property
    def item(self) -> AnyItem:
        """The question."""
        return self.quiz.items[self.number - 1]

    def address(self, endpoint: str) -> str:
        """The address of an act on the question."""
        return url_for(
            endpoint,
            course=self.scope.course,
            slug=self.scope.slug,
            version_id=self.scope.version_id,
            number=self.number,
            kind=self.kind.value,
        )


@blueprint.get("/<course>/corrections")
def corrections(course: str) -> ResponseReturnValue:
    """The quizzes of a course that were attempted, version by version."""
    found = _taught(course)
    rows = versions_in(db_session(), current_visitor().academy_id, course)
    return render_template("instructor/corrections.html", course=found.content, rows=rows)


@blueprint.get("/<course>/corrections/<slug>/<int:version_id>")
def questions(course: str, slug: str, version_id: int) -> ResponseReturnValue:
    """The questions of one version, with their keys and how they went, and every correction of the quiz."""
    place, session = _place(course, slug, version_id), db_session()
    return render_template(
        "instructor/questions.html",
        course=place.course.content,
        place=place,
        rows=question_rows(session, place.scope, place.quiz),
        history=history(session, regrades_in(session, place.scope.academy_id, course, slug)),
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
    try:
        dry = try_correction(db_session(), catalogue(), place.scope, place.quiz, correction)
    except Invalid as error:
        refuse(form, error)
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _dry_page(place, form, correction, dry)


@blueprint.post(f"{QUESTION}/apply")
def apply(course: str, slug: str, version_id: int, number: int, kind: str) -> ResponseReturnValue:
    """Carry out what the dry run showed; where that has changed, show it afresh and change nothing."""
    place, published = _question(course, slug, version_id, number, kind), catalogue()
    form = correction_form(_item_now(place), place.kind)
    correction = _read(place, form)
    if correction is None:
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            regrade = journeys.apply_correction(
                session,
                published,
                place.scope,
                place.quiz,
                correction,
                reason=form["reason"].data.strip(),
                seal=request.form.get("seal", ""),
                by=current_visitor().person_id,
                at=now(),
            )
    except journeys.Moved as moved:
        return _dry_page(place, form, correction, moved.fresh, says=moved.says), HTTPStatus.CONFLICT
    except Invalid as error:
        refuse(form, error)
        return _form_page(place, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The question is corrected. Results go by it from now on."), "success")
    return redirect(
        url_for("instructor.correction", course=course, regrade_id=regrade.id), HTTPStatus.SEE_OTHER
    )


@blueprint.get("/<course>/corrections/<int:regrade_id>")
def correction(course: str, regrade_id: int) -> ResponseReturnValue:
    """One correction: what, why, who was touched, and what rests on a result that no longer passes."""
    found, regrade = _taught(course), _load_regrade(course, regrade_id)
    crossing: Sequence[Mapping[str, Any]] = regrade.effects["crossing"]
    undone = regrade.undone_effects.get("crossing", [])
    page, pages = _page_of(max(len(crossing), len(undone)))
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
        titles=_module_titles(),
        page=page,
        pages=pages,
    )


@blueprint.get("/<course>/corrections/<int:regrade_id>/undo")
def undo(course: str, regrade_id: int) -> ResponseReturnValue:
    """The dry run of undoing a correction."""
    regrade = _load_regrade(course, regrade_id)
    if regrade.undone_at is not None:
        return _to(regrade)
    quiz = pinned(db_session(), regrade.version_id, Quiz).content
    return _undo_page(regrade, try_undoing(db_session(), catalogue(), regrade, quiz))


@blueprint.post("/<course>/corrections/<int:regrade_id>/undo")
def undo_it(course: str, regrade_id: int) -> ResponseReturnValue:
    """Undo a correction as its dry run showed; where that has changed, show it afresh and change nothing."""
    regrade, published = _load_regrade(course, regrade_id), catalogue()
    quiz = pinned(db_session(), regrade.version_id, Quiz).content
    try:
        with transaction() as session:
            regrade = _load_regrade(course, regrade_id)
            journeys.undo_correction(
                session,
                published,
                regrade,
                quiz,
                seal=request.form.get("seal", ""),
                by=current_visitor().person_id,
                at=now(),
            )
    except journeys.Moved as moved:
        regrade = _load_regrade(course, regrade_id)
        return _undo_page(regrade, moved.fresh, says=moved.says), HTTPStatus.CONFLICT
    flash(_("The correction is undone. Results go without it from now on."), "success")
    return _to(regrade)


def _taught(course: str) -> Versioned[Course]:
    """A course that the visitor teaches and does not take: keys are not for its taker."""
    found, visitor = load_taught_course(course), current_visitor()
    if find_enrolment(db_session(), visitor.person_id, visitor.academy_id, course) is not None:
        raise NotAllowed(
            _("You take this course yourself, so that somebody else has to correct its questions.")
        )
    return found


def _place(course: str, slug: str, version_id: int) -> Place:
    found = _taught(course)
    scope = Scope(current_visitor().academy_id, course, slug, version_id)
    if not may(current_visitor(), Can.CORRECT_QUESTIONS, scope) or not has_attempts(db_session(), scope):
        raise NotFound(UNKNOWN)
    quiz = pinned(db_session(), version_id, Quiz).content
    if quiz.slug != slug:
        raise NotFound(UNKNOWN)
    return Place(found, scope, quiz)


def _question(course: str, slug: str, version_id: int, number: int, kind: str) -> Place:
    place = _place(course, slug, version_id)
    if not 1 <= number <= len(place.quiz.items) or kind not in list(CorrectionKind):
        raise NotFound(UNKNOWN)
    chosen = Place(place.course, place.scope, place.quiz, number, CorrectionKind(kind))
    if chosen.kind not in kinds_for(chosen.item):
        raise NotFound(UNKNOWN)
    return chosen


def _load_regrade(course: str, regrade_id: int) -> Regrade:
    _taught(course)
    regrade = find_regrade(db_session(), regrade_id, current_visitor().academy_id)
    if (
        regrade is None
        or regrade.course != course
        or not may(current_visitor(), Can.CORRECT_QUESTIONS, regrade)
    ):
        raise NotFound(UNKNOWN)
    return regrade


def _item_now(place: Place) -> AnyItem:
    """The question with the key that is in force."""
    return quiz_in_force(db_session(), place.scope, place.quiz).items[place.number - 1]


def _read(place: Place, form: FlaskForm) -> Correction | None:
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


def _form_page(place: Place, form: FlaskForm) -> str:
    return render_template(
        "instructor/correct.html",
        course=place.course.content,
        place=place,
        form=form,
        keys=key_fields(form),
        name=NAMES[place.kind],
        hint=HINTS[place.kind],
    )


def _dry_page(place: Place, form: FlaskForm, correction: Correction, dry: DryRun, *, says: str = "") -> str:
    sent = [(name, value) for name, values in request.form.lists() for value in values if name in form]
    return render_template(
        "instructor/dry-run.html",
        course=place.course.content,
        place=place,
        form=form,
        sent=[pair for pair in sent if pair[0] != "csrf_token"],
        act=NAMES[place.kind],
        key=correction_html(place.item, correction),
        reason=form["reason"].data,
        says=says,
        **_shown(dry, place.scope),
    )


def _undo_page(regrade: Regrade, dry: DryRun, *, says: str = "") -> str:
    return render_template(
        "instructor/undo-correction.html",
        course=load_taught_course(regrade.course).content,
        regrade=regrade,
        row=history(db_session(), [regrade])[0],
        acts=ACTS,
        says=says,
        form=ActForm(),
        **_shown(dry, scope_of(regrade)),
    )


def _shown(dry: DryRun, scope: Scope) -> dict[str, Any]:
    """A page of a dry run: its counts and some of the students it touches."""
    page, pages = _page_of(len(dry.effects))
    effects = dry.effects[(page - 1) * STUDENTS_A_PAGE : page * STUDENTS_A_PAGE]
    return {
        "dry": dry,
        "effects": effects,
        "names": names_of(db_session(), scope, [effect.enrolment_id for effect in effects]),
        "titles": _module_titles(),
        "page": page,
        "pages": pages,
    }


def _page_of(total: int) -> tuple[int, int]:
    pages = max(1, -(-total // STUDENTS_A_PAGE))
    return min(max(1, request.values.get("page", 1, type=int)), pages), pages


def _module_titles() -> dict[str, str]:
    return {slug: module.content.title for slug, module in catalogue().modules_by_slug.items()}


def _to(regrade: Regrade) -> ResponseReturnValue:
    address = url_for("instructor.correction", course=regrade.course, regrade_id=regrade.id)
    return redirect(address, HTTPStatus.SEE_OTHER)
