"""The instructor's door at cohorts: make and name them, and say who is in which."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.allowances import windows_of
from pme.completing import complete_what_is_earned
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment import service as enrolment
from pme.enrolment.codes import open_codes, shown
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.queries import cohort_sizes, cohorts_of, names_in
from pme.errors import Invalid
from pme.people.queries import get_academy
from pme.permissions import enrolments_taught
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.addresses import number_in
from pme.web.cohort_forms import CodeForm, DatesForm, as_typed
from pme.web.forms import ActForm
from pme.web.instructor.forms import CohortForm
from pme.web.instructor.tasks import tasks_of
from pme.web.instructor.views import blueprint
from pme.web.loaders import catalogue, load_cohort, load_taught_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import about, tell_done, to_progress
from pme.words.speech import _, _n

SHOWN = 300
"""Names in one list; whoever stands further down comes up as others are moved."""


@blueprint.get("/<course>/cohorts")
def cohorts(course: str) -> ResponseReturnValue:
    """The cohorts of a course, and a form for another one."""
    return _list(load_taught_course(course), CohortForm())


@blueprint.post("/<course>/cohorts")
def add_cohort(course: str) -> ResponseReturnValue:
    """Make a cohort."""
    found, form = load_taught_course(course), CohortForm()
    if form.validate():
        try:
            with transaction() as session:
                cohort = enrolment.add_cohort(
                    session, current_visitor().academy_id, course=course, name=form["name"].data, at=now()
                )
                _record(session, "cohort made", cohort, {"name": cohort.name})
            flash(_("“{name}” is created. Now say who is in it.", name=cohort.name), "success")
            return _to(cohort)
        except Invalid as error:
            form["name"].errors = [error.says]
    return _list(found, form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/<course>/cohorts/<int:cohort_id>")
def cohort(course: str, cohort_id: int) -> ResponseReturnValue:
    """One cohort: its name, who is in it, who could be."""
    found = load_taught_course(course)
    kept = load_cohort(found, cohort_id)
    return cohort_page(found, kept)


@blueprint.post("/<course>/cohorts/<int:cohort_id>")
def rename_cohort(course: str, cohort_id: int) -> ResponseReturnValue:
    """Give a cohort another name."""
    found, form = load_taught_course(course), CohortForm()
    kept = load_cohort(found, cohort_id)
    if form.validate():
        try:
            with transaction() as session:
                kept = load_cohort(found, cohort_id, for_update=True)
                before = kept.name
                enrolment.rename_cohort(session, kept, name=form["name"].data)
                if kept.name != before:
                    _record(session, "cohort renamed", kept, {"from": before, "to": kept.name})
            flash(_("The cohort is called “{name}”.", name=kept.name), "success")
            return _to(kept)
        except Invalid as error:
            form["name"].errors = [error.says]
            kept = load_cohort(found, cohort_id)
    return cohort_page(found, kept, form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<course>/cohorts/<int:cohort_id>/students")
def move_students(course: str, cohort_id: int) -> ResponseReturnValue:
    """Put the chosen students into the cohort, or those chosen among its own out of it."""
    found = load_taught_course(course)
    chosen = [number for text in request.form.getlist("student") if (number := number_in(text)) is not None]
    is_leaving = request.form.get("go") == "out"
    with transaction() as session:
        kept = load_cohort(found, cohort_id, for_update=True)
        scope = enrolments_taught(current_visitor(), course)
        if is_leaving:
            scope = and_(scope, Enrolment.cohort_id == kept.id)
        before = stood(session, Thing.ENROLMENT, kept.academy_id, chosen, scope)
        moved = enrolment.move(session, chosen, scope, cohort=None if is_leaving else kept)
        if moved:
            act = "students taken out of cohort" if is_leaving else "students put into cohort"  # not words
            _record(session, act, kept, {"enrolments": moved})
        by = current_visitor().person_id
        change = keep(session, before, Did.MOVED, by=by, at=now(), course=course)
        job = complete_what_is_earned(
            session, catalogue(), kept.academy_id, moved, about=about(change), at=now()
        )
    n = len(moved)
    if not moved:
        flash(_("Nobody was moved: choose at least one student in the list."), "problem")
    else:
        says = (
            _n("{n} student moved out of “{name}”.", "{n} students moved out of “{name}”.", n, name=kept.name)
            if is_leaving
            else _n(
                "{n} student moved into “{name}”.", "{n} students moved into “{name}”.", n, name=kept.name
            )
        )
        tell_done(says, change)
    return to_progress(change) if job and change else _to(kept)


def _list(course: Versioned[Course], form: CohortForm) -> str:
    scope = enrolments_taught(current_visitor(), course.content.slug)
    return render_template(
        "instructor/cohorts.html",
        course=course.content,
        cohorts=cohorts_of(db_session(), current_visitor().academy_id, course.content.slug),
        sizes=cohort_sizes(db_session(), scope),
        form=form,
    )


def cohort_page(
    course: Versioned[Course],
    cohort: Cohort,
    form: CohortForm | None = None,
    *,
    dates_form: DatesForm | None = None,
    code_form: CodeForm | None = None,
) -> str:
    """One cohort as its instructors see it, with whichever form was filled in wrongly."""
    days = {"starts": as_typed(cohort.starts_on), "due": as_typed(cohort.due_on)}
    code = open_codes(db_session(), cohort.academy_id, [cohort.id]).get(cohort.id)
    scope = enrolments_taught(current_visitor(), course.content.slug)
    others = Enrolment.cohort_id.is_distinct_from(cohort.id)
    sizes = cohort_sizes(db_session(), scope)
    return render_template(
        "instructor/cohort.html",
        course=course.content,
        cohort=cohort,
        names={one.id: one.name for one in cohorts_of(db_session(), cohort.academy_id, cohort.course)},
        members=names_in(db_session(), and_(scope, Enrolment.cohort_id == cohort.id), at_most=SHOWN),
        others=names_in(db_session(), and_(scope, others), at_most=SHOWN),
        size=sizes.get(cohort.id, 0),
        rest=sum(sizes.values()) - sizes.get(cohort.id, 0),
        tasks=tasks_of(course),
        windows=windows_of(db_session(), cohort),
        form=form or CohortForm(formdata=None, data={"name": cohort.name}),
        dates_form=dates_form or DatesForm(formdata=None, data=days),
        code_form=code_form or CodeForm(formdata=None, data={"capacity": ""}),
        code=code,
        code_shown=shown(code.code) if code else "",
        zone=get_academy(db_session(), cohort.academy_id).time_zone,
        at=now(),
        act=ActForm(formdata=None),
    )


def _to(cohort: Cohort) -> ResponseReturnValue:
    address = url_for("instructor.cohort", course=cohort.course, cohort_id=cohort.id)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _record(session: Session, act: str, cohort: Cohort, detail: Mapping[str, object]) -> None:
    audit.record(
        session,
        act,
        actor=f"person {current_visitor().person_id}",
        subject=f"cohort {cohort.id}",
        at=now(),
        academy_id=cohort.academy_id,
        detail={"course": cohort.course, **detail},
    )
