"""The academy's door at enrolments: who takes what; and the dates of one."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_

from pme.assessment.allowances import allowance_of
from pme.enrolment.dates import in_words, is_over
from pme.enrolment.due import dues_by_enrolment, extend, extensions_of
from pme.enrolment.models import Enrolment
from pme.enrolment.prerequisites import waiver_of
from pme.enrolment.queries import cohorts_of
from pme.errors import Invalid
from pme.people.queries import get_academy
from pme.permissions import Can, enrolments_run
from pme.reports.enrolled import EnrolledRow, enrolled, names_at
from pme.web.academy.enrolments_asked import ACTIVE, Asked, asked_for, titles
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.cohort_forms import ExtensionForm, as_typed
from pme.web.forms import ActForm
from pme.web.listed import narrowed, remember_list
from pme.web.loaders import load_academy_enrolment
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _

SIZE = 100


@blueprint.get("/enrolments")
def enrolments() -> ResponseReturnValue:
    """Who is enrolled, by course, cohort, state and name."""
    require(Can.SEE_PEOPLE)
    remember_list()
    return enrolments_page(asked_for(request.args), max(1, number_in(request.args.get("page")) or 1))


def enrolments_page(
    asked: Asked, page: int, *, form: ExtensionForm | None = None, chosen: Sequence[int] = ()
) -> str:
    """The enrolments asked for; `form` is what cannot be done with those chosen, who stay chosen."""
    session, visitor = db_session(), current_visitor()
    total, rows = _rows(asked, page)
    paging = Paging.of(total, size=SIZE)
    if (last := min(page, paging.pages)) != page:
        page, (total, rows) = last, _rows(asked, last)
    return render_template(
        "academy/enrolments.html",
        rows=rows,
        dues=dues_by_enrolment(session, visitor.academy_id, [row.enrolment_id for row in rows]),
        titles=titles(),
        cohorts=cohorts_of(session, visitor.academy_id, asked.course) if asked.course else [],
        course=asked.course,
        cohort=asked.cohort,
        status=asked.status,
        text=asked.text,
        where=asked.fields,
        heads=_heads(asked),
        chips=_chips(asked),
        paging=replace(paging, page=page),
        form=form or ExtensionForm(formdata=None, data={"due": "", "reason": ""}),
        chosen=chosen,
        zone=get_academy(session, visitor.academy_id).time_zone,
    )


def _rows(asked: Asked, page: int) -> tuple[int, list[EnrolledRow]]:
    academy_id = current_visitor().academy_id
    scope = and_(enrolments_run(current_visitor()), asked.scope)
    return enrolled(
        db_session(),
        academy_id,
        scope,
        text=asked.text,
        sort=asked.sorting.asked,
        offset=(page - 1) * SIZE,
        limit=SIZE,
    )


def _heads(asked: Asked) -> list[dict[str, str]]:
    """The headings of the list, each of which sorts it."""
    texts = {
        "name": _("Student"),
        "course": _("Course"),
        "cohort": _("Cohort"),
        "due": _("Due"),
        "state": _("State"),
    }
    return [asked.sorting.head(key, text, "academy.enrolments", asked.fields) for key, text in texts.items()]


def _chips(asked: Asked) -> list[tuple[str, str]]:
    """What narrows the list, in words, each with the address of the list without it."""
    fields, found = asked.fields, []

    def chip(says: str, name: str) -> None:
        found.append((says, narrowed("academy.enrolments", fields, name)))

    if asked.text:
        chip(_("Words: {words}", words=asked.text), "q")
    if asked.cohort is not None:
        chip(_("Cohort: {cohort}", cohort=asked.cohort.name), "cohort")
    elif asked.course:
        chip(_("Course: {course}", course=titles().get(asked.course, asked.course)), "course")
    if asked.status != ACTIVE:
        chip(_("Withdrawn") if asked.status == "withdrawn" else _("Withdrawn, too"), "status")
    return found


@blueprint.get("/enrolments/<int:enrolment_id>")
def enrolment(enrolment_id: int) -> ResponseReturnValue:
    """One enrolment: its dates, and what is arranged for the student."""
    kept = load_academy_enrolment(Can.SEE_PEOPLE, enrolment_id)
    due = dues_by_enrolment(db_session(), kept.academy_id, [kept.id])[kept.id].due_on
    return _page(kept, ExtensionForm(formdata=None, data={"due": as_typed(due), "reason": ""}))


@blueprint.post("/enrolments/<int:enrolment_id>/extension")
def extend_enrolment(enrolment_id: int) -> ResponseReturnValue:
    """Give a student a later due date."""
    kept, form = load_academy_enrolment(Can.ENROL, enrolment_id), ExtensionForm()
    if form.validate():
        try:
            with transaction() as session:
                held = load_academy_enrolment(Can.ENROL, enrolment_id, for_update=True)
                by = current_visitor().person_id
                reason = form["reason"].data or ""
                extend(session, held, due_on=form.last_day, reason=reason, by=by, at=now())
            flash(_("The due date is set. The student sees it at once."), "success")
            return redirect(url_for("academy.enrolment", enrolment_id=enrolment_id), HTTPStatus.SEE_OTHER)
        except Invalid as error:
            form[error.field or "due"].errors = [error.says]
            kept = load_academy_enrolment(Can.ENROL, enrolment_id)
    return _page(kept, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(enrolment: Enrolment, form: ExtensionForm) -> str:
    session, academy_id = db_session(), enrolment.academy_id
    zone = get_academy(session, academy_id).time_zone
    due = dues_by_enrolment(session, academy_id, [enrolment.id])[enrolment.id]
    extensions = extensions_of(session, enrolment)
    waiver = waiver_of(session, academy_id, enrolment.course, enrolment.person_id)
    people = [enrolment.person_id, *(e.by_id for e in extensions), *([waiver.by_id] if waiver else [])]
    return render_template(
        "academy/enrolment.html",
        enrolment=enrolment,
        title=titles().get(enrolment.course, enrolment.course),
        names=names_at(session, academy_id, people),
        due=due,
        due_words=in_words(due.due_on, now(), zone) if due.due_on else "",
        due_over=bool(due.due_on and is_over(due.due_on, now(), zone)),
        extensions=extensions,
        waiver=waiver,
        allowance=allowance_of(session, enrolment.person_id, academy_id),
        cohorts=cohorts_of(session, academy_id, enrolment.course),
        form=form,
        act=ActForm(formdata=None),
        zone=zone,
    )
