"""The academy's door at saved views of reports: kept, shared, deleted, and made by themselves."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug import Response
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.audit import record
from pme.errors import Invalid, NotAllowed, NotFound
from pme.permissions import Can
from pme.reports import views
from pme.reports.datasets.filters import from_kept
from pme.reports.datasets.registry import DATASETS
from pme.reports.files.form import LONGEST_MARKING, Form
from pme.reports.models import ReportView
from pme.reports.rhythm import Covers, Rhythm, Way
from pme.web.academy.report_form import as_query, kept_in_words
from pme.web.academy.reports import MARKING, TOO_LONG, ViewForm, asked, file_form, report_page
from pme.web.academy.views import blueprint, require
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _

CHOOSE = lazy("Choose one of these.")
NOT_YOURS = lazy("Only the person who saved this view may change it.")


class ScheduleForm(SpokenForm):
    """How a view is made by itself."""

    rhythm = RadioField(
        lazy("How often"),
        [InputRequired(CHOOSE)],
        choices=[
            SelectChoice(Rhythm.DAILY.value, lazy("Every day")),
            SelectChoice(Rhythm.WEEKLY.value, lazy("Every Monday")),
            SelectChoice(Rhythm.MONTHLY.value, lazy("On the first of every month")),
        ],
    )
    covers = RadioField(
        lazy("Which period"),
        [InputRequired(CHOOSE)],
        choices=[
            SelectChoice(Covers.BEFORE.value, lazy("The day, week or month before")),
            SelectChoice(Covers.VIEW.value, lazy("What the view says")),
        ],
    )
    form = RadioField(
        lazy_p("file", "As"),
        [InputRequired(CHOOSE)],
        choices=[SelectChoice(each.value, each.upper()) for each in Form],
    )
    way = RadioField(lazy("How it is delivered"), [InputRequired(CHOOSE)])
    marking = StringField(
        lazy("Classification marking"), [Length(max=LONGEST_MARKING, message=TOO_LONG), fits]
    )


@blueprint.post("/reports/<dataset>/views")
def save_view(dataset: str) -> ResponseReturnValue:
    """Keep a report as it is narrowed and sorted."""
    one, form, visitor = asked(dataset), ViewForm(), current_visitor()
    if not form.validate() or not one.form.validate():
        return report_page(one, file_form(), form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with transaction() as session:
            view = views.save_view(
                session,
                academy_id=visitor.academy_id,
                person_id=visitor.person_id,
                dataset=one.shape.name,
                name=form["name"].data or "",
                filters=one.form.filters,
                sort=one.sort,
                is_shared=bool(form["shared"].data),
                at=now(),
            )
            _record(session, "report view saved", view, {"shared": view.is_shared})  # not words
            number = view.id
    except Invalid as refusal:
        form[refusal.field or "name"].errors = [refusal.says]
        return report_page(one, file_form(), form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("academy.report_view", view_id=number), HTTPStatus.SEE_OTHER)


@blueprint.get("/reports/views/<int:view_id>")
def report_view(view_id: int) -> ResponseReturnValue:
    """One view: what it says, and how it is made by itself."""
    data = {"rhythm": "weekly", "covers": "before", "form": "xlsx", "way": "letter", "marking": MARKING}
    return _page(load_view(view_id), _schedule_form(ScheduleForm(formdata=None, data=data)))


@blueprint.post("/reports/views/<int:view_id>/share")
def share_view(view_id: int) -> ResponseReturnValue:
    """Show a view to the academy's staff, or no longer."""
    with transaction() as session:
        view = load_view(view_id, for_update=True, is_own=True)
        view.is_shared = not view.is_shared
        _record(session, "report view shared", view, {"shared": view.is_shared})  # not words
    return _to_view(view_id)


