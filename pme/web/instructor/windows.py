"""The instructor's door at windows: when a cohort may begin a task."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme import invigilation
from pme.assessment.allowances import find_window
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment.models import Cohort
from pme.errors import Invalid
from pme.web.instructor.tasks import CourseTask, task_of
from pme.web.instructor.views import blueprint
from pme.web.instructor.window_form import WindowForm, as_typed, moment_of
from pme.web.loaders import load_cohort, load_taught_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/<course>/cohorts/<int:cohort_id>/windows/<task>/<slug>")
def window(course: str, cohort_id: int, task: str, slug: str) -> ResponseReturnValue:
    """When a cohort may begin a task, to be changed."""
    found, cohort, one = _asked(course, cohort_id, task, slug)
    kept = find_window(db_session(), cohort.academy_id, cohort.id, one.task, one.slug)
    data = {"opens": as_typed(kept.opens_at), "closes": as_typed(kept.closes_at)} if kept else {}
    return _page(found, cohort, one, WindowForm(formdata=None, data=data))


@blueprint.post("/<course>/cohorts/<int:cohort_id>/windows/<task>/<slug>")
def set_window(course: str, cohort_id: int, task: str, slug: str) -> ResponseReturnValue:
    """Say when a cohort may begin a task; with both fields empty, at any time."""
    found, cohort, one = _asked(course, cohort_id, task, slug)
    form = WindowForm()
    if form.validate():
        try:
            with transaction() as session:
                invigilation.set_window(
                    session,
                    load_cohort(found, cohort_id, for_update=True),
                    one.task,
                    one.slug,
                    opens_at=moment_of(form["opens"].data),
                    closes_at=moment_of(form["closes"].data),
                    by=current_visitor().person_id,
                    at=now(),
                )
            flash(_("“{title}”: the dates of this cohort are set.", title=one.title), "success")
            address = url_for("instructor.cohort", course=course, cohort_id=cohort_id)
            return redirect(address, HTTPStatus.SEE_OTHER)
        except Invalid as error:
            form[error.field or "closes"].errors = [error.says]
            cohort = load_cohort(found, cohort_id)
    return _page(found, cohort, one, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _asked(course: str, cohort_id: int, task: str, slug: str) -> tuple[Versioned[Course], Cohort, CourseTask]:
    found = load_taught_course(course)
    return found, load_cohort(found, cohort_id), task_of(found, task, slug)


def _page(course: Versioned[Course], cohort: Cohort, task: CourseTask, form: WindowForm) -> str:
    return render_template(
        "instructor/window.html", course=course.content, cohort=cohort, task=task, form=form, at=now()
    )
