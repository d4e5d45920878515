"""The instructor's door at the live board of a course or cohort that they teach."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import and_

from pme.enrolment.models import Enrolment
from pme.enrolment.queries import cohorts_of
from pme.permissions import enrolments_taught
from pme.web.addresses import number_in
from pme.web.boards import are_too_many, board_of, sizes_of
from pme.web.instructor.views import blueprint
from pme.web.listed import remember_list
from pme.web.loaders import load_cohort, load_taught_course
from pme.web.session import db_session
from pme.web.signin import current_visitor


@blueprint.get("/<course>/board")
def board(course: str) -> ResponseReturnValue:
    """Who is where, who is stuck, who has gone quiet: of all cohorts or of one."""
    remember_list()
    taught, chosen = load_taught_course(course), number_in(request.args.get("cohort"))
    cohort = load_cohort(taught, chosen) if chosen else None
    scope = enrolments_taught(current_visitor(), course)
    sizes = sizes_of(scope)
    if chosen is not None:
        scope = and_(scope, Enrolment.cohort_id.is_not_distinct_from(cohort.id if cohort else None))
    academy_id = current_visitor().academy_id
    return render_template(
        "instructor/board.html",
        course=taught.content,
        cohort=cohort,
        chosen=chosen,
        sizes=sizes,
        cohorts=cohorts_of(db_session(), academy_id, course),
        board=None if chosen is None and are_too_many(sizes) else board_of(academy_id, taught, scope),
    )
