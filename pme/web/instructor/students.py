"""The instructor's door at the students of a course: found, sorted, and put into cohorts, those chosen or all found."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme import audit
from pme.completing import complete_what_is_earned
from pme.enrolment import service as enrolment
from pme.enrolment.cohorts import plans_of
from pme.enrolment.models import Cohort
from pme.enrolment.plan import arranged_for
from pme.enrolment.queries import cohort_sizes, cohorts_of
from pme.permissions import enrolments_taught
from pme.reports.students import Stands, count_students, student_ids, student_rows
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.addresses import number_in
from pme.web.forms import ActForm
from pme.web.instructor.students_asked import NO_COHORT, Asked, asked_for
from pme.web.instructor.views import blueprint
from pme.web.listed import narrowed, remember_list
from pme.web.loaders import catalogue, load_cohort, load_taught_course
from pme.web.overlays import list_of
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import about, tell_done, to_progress
from pme.words.lazily import lazy
from pme.words.speech import _, _n

STATES = {
    Stands.NOT_BEGUN: lazy("Not begun"),
    Stands.UNDER_WAY: lazy("Under way"),
    Stands.COMPLETE: lazy("Complete"),
    Stands.WITHDRAWN: lazy("Withdrawn"),
}
FIGURES = ("steps", "modules", "passed", "marks")
NOBODY = lazy("Nobody was moved: choose at least one student in the list.")
NOT_THERE = lazy(
    "Nobody was moved: none of those chosen is a student of this course any more. Choose them in the list below."
)
NOT_ANOTHER = lazy("Nobody was moved: those chosen are there already.")


@blueprint.get("/<course>")
def students(course: str) -> ResponseReturnValue:
    """The students of a course, of all cohorts or of one, with progress and scores."""
    remember_list()
    taught = load_taught_course(course)
    asked = asked_for(taught, request.args)
    found, academy_id = taught.content, current_visitor().academy_id
    if asked.cohort is not None:
        found = arranged_for(
            found, plans_of(db_session(), academy_id, [asked.cohort.id]).get(asked.cohort.id, {})
        )
    modules = [m for slug in found.modules if (m := catalogue().module(slug))]
    paging = Paging.of(count_students(db_session(), asked.scope, text=asked.text))
    rows = student_rows(
        db_session(),
        asked.scope,
        modules,
        text=asked.text,
        sort=asked.sorting.asked,
        offset=paging.offset,
        limit=paging.size,
    )
    return render_template(
        "instructor/students.html",
        course=found,
        local=list_of(taught),
        rows=rows,
        paging=paging,
        asked=asked,
        where=asked.fields,
        heads=_heads(asked),
        chips=_chips(asked),
        states=STATES,
        cohorts=cohorts_of(db_session(), academy_id, course),
        sizes=cohort_sizes(db_session(), enrolments_taught(current_visitor(), course)),
        act=ActForm(formdata=None),
        scenarios=[
            scenario.content
            for module in modules
            for slug in module.content.completion.scenarios
            if (scenario := catalogue().scenario(slug))
        ],
    )


@blueprint.post("/<course>")
def change_students(course: str) -> ResponseReturnValue:
    """Put those chosen, or all found, into a cohort or into none."""
    taught = load_taught_course(course)
    asked, to = asked_for(taught, request.form), number_in(request.form.get("to")) or NO_COHORT
    ids = [number for text in request.form.getlist("student") if (number := number_in(text)) is not None]
    if request.form.get("all") == "yes":
        ids = student_ids(db_session(), asked.scope, text=asked.text)
    scope, visitor = enrolments_taught(current_visitor(), course), current_visitor()
    with transaction() as session:
        cohort = load_cohort(taught, to, for_update=True) if to else None
        before = stood(session, Thing.ENROLMENT, visitor.academy_id, ids, scope)
        moved = enrolment.move(session, ids, scope, cohort=cohort)
        if moved:
            _record(session, course, cohort, moved)
        change = keep(session, before, Did.MOVED, by=visitor.person_id, at=now(), course=course)
        job = complete_what_is_earned(
            session, catalogue(), visitor.academy_id, moved, about=about(change), at=now()
        )
    if moved:
        n = len(moved)
        tell_done(
            _n("{n} student moved into “{name}”.", "{n} students moved into “{name}”.", n, name=cohort.name)
            if cohort
            else _n("{n} student is in no cohort any more.", "{n} students are in no cohort any more.", n),
            change,
        )
    else:
        flash(NOT_ANOTHER if before.rows else NOT_THERE if ids else NOBODY, "problem")
    if job and change:
        return to_progress(change)
    page = number_in(request.form.get("page")) or 1
    fields: dict[str, str] = {**asked.fields, **({"page": str(page)} if page > 1 else {})}
    return redirect(url_for("instructor.students", course=course, **fields), HTTPStatus.SEE_OTHER)  # type: ignore[arg-type]


def _heads(asked: Asked) -> list[dict[str, Any]]:
    """The headings of the list, each of which sorts it."""
    texts = {
        "name": _("Student"),
        "steps": _("Steps done"),
        "modules": _("Modules complete"),
        "passed": _("Tasks passed"),
        "marks": _("Best marks, mean"),
        "cohort": _("Cohort"),
        "completed": _("Course completed"),
    }
    where = {"course": asked.course, **asked.fields}
    return asked.sorting.heads(texts, "instructor.students", where, numbers=FIGURES)


def _chips(asked: Asked) -> list[tuple[str, str]]:
    """What narrows the list, in words, each with the address of the list without it."""
    fields, found = {"course": asked.course, **asked.fields}, []
    if asked.text:
        found.append((_("Words: {words}", words=asked.text), "q"))
    if asked.cohort is not None:
        found.append((_("Cohort: {cohort}", cohort=asked.cohort.name), "cohort"))
    elif asked.chosen is not None:
        found.append((_("In no cohort"), "cohort"))
    if asked.state is not None:
        found.append((_("State: {state}", state=str(STATES[asked.state])), "state"))
    return [(says, narrowed("instructor.students", fields, name)) for says, name in found]


def _record(session: Session, course: str, cohort: Cohort | None, moved: list[int]) -> None:
    audit.record(
        session,
        "students put into cohort" if cohort else "students taken out of cohort",  # not words
        actor=f"person {current_visitor().person_id}",
        subject=f"cohort {cohort.id}" if cohort else f"course {course}",
        at=now(),
        academy_id=current_visitor().academy_id,
        detail={"course": course, "enrolments": moved},
    )
