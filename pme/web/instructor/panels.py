"""The instructor's door at panels: open one, invite people to it, open and close its rounds."""

from collections.abc import Iterator
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Quiz, Scenario
from pme.errors import Conflict, Invalid, NotFound
from pme.judging import service
from pme.judging.models import Method, Panel, PanelState, Trade
from pme.judging.publication import judged
from pme.judging.queries import finished_counts, panellist_of, panels_in, progress_of
from pme.permissions_lists import panels_run
from pme.web.forms import ActForm
from pme.web.instructor.forms import DueForm, InviteForm, PanelForm, due_at
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN, catalogue, load_panel, load_taught_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.words.speech import _, _n

Subjects = dict[str, tuple[str, Method, Versioned[Quiz] | Versioned[Scenario]]]


@blueprint.get("/<course>/panels")
def panels(course: str) -> ResponseReturnValue:
    """The panels of a course."""
    found = load_taught_course(course)
    listed = panels_in(db_session(), panels_run(current_visitor(), course))
    return render_template(
        "instructor/panels.html",
        course=found.content,
        panels=listed,
        finished=finished_counts(db_session(), [panel.id for panel in listed]),
    )


@blueprint.get("/<course>/panels/new")
def new_panel(course: str) -> ResponseReturnValue:
    """What a new panel should judge."""
    found = load_taught_course(course)
    return _new_page(found, _panel_form(found))


@blueprint.post("/<course>/panels")
def open_panel(course: str) -> ResponseReturnValue:
    """Open a panel."""
    found = load_taught_course(course)
    form, subjects = _panel_form(found), _subjects(found)
    if not form.validate():
        return _new_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    _unused, method, content = subjects[form.subject.data or ""]
    visitor = current_visitor()
    try:
        with transaction() as session:
            panel = service.open_panel(
                session,
                content,
                method=method,
                academy_id=visitor.academy_id,
                course=course,
                title=(form.title.data or "").strip(),
                purpose=(form.purpose.data or "").strip(),
                due_at=due_at(form),
                by_id=visitor.person_id,
                at=now(),
            )
    except Invalid as error:
        field = form[error.field or "subject"]
        field.errors = [*field.errors, error.says]
        return _new_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Round one is open. Now invite the people: each gets a link of their own."), "success")
    return _to(panel)


@blueprint.get("/<course>/panels/<int:panel_id>")
def panel(course: str, panel_id: int) -> ResponseReturnValue:
    """One panel: who has answered, and what can be done with it."""
    found = load_taught_course(course)
    return _panel_page(found, load_panel(found, panel_id), InviteForm(formdata=None), DueForm(formdata=None))


@blueprint.post("/<course>/panels/<int:panel_id>/panellists")
def invite(course: str, panel_id: int) -> ResponseReturnValue:
    """Invite somebody, and show their link this once."""
    found, form = load_taught_course(course), InviteForm()
    panel = load_panel(found, panel_id)
    if form.validate():
        try:
            with transaction() as session:
                invited = service.invite(
                    session,
                    load_panel(found, panel_id, for_update=True),
                    name=form["name"].data,
                    email=form["email"].data,
                    trade=Trade(form["trade"].data),
                    years=form.years_given,
                    by_id=current_visitor().person_id,
                    at=now(),
                )
            _show(invited)
            return _to(panel)
        except Invalid as error:
            form["email"].errors = [error.says]
        except Conflict as error:
            flash(error.says, "problem")
            return _to(panel)
    page = _panel_page(found, load_panel(found, panel_id), form, DueForm(formdata=None))
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<course>/panels/<int:panel_id>/panellists/<int:panellist_id>/renew")
def renew_link(course: str, panel_id: int, panellist_id: int) -> ResponseReturnValue:
    """A fresh link for a panellist, shown this once; the old one is dead."""
    found = load_taught_course(course)
    panel = load_panel(found, panel_id)
    try:
        with transaction() as session:
            panel = load_panel(found, panel_id, for_update=True)
            panellist = panellist_of(session, panel_id, panellist_id)
            if panellist is None:
                raise NotFound(UNKNOWN)
            invited = service.renew_link(
                session, panel, panellist, by_id=current_visitor().person_id, at=now()
            )
        _show(invited)
    except Conflict as error:
        flash(error.says, "problem")
    return _to(panel)


@blueprint.post("/<course>/panels/<int:panel_id>/panellists/<int:panellist_id>/withdraw")
def withdraw_link(course: str, panel_id: int, panellist_id: int) -> ResponseReturnValue:
    """Close a panellist's link."""
    found = load_taught_course(course)
    with transaction() as session:
        panel = load_panel(found, panel_id, for_update=True)
        panellist = panellist_of(session, panel_id, panellist_id)
        if panellist is None:
            raise NotFound(UNKNOWN)
        service.withdraw_link(session, panel, panellist, by_id=current_visitor().person_id, at=now())
    flash(
        _("The link of {name} is closed. Rounds they have sent still count.", name=panellist.name), "success"
    )
    return _to(panel)


