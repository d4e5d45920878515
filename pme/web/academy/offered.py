"""The academy's door at the courses it offers: which of those that are published, and who teaches them."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import audit
from pme.enrolment.queries import courses_chosen
from pme.enrolment.service import choose_course, drop_course
from pme.people.members import teachers_of
from pme.permissions import Can, may
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.loaders import catalogue
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/courses")
def courses() -> ResponseReturnValue:
    """Every published course: offered or not, and who teaches it."""
    require(Can.SEE_ACADEMY)
    visitor = current_visitor()
    return render_template(
        "academy/courses.html",
        courses=[course.content for course in catalogue().courses],
        chosen=courses_chosen(db_session(), visitor.academy_id),
        teachers=teachers_of(db_session(), visitor.academy_id, now().date()),
        can_choose=may(visitor, Can.CHOOSE_COURSES, visitor.academy_id),
    )


@blueprint.post("/courses")
def choose_courses() -> ResponseReturnValue:
    """Offer exactly the courses that are ticked; who is enrolled already goes on."""
    require(Can.CHOOSE_COURSES)
    academy_id, by = current_visitor().academy_id, acting()
    published = {course.content.slug for course in catalogue().courses}
    wanted = published.intersection(request.form.getlist("offered"))
    with transaction() as session:
        before = courses_chosen(session, academy_id)
        for slug in sorted(wanted - before):
            choose_course(session, academy_id, course=slug, by_id=by.person_id, at=by.at)
        for slug in sorted((before & published) - wanted):
            drop_course(session, academy_id, course=slug)
        after = courses_chosen(session, academy_id)
        if before != after:
            audit.record(
                session,
                "courses chosen",
                actor=by.actor,
                subject=f"academy {academy_id}",
                at=by.at,
                academy_id=academy_id,
                detail={"before": {"courses": sorted(before)}, "after": {"courses": sorted(after)}},
            )
    says = (
        _("Nothing was changed: it was like this already.")
        if before == after
        else _("These are the courses of your academy now.")
    )
    flash(says, "info" if before == after else "success")
    return redirect(url_for("academy.courses"), HTTPStatus.SEE_OTHER)
