"""The academy's door at returns that are made by themselves: which there are, another one, and ending one."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.errors import Invalid, NotFound
from pme.permissions import Can, may
from pme.reports.files.form import LONGEST_MARKING
from pme.reports.rhythm import Way
from pme.returns import schedules
from pme.returns.contents import FEW
from pme.returns.rhythm import Turn
from pme.returns.schedules import Wanted
from pme.web.academy.report_form import Choices
from pme.web.academy.reports import MARKING, TOO_LONG
from pme.web.academy.views import blueprint, require
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

CHOOSE = lazy("Choose one of these.")


class ReturnScheduleForm(SpokenForm):
    """How a return is made by itself."""

    turn = RadioField(
        lazy("How often"),
        [InputRequired(CHOOSE)],
        choices=[
            SelectChoice(Turn.MONTHLY.value, lazy("On the first of every month, of the month before")),
            SelectChoice(
                Turn.QUARTERLY.value, lazy("On the first of every quarter, of the three months before")
            ),
        ],
    )
    courses = Choices(lazy("Courses"))
    unnamed = BooleanField(lazy("Name nobody: pseudonyms instead of names, numbers and addresses"))
    few = BooleanField(lazy("Hide groups of fewer than {few}", few=FEW))
    way = RadioField(lazy("How it is delivered"), [InputRequired(CHOOSE)])
    marking = StringField(
        lazy("Classification marking"), [Length(max=LONGEST_MARKING, message=TOO_LONG), fits]
    )


@blueprint.get("/returns/schedules")
def return_schedules() -> ResponseReturnValue:
    """The returns that are made by themselves."""
    require(Can.SEE_REPORTS)
    data = {"turn": Turn.QUARTERLY.value, "way": Way.LETTER.value, "marking": MARKING}
    return _page(_form(ReturnScheduleForm(formdata=None, data=data)))


@blueprint.post("/returns/schedules")
def add_return_schedule() -> ResponseReturnValue:
    """Let another be made by itself."""
    require(Can.SEAL_RETURN)
    visitor, form = current_visitor(), _form(ReturnScheduleForm())
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Wanted(
        courses=form["courses"].data or [],
        names_nobody=bool(form["unnamed"].data),
        hides_few=bool(form["few"].data),
        marking=form["marking"].data or "",
    )
    try:
        with transaction() as session:
            schedules.add(
                session,
                visitor.academy_id,
                wanted,
                turn=Turn(form["turn"].data),
                way=Way(form["way"].data),
                by_id=visitor.person_id,
                at=now(),
            )
    except Invalid as refusal:
        field = form[refusal.field or "courses"]
        field.errors = [*field.errors, refusal.says]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("This return is made automatically from now on."), "success")
    return redirect(url_for("academy.return_schedules"), HTTPStatus.SEE_OTHER)


@blueprint.post("/returns/schedules/<int:return_schedule_id>/end")
def end_return_schedule(return_schedule_id: int) -> ResponseReturnValue:
    """Let one be made no longer."""
    require(Can.SEAL_RETURN)
    visitor = current_visitor()
    with transaction() as session:
        made = schedules.find_schedule(session, visitor.academy_id, return_schedule_id, for_update=True)
        if made is None:
            raise NotFound(UNKNOWN)
        schedules.end(session, made, by_id=visitor.person_id, at=now())
    flash(_("This return is no longer made automatically. What was sealed stays."), "success")
    return redirect(url_for("academy.return_schedules"), HTTPStatus.SEE_OTHER)


def _form(form: ReturnScheduleForm) -> ReturnScheduleForm:
    form["courses"].choices = [SelectChoice(c.content.slug, c.content.title) for c in catalogue().courses]
    ways = [SelectChoice(Way.LETTER.value, _("By e-mail: a link that needs signing in"))]
    if settings().export_dir is not None:
        ways.append(SelectChoice(Way.FOLDER.value, _("Into the export folder of this installation")))
    form["way"].choices = ways
    return form


def _page(form: ReturnScheduleForm) -> str:
    visitor = current_visitor()
    return render_template(
        "academy/return-schedules.html",
        form=form,
        schedules=schedules.schedules_of(db_session(), visitor.academy_id),
        titles={c.content.slug: c.content.title for c in catalogue().courses},
        seals=may(visitor, Can.SEAL_RETURN, visitor.academy_id),
        act=ActForm(),
    )
