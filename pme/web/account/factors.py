"""The account door at second factors: what there is, the authenticator app, and recovery codes."""

import json
from http import HTTPStatus

import segno
from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from pme.audit import record
from pme.errors import Conflict
from pme.people.factors import drop_codes_without_factor, factors_of
from pme.people.factors_app import address_of, begin_app, confirm_app, remove_app, secret_to_confirm
from pme.people.factors_recovery import HOW_MANY, make_codes
from pme.people.factors_seal import CannotBeOpened
from pme.people.models import Role
from pme.people.queries import get_academy
from pme.web.account.forms import AppForm
from pme.web.account.views import blueprint
from pme.web.alarms import Change, tell_visitor
from pme.web.password_now import PasswordNowForm
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sites import seal, takes_passkeys, this_site
from pme.words.lazily import lazy
from pme.words.speech import _

ONCE = "codes"
NO_MATCH = lazy(
    "This code is not right. Wait for the next one and enter its six digits; check the clock of your phone."
)
LAST_ONE = lazy(
    "Your academy asks everybody who works for it for a second step, and this is your last way to take it. "
    "Set up another first."
)


@blueprint.get("/second-step")
def factors() -> ResponseReturnValue:
    """What the visitor has besides the password, and what may be set up."""
    visitor = current_visitor()
    return render_template(
        "account/factors.html",
        factors=factors_of(db_session(), visitor.person_id),
        owes=visitor.owes_second_factor,
        is_asked=is_asked(),
        takes_passkeys=takes_passkeys(this_site()),
    )


@blueprint.post("/second-step/app")
def begin_app_factor() -> ResponseReturnValue:
    """Make a secret for an authenticator app; it counts once a code has confirmed it."""
    with transaction() as db:
        begin_app(db, seal(), current_visitor().person_id, at=now())
    return redirect(url_for("account.app"), HTTPStatus.SEE_OTHER)


@blueprint.get("/second-step/app")
def app() -> ResponseReturnValue:
    """The secret, as a QR code and as text, and the form that confirms it."""
    return _app_page(AppForm(formdata=None))


@blueprint.post("/second-step/app/confirm")
def confirm() -> ResponseReturnValue:
    """Let the app count, if the code is one of its own."""
    form, visitor = AppForm(), current_visitor()
    if not form.is_theirs():
        return _app_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as db:
        before = factors_of(db, visitor.person_id)
        is_confirmed = confirm_app(db, seal(), visitor.person_id, form.code.data or "", at=now())
        if is_confirmed:
            note("authenticator app set up", Change.APP)  # not words
            keep_for_once(None if before.codes_left else make_codes(db, visitor.person_id))
    if not is_confirmed:
        form.code.errors = [NO_MATCH]
        return _app_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Your authenticator app is set up: from now on signing in asks for a code."), "success")
    return after_setting_up(had_codes=bool(before.codes_left))


@blueprint.get("/second-step/app/remove")
def removing_app() -> ResponseReturnValue:
    """Ask for the password before the app is removed."""
    return _removing(PasswordNowForm(formdata=None))


@blueprint.post("/second-step/app/remove")
def remove_app_factor() -> ResponseReturnValue:
    """Remove the app; the secret is forgotten."""
    form, visitor = PasswordNowForm(), current_visitor()
    if not form.is_theirs():
        return _removing(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as db:
        had = factors_of(db, visitor.person_id)
        if is_asked() and had.app_since and not had.passkeys:
            raise Conflict(LAST_ONE)
        remove_app(db, visitor.person_id)
        drop_codes_without_factor(db, visitor.person_id)
        note("authenticator app removed", Change.APP_REMOVED)  # not words
    flash(_("The authenticator app is removed. You can delete its entry in the app too."), "success")
    return redirect(url_for("account.factors"), HTTPStatus.SEE_OTHER)


@blueprint.get("/recovery-codes")
def codes() -> ResponseReturnValue:
    """The codes that were just made, this once; else how many are left, and a way to make new ones."""
    fresh = _taken_out()
    return _codes_page(PasswordNowForm(formdata=None), fresh)


@blueprint.post("/recovery-codes")
def new_codes() -> ResponseReturnValue:
    """Make new recovery codes; the old ones are worth nothing from now on."""
    form, visitor = PasswordNowForm(), current_visitor()
    if not form.is_theirs():
        return _codes_page(form, []), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as db:
        if not factors_of(db, visitor.person_id).are_set_up:
            raise Conflict(_("Recovery codes stand in for a lost app or passkey. Set one of them up first."))
        keep_for_once(make_codes(db, visitor.person_id))
        note("recovery codes made anew", Change.CODES)  # not words
    return redirect(url_for("account.codes"), HTTPStatus.SEE_OTHER)


def keep_for_once(fresh: list[str] | None) -> None:
    """Keep fresh codes, sealed, in the cookie until the next page has shown them."""
    if fresh:
        session[ONCE] = seal().seal(json.dumps(fresh), about=_about())


def after_setting_up(*, had_codes: bool) -> ResponseReturnValue:
    """Where to go once a factor is set up: to the codes, when it is the first."""
    return redirect(url_for("account.factors" if had_codes else "account.codes"), HTTPStatus.SEE_OTHER)


def note(act: str, change: Change) -> None:
    """Record what the visitor did to how they sign in, and write it to them, inside the transaction."""
    visitor = current_visitor()
    actor = f"person {visitor.person_id}"
    record(db_session(), act, actor=actor, subject=actor, at=now(), academy_id=visitor.academy_id)
    tell_visitor(db_session(), change)


def is_asked() -> bool:
    """Whether the academy asks the visitor for a second step, so that the last way to take it has to stay."""
    visitor = current_visitor()
    is_staff = bool(visitor.roles - {Role.STUDENT})
    return is_staff and get_academy(db_session(), visitor.academy_id).asks_second_step


def _taken_out() -> list[str]:
    kept = session.pop(ONCE, None)
    try:
        return list(json.loads(seal().open(kept, about=_about()))) if isinstance(kept, str) else []
    except CannotBeOpened:
        return []


def _about() -> str:
    return f"fresh recovery codes of person {current_visitor().person_id}"  # not words


def _codes_page(form: PasswordNowForm, fresh: list[str]) -> str:
    found = factors_of(db_session(), current_visitor().person_id)
    return render_template("account/codes.html", form=form, fresh=fresh, factors=found, of=HOW_MANY)


def _app_page(form: AppForm) -> str | Response:
    visitor = current_visitor()
    secret = secret_to_confirm(db_session(), seal(), visitor.person_id)
    if secret is None:
        return redirect(url_for("account.factors"), HTTPStatus.SEE_OTHER)
    code = segno.make(address_of(secret, email=visitor.email), error="m", micro=False)
    return render_template(
        "account/app.html",
        form=form,
        groups=[secret[at : at + 4] for at in range(0, len(secret), 4)],
        side=code.symbol_size(border=4)[0],
        path=" ".join(
            f"M{x + 4} {y + 4}h1v1h-1z"
            for y, row in enumerate(code.matrix)
            for x, is_dark in enumerate(row)
            if is_dark
        ),
    )


def _removing(form: PasswordNowForm) -> str:
    return render_template("account/remove-app.html", form=form)
