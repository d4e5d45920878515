"""The calendar door: one's own secret address made, made anew or ended; and what it opens, without signing in."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.assessment.timetable import events_of_person
from pme.enrolment.feeds import end_feed, feed_of, find_feed, make_feed
from pme.errors import NotFound
from pme.people.models import Role
from pme.people.queries import get_academy
from pme.scope import everywhere
from pme.web.calendars import calendar_sent, names
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, guard, now, settings
from pme.words.speech import _

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
guard(blueprint, *Role)
feeds = Blueprint("feeds", __name__, url_prefix="/feeds")


@blueprint.get("")
def own() -> ResponseReturnValue:
    """One's own address: whether there is one, and the ways to make or end it."""
    return _page()


@blueprint.post("")
def change() -> ResponseReturnValue:
    """Make an address, which is shown this once, or end the one there is."""
    visitor = current_visitor()
    with transaction() as session:
        if request.form.get("go") == "end":
            end_feed(session, visitor.academy_id, visitor.person_id, at=now())
            secret = ""
        else:
            secret = make_feed(session, visitor.academy_id, visitor.person_id, at=now())
    if secret:
        return _page(settings().public_url.rstrip("/") + url_for("feeds.feed", secret=secret))
    flash(_("The address is ended: it opens nothing any more."), "success")
    return redirect(url_for("calendar.own"), HTTPStatus.SEE_OTHER)


@feeds.get("/<secret>.ics")
def feed(secret: str) -> ResponseReturnValue:
    """The dates of whoever made this address; whoever has it reads them, until it is ended."""
    session = db_session()
    with everywhere(session):
        found = find_feed(session, secret, at=now())
        if found is None:
            raise NotFound(UNKNOWN)
        academy = get_academy(session, found.academy_id)
        events = events_of_person(session, found.academy_id, found.person_id, names())
    return calendar_sent(_("Courses, {academy}", academy=academy.name), events)


def _page(made: str = "") -> str:
    visitor = current_visitor()
    return render_template(
        "calendar/own.html",
        feed=feed_of(db_session(), visitor.academy_id, visitor.person_id),
        made=made,
        act=ActForm(formdata=None),
    )
