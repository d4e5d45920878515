"""The instructor's door at time: dates and code of a cohort, a later due date of one student."""

from http import HTTPStatus

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.assessment.timetable import events_of_cohort
from pme.enrolment import cohorts as arranging
from pme.enrolment.codes import end_codes, make_code
from pme.enrolment.dates import end_of
from pme.enrolment.due import extend
from pme.errors import Invalid
from pme.people.queries import get_academy
from pme.permissions import Can
from pme.web.calendars import calendar_sent, names
from pme.web.cohort_forms import CodeForm, DatesForm, ExtensionForm
from pme.web.instructor.arrangements import time_page
from pme.web.instructor.cohorts import cohort_page
from pme.web.instructor.views import blueprint
from pme.web.loaders import load_cohort, load_taught_course, load_taught_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.post("/<course>/cohorts/<int:cohort_id>/dates")
def cohort_dates(course: str, cohort_id: int) -> ResponseReturnValue:
    """Say when a cohort starts and until when it has time."""
    found, form = load_taught_course(course), DatesForm()
    kept = load_cohort(found, cohort_id)
    if form.validate():
        starts_on, due_on = form.days
        try:
            with transaction() as session:
                kept = load_cohort(found, cohort_id, for_update=True)
                by = current_visitor().person_id
                arranging.set_dates(session, kept, starts_on=starts_on, due_on=due_on, by=by, at=now())
            flash(_("The dates are saved. Students and calendars see them at once."), "success")
            return _to(course, cohort_id)
        except Invalid as error:
            form[error.field or "due"].errors = [error.says]
            kept = load_cohort(found, cohort_id)
    return cohort_page(found, kept, dates_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<course>/cohorts/<int:cohort_id>/code")
def cohort_code(course: str, cohort_id: int) -> ResponseReturnValue:
    """Make a code with which students come in by themselves, or close the one there is."""
    found, form = load_taught_course(course), CodeForm()
    kept, by = load_cohort(found, cohort_id), current_visitor().person_id
    if request.form.get("go") == "close":
        with transaction() as session:
            end_codes(session, load_cohort(found, cohort_id, for_update=True), by=by, at=now())
        flash(_("The code is closed. Those who joined with it stay."), "success")
        return _to(course, cohort_id)
    if form.validate():
        try:
            with transaction() as session:
                kept = load_cohort(found, cohort_id, for_update=True)
                until = end_of(form.last_day, get_academy(session, kept.academy_id).time_zone)
                make_code(session, kept, capacity=form.places, expires_at=until, by=by, at=now())
            flash(_("The code is created. Give it to the students of this cohort only."), "success")
            return _to(course, cohort_id)
        except Invalid as error:
            form[error.field or "until"].errors = [error.says]
            kept = load_cohort(found, cohort_id)
    return cohort_page(found, kept, code_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/<course>/cohorts/<int:cohort_id>/dates.ics")
def cohort_calendar(course: str, cohort_id: int) -> Response:
    """The dates of a cohort, for a calendar."""
    kept = load_cohort(load_taught_course(course), cohort_id)
    return calendar_sent(
        kept.name, events_of_cohort(db_session(), kept, names()), file=f"cohort-{kept.id}.ics"
    )


@blueprint.post("/<course>/students/<int:enrolment_id>/extension")
def extend_due(course: str, enrolment_id: int) -> ResponseReturnValue:
    """Give a student a later due date."""
    found, form = load_taught_course(course), ExtensionForm()
    enrolment = load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME)
    if form.validate():
        try:
            with transaction() as session:
                held = load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME, for_update=True)
                by, reason = current_visitor().person_id, form["reason"].data or ""
                extend(session, held, due_on=form.last_day, reason=reason, by=by, at=now())
            flash(_("The due date is set. The student sees it at once."), "success")
            address = url_for("instructor.student_time", course=course, enrolment_id=enrolment_id)
            return redirect(address, HTTPStatus.SEE_OTHER)
        except Invalid as error:
            form[error.field or "due"].errors = [error.says]
            enrolment = load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME)
    return time_page(found, enrolment, extension_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _to(course: str, cohort_id: int) -> ResponseReturnValue:
    return redirect(url_for("instructor.cohort", course=course, cohort_id=cohort_id), HTTPStatus.SEE_OTHER)