@blueprint.post("/<course>/panels/<int:panel_id>/close-round")
def close_round(course: str, panel_id: int) -> ResponseReturnValue:
    """End the open round, after which its figures can be seen."""
    found = load_taught_course(course)
    panel = load_panel(found, panel_id)
    try:
        with transaction() as session:
            panel = load_panel(found, panel_id, for_update=True)
            service.close_round(session, panel, by_id=current_visitor().person_id, at=now())
        flash(_("The round is closed. Its figures can be seen now."), "success")
    except Conflict as error:
        flash(error.says, "problem")
    return _to(panel)


@blueprint.post("/<course>/panels/<int:panel_id>/second-round")
def second_round(course: str, panel_id: int) -> ResponseReturnValue:
    """Open round two, in which everybody sees the figures of round one."""
    found, form = load_taught_course(course), DueForm()
    panel = load_panel(found, panel_id)
    if form.validate():
        try:
            with transaction() as session:
                panel = load_panel(found, panel_id, for_update=True)
                service.open_second_round(
                    session, panel, due_at=due_at(form), by_id=current_visitor().person_id, at=now()
                )
            flash(_("Round two is open. Everybody's link still works; tell them so."), "success")
            return _to(panel)
        except Invalid as error:
            form["due"].errors = [error.says]
        except Conflict as error:
            flash(error.says, "problem")
            return _to(panel)
    page = _panel_page(found, load_panel(found, panel_id), InviteForm(formdata=None), form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<course>/panels/<int:panel_id>/give-up")
def give_up_panel(course: str, panel_id: int) -> ResponseReturnValue:
    """End a panel without using anything of it."""
    found = load_taught_course(course)
    panel = load_panel(found, panel_id)
    try:
        with transaction() as session:
            panel = load_panel(found, panel_id, for_update=True)
            service.withdraw_panel(session, panel, by_id=current_visitor().person_id, at=now())
        flash(_("The panel has ended. Its links are closed, and nothing of it is used."), "success")
    except Conflict as error:
        flash(error.says, "problem")
    return _to(panel)


def _subjects(course: Versioned[Course]) -> Subjects:
    """What a panel of this course can judge, by the value of its choice."""
    return {
        f"{method}/{c.content.kind}/{c.content.slug}": (says, method, c)
        for says, method, c in _judgeable(course)
    }


def _judgeable(
    course: Versioned[Course],
) -> Iterator[tuple[str, Method, Versioned[Quiz] | Versioned[Scenario]]]:
    shelf = catalogue()
    modules = [m.content for slug in course.content.modules if (m := shelf.module(slug))]
    for module in modules:
        for slug in module.completion.scenarios:
            if scenario := shelf.scenario(slug):
                n = len(service.subjects_of(Method.RATING, scenario.content))
                says = _n(
                    "The options of the scenario “{title}” ({n} decisions)",
                    "The options of the scenario “{title}” ({n} decisions)",
                    n,
                    title=scenario.content.title,
                )
                yield says, Method.RATING, scenario
        for slug in module.completion.quizzes:
            if quiz := shelf.quiz(slug):
                title = quiz.content.title
                if number := len(service.subjects_of(Method.RATING, quiz.content)):
                    says = _(
                        "The rating questions of the quiz “{title}” ({number})", title=title, number=number
                    )
                    yield says, Method.RATING, quiz
                says = _n(
                    "The pass mark of the quiz “{title}” ({n} questions)",
                    "The pass mark of the quiz “{title}” ({n} questions)",
                    len(quiz.content.items),
                    title=title,
                )
                yield says, Method.ANGOFF, quiz


def _panel_form(course: Versioned[Course]) -> PanelForm:
    form = PanelForm()
    form.subject.choices = [(value, says) for value, (says, _, _) in _subjects(course).items()]
    return form


def _new_page(course: Versioned[Course], form: PanelForm) -> str:
    return render_template("instructor/panel-new.html", course=course.content, form=form)


def _panel_page(course: Versioned[Course], panel: Panel, form: InviteForm, due: DueForm) -> str:
    content = judged(db_session(), panel).content
    subjects = service.subjects_of(panel.method, content)
    return render_template(
        "instructor/panel.html",
        course=course.content,
        panel=panel,
        content=content,
        progress=progress_of(db_session(), panel),
        of=sum(len(service.options_of(subject)) for subject in subjects),
        is_over=panel.state in (PanelState.CLOSED, PanelState.ADOPTED, PanelState.WITHDRAWN),
        trades=dict(form.trade.choices),
        at=now(),
        form=form,
        due=due,
        act=ActForm(formdata=None),
    )


def _show(invited: service.Invited) -> None:
    """The link, once: it stands nowhere but in this message."""
    address = settings().public_url.rstrip("/") + url_for("panel.start", token=invited.token)
    flash(
        _(
            "The link of {name}, shown this once. Copy it and send it to {email} yourself: {address}",
            name=invited.panellist.name,
            email=invited.panellist.email,
            address=address,
        ),
        "success",
    )


def _to(panel: Panel) -> ResponseReturnValue:
    address = url_for("instructor.panel", course=panel.course, panel_id=panel.id)
    return redirect(address, HTTPStatus.SEE_OTHER)
