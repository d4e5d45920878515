"""The academy's door at its signing keys: what each signs, where it is published, rotating and revoking."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired

from pme.errors import Conflict, Invalid, NotFound, Unavailable
from pme.keys import service
from pme.keys.documents import Place
from pme.keys.public import KeyKind, PublicKey
from pme.keys.queries import SIGNING, find_key, public_keys
from pme.keys.service import Acting
from pme.people.academies import find_academy
from pme.permissions import Can, may
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN
from pme.web.password_now import PasswordNowForm
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, keyring, now, settings
from pme.words.lazily import lazy
from pme.words.speech import _

SIGNS = {
    KeyKind.ED25519: lazy("Credentials, sealed returns and the text of QR codes"),
    KeyKind.P256: lazy("PDF files, with a certificate"),
}


class RevokeForm(PasswordNowForm):
    """Why, and the password."""

    reason = StringField(lazy("Reason"), [InputRequired(service.SAY_WHY), fits])


@blueprint.get("/keys")
def keys() -> ResponseReturnValue:
    """The academy's keys, oldest first."""
    require(Can.SEE_ACADEMY)
    visitor, found = current_visitor(), _published()
    return render_template(
        "academy/keys.html",
        keys=found,
        signs=SIGNS,
        lacking=[kind for kind in SIGNING if not any(key.is_current for key in found if key.kind is kind)],
        place=Place(settings().public_url, visitor.academy_slug),
        keeps=may(visitor, Can.KEEP_KEYS, visitor.academy_id),
    )


@blueprint.get("/keys/rotate/<key_kind>")
def rotating_key(key_kind: str) -> ResponseReturnValue:
    """What rotating does, and the password."""
    require(Can.KEEP_KEYS)
    return _rotating(_kind(key_kind), PasswordNowForm(formdata=None))


@blueprint.post("/keys/rotate/<key_kind>")
def rotate_key(key_kind: str) -> ResponseReturnValue:
    """Sign with a new key from now on."""
    require(Can.KEEP_KEYS)
    kind, form = _kind(key_kind), PasswordNowForm()
    if not form.is_theirs():
        return _rotating(kind, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            made = service.rotate(db_session(), _acting(), kind)
            says = _("{label} signs from now on.", label=made.label)
    except (Invalid, Unavailable) as error:
        return _rotating(kind, form, error.says), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(says, "success")
    return redirect(url_for("academy.keys"), HTTPStatus.SEE_OTHER)


@blueprint.get("/keys/<label>/revoke")
def revoking_key(label: str) -> ResponseReturnValue:
    """What revoking does, the reason and the password."""
    require(Can.KEEP_KEYS)
    return _revoking(_key(label), RevokeForm(formdata=None))


@blueprint.post("/keys/<label>/revoke")
def revoke_key(label: str) -> ResponseReturnValue:
    """Believe nothing any more that a key signed."""
    require(Can.KEEP_KEYS)
    key, form = _key(label), RevokeForm()
    if not form.is_theirs():
        return _revoking(key, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            service.revoke(db_session(), _acting(), label, form.reason.data or "")
    except Invalid as error:
        form.reason.errors = [error.says]
        return _revoking(key, form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "info")
    else:
        flash(_("{label} is revoked. What it signed is no longer valid.", label=label), "success")
    return redirect(url_for("academy.keys"), HTTPStatus.SEE_OTHER)


def _published() -> list[PublicKey]:
    return list(public_keys(db_session(), current_visitor().academy_id))


def _kind(given: str) -> KeyKind:
    if given not in SIGNING:
        raise NotFound(UNKNOWN)
    return KeyKind(given)


def _key(label: str) -> PublicKey:
    found = find_key(db_session(), current_visitor().academy_id, label)
    if found is None or found.kind not in SIGNING:
        raise NotFound(UNKNOWN)
    return found.as_public


def _acting() -> Acting:
    academy = find_academy(db_session(), current_visitor().academy_id, for_update=True)
    if academy is None:
        raise NotFound(UNKNOWN)
    return Acting(academy, keyring(), acting().actor, now())


def _rotating(kind: KeyKind, form: PasswordNowForm, refusal: str = "") -> str:
    current = next((key for key in _published() if key.kind is kind and key.is_current), None)
    return render_template(
        "academy/rotate-key.html", form=form, kind=kind, signs=SIGNS[kind], current=current, refusal=refusal
    )


def _revoking(key: PublicKey, form: RevokeForm) -> str:
    return render_template("academy/revoke-key.html", form=form, key=key, signs=SIGNS[key.kind])
