"""The academy's door at many requests at once: those chosen, or all that wait, are approved and can be undone."""

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.admission import Came, approve
from pme.enrolment import requests as asking
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.signs import fit
from pme.undoing.models import Change, Did, Thing
from pme.undoing.service import Stood, keep, stood
from pme.web.academy.requests import requests_list
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.listed import list_address
from pme.web.loaders import load_academy_cohort
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import tell_done
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _n

MOST = 1000
NOBODY = lazy("Nothing was changed: choose at least one request, or all of them.")
Told = Counter[Came]


@blueprint.post("/requests/many")
def approve_requests() -> ResponseReturnValue:
    """Approve those chosen, or all that wait; who lacks what a course builds on is left to wait, and counted."""
    require(Can.ENROL)
    visitor, answer = current_visitor(), fit(request.form.get("answer", ""))
    number = number_in(request.form.get("cohort"))
    cohort = load_academy_cohort(Can.ENROL, number) if number is not None else None
    ids = _chosen(cohort)
    try:
        with transaction() as session:
            into = load_academy_cohort(Can.ENROL, number, for_update=True) if number is not None else None
            held = asking.held_waiting(session, visitor.academy_id, ids, but=visitor.person_id)
            before, told = _stood(session, held), Told()
            for each in held:
                fits = into is not None and into.course == each.course
                told[_approve(session, each, cohort=into if fits else None, answer=answer)] += 1
            kept = _keep(session, before, held)
    except (Conflict, Invalid) as error:
        flash(error.says, "problem")
        return requests_list(), HTTPStatus.UNPROCESSABLE_ENTITY
    if told:
        tell_done(_told(told), kept)
    else:
        flash(NOBODY, "problem")
    return redirect(list_address("academy.requests"), HTTPStatus.SEE_OTHER)


def _chosen(cohort: Cohort | None) -> Sequence[int]:
    """The requests that are ticked; or all that wait, of the course that the list was narrowed to."""
    if request.form.get("all") != "yes":
        return [number for text in request.form.getlist("request") if (number := number_in(text))]
    course = cohort.course if cohort else fit(request.form.get("course", ""))
    found = asking.waiting(db_session(), current_visitor().academy_id, course=course, offset=0, limit=MOST)
    return [each.id for each in found]


def _stood(session: Session, held: Sequence[EnrolmentRequest]) -> list[Stood]:
    academy_id, before = current_visitor().academy_id, []
    for course in sorted({each.course for each in held}):
        people = [each.person_id for each in held if each.course == course]
        before.append(
            stood(
                session,
                Thing.ENROLMENT,
                academy_id,
                people,
                Enrolment.course == course,
                column=Enrolment.person_id,
            )
        )
    return [*before, stood(session, Thing.REQUEST, academy_id, [each.id for each in held])]


def _approve(session: Session, held: EnrolmentRequest, *, cohort: Cohort | None, answer: str) -> Came:
    by, at = current_visitor().person_id, now()
    return approve(session, held, cohort=cohort, waiver=None, answer=answer, by=by, at=at).came


def _keep(session: Session, before: Sequence[Stood], held: Sequence[EnrolmentRequest]) -> Change | None:
    settled = {each.course for each in held if each.status is RequestStatus.APPROVED}
    course = next(iter(settled)) if len(settled) == 1 else ""
    by, at = current_visitor().person_id, now()
    return keep(session, before, Did.APPROVED, by=by, at=at, course=course) if settled else None


def _told(told: Told) -> str:
    """What became of so many requests, and of those who were left to wait."""
    came = told[Came.NEW] + told[Came.BACK] + told[Came.THERE]
    lack, gone = told[Came.MISSING], told[Came.NO_STUDENT]
    says = [
        _n(
            "{n} request approved, and its student enrolled.",
            "{n} requests approved, and their students enrolled.",
            came,
            n=grouped(came),
        )
    ]
    if lack:
        says.append(
            _n(
                "{n} request stays open: its student has not completed the prerequisites. Decide it "
                "separately.",
                "{n} requests stay open: their students have not completed the prerequisites. "
                "Decide them one by one.",
                lack,
            )
        )
    if gone:
        says.append(
            _n(
                "{n} request stays open: its person is no longer a student of your academy.",
                "{n} requests stay open: their people are no longer students of your academy.",
                gone,
            )
        )
    return " ".join(says)
