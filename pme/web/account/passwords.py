"""The account door at the password: the one that is in force is asked for, and other browsers are signed out."""

from http import HTTPStatus

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.audit import record
from pme.errors import Invalid
from pme.people.sessions import change_password, new_hash
from pme.scope import everywhere
from pme.web.account.forms import NewPasswordForm
from pme.web.account.views import blueprint
from pme.web.alarms import Change, tell_visitor
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/password")
def password() -> ResponseReturnValue:
    """The form for another password."""
    return render_template("account/password.html", form=NewPasswordForm(formdata=None))


@blueprint.post("/password")
def set_password() -> ResponseReturnValue:
    """Take another password, and sign every other browser out."""
    form, visitor = NewPasswordForm(), current_visitor()
    if form.is_theirs():
        try:
            hashing, chosen = current_app.extensions["pme_hashing"], form.password.data or ""
            kept = new_hash(db_session(), hashing, visitor.person_id, chosen)
            with everywhere(db_session()), transaction() as session:
                change_password(session, visitor.person_id, kept, but=visitor.session_id, at=now())
                actor = f"person {visitor.person_id}"
                record(
                    session,
                    "password changed",
                    actor=actor,
                    subject=actor,
                    at=now(),
                    academy_id=visitor.academy_id,
                )
                tell_visitor(session, Change.PASSWORD)
        except Invalid as error:
            form.password.errors = [error.says]
        else:
            flash(_("Your password is changed. Every other browser is signed out."), "success")
            return redirect(url_for("account.home"), HTTPStatus.SEE_OTHER)
    return render_template("account/password.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