@blueprint.post("/reports/views/<int:view_id>/delete")
def delete_view(view_id: int) -> ResponseReturnValue:
    """Take a view away."""
    with transaction() as session:
        view = load_view(view_id, for_update=True, is_own=True)
        _record(session, "report view deleted", view, {})  # not words
        views.delete_view(session, view)
    flash(_("The view is deleted, and nothing is made from it any more."), "success")
    return redirect(url_for("academy.reports"), HTTPStatus.SEE_OTHER)


@blueprint.post("/reports/views/<int:view_id>/schedules")
def add_schedule(view_id: int) -> ResponseReturnValue:
    """Let a view be made by itself."""
    view, form = load_view(view_id), _schedule_form(ScheduleForm())
    if not form.validate():
        return _page(view, form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        made = views.schedule(
            session,
            load_view(view_id, for_update=True),
            person_id=current_visitor().person_id,
            rhythm=Rhythm(form["rhythm"].data),
            covers=Covers(form["covers"].data),
            form=Form(form["form"].data),
            way=Way(form["way"].data),
            marking=(form["marking"].data or "").strip(),
            at=now(),
        )
        detail = {"schedule": made.id, "rhythm": made.rhythm.value, "way": made.way.value}
        _record(session, "report scheduled", view, detail)
    return _to_view(view_id)


@blueprint.post("/reports/schedules/<int:schedule_id>/end")
def end_schedule(schedule_id: int) -> ResponseReturnValue:
    """Let a view be made no longer."""
    require(Can.SEE_REPORTS)
    visitor = current_visitor()
    with transaction() as session:
        found = views.find_schedule(
            session, schedule_id, academy_id=visitor.academy_id, person_id=visitor.person_id
        )
        if found is None:
            raise NotFound(UNKNOWN)
        view = load_view(found.view_id)
        _record(session, "report schedule ended", view, {"schedule": found.id})  # not words
        session.delete(found)
    return _to_view(view.id)


def load_view(view_id: int, *, for_update: bool = False, is_own: bool = False) -> ReportView:
    """A view that the visitor may see: 404 otherwise, and 403 where it has to be their own."""
    require(Can.SEE_REPORTS)
    visitor = current_visitor()
    view = views.find_view(
        db_session(),
        view_id,
        academy_id=visitor.academy_id,
        person_id=visitor.person_id,
        for_update=for_update,
    )
    if view is None or view.dataset not in DATASETS:
        raise NotFound(UNKNOWN)
    if is_own and view.person_id != visitor.person_id:
        raise NotAllowed(NOT_YOURS)
    return view


def _schedule_form(form: ScheduleForm) -> ScheduleForm:
    ways = [(Way.LETTER.value, _("By e-mail: a link that needs signing in"))]
    if settings().export_dir is not None:
        ways.append((Way.FOLDER.value, _("Into the export folder of this installation")))
    form["way"].choices = ways
    return form


def _page(view: ReportView, form: ScheduleForm) -> str:
    person_id, shape = current_visitor().person_id, DATASETS[view.dataset].shape
    return render_template(
        "academy/report-view.html",
        view=view,
        shape=shape,
        is_own=view.person_id == person_id,
        facts=kept_in_words(db_session(), view, shape, current_visitor().academy_id),
        query=as_query_of(view),
        schedules=views.schedules_of(db_session(), view, person_id=person_id),
        form=form,
        act=ActForm(),
    )


def as_query_of(view: ReportView) -> dict[str, Any]:
    """What an address says of a view."""
    return as_query(from_kept(view.filters), view.sort)


def _to_view(view_id: int) -> Response:
    return redirect(url_for("academy.report_view", view_id=view_id), HTTPStatus.SEE_OTHER)


def _record(session: Session, act: str, view: ReportView, detail: dict[str, Any]) -> None:
    visitor = current_visitor()
    record(
        session,
        act,
        actor=f"person {visitor.person_id}",
        subject=f"report view {view.id}",
        at=now(),
        academy_id=visitor.academy_id,
        detail={"dataset": view.dataset} | detail,
    )
