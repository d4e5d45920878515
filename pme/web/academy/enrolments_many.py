"""The academy's door at many enrolments at once: withdrawn, taken up again, moved, given more time; or all found."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_
from sqlalchemy.orm import Session

from pme.admission import readmit, transfer, withdraw
from pme.completing import complete_what_is_earned
from pme.enrolment.due import extend_many
from pme.enrolment.models import Cohort, Enrolment, Extension
from pme.errors import Invalid
from pme.permissions import Can, enrolments_run
from pme.reports.enrolled import enrolled_ids
from pme.undoing.models import Change, Did, Thing
from pme.undoing.service import keep, stood
from pme.web.academy.enrolments import enrolments_page
from pme.web.academy.enrolments_asked import Asked, asked_for
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.cohort_forms import ExtensionForm
from pme.web.loaders import catalogue, load_academy_cohort
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import about, tell_done, to_progress
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _n

DID = {
    "withdraw": Did.WITHDRAWN,
    "readmit": Did.READMITTED,
    "move": Did.MOVED,
    "extend": Did.EXTENDED,
}
NOBODY = lazy("Nothing was changed: choose at least one person in the list.")
NOBODY_LATER = lazy("Nothing was changed: those chosen have until then or longer in any case.")


@blueprint.post("/enrolments")
def change_enrolments() -> ResponseReturnValue:
    """Withdraw those chosen, take them up again, move them to a cohort, or give them a later due date."""
    require(Can.ENROL)
    visitor, go, asked = current_visitor(), request.form.get("go", ""), asked_for(request.form)
    chosen = [number for text in request.form.getlist("enrolment") if (number := number_in(text))]
    page, form = number_in(request.form.get("page")) or 1, ExtensionForm()
    to = number_in(request.form.get("to")) if go == "move" else None
    cohort = load_academy_cohort(Can.MANAGE_COHORTS, to) if to else None
    ids = chosen
    if request.form.get("all") == "yes":
        scope = and_(enrolments_run(visitor), asked.scope)
        ids = enrolled_ids(db_session(), visitor.academy_id, scope, text=asked.text)
    if go == "extend" and not form.validate():
        return enrolments_page(asked, page, form=form, chosen=chosen), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            changed, kept = _act(session, go, ids, cohort, form, asked)
            academy_id, moved = visitor.academy_id, changed if go == "move" else ()
            job = complete_what_is_earned(
                session, catalogue(), academy_id, moved, about=about(kept), at=now()
            )
    except Invalid as error:
        form[error.field or "due"].errors = [error.says]
        return enrolments_page(asked, page, form=form, chosen=chosen), HTTPStatus.UNPROCESSABLE_ENTITY
    if not changed:
        flash(NOBODY_LATER if go == "extend" and ids else NOBODY, "problem")
    else:
        tell_done(_told(go, len(changed), len(ids)), kept)
    if job and kept:
        return to_progress(kept)
    return redirect(_back(asked, page), HTTPStatus.SEE_OTHER)


def _act(
    session: Session, go: str, ids: list[int], cohort: Cohort | None, form: ExtensionForm, asked: Asked
) -> tuple[Sequence[int], Change | None]:
    """The enrolments that were changed, and the change to undo it by."""
    visitor, by, at = current_visitor(), current_visitor().person_id, now()
    scope = enrolments_run(visitor)
    course = cohort.course if cohort else asked.course
    if cohort is not None:
        scope = and_(scope, Enrolment.course == cohort.course)
    if go not in DID:
        return (), None
    if go == "extend":
        before = stood(session, Thing.EXTENSION, visitor.academy_id, ids, column=Extension.enrolment_id)
    else:
        before = stood(session, Thing.ENROLMENT, visitor.academy_id, ids, scope)
    if go == "withdraw":
        changed = withdraw(session, ids, scope, by=by, at=at)
    elif go == "readmit":
        changed = readmit(session, ids, scope, by=by, at=at)
    elif go == "move":
        into = load_academy_cohort(Can.MANAGE_COHORTS, cohort.id, for_update=True) if cohort else None
        changed = transfer(session, ids, scope, cohort=into, by=by, at=at)
    else:
        reason = form["reason"].data or ""
        day = form.last_day
        changed = extend_many(session, visitor.academy_id, ids, due_on=day, reason=reason, by=by, at=at)
    kept = keep(session, before, DID[go], by=by, at=at, course=course) if changed else None
    return changed, kept


def _back(asked: Asked, page: int) -> str:
    """The list as it was shown, or the page of the one enrolment that the form stood on."""
    number = number_in(request.form.get("one"))
    if number is not None:
        return url_for("academy.enrolment", enrolment_id=number)
    return url_for("academy.enrolments", page=page if page > 1 else None, **asked.fields)  # type: ignore[arg-type]


def _told(act: str, number: int, chosen: int) -> str:
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
        return _n("{n} person enrolled again.", "{n} people enrolled again.", number, n=n)
    if act == "move":
        return _n("{n} person moved.", "{n} people moved.", number, n=n)
    says = _n("{n} person has a later due date.", "{n} people have a later due date.", number, n=n)
    rest = chosen - number
    if not rest:
        return says
    left = _n(
        "{n} has until then or longer in any case, or takes the course no more.",
        "{n} have until then or longer in any case, or take the course no more.",
        rest,
    )
    return f"{says} {left}"
