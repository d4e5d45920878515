"""The installation's door at second steps: the reset for who has lost theirs and signs in at several academies.

An academy resets its own people; of somebody whom two academies know, neither may. Who is there is not told: an
address of nobody and one without a second step get the same answer.
"""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from pme.errors import Conflict
from pme.people.factors_asked import reset_everywhere
from pme.web.acting import acting
from pme.web.alarms import Change, tell
from pme.web.forms import fits
from pme.web.install.views import blueprint
from pme.web.session import transaction
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class ResetForm(SpokenForm):
    """Whose second step, and that it is them."""

    email = StringField(
        lazy("E-mail address"), [InputRequired(lazy("Give the person's e-mail address.")), fits]
    )
    known = BooleanField(
        lazy("I have confirmed who this person is, in another way than by e-mail"),
        [InputRequired(lazy("Confirm this first: afterwards the password alone signs the person in."))],
    )


@blueprint.get("/second-step")
def second_step() -> ResponseReturnValue:
    """A form for somebody who has lost every way to take the second step."""
    return render_template("install/second-step.html", form=ResetForm(formdata=None))


@blueprint.post("/second-step")
def reset_second_step() -> ResponseReturnValue:
    """Take every factor of a person away, and sign them out everywhere."""
    form = ResetForm()
    if form.validate():
        try:
            with transaction() as session:
                person = reset_everywhere(session, form["email"].data or "", acting())
                tell(
                    session,
                    Change.RESET,
                    person_id=person.id,
                    academy_id=None,
                    academy="",
                    email=person.email,
                    called=f"{person.rank} {person.name}".strip(),
                )
        except Conflict as refusal:
            form["email"].errors = [refusal.says]
        else:
            flash(
                _("Reset: the password alone signs this person in, and every browser is signed out."),
                "success",
            )
            return redirect(url_for("install.second_step"), HTTPStatus.SEE_OTHER)
    return render_template("install/second-step.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
