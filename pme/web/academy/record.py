"""The academy's door at one student in a course: how far they are, what came of their completion, and the
acts that revoke or restore it.
"""

from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from pme import journeys_completions as journeys
from pme.certificates.expiry import end_of
from pme.certificates.models import Certificate
from pme.certificates.queries import certificates_of_enrolment, held
from pme.certificates.words import KINDS, STATES
from pme.content.editions import editions_of
from pme.enrolment.models import Enrolment
from pme.errors import Conflict, Invalid
from pme.permissions import Can, may
from pme.progress.board import Syllabus, board_rows
from pme.progress.corrections import LONGEST_REASON
from pme.progress.in_force import completion_in_force, events_of
from pme.progress.requalify_queries import asked_of
from pme.progress.whereabouts import Rule
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits
from pme.web.loaders import catalogue, load_course, load_read_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _, _n


class ReasonForm(SpokenForm):
    """Why a completion is revoked or restored."""

    reason = TextAreaField(
        lazy("Reason"),
        [
            InputRequired(lazy("Say why, in words that the holder may read.")),
            Length(
                max=LONGEST_REASON,
                message=lazy("Keep the reason under {most} characters.", most=LONGEST_REASON),
            ),
            fits,
        ],
    )


@blueprint.get("/records/<int:enrolment_id>")
def record(enrolment_id: int) -> ResponseReturnValue:
    """One student in a course: how far, and the history of the completion."""
    require(Can.SEE_REPORTS)
    return _page(load_read_enrolment(enrolment_id), ReasonForm(formdata=None))


@blueprint.post("/records/<int:enrolment_id>/revocation")
def revoke_completion(enrolment_id: int) -> ResponseReturnValue:
    """Revoke the completion."""
    return _settle(enrolment_id, is_revoking=True)


@blueprint.post("/records/<int:enrolment_id>/restoration")
def restore_completion(enrolment_id: int) -> ResponseReturnValue:
    """Take the revocation back."""
    return _settle(enrolment_id, is_revoking=False)


def _settle(enrolment_id: int, *, is_revoking: bool) -> ResponseReturnValue:
    require(Can.SEE_REPORTS)
    enrolment, form = load_read_enrolment(enrolment_id, can=Can.REVOKE_COMPLETION), ReasonForm()
    back = url_for("academy.record", enrolment_id=enrolment_id)
    if not form.validate():
        return _page(enrolment, form), HTTPStatus.UNPROCESSABLE_ENTITY
    by, reason = current_visitor().person_id, form.reason.data or ""
    try:
        with transaction() as session:
            locked = load_read_enrolment(enrolment_id, can=Can.REVOKE_COMPLETION, for_update=True)
            if is_revoking:
                gone = journeys.revoke_completion(session, locked, reason=reason, by=by, at=now())
                says = _revoked_with(gone)
            else:
                anew = journeys.restore_completion(session, locked, reason=reason, by=by, at=now())
                says = (
                    _(
                        "The completion counts again. Certificate {number} was issued; the one before stays revoked.",
                        number=anew.number,
                    )
                    if anew
                    else _("The completion counts again.")
                )
    except Invalid as error:
        form.reason.errors = [error.says]
        return _page(enrolment, form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(back, HTTPStatus.SEE_OTHER)
    flash(says, "success")
    return redirect(back, HTTPStatus.SEE_OTHER)


def _revoked_with(gone: Sequence[Certificate]) -> str:
    if not gone:
        return _("The completion is revoked.")
    return _n(
        "The completion is revoked, and with it certificate {numbers}.",
        "The completion is revoked, and with it certificates {numbers}.",
        len(gone),
        numbers=", ".join(each.number for each in gone),
    )


def _page(enrolment: Enrolment, form: ReasonForm) -> str:
    course, academy_id = load_course(enrolment.course).content, enrolment.academy_id
    rule, at = Rule(), now()
    rows = board_rows(
        db_session(),
        academy_id,
        Enrolment.id == enrolment.id,
        Syllabus.of(catalogue(), course),
        rule=rule,
        at=at,
        is_active=False,
    )
    standing = completion_in_force(db_session(), academy_id, enrolment.id)
    return render_template(
        "academy/record.html",
        course=course,
        enrolment=enrolment,
        row=rows[0],
        rule=rule,
        standing=standing,
        certificates=held(
            db_session(),
            academy_id,
            certificates_of_enrolment(db_session(), academy_id, enrolment.id),
            at=at,
        ),
        state_names=STATES,
        state_kinds=KINDS,
        events=events_of(db_session(), academy_id, enrolment.id),
        editions={edition.id: edition.shown for edition in editions_of(db_session(), course.slug)},
        until=end_of(db_session(), standing),
        asked=asked_of(db_session(), academy_id, [enrolment.id]).get(enrolment.id),
        may_revoke=may(current_visitor(), Can.REVOKE_COMPLETION, enrolment),
        form=form,
    )
