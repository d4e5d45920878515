"""The academy's door at who must approve content: functions, who holds them, which are required."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import StringField

from pme import audit
from pme.authoring import approvals
from pme.authoring.models_review import ReviewFunction
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.academy.views import blueprint
from pme.web.addresses import number_in
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN, content_academy
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class FunctionForm(SpokenForm):
    """A function that somebody approves content as."""

    name = StringField(lazy("Name of the function"), [fits])


@blueprint.get("/approvals")
def approvals_page() -> ResponseReturnValue:
    """The functions, who holds them, and which have to approve."""
    return _page(content_academy(Can.SET_APPROVALS), FunctionForm(formdata=None))


@blueprint.post("/approvals")
def approvals_add() -> ResponseReturnValue:
    """Add a function."""
    academy_id, form = content_academy(Can.SET_APPROVALS), FunctionForm()
    if not form.validate_on_submit():
        return _page(academy_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            function = approvals.add_function(session, academy_id, form["name"].data or "")
            _record(session, "review function added", function, {})  # not words
    except Invalid as error:
        form["name"].errors = [error.says]
        return _page(academy_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("academy.approvals_page"), HTTPStatus.SEE_OTHER)


@blueprint.post("/approvals/change")
def approvals_change() -> ResponseReturnValue:
    """Require a function, stop requiring it, or remove it."""
    academy_id, act = content_academy(Can.SET_APPROVALS), request.form.get("act", "")
    try:
        with transaction() as session:
            function = _function(session, academy_id)
            if act == "remove":
                _record(session, "review function removed", function, {})  # not words
                approvals.remove_function(session, function)
            elif act in ("require", "release"):
                approvals.require_function(session, function, is_required=act == "require", day=now().date())
                detail: dict[str, object] = {"required": act == "require"}
                _record(session, "review function changed", function, detail)  # not words
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("academy.approvals_page"), HTTPStatus.SEE_OTHER)


@blueprint.post("/approvals/holders")
def approvals_hold() -> ResponseReturnValue:
    """Say who reviews as a function: everybody who is ticked, and nobody else."""
    academy_id = content_academy(Can.SET_APPROVALS)
    ticked = {number_in(each) for each in request.form.getlist("person")}
    try:
        with transaction() as session:
            function = _function(session, academy_id)
            reviewers = [each for each, _ in approvals.reviewers_of(session, academy_id, now().date())]
            for person_id in reviewers:
                approvals.hold(session, function, person_id, is_held=person_id in ticked, day=now().date())
            if function.is_required:
                approvals.require_function(session, function, is_required=True, day=now().date())
            held = sorted(each for each in reviewers if each in ticked)
            _record(session, "review function changed", function, {"holders": held})  # not words
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("academy.approvals_page"), HTTPStatus.SEE_OTHER)


def _function(session: Session, academy_id: int) -> ReviewFunction:
    function = approvals.find_function(session, academy_id, number_in(request.form.get("function")) or 0)
    if function is None:
        raise NotFound(UNKNOWN)
    return function


def _record(session: Session, act: str, function: ReviewFunction, detail: dict[str, object]) -> None:
    visitor = current_visitor()
    audit.record(
        session,
        act,
        actor=f"person {visitor.person_id}",
        subject=f"review function {function.id}",
        at=now(),
        academy_id=visitor.academy_id,
        detail={"name": function.name, **detail},
    )


def _page(academy_id: int, form: FunctionForm) -> str:
    return render_template(
        "academy/approvals.html",
        functions=approvals.functions_of(db_session(), academy_id),
        reviewers=approvals.reviewers_of(db_session(), academy_id, now().date()),
        form=form,
    )
