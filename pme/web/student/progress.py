"""The student's door at their own standing in a course: what the board tells instructors of them, what came
of their completion, and what they are asked to do for another edition.
"""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme import audit
from pme.certificates.expiry import end_of
from pme.content.editions import current_edition, editions_of
from pme.enrolment.models import Enrolment
from pme.errors import Conflict
from pme.permissions import Can
from pme.progress.board import Syllabus, board_rows
from pme.progress.in_force import completion_in_force, events_of
from pme.progress.requalify import renew
from pme.progress.requalify_queries import asked_of
from pme.progress.validity import is_renewable
from pme.progress.whereabouts import Rule
from pme.web.forms import ActForm
from pme.web.loaders import catalogue, load_course, load_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.student.asked import shown
from pme.web.student.views import blueprint, learning_of


@blueprint.get("/learn/<course>/my-progress")
def own_progress(course: str) -> ResponseReturnValue:
    """The visitor's own standing in a course: the same facts that instructors see, and no others."""
    learning = learning_of(course)
    enrolment, rule = learning.enrolment, Rule()
    published = load_course(course).content
    rows = board_rows(
        db_session(),
        enrolment.academy_id,
        Enrolment.id == enrolment.id,
        Syllabus.of(catalogue(), published),
        rule=rule,
        at=now(),
    )
    standing = completion_in_force(db_session(), enrolment.academy_id, enrolment.id)
    until = end_of(db_session(), standing)
    asked = asked_of(db_session(), enrolment.academy_id, [enrolment.id]).get(enrolment.id)
    return render_template(
        "student/own-progress.html",
        learning=learning,
        row=rows[0],
        rule=rule,
        standing=standing,
        events=events_of(db_session(), enrolment.academy_id, enrolment.id),
        editions={edition.id: edition.shown for edition in editions_of(db_session(), course)},
        until=until,
        is_renewable=asked is None
        and standing is not None
        and is_renewable(standing, until, on=now().date()),
        asked=shown(learning, asked) if asked else None,
        form=ActForm(),
    )


@blueprint.post("/renewals/<course>")
def renew_completion(course: str) -> ResponseReturnValue:
    """Begin to renew a completion whose validity ends: every task anew, and what changed since."""
    load_enrolment(Can.LEARN, course)
    load_course(course)
    try:
        with transaction() as session:
            enrolment = load_enrolment(Can.LEARN, course, for_update=True)
            edition = current_edition(session, catalogue(), course)
            if edition is not None:
                until = end_of(session, completion_in_force(session, enrolment.academy_id, enrolment.id))
                renew(session, enrolment, edition, until=until, at=now())
                audit.record(
                    session,
                    "renewal begun",
                    actor=f"person {enrolment.person_id}",
                    subject=f"enrolment {enrolment.id}",
                    at=now(),
                    academy_id=enrolment.academy_id,
                    detail={"course": course, "edition": edition.number},
                )
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("student.own_progress", course=course), HTTPStatus.SEE_OTHER)
