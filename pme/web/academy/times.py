"""The academy's door at what people need in timed tasks: set once a person, by staff."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from pme import invigilation
from pme.assessment.allowances import arranged
from pme.assessment.timing import Allowance
from pme.enrolment.models import Enrolment
from pme.enrolment.queries import enrolments_of
from pme.people.queries import person_by_email
from pme.permissions import Can, may
from pme.web.academy.views import blueprint, require
from pme.web.forms import TimeForm, fits
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

NOBODY = lazy("No other student of your academy has this address. Check it on their enrolment.")


class PersonTimeForm(TimeForm):
    """Whose time, and how much."""

    email = EmailField(
        lazy("E-mail address of the student"),
        [
            InputRequired(lazy("Enter the student's e-mail address.")),
            Length(max=254, message=lazy("This address is too long.")),
            fits,
        ],
    )


@blueprint.get("/time")
def times() -> ResponseReturnValue:
    """Whom something is arranged for, and a form for more."""
    require(Can.SEE_ACADEMY)
    return _page(PersonTimeForm(formdata=None, data={"time_percent": "100", "break_minutes": "0"}))


@blueprint.post("/time")
def arrange_time() -> ResponseReturnValue:
    """Set what a student needs in every timed task of the academy."""
    require(Can.SEE_ACADEMY)
    form = PersonTimeForm()
    if form.validate():
        enrolment = _student(form["email"].data)
        if enrolment is not None:
            allowance = Allowance(int(form["time_percent"].data), int(form["break_minutes"].data))
            with transaction() as session:
                invigilation.arrange(
                    session,
                    enrolment.person_id,
                    enrolment.academy_id,
                    allowance=allowance,
                    by=current_visitor().person_id,
                    at=now(),
                )
            flash(_("Set for every timed task, also for one that is under way."), "success")
            return redirect(url_for("academy.times"), HTTPStatus.SEE_OTHER)
        form["email"].errors = [NOBODY]
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


def _student(email: str) -> Enrolment | None:
    """An enrolment of the student with this address, if the visitor may arrange their time."""
    visitor, person = current_visitor(), person_by_email(db_session(), email)
    if person is None:
        return None
    theirs = enrolments_of(db_session(), person.id, visitor.academy_id)
    return next((one for one in theirs if may(visitor, Can.ARRANGE_TIME, one)), None)


def _page(form: PersonTimeForm) -> str:
    return render_template(
        "academy/times.html", rows=arranged(db_session(), current_visitor().academy_id), form=form
    )
