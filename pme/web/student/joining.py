"""The student's door at coming into courses: by a code, or by asking for one."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.admission import Missing, admit_by_code, missing_of
from pme.enrolment import requests as asking
from pme.enrolment.codes import check_tries, note_try
from pme.enrolment.models import EnrolmentStatus
from pme.enrolment.models_admission import RequestStatus
from pme.enrolment.queries import courses_chosen, enrolments_of
from pme.errors import Conflict, Invalid, NotFound
from pme.signs import fit
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.student.views import blueprint, home_page
from pme.words.lazily import lazy
from pme.words.numbers import listed
from pme.words.speech import _

NO_CODE = lazy("Enter the code that your academy gave you, such as 7KQM-2VXD-H9TR.")


@blueprint.post("/learn/code")
def join_by_code() -> ResponseReturnValue:
    """Come into a cohort by its code; wrong ones are counted."""
    visitor, typed = current_visitor(), fit(request.form.get("code", ""))
    if not typed.strip():
        return home_page(code_wrong=NO_CODE), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        check_tries(db_session(), visitor.person_id, at=now())
        with transaction() as session:
            enrolment = admit_by_code(session, visitor.academy_id, visitor.person_id, typed, at=now())
            course = enrolment.course
    except Invalid as error:
        with transaction() as session:
            note_try(session, visitor.person_id, at=now())
        return home_page(code=typed, code_wrong=error.says), HTTPStatus.UNPROCESSABLE_ENTITY
    except Missing as error:
        says = _(
            "“{title}” builds on {names}, which you have not completed yet. ",
            title=_title(error.course),
            names=_names(error.courses),
        )
        says += _("Ask your academy if you have done so elsewhere.")
        return home_page(code=typed, code_wrong=says), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        return home_page(code=typed, code_wrong=error.says), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("You take “{title}” now.", title=_title(course)), "success")
    return redirect(url_for("student.dashboard"), HTTPStatus.SEE_OTHER)


@blueprint.get("/courses")
def courses() -> ResponseReturnValue:
    """What the academy offers: what one takes, what one may ask for, and how a request stands."""
    return _page()


@blueprint.post("/courses/<course>/ask")
def ask_for_course(course: str) -> ResponseReturnValue:
    """Ask the academy for a course."""
    visitor, words = current_visitor(), fit(request.form.get("words", ""))
    if course not in courses_chosen(db_session(), visitor.academy_id) or catalogue().course(course) is None:
        raise NotFound(UNKNOWN)
    try:
        with transaction() as session:
            asking.ask(session, visitor.academy_id, visitor.person_id, course=course, words=words, at=now())
        flash(_("Your academy has your request. You find the answer on this page."), "success")
    except Invalid as error:
        return _page(wrong=course, says=error.says, words=words), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("student.courses"), HTTPStatus.SEE_OTHER)


@blueprint.post("/courses/<course>/take-back")
def take_request_back(course: str) -> ResponseReturnValue:
    """Take a request back that waits."""
    visitor = current_visitor()
    found = asking.latest_of(db_session(), visitor.academy_id, visitor.person_id).get(course)
    if found is None:
        raise NotFound(UNKNOWN)
    try:
        with transaction() as session:
            held = asking.request_by_id(session, visitor.academy_id, found.id, for_update=True)
            if held is not None:
                by = visitor.person_id
                asking.settle(session, held, RequestStatus.TAKEN_BACK, answer="", by=by, at=now())
        flash(_("Your request is taken back."), "success")
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("student.courses"), HTTPStatus.SEE_OTHER)


def _page(*, wrong: str = "", says: str = "", words: str = "") -> str:
    visitor, session = current_visitor(), db_session()
    chosen = courses_chosen(session, visitor.academy_id)
    offered = [c.content for c in catalogue().courses if c.content.slug in chosen]
    enrolled = enrolments_of(session, visitor.person_id, visitor.academy_id)
    lacks = {
        course.slug: _names(missing[visitor.person_id])
        for course in offered
        if (missing := missing_of(session, visitor.academy_id, course.slug, [visitor.person_id]))
    }
    return render_template(
        "student/courses.html",
        courses=[course.in_language(visitor.reading_language) for course in offered],
        taken={e.course for e in enrolled if e.status is EnrolmentStatus.ACTIVE},
        left={e.course for e in enrolled if e.status is EnrolmentStatus.WITHDRAWN},
        lacks=lacks,
        asked=asking.latest_of(session, visitor.academy_id, visitor.person_id),
        requestable=asking.requestable(session, visitor.academy_id),
        wrong=wrong,
        says=says,
        words=words,
        act=ActForm(formdata=None),
    )


def _title(slug: str) -> str:
    course = catalogue().course(slug)
    return course.content.in_language(current_visitor().reading_language).title if course else slug


def _names(slugs: tuple[str, ...]) -> str:
    return listed(_("“{title}”", title=_title(slug)) for slug in slugs)
