"""The academy's door at requests: students who ask for a course, and the answer in words."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.admission import Came, approve, missing_of
from pme.enrolment import requests as asking
from pme.enrolment.models import Cohort
from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus
from pme.enrolment.queries import cohorts_of
from pme.errors import Conflict, Invalid, NotAllowed, NotFound
from pme.permissions import Can
from pme.reports.enrolled import names_at
from pme.signs import fit
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.forms import ActForm
from pme.web.listed import list_address, remember_list
from pme.web.loaders import UNKNOWN, catalogue, load_academy_cohort
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

SIZE, ANSWERED = 20, 20
LACKS = lazy(
    "This student has not completed the prerequisites of the course. Say why they are waived, or decline."
)


@blueprint.get("/requests", endpoint="requests")
def requests_page() -> ResponseReturnValue:
    """Who waits for an answer, and what was answered lately."""
    require(Can.SEE_PEOPLE)
    remember_list()
    return requests_list()


@blueprint.post("/requests/<int:request_id>")
def answer_request(request_id: int) -> ResponseReturnValue:
    """Approve a request, which enrols the student, or decline it in words."""
    require(Can.ENROL)
    _load(request_id)
    visitor, go = current_visitor(), request.form.get("go", "")
    answer, reason = fit(request.form.get("answer", "")), fit(request.form.get("reason", "")).strip()
    number = number_in(request.form.get("cohort"))
    if number is not None:
        cohort = load_academy_cohort(Can.ENROL, number)
        if cohort.course != _load(request_id).course:
            raise NotFound(UNKNOWN)
    try:
        with transaction() as session:
            held = _load(request_id, for_update=True)
            by, at = visitor.person_id, now()
            if go == "decline":
                asking.settle(session, held, RequestStatus.DECLINED, answer=answer, by=by, at=at)
            else:
                into = load_academy_cohort(Can.ENROL, number) if number is not None else None
                _approve(session, held, cohort=into, waiver=reason or None, answer=answer)
        flash(
            _("Declined. The student will read your answer.") if go == "decline" else _("Enrolled."),
            "success",
        )
    except Invalid as error:
        page = requests_list(wrong=request_id, errors={error.field or "answer": error.says})
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(list_address("academy.requests"), HTTPStatus.SEE_OTHER)


def _approve(
    session: Session, held: EnrolmentRequest, *, cohort: Cohort | None, waiver: str | None, answer: str
) -> None:
    by, at = current_visitor().person_id, now()
    one = approve(session, held, cohort=cohort, waiver=waiver, answer=answer, by=by, at=at)
    if one.came is Came.MISSING:
        raise Invalid(LACKS, field="reason")
    if one.came is Came.NO_STUDENT:
        raise Invalid(_("This person is no longer a student of your academy: decline."), field="answer")


def _load(request_id: int, *, for_update: bool = False) -> EnrolmentRequest:
    academy_id = current_visitor().academy_id
    found = asking.request_by_id(db_session(), academy_id, request_id, for_update=for_update)
    if found is None:
        raise NotFound(UNKNOWN)
    if found.person_id == current_visitor().person_id:
        raise NotAllowed(_("You cannot answer your own request. Ask a colleague."))
    return found


def requests_list(*, wrong: int | None = None, errors: Mapping[str, str] | None = None) -> str:
    """The page of the requests; `wrong` is the one whose answer cannot be kept, `errors` why."""
    session, academy_id = db_session(), current_visitor().academy_id
    counts = asking.waiting_by_course(session, academy_id)
    chosen = request.args.get("course", "") if request.args.get("course") in counts else ""
    paging = Paging.of(counts[chosen] if chosen else sum(counts.values()), size=SIZE)
    rows = asking.waiting(session, academy_id, course=chosen, offset=paging.offset, limit=SIZE)
    answered = asking.settled(session, academy_id, at_most=ANSWERED)
    titles = {c.content.slug: c.content.title for c in catalogue().courses}
    courses = {row.course for row in rows}
    lacking = {
        (person, course): ", ".join(f"“{titles.get(slug, slug)}”" for slug in slugs)
        for course in courses
        for person, slugs in missing_of(
            session, academy_id, course, [row.person_id for row in rows if row.course == course]
        ).items()
    }
    return render_template(
        "academy/requests.html",
        rows=rows,
        answered=answered,
        names=names_at(session, academy_id, [row.person_id for row in (*rows, *answered)]),
        titles=titles,
        counts=counts,
        chosen=chosen,
        lacking=lacking,
        cohorts={course: cohorts_of(session, academy_id, course) for course in courses},
        paging=paging,
        wrong=wrong,
        errors=errors or {},
        typed={name: fit(request.form.get(name, "")) for name in ("answer", "reason", "cohort")},
        act=ActForm(formdata=None),
    )
