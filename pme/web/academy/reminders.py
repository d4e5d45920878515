"""The academy's door at its reminders: which it wants, how early, at which hours, in which time zone."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.enrolment.dates import zones
from pme.permissions import Can
from pme.reminders.queries import arrangement_of
from pme.reminders.rules import Arrangement, Reminder
from pme.reminders.service import arrange
from pme.web.academy.views import blueprint, require
from pme.web.forms import whole_number
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

KINDS = (
    SelectChoice(Reminder.DUE_SOON.value, lazy("A course is to be done soon")),
    SelectChoice(Reminder.OVERDUE.value, lazy("A course was to be done, and is not")),
    SelectChoice(
        Reminder.RECERTIFICATION.value, lazy("A completion expires soon, or changed parts are asked for")
    ),
    SelectChoice(
        Reminder.MARKING.value, lazy("Written answers wait for marks (to instructors, once a week)")
    ),
)
HOUR = lazy("Give a full hour from 0 to 23.")


class RemindersForm(SpokenForm):
    """How an academy wants reminders."""

    kinds = SelectMultipleField(lazy("Letters that are sent"), choices=KINDS)
    due_days = StringField(
        lazy("Days before a due date"), [whole_number(1, 60, lazy("Give days from 1 to 60."))]
    )
    recertification_days = StringField(
        lazy("Days before a completion ends"), [whole_number(1, 180, lazy("Give days from 1 to 180."))]
    )
    marking_days = StringField(
        lazy("Days that written answers may wait"), [whole_number(1, 60, lazy("Give days from 1 to 60."))]
    )
    quiet_from = StringField(lazy("Quiet from this hour"), [whole_number(0, 23, HOUR)])
    quiet_to = StringField(lazy("Quiet until this hour"), [whole_number(0, 23, HOUR)])
    time_zone = SelectField(
        lazy("Time zone of the academy"), choices=[SelectChoice(zone, zone) for zone in zones()]
    )


@blueprint.get("/reminders")
def reminders() -> ResponseReturnValue:
    """How the academy wants reminders."""
    require(Can.SET_REMINDERS)
    kept = arrangement_of(db_session(), current_visitor().academy_id)
    data = {
        "kinds": [kind.value for kind in Reminder if kind not in kept.off],
        "due_days": str(kept.due_days),
        "recertification_days": str(kept.recertification_days),
        "marking_days": str(kept.marking_days),
        "quiet_from": str(kept.quiet_from),
        "quiet_to": str(kept.quiet_to),
        "time_zone": kept.zone,
    }
    return _page(RemindersForm(formdata=None, data=data))


@blueprint.post("/reminders")
def save_reminders() -> ResponseReturnValue:
    """Change it."""
    require(Can.SET_REMINDERS)
    form = RemindersForm()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Arrangement(
        zone=form["time_zone"].data,
        off=frozenset(kind for kind in Reminder if kind.value not in form["kinds"].data),
        **{
            name: int(form[name].data)
            for name in ("due_days", "recertification_days", "marking_days", "quiet_from", "quiet_to")
        },
    )
    visitor = current_visitor()
    with transaction() as session:
        is_new = arrange(session, visitor.academy_id, wanted, by=visitor.person_id, at=now())
    flash(
        _("Saved. It applies from now on.")
        if is_new
        else _("Nothing was changed: it was like this already."),
        "success" if is_new else "info",
    )
    return redirect(url_for("academy.reminders"), HTTPStatus.SEE_OTHER)


def _page(form: RemindersForm) -> str:
    return render_template("academy/reminders.html", form=form, mail=settings().mail)
