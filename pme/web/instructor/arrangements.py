"""The instructor's door at what one student needs: time and breaks in every timed task, further attempts."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import invigilation
from pme.assessment.allowances import allowance_of, terms_of
from pme.assessment.queries import standings
from pme.assessment.timing import Allowance
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment.dates import in_words, is_over
from pme.enrolment.due import dues_by_enrolment, extensions_of
from pme.enrolment.models import Enrolment
from pme.errors import Conflict
from pme.people.queries import get_academy, get_person
from pme.permissions import Can
from pme.web.cohort_forms import ExtensionForm, as_typed
from pme.web.forms import TimeForm
from pme.web.instructor.tasks import task_of, tasks_of
from pme.web.instructor.views import blueprint
from pme.web.loaders import load_taught_course, load_taught_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/<course>/students/<int:enrolment_id>/time")
def student_time(course: str, enrolment_id: int) -> ResponseReturnValue:
    """What a student needs in timed tasks, and their attempts at each."""
    found = load_taught_course(course)
    enrolment = load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME)
    return time_page(found, enrolment)


@blueprint.post("/<course>/students/<int:enrolment_id>/time")
def arrange_time(course: str, enrolment_id: int) -> ResponseReturnValue:
    """Set what a student needs in every timed task of the academy."""
    found, form = load_taught_course(course), TimeForm()
    enrolment = load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME)
    if not form.validate():
        return time_page(found, enrolment, form), HTTPStatus.UNPROCESSABLE_ENTITY
    allowance = Allowance(int(form["time_percent"].data), int(form["break_minutes"].data))
    with transaction() as session:
        invigilation.arrange(
            session,
            enrolment.person_id,
            enrolment.academy_id,
            allowance=allowance,
            by=current_visitor().person_id,
            at=now(),
        )
    flash(_("Set for every timed task, also for one that is under way."), "success")
    return _back(course, enrolment_id)


@blueprint.post("/<course>/students/<int:enrolment_id>/further-attempts")
def give_attempt(course: str, enrolment_id: int) -> ResponseReturnValue:
    """Give a student one more attempt at a task of which none is left."""
    found = load_taught_course(course)
    load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME)
    one = task_of(found, request.form.get("task", ""), request.form.get("slug", ""))
    try:
        with transaction() as session:
            invigilation.give_further_attempt(
                session,
                load_taught_enrolment(found, enrolment_id, can=Can.ARRANGE_TIME, for_update=True),
                one.task,
                one.slug,
                limit=one.limit,
                by=current_visitor().person_id,
                at=now(),
            )
        flash(_("One more attempt at “{title}” is given.", title=one.title), "success")
    except Conflict as error:
        flash(error.says)
    return _back(course, enrolment_id)


def time_page(
    course: Versioned[Course],
    enrolment: Enrolment,
    form: TimeForm | None = None,
    *,
    extension_form: ExtensionForm | None = None,
) -> str:
    """What one student has of time, with whichever form was filled in wrongly."""
    kept = allowance_of(db_session(), enrolment.person_id, enrolment.academy_id)
    due = dues_by_enrolment(db_session(), enrolment.academy_id, [enrolment.id])[enrolment.id]
    extensions = extensions_of(db_session(), enrolment)
    academy = get_academy(db_session(), enrolment.academy_id)
    data = {"time_percent": str(kept.time_percent), "break_minutes": str(kept.break_minutes)}
    when = {"due": as_typed(due.due_on), "reason": ""}
    standing = standings(db_session(), enrolment.academy_id, [enrolment.id])[enrolment.id]
    lines = []
    for one in tasks_of(course):
        terms = terms_of(db_session(), enrolment, one.task, one.slug, limit=one.limit)
        at_it = standing.get((one.task, one.slug))
        lines.append((one, at_it.attempts if at_it else 0, terms.attempts))
    return render_template(
        "instructor/student-time.html",
        course=course.content,
        enrolment=enrolment,
        person=get_person(db_session(), enrolment.person_id),
        lines=lines,
        form=form or TimeForm(formdata=None, data=data),
        extension_form=extension_form or ExtensionForm(formdata=None, data=when),
        due=due,
        due_words=in_words(due.due_on, now(), academy.time_zone) if due.due_on else "",
        due_over=bool(due.due_on and is_over(due.due_on, now(), academy.time_zone)),
        extensions=extensions,
        zone=academy.time_zone,
    )


def _back(course: str, enrolment_id: int) -> ResponseReturnValue:
    address = url_for("instructor.student_time", course=course, enrolment_id=enrolment_id)
    return redirect(address, HTTPStatus.SEE_OTHER)
