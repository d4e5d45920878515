"""The academy's door at enrolments: who takes what, withdrawn, taken up again, moved; and the dates of one."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_, true

from pme.admission import readmit, transfer, withdraw
from pme.assessment.allowances import allowance_of
from pme.enrolment.dates import in_words, is_over
from pme.enrolment.due import dues_by_enrolment, extend, extensions_of
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.prerequisites import waiver_of
from pme.enrolment.queries import cohorts_of
from pme.errors import Invalid
from pme.people.queries import get_academy
from pme.permissions import Can, enrolments_run
from pme.reports.enrolled import enrolled, names_at
from pme.web.academy.paging import Paging
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.cohort_forms import ExtensionForm, as_typed
from pme.web.forms import ActForm
from pme.web.loaders import catalogue, load_academy_cohort, load_academy_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _, _n

SIZE = 100
SHOWN = {"active": EnrolmentStatus.ACTIVE, "withdrawn": EnrolmentStatus.WITHDRAWN}
NOBODY = lazy("Nothing was changed: choose at least one person in the list.")


@blueprint.get("/enrolments")
def enrolments() -> ResponseReturnValue:
    """Who is enrolled, by course, cohort, state and name."""
    require(Can.SEE_PEOPLE)
    visitor, args = current_visitor(), request.args
    course, status, text = args.get("course", ""), args.get("status", "active"), args.get("q", "")
    number = number_in(args.get("cohort"))
    cohort = load_academy_cohort(Can.SEE_PEOPLE, number) if number is not None else None
    course = cohort.course if cohort else course
    scope = and_(enrolments_run(visitor), _filter(course, cohort, status))
    page = Paging.asked()
    total, rows = enrolled(
        db_session(), visitor.academy_id, scope, text=text, offset=(page - 1) * SIZE, limit=SIZE
    )
    paging = Paging.of(total, size=SIZE)
    if paging.page != page:
        total, rows = enrolled(
            db_session(), visitor.academy_id, scope, text=text, offset=paging.offset, limit=SIZE
        )
    return render_template(
        "academy/enrolments.html",
        rows=rows,
        dues=dues_by_enrolment(db_session(), visitor.academy_id, [row.enrolment_id for row in rows]),
        titles=_titles(),
        cohorts=cohorts_of(db_session(), visitor.academy_id, course) if course else [],
        course=course,
        cohort=cohort,
        status=status,
        text=text,
        paging=paging,
        act=ActForm(formdata=None),
    )


@blueprint.post("/enrolments")
def change_enrolments() -> ResponseReturnValue:
    """Withdraw those chosen, take them up again, or move them to a cohort."""
    require(Can.ENROL)
    visitor, go = current_visitor(), request.form.get("go", "")
    chosen = [number for text in request.form.getlist("enrolment") if (number := number_in(text))]
    to = number_in(request.form.get("to")) if go == "move" else None
    cohort = load_academy_cohort(Can.MANAGE_COHORTS, to) if to else None
    scope = enrolments_run(visitor)
    if cohort is not None:
        scope = and_(scope, Enrolment.course == cohort.course)
    with transaction() as session:
        by, at = visitor.person_id, now()
        if go == "withdraw":
            changed = withdraw(session, chosen, scope, by=by, at=at)
        elif go == "readmit":
            changed = readmit(session, chosen, scope, by=by, at=at)
        elif go == "move":
            kept = load_academy_cohort(Can.MANAGE_COHORTS, to, for_update=True) if to else None
            changed = transfer(session, catalogue(), chosen, scope, cohort=kept, by=by, at=at)
        else:
            changed = []
    if not changed:
        flash(NOBODY, "problem")
    else:
        flash(_told(go, len(changed)), "success")
    return redirect(_back(), HTTPStatus.SEE_OTHER)


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


def _titles() -> dict[str, str]:
    return {c.content.slug: c.content.title for c in catalogue().courses}


def _filter(course: str, cohort: Cohort | None, status: str) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [true()]
    if cohort is not None:
        found.append(Enrolment.cohort_id == cohort.id)
    elif course:
        found.append(Enrolment.course == course)
    if status in SHOWN:
        found.append(Enrolment.status == SHOWN[status])
    return and_(*found)


def _back() -> str:
    """The list as it was shown, from the fields that it sends along."""
    number = number_in(request.form.get("one"))
    if number is not None:
        return url_for("academy.enrolment", enrolment_id=number)
    kept = {
        name: request.form[name] for name in ("course", "cohort", "status", "q") if request.form.get(name)
    }
    return url_for("academy.enrolments", **kept)  # type: ignore[arg-type]


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
        title=_titles().get(enrolment.course, enrolment.course),
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


def _told(act: str, number: int) -> str:
    """What became of so many people."""
    n = grouped(number)
    if act == "withdraw":
        return _n(
            "{n} person withdrawn; every record stays.",
            "{n} people withdrawn; every record stays.",
            number,
            n=n,
        )
    if act == "readmit":
        return _n("{n} person taken up again.", "{n} people taken up again.", number, n=n)
    return _n("{n} person moved.", "{n} people moved.", number, n=n)
