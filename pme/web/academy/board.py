"""The academy's door at the live boards of its courses and cohorts, and at one student in a course."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import and_

from pme.enrolment.models import Enrolment
from pme.enrolment.queries import cohorts_of
from pme.permissions import Can, enrolments_read
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.boards import are_too_many, board_of, sizes_of
from pme.web.listed import remember_list
from pme.web.loaders import catalogue, load_read_cohort, load_read_course
from pme.web.session import db_session
from pme.web.signin import current_visitor


@blueprint.get("/boards")
def boards() -> ResponseReturnValue:
    """The courses with students, to open the board of one."""
    require(Can.SEE_REPORTS)
    counts = {
        course.content.slug: sum(sizes_of(enrolments_read(current_visitor(), course.content.slug)).values())
        for course in catalogue().courses
    }
    courses = [course.content for course in catalogue().courses if counts[course.content.slug]]
    return render_template("academy/boards.html", courses=courses, counts=counts)


@blueprint.get("/boards/<course>")
def course_board(course: str) -> ResponseReturnValue:
    """Who is where in a course, who is stuck, who has gone quiet: of all cohorts or of one."""
    require(Can.SEE_REPORTS)
    remember_list()
    found, chosen = load_read_course(course), number_in(request.args.get("cohort"))
    cohort = load_read_cohort(found, chosen) if chosen else None
    academy_id, scope = current_visitor().academy_id, enrolments_read(current_visitor(), course)
    sizes = sizes_of(scope)
    if chosen is not None:
        scope = and_(scope, Enrolment.cohort_id.is_not_distinct_from(cohort.id if cohort else None))
    return render_template(
        "academy/board.html",
        course=found.content,
        cohort=cohort,
        chosen=chosen,
        sizes=sizes,
        cohorts=cohorts_of(db_session(), academy_id, course),
        board=None if chosen is None and are_too_many(sizes) else board_of(academy_id, found, scope),
    )
