"""The account door at passkeys: made by the browser, named, renamed and removed by their person."""

import secrets
from http import HTTPStatus

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from pme.errors import Conflict, Invalid, NotFound
from pme.people.factors import drop_codes_without_factor, factors_of
from pme.people.factors_models import Passkey
from pme.people.factors_passkeys import (
    add_passkey,
    options_to_make,
    passkeys_of,
    remove_passkey,
    rename_passkey,
)
from pme.people.factors_recovery import make_codes
from pme.web.account.factors import LAST_ONE, after_setting_up, is_asked, keep_for_once, note
from pme.web.account.forms import NewPasskeyForm, PasskeyNameForm
from pme.web.account.views import blueprint
from pme.web.alarms import Change
from pme.web.loaders import UNKNOWN
from pme.web.password_now import PasswordNowForm
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sites import seal, takes_passkeys, this_site
from pme.words.lazily import lazy
from pme.words.speech import _

TIME_TO_MAKE = 15 * 60  # seconds
NOT_MADE = lazy(
    "The browser has made no passkey. Try again; with JavaScript off, set up an authenticator app instead."
)
TOO_LATE = lazy("This took too long. Try again.")


@blueprint.get("/passkeys/new")
def new_passkey() -> ResponseReturnValue:
    """The form by which the browser makes a passkey."""
    return _new(NewPasskeyForm(formdata=None))


@blueprint.post("/passkeys/new")
def make_passkey() -> ResponseReturnValue:
    """Keep a passkey that the browser has made."""
    form, visitor = NewPasskeyForm(), current_visitor()
    if not form.is_theirs():
        return _new(form), HTTPStatus.UNPROCESSABLE_ENTITY
    challenge = _challenge_in(form.ceremony.data or "")
    if challenge is None or not form.answer.data:
        form.name.errors = [TOO_LATE if form.answer.data else NOT_MADE]
        return _new(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as db:
            before = factors_of(db, visitor.person_id)
            add_passkey(
                db,
                visitor.person_id,
                this_site(),
                challenge=challenge,
                answer=form.answer.data,
                name=form.name.data or "",
                at=now(),
            )
            note("passkey added", Change.PASSKEY)
            keep_for_once(None if before.codes_left else make_codes(db, visitor.person_id))
    except (Invalid, Conflict) as error:
        form.name.errors = [error.says]
        return _new(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(
        _("Your passkey is kept: from now on signing in asks for it, or for another second step."), "success"
    )
    return after_setting_up(had_codes=bool(before.codes_left))


@blueprint.get("/passkeys/<int:passkey_id>")
def passkey(passkey_id: int) -> ResponseReturnValue:
    """One passkey: another name, or away with it."""
    found = _own(passkey_id)
    naming = PasskeyNameForm(formdata=None, data={"name": found.name})
    return _page(found, naming, PasswordNowForm(formdata=None))


@blueprint.post("/passkeys/<int:passkey_id>/name")
def name_passkey(passkey_id: int) -> ResponseReturnValue:
    """Call a passkey by another name."""
    found, form = _own(passkey_id), PasskeyNameForm()
    if not form.validate_on_submit():
        return _page(found, form, PasswordNowForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as db:
        rename_passkey(db, current_visitor().person_id, passkey_id, form.name.data or "")
    return redirect(url_for("account.factors"), HTTPStatus.SEE_OTHER)


@blueprint.post("/passkeys/<int:passkey_id>/remove")
def drop_passkey(passkey_id: int) -> ResponseReturnValue:
    """Forget a passkey."""
    found, form, visitor = _own(passkey_id), PasswordNowForm(), current_visitor()
    if not form.is_theirs():
        naming = PasskeyNameForm(formdata=None, data={"name": found.name})
        return _page(_own(passkey_id), naming, form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as db:
        had = factors_of(db, visitor.person_id)
        if is_asked() and had.app_since is None and len(had.passkeys) == 1:
            raise Conflict(LAST_ONE)
        remove_passkey(db, visitor.person_id, passkey_id)
        drop_codes_without_factor(db, visitor.person_id)
        note("passkey removed", Change.PASSKEY_REMOVED)
    flash(_("The passkey is removed: it signs nobody in any more."), "success")
    return redirect(url_for("account.factors"), HTTPStatus.SEE_OTHER)


def _own(passkey_id: int) -> Passkey:
    mine = passkeys_of(db_session(), current_visitor().person_id)
    found = next((each for each in mine if each.id == passkey_id), None)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _page(found: Passkey, naming: PasskeyNameForm, removing: PasswordNowForm) -> str:
    return render_template("account/passkey.html", passkey=found, naming=naming, removing=removing)


def _new(form: NewPasskeyForm) -> str:
    visitor, site, challenge = current_visitor(), this_site(), secrets.token_urlsafe(32)
    form.answer.data, form.ceremony.data = "", _ceremonies().dumps([visitor.session_id, challenge])
    options = options_to_make(
        site,
        challenge=challenge,
        handle=seal().handle(visitor.person_id),
        email=visitor.email,
        name=f"{visitor.rank} {visitor.name}".strip(),
        known=passkeys_of(db_session(), visitor.person_id, site=site.host),
    )
    return render_template(
        "account/new-passkey.html", form=form, options=options, takes_passkeys=takes_passkeys(site)
    )


def _ceremonies() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="making a passkey")  # not words


def _challenge_in(ceremony: str) -> str | None:
    """The question that a form was made with, for this browser and not long ago. Each makes one passkey at most,
    since none is kept twice.
    """
    try:
        session_id, challenge = _ceremonies().loads(ceremony, max_age=TIME_TO_MAKE)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(challenge) if session_id == current_visitor().session_id else None
