"""The academy's door at what its courses ask for before, whether students may ask for them, and its time zone."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.enrolment.cohorts import set_time_zone
from pme.enrolment.dates import zones
from pme.enrolment.prerequisites import prerequisites_of, set_prerequisites
from pme.enrolment.queries import courses_chosen
from pme.enrolment.requests import let_ask, requestable
from pme.errors import Invalid, NotFound
from pme.people.queries import get_academy
from pme.permissions import Can
from pme.signs import fit
from pme.web.academy.views import blueprint, require
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/course-rules")
def course_rules() -> ResponseReturnValue:
    """What each course builds on, and whether students may ask for it."""
    require(Can.SEE_ACADEMY)
    return _page()


@blueprint.post("/course-rules")
def save_course_rules() -> ResponseReturnValue:
    """Say what a course builds on, and whether students may ask for it."""
    require(Can.CHOOSE_COURSES)
    visitor, course, titles = current_visitor(), request.form.get("course", ""), _titles()
    if course not in titles:
        raise NotFound(UNKNOWN)
    needs = [slug for slug in request.form.getlist("needs") if slug in titles and slug != course]
    try:
        with transaction() as session:
            by, at, academy_id = visitor.person_id, now(), visitor.academy_id
            set_prerequisites(session, academy_id, course, needs, titles=titles, by=by, at=at)
            is_open = request.form.get("requests") == "yes"
            let_ask(session, academy_id, course, is_open=is_open, by=by, at=at)
    except Invalid as error:
        return _page(wrong=course, says=error.says, needs=needs), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(
        _("“{course}”: saved. Those who already take it are not affected.", course=titles[course]), "success"
    )
    return redirect(url_for("academy.course_rules"), HTTPStatus.SEE_OTHER)


@blueprint.post("/time-zone")
def save_time_zone() -> ResponseReturnValue:
    """Say in which time zone the academy's days end."""
    require(Can.ADMINISTER)
    visitor, zone = current_visitor(), fit(request.form.get("zone", "")).strip()
    if zone not in zones():
        return _page(zone_typed=zone), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        set_time_zone(session, visitor.academy_id, zone, by=visitor.person_id, at=now())
    flash(_("Due dates end when the day ends in {zone}.", zone=zone), "success")
    return redirect(url_for("academy.course_rules"), HTTPStatus.SEE_OTHER)


def _titles() -> dict[str, str]:
    chosen = courses_chosen(db_session(), current_visitor().academy_id)
    return {c.content.slug: c.content.title for c in catalogue().courses if c.content.slug in chosen}


def _page(
    *, wrong: str = "", says: str = "", needs: list[str] | None = None, zone_typed: str | None = None
) -> str:
    session, academy_id = db_session(), current_visitor().academy_id
    kept = prerequisites_of(session, academy_id)
    return render_template(
        "academy/course-rules.html",
        titles=_titles(),
        needs={**kept, **({wrong: tuple(needs)} if wrong and needs is not None else {})},
        requestable=requestable(session, academy_id),
        wrong=wrong,
        says=says,
        zone=zone_typed if zone_typed is not None else get_academy(session, academy_id).time_zone,
        zone_wrong=zone_typed is not None,
        zones=zones(),
        act=ActForm(formdata=None),
    )
