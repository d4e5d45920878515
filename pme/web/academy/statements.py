"""The academy's door at what its certificates state of each course: credits, and levels in frameworks."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length, Optional

from pme.certificates.statements import (
    FEWEST_HOURS,
    HIGHEST_EQF,
    LONGEST_LEVEL,
    MOST_HOURS,
    NOTHING,
    Statement,
    state,
    statements_of,
)
from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.permissions import Can, may
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits, whole_number
from pme.web.loaders import load_read_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

HOURS_SAYS = lazy(
    "Give the hours of one credit, from {least} to {most}, or nothing.",
    least=FEWEST_HOURS,
    most=MOST_HOURS,
)
EQF_SAYS = lazy("Give a level from 1 to {most}, or nothing.", most=HIGHEST_EQF)


class StatementForm(SpokenForm):
    """What certificates of one course state."""

    hours_per_credit = StringField(
        lazy("Hours of one ECTS credit"), [Optional(), whole_number(FEWEST_HOURS, MOST_HOURS, HOURS_SAYS)]
    )
    eqf_level = StringField(
        lazy("Level in the European Qualifications Framework (EQF)"),
        [Optional(), whole_number(1, HIGHEST_EQF, EQF_SAYS)],
    )
    milof_level = StringField(
        lazy("Level in the framework for officers (SQF-MILOF)"),
        [
            Length(
                max=LONGEST_LEVEL,
                message=lazy("Keep the level under {most} characters.", most=LONGEST_LEVEL),
            ),
            fits,
        ],
    )


@blueprint.get("/course-statements/<course>")
def course_statement(course: str) -> ResponseReturnValue:
    """What certificates of a course state from now on."""
    require(Can.SEE_ACADEMY)
    found = load_read_course(course)
    kept = statements_of(db_session(), current_visitor().academy_id).get(course, NOTHING)
    data = {name: str(getattr(kept, name) or "") for name in ("hours_per_credit", "eqf_level", "milof_level")}
    return _page(found, StatementForm(formdata=None, data=data))


@blueprint.post("/course-statements/<course>")
def save_course_statement(course: str) -> ResponseReturnValue:
    """Keep it. Certificates that were issued stay as they are."""
    require(Can.CHOOSE_COURSES)
    found, form, visitor = load_read_course(course), StatementForm(), current_visitor()
    if not form.validate():
        return _page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    stated = Statement(
        int(form.hours_per_credit.data) if form.hours_per_credit.data else None,
        int(form.eqf_level.data) if form.eqf_level.data else None,
        (form.milof_level.data or "").strip(),
    )
    with transaction() as session:
        is_new = state(session, visitor.academy_id, course, stated, by=visitor.person_id, at=now())
    flash(
        _("Saved. It applies to certificates from now on.")
        if is_new
        else _("Nothing was changed: it was like this already."),
        "success" if is_new else "info",
    )
    return redirect(request.path, HTTPStatus.SEE_OTHER)


def _page(found: Versioned[Course], form: StatementForm) -> str:
    hours = form.hours_per_credit.data or ""
    ects = (
        Statement(int(hours)).ects(found.content.hours)
        if hours.isdecimal() and FEWEST_HOURS <= int(hours) <= MOST_HOURS
        else None
    )
    return render_template(
        "academy/course-statement.html",
        course=found.content,
        form=form,
        ects=ects,
        may_state=may(current_visitor(), Can.CHOOSE_COURSES, current_visitor().academy_id),
    )
