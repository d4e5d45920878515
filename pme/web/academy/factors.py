"""The academy's door at second steps: whether staff must take one, who has none yet, and the reset of a lost one."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from pme.errors import Conflict, NotFound
from pme.people.academies import find_academy
from pme.people.factors import factors_of
from pme.people.factors_asked import ask_of_staff, reset_for, staff_without_factor
from pme.people.queries import get_academy
from pme.permissions import Can
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.alarms import Change, tell
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, load_member
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

YES, NO = "yes", "no"


class AskForm(SpokenForm):
    """Whether a second step is asked of staff."""

    asks = RadioField(
        lazy("People who sign in here and are not only students"),
        [InputRequired(lazy("Choose one of the two."))],
        choices=[
            SelectChoice(NO, lazy("may set up a second step")),
            SelectChoice(YES, lazy("must set up a second step before going on")),
        ],
    )


@blueprint.get("/second-step")
def second_step() -> ResponseReturnValue:
    """Whether the academy asks for a second step, and who has none yet."""
    require(Can.ADMINISTER)
    asks = get_academy(db_session(), current_visitor().academy_id).asks_second_step
    return _page(AskForm(formdata=None, data={"asks": YES if asks else NO}))


@blueprint.post("/second-step")
def ask_second_step() -> ResponseReturnValue:
    """Ask for it, or do not."""
    require(Can.ADMINISTER)
    form = AskForm()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        academy = find_academy(session, current_visitor().academy_id, for_update=True)
        if academy is None:
            raise NotFound(UNKNOWN)
        is_new = ask_of_staff(session, academy, asks=form.asks.data == YES, by=acting())
    says = (
        _("Saved. It applies from the next page that anybody opens.")
        if is_new
        else _("Nothing was changed: it was like this already.")
    )
    flash(says, "success" if is_new else "info")
    return redirect(url_for("academy.second_step"), HTTPStatus.SEE_OTHER)


@blueprint.get("/people/<int:person_id>/second-step")
def reset_factors(person_id: int) -> ResponseReturnValue:
    """What a person has besides the password, in numbers, and the reset for who has lost it."""
    member = load_member(Can.CHANGE_PERSON, person_id)
    return render_template(
        "academy/reset-factors.html",
        member=member,
        factors=factors_of(db_session(), person_id),
        is_oneself=person_id == current_visitor().person_id,
        form=ActForm(formdata=None),
    )


@blueprint.post("/people/<int:person_id>/second-step")
def do_reset_factors(person_id: int) -> ResponseReturnValue:
    """Take every factor of a person away, who then signs in with the password and sets up another."""
    try:
        with transaction() as session:
            member = load_member(Can.CHANGE_PERSON, person_id, for_update=True)
            reset_for(session, member, acting())
            tell(
                session,
                Change.RESET,
                person_id=person_id,
                academy_id=member.academy_id,
                academy=current_visitor().academy_name,
                email=member.holder.email,
                called=member.called,
            )
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(
            _("Reset: the password alone signs this person in, and every browser is signed out."), "success"
        )
    return redirect(url_for("academy.person", person_id=person_id), HTTPStatus.SEE_OTHER)


def _page(form: AskForm) -> str:
    missing = staff_without_factor(db_session(), current_visitor().academy_id, now().date())
    return render_template("academy/second-step.html", form=form, missing=missing)
