"""The account door at browsers: where one is signed in, and ending that from anywhere."""

from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.audit import record
from pme.errors import NotFound
from pme.people.sessions import browsers_of, end_one, end_others
from pme.scope import everywhere
from pme.web.account.views import blueprint
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.words.speech import _


@blueprint.get("/browsers")
def browsers() -> ResponseReturnValue:
    """Every browser that the visitor is signed in with, this one marked."""
    visitor, limits = current_visitor(), settings()
    with everywhere(db_session()):
        found = browsers_of(
            db_session(),
            visitor.person_id,
            at=now(),
            idle=timedelta(minutes=limits.idle_minutes),
            longest=timedelta(hours=limits.session_hours),
        )
    return render_template("account/browsers.html", browsers=found, own_id=visitor.session_id)


@blueprint.post("/browsers/<int:session_id>/end")
def end_browser(session_id: int) -> ResponseReturnValue:
    """Sign one other browser out."""
    visitor = current_visitor()
    if session_id == visitor.session_id:
        raise NotFound(UNKNOWN)  # this browser has its own button in the head of every page
    with everywhere(db_session()), transaction() as session:
        if not end_one(session, visitor.person_id, session_id, at=now()):
            raise NotFound(UNKNOWN)
        _note("browser signed out", f"browser session {session_id}")  # not words
    flash(_("Signed out: that browser opens nothing any more."), "success")
    return redirect(url_for("account.browsers"), HTTPStatus.SEE_OTHER)


@blueprint.post("/browsers/end-others")
def end_other_browsers() -> ResponseReturnValue:
    """Sign every browser but this one out."""
    visitor = current_visitor()
    with everywhere(db_session()), transaction() as session:
        ended = end_others(session, visitor.person_id, but=visitor.session_id, at=now())
        _note("other browsers signed out", f"person {visitor.person_id}")  # not words
    flash(
        _("Every other browser is signed out.") if ended else _("No other browser was signed in."), "success"
    )
    return redirect(url_for("account.browsers"), HTTPStatus.SEE_OTHER)


def _note(act: str, subject: str) -> None:
    visitor = current_visitor()
    actor = f"person {visitor.person_id}"
    record(db_session(), act, actor=actor, subject=subject, at=now(), academy_id=visitor.academy_id)
