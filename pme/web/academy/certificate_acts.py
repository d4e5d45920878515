"""The academy's door at two acts on a certificate: issue another in its place, and revoke it."""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme import audit
from pme.certificates import service
from pme.certificates.models import Certificate, Ground
from pme.certificates.preview import Change, changes_of
from pme.certificates.words import CHOSEN
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.academy.certificates import load_certificate
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits
from pme.web.loaders import load_read_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

MOVED = lazy(
    "Something that is printed has changed since you opened this page. Nothing was issued: check the lines "
    "below again."
)
TOO_LONG = lazy("Keep the reason under {most} characters.", most=f"{service.LONGEST_REASON:,}")
WHY = lazy("Say why, in words that the holder may read.")


class ReissueForm(SpokenForm):
    """Which lines are taken as they are now, and why."""

    taking = SelectMultipleField(lazy("What is different on the new certificate"), validate_choice=False)
    reason = TextAreaField(
        lazy("Reason"), [InputRequired(WHY), Length(max=service.LONGEST_REASON, message=TOO_LONG), fits]
    )
    seen = HiddenField()


class RevokeForm(SpokenForm):
    """Why a certificate no longer counts."""

    ground = RadioField(
        lazy("Why"),
        choices=[SelectChoice(each.value, words) for each, words in CHOSEN.items()],
        validators=[InputRequired(lazy("Choose why it is revoked."))],
    )
    reason = TextAreaField(
        lazy("In words"), [InputRequired(WHY), Length(max=service.LONGEST_REASON, message=TOO_LONG), fits]
    )


@blueprint.get("/certificates/<number>/correction")
def correct_certificate(number: str) -> ResponseReturnValue:
    """What another certificate would say today, and a form to issue it."""
    require(Can.SEE_CERTIFICATES)
    found = load_certificate(number, can=Can.KEEP_CERTIFICATES)
    try:
        changes = changes_of(db_session(), found)
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("academy.certificate", number=number), HTTPStatus.SEE_OTHER)
    taking = [change.name for change in changes if change.name != "valid_until"]
    return _reissue_page(found, changes, ReissueForm(formdata=None, data={"taking": taking}))


@blueprint.post("/certificates/<number>/correction")
def reissue_certificate(number: str) -> ResponseReturnValue:
    """Issue another certificate in its place."""
    require(Can.SEE_CERTIFICATES)
    found, form = load_certificate(number, can=Can.KEEP_CERTIFICATES), ReissueForm()
    by, taking = current_visitor().person_id, form.taking.data or []
    is_valid, changes = form.validate(), list[Change]()
    try:
        changes = changes_of(db_session(), found)
        if is_valid and form.seen.data == _seal(changes):
            db_session().rollback()
            with transaction() as session:
                load_read_enrolment(found.enrolment_id, for_update=True)
                anew = service.reissue(
                    session, found, taking=taking, reason=form.reason.data or "", by=by, at=now()
                )
                _record("certificate reissued", anew, {"replaces": found.number, "fields": sorted(taking)})
            flash(
                _(
                    "Certificate {number} was issued. It replaces {before}.",
                    number=anew.number,
                    before=found.number,
                ),
                "success",
            )
            return redirect(url_for("academy.certificate", number=anew.number), HTTPStatus.SEE_OTHER)
        if is_valid:
            form.taking.errors = [MOVED]
    except Invalid as error:
        form[error.field or "taking"].errors = [error.says]
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("academy.certificate", number=number), HTTPStatus.SEE_OTHER)
    return _reissue_page(found, changes, form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/certificates/<number>/revocation")
def revoking_certificate(number: str) -> ResponseReturnValue:
    """A form to revoke a certificate."""
    require(Can.SEE_CERTIFICATES)
    found = load_certificate(number, can=Can.KEEP_CERTIFICATES)
    return _revoke_page(found, RevokeForm(formdata=None))


@blueprint.post("/certificates/<number>/revocation")
def revoke_certificate(number: str) -> ResponseReturnValue:
    """Revoke it, for good. The completion behind it stays."""
    require(Can.SEE_CERTIFICATES)
    found, form = load_certificate(number, can=Can.KEEP_CERTIFICATES), RevokeForm()
    if not form.validate():
        return _revoke_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    ground, reason, by = Ground(form.ground.data), form.reason.data or "", current_visitor().person_id
    back = redirect(url_for("academy.certificate", number=number), HTTPStatus.SEE_OTHER)
    try:
        with transaction() as session:
            load_read_enrolment(found.enrolment_id, for_update=True)
            service.revoke(session, found, ground=ground, reason=reason, by=by, at=now())
            _record("certificate revoked", found, {"ground": ground.value})
    except Invalid as error:
        form.reason.errors = [error.says]
        return _revoke_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
        return back
    flash(_("The certificate is revoked. The completion behind it still counts."), "success")
    return back


def _reissue_page(found: Certificate, changes: Sequence[Change], form: ReissueForm) -> str:
    form.taking.choices = [
        SelectChoice(
            each.name,
            _("{label}: “{was}” becomes “{becomes}”", label=each.label, was=each.was, becomes=each.becomes),
        )
        for each in changes
    ]
    form.seen.data = _seal(changes)
    return render_template(
        "academy/certificate-correction.html",
        certificate=found,
        changes=changes,
        is_revoked=service.revocation_of(db_session(), found) is not None,
        form=form,
    )


def _revoke_page(found: Certificate, form: RevokeForm) -> str:
    return render_template("academy/certificate-revocation.html", certificate=found, form=form)


def _seal(changes: Sequence[Change]) -> str:
    """The same as long as the preview is."""
    return hashlib.sha256(repr(list(changes)).encode()).hexdigest()


def _record(act: str, about: Certificate, detail: dict[str, object]) -> None:
    audit.record(
        db_session(),
        act,
        actor=f"person {current_visitor().person_id}",
        subject=about.number,
        at=now(),
        academy_id=about.academy_id,
        detail={"course": about.course} | detail,
    )
