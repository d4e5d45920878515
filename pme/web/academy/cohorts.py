"""The academy's door at cohorts: all of them, a new one, and how one is arranged."""

from http import HTTPStatus
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_, func, select

from pme.assessment.timetable import events_of_cohort
from pme.bundles.service import count_in_force
from pme.completing import complete_what_is_earned
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment import cohorts as arranging
from pme.enrolment import service as enrolment
from pme.enrolment.codes import end_codes, make_code, open_codes, shown
from pme.enrolment.dates import end_of
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.noting import note
from pme.enrolment.plan import Arranged
from pme.enrolment.queries import courses_chosen
from pme.errors import Invalid, NotFound
from pme.people.queries import get_academy
from pme.permissions import Can, may
from pme.reports.enrolled import names_at
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.calendars import calendar_sent, names
from pme.web.cohort_forms import CodeForm, DatesForm, as_typed, cohort_name
from pme.web.forms import ActForm
from pme.web.listed import remember_list
from pme.web.loaders import UNKNOWN, catalogue, load_academy_cohort
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sorting import Sorting
from pme.web.undo_notice import about, tell_done, to_progress
from pme.words.speech import _

SORTS: dict[str, ColumnElement[Any]] = {
    "made": Cohort.created_at.expression,
    "name": Cohort.name.expression,
    "course": Cohort.course.expression,
    "starts": Cohort.starts_on.expression,
}
"""What the list of cohorts can be sorted by."""


class CohortForm(DatesForm):
    """A cohort: its name and its dates."""

    name = cohort_name()


@blueprint.get("/cohorts")
def cohorts() -> ResponseReturnValue:
    """Every cohort of the academy, or those of one course."""
    require(Can.SEE_ACADEMY)
    remember_list()
    return _list(CohortForm(formdata=None))


@blueprint.post("/cohorts")
def add_cohort() -> ResponseReturnValue:
    """Make a cohort of a course that the academy offers."""
    require(Can.MANAGE_COHORTS)
    form, academy_id, course = CohortForm(), current_visitor().academy_id, request.form.get("course", "")
    if course not in _titles():
        raise NotFound(UNKNOWN)
    if form.validate():
        try:
            with transaction() as session:
                by = current_visitor().person_id
                cohort = enrolment.add_cohort(
                    session, academy_id, course=course, name=form["name"].data, at=now()
                )
                note(
                    session,
                    "cohort made",
                    academy_id=academy_id,
                    by=by,
                    subject=f"cohort {cohort.id}",
                    at=now(),
                    after={"cohort": cohort.id, "course": course},
                )
                starts_on, due_on = form.days
                arranging.set_dates(session, cohort, starts_on=starts_on, due_on=due_on, by=by, at=now())
            flash(
                _("“{cohort}” is created. Say who teaches it, and enrol people.", cohort=cohort.name),
                "success",
            )
            return _to(cohort.id)
        except Invalid as error:
            form[error.field or "name"].errors = [error.says]
    return _list(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/cohorts/<int:cohort_id>")
def cohort(cohort_id: int) -> ResponseReturnValue:
    """One cohort: who teaches it, its dates, modules and code."""
    return _page(load_academy_cohort(Can.SEE_ACADEMY, cohort_id))


@blueprint.post("/cohorts/<int:cohort_id>")
def save_cohort(cohort_id: int) -> ResponseReturnValue:
    """Change the name and the dates of a cohort."""
    kept, form = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id), CohortForm()
    if form.validate():
        try:
            with transaction() as session:
                by = current_visitor().person_id
                kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id, for_update=True)
                was = kept.name
                enrolment.rename_cohort(session, kept, name=form["name"].data)
                if kept.name != was:
                    kept.changed_at = now()
                    note(
                        session,
                        "cohort renamed",
                        academy_id=kept.academy_id,
                        by=by,
                        subject=f"cohort {kept.id}",
                        at=now(),
                        before={"cohort": kept.id},
                        after={"cohort": kept.id},
                    )
                starts_on, due_on = form.days
                arranging.set_dates(session, kept, starts_on=starts_on, due_on=due_on, by=by, at=now())
            flash(_("Saved."), "success")
            return _to(cohort_id)
        except Invalid as error:
            form[error.field or "name"].errors = [error.says]
            kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id)
    return _page(kept, form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/cohorts/<int:cohort_id>/instructors")
def cohort_instructors(cohort_id: int) -> ResponseReturnValue:
    """Say who teaches a cohort: everybody who is ticked, and nobody else."""
    load_academy_cohort(Can.MANAGE_COHORTS, cohort_id)
    ticked = [number for text in request.form.getlist("person") if (number := number_in(text))]
    with transaction() as session:
        kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id, for_update=True)
        before, by = stood(session, Thing.COHORT, kept.academy_id, [cohort_id]), current_visitor().person_id
        arranging.set_instructors(session, kept, ticked, by=by, at=now())
        change = keep(session, before, Did.TEACHERS, by=by, at=now(), course=kept.course)
    tell_done(_("Saved."), change)
    return _to(cohort_id)


@blueprint.post("/cohorts/<int:cohort_id>/modules")
def cohort_modules(cohort_id: int) -> ResponseReturnValue:
    """Say which optional modules a cohort asks for, and which it leaves out; then complete what is earned."""
    course = _course(load_academy_cohort(Can.MANAGE_COHORTS, cohort_id))
    known = {each.value: each for each in Arranged}
    plan = {
        module: known[said]
        for module in course.content.modules
        if (said := request.form.get(f"module-{module}", "")) in known
    }
    try:
        with transaction() as session:
            kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id, for_update=True)
            by = current_visitor().person_id
            before = stood(session, Thing.COHORT, kept.academy_id, [cohort_id])
            arranging.set_plan(session, kept, course.content, plan, by=by, at=now())
            change = keep(session, before, Did.MODULES, by=by, at=now(), course=kept.course)
            ids = [each.id for each in arranging.in_cohort(session, kept)]
            job = complete_what_is_earned(
                session, catalogue(), kept.academy_id, ids, about=about(change), at=now()
            )
        tell_done(_("Saved. What students have completed stays completed."), change)
        if job and change:
            return to_progress(change)
    except Invalid as error:
        flash(error.says, "problem")
    return _to(cohort_id)


@blueprint.post("/cohorts/<int:cohort_id>/code")
def cohort_code(cohort_id: int) -> ResponseReturnValue:
    """Make a code with which students come in by themselves, or close the one there is."""
    kept, form = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id), CodeForm()
    by = current_visitor().person_id
    if request.form.get("go") == "close":
        with transaction() as session:
            kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id, for_update=True)
            end_codes(session, kept, by=by, at=now())
        flash(_("The code is closed. Those who joined with it stay."), "success")
        return _to(cohort_id)
    if form.validate():
        try:
            with transaction() as session:
                kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id, for_update=True)
                until = end_of(form.last_day, get_academy(session, kept.academy_id).time_zone)
                make_code(session, kept, capacity=form.places, expires_at=until, by=by, at=now())
            flash(_("The code is created. Give it to the students of this cohort only."), "success")
            return _to(cohort_id)
        except Invalid as error:
            form[error.field or "until"].errors = [error.says]
            kept = load_academy_cohort(Can.MANAGE_COHORTS, cohort_id)
    return _page(kept, code_form=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/cohorts/<int:cohort_id>/dates.ics")
def cohort_calendar(cohort_id: int) -> Response:
    """The dates of a cohort, for a calendar."""
    kept = load_academy_cohort(Can.SEE_ACADEMY, cohort_id)
    events = events_of_cohort(db_session(), kept, names())
    return calendar_sent(kept.name, events, file=f"cohort-{kept.id}.ics")


def _titles() -> dict[str, str]:
    """The courses that the academy offers and that are published."""
    chosen = courses_chosen(db_session(), current_visitor().academy_id)
    return {c.content.slug: c.content.title for c in catalogue().courses if c.content.slug in chosen}


def _course(cohort: Cohort) -> Versioned[Course]:
    course = catalogue().course(cohort.course)
    if course is None:
        raise NotFound(UNKNOWN)
    return course


def _list(form: CohortForm) -> str:
    academy_id, session = current_visitor().academy_id, db_session()
    chosen = request.args.get("course", "")
    scope = Cohort.academy_id == academy_id
    if chosen:
        scope = and_(scope, Cohort.course == chosen)
    paging = Paging.of(session.scalar(select(func.count(Cohort.id)).where(scope)) or 0)
    sorting = Sorting.of(request.args, SORTS, "-made")
    where = ({"course": chosen} if chosen else {}) | sorting.fields
    column = SORTS[sorting.key].desc() if sorting.is_down else SORTS[sorting.key].asc()
    listed = select(Cohort).where(scope).order_by(column.nulls_last(), Cohort.id.desc())
    rows = session.scalars(listed.offset(paging.offset).limit(paging.size)).all()
    ids = [row.id for row in rows]
    taught = arranging.instructors_of(session, academy_id, ids)
    people = [person_id for each in taught.values() for person_id in each]
    return render_template(
        "academy/cohorts.html",
        rows=rows,
        sizes=_sizes(ids),
        taught=taught,
        people=names_at(session, academy_id, people),
        titles=_titles(),
        chosen=chosen,
        heads=[sorting.head(key, text, "academy.cohorts", where) for key, text in _heads().items()],
        sort=where.get("sort", ""),
        paging=paging,
        form=form,
        zone=get_academy(session, academy_id).time_zone,
    )


def _heads() -> dict[str, str]:
    return {"name": _("Cohort"), "course": _("Course"), "starts": _("Dates")}


def _sizes(cohort_ids: list[int]) -> dict[int | None, int]:
    rows = db_session().execute(
        select(Enrolment.cohort_id, func.count(Enrolment.id))
        .where(
            Enrolment.academy_id == current_visitor().academy_id,
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.status == EnrolmentStatus.ACTIVE,
        )
        .group_by(Enrolment.cohort_id)
    )
    return {row[0]: row[1] for row in rows}


def _page(cohort: Cohort, *, form: CohortForm | None = None, code_form: CodeForm | None = None) -> str:
    session, course = db_session(), _course(cohort).content
    data: dict[str, Any] = {
        "name": cohort.name,
        "starts": as_typed(cohort.starts_on),
        "due": as_typed(cohort.due_on),
    }
    code = open_codes(session, cohort.academy_id, [cohort.id]).get(cohort.id)
    optional = [
        m.content for slug in course.modules if slug in course.optional and (m := catalogue().module(slug))
    ]
    return render_template(
        "academy/cohort.html",
        cohort=cohort,
        course=course,
        size=_sizes([cohort.id]).get(cohort.id, 0),
        teachers=arranging.teachers_of(session, cohort.academy_id, cohort.course),
        teaching=arranging.instructors_of(session, cohort.academy_id, [cohort.id]).get(cohort.id, []),
        optional=optional,
        plan=arranging.plans_of(session, cohort.academy_id, [cohort.id]).get(cohort.id, {}),
        code=code,
        code_shown=shown(code.code) if code else "",
        form=form or CohortForm(formdata=None, data=data),
        code_form=code_form or CodeForm(formdata=None, data={"capacity": ""}),
        act=ActForm(formdata=None),
        zone=get_academy(session, cohort.academy_id).time_zone,
        at=now(),
        certificates=count_in_force(session, cohort.academy_id, cohort.id, at=now()),
        takes_certificates=may(current_visitor(), Can.TAKE_CERTIFICATES, cohort.academy_id),
    )


def _to(cohort_id: int) -> ResponseReturnValue:
    return redirect(url_for("academy.cohort", cohort_id=cohort_id), HTTPStatus.SEE_OTHER)
