"""The instructor's door at what a panel gave: its figures, the key or pass mark beside today's, and adopting it."""

from http import HTTPStatus
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import approvals
from pme.authoring.queries import content_keeper
from pme.content.catalogue import Versioned
from pme.content.problems import Problem
from pme.content.shapes import Course, Quiz
from pme.errors import Conflict, NotAllowed
from pme.judging import adoption, publication
from pme.judging.models import Method, Panel, PanelState, Trade
from pme.judging.results import rating_results, standard_results
from pme.judging.subjects import subjects_to_judge, subjects_to_rate
from pme.permissions import Can, may
from pme.web.forms import ActForm
from pme.web.instructor.views import blueprint
from pme.web.loaders import load_panel, load_taught_course
from pme.web.rendering import rendering
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.words.lazily import lazy
from pme.words.speech import _

TRADE_NAMES = {
    Trade.LEGAL: lazy("legal"),
    Trade.MEDICAL: lazy("medical"),
    Trade.POLICE: lazy("police"),
    Trade.GBV: lazy("gender based violence"),
    Trade.SURVIVOR: lazy("survivor adviser"),
    Trade.COMMANDER: lazy("military commander"),
    Trade.EDUCATOR: lazy("educator"),
    Trade.OTHER: lazy("other"),
}


@blueprint.get("/<course>/panels/<int:panel_id>/results")
def panel_figures(course: str, panel_id: int) -> ResponseReturnValue:
    """What the closed rounds gave; while round one is open, nobody sees anything."""
    found = load_taught_course(course)
    return _results_page(found, load_panel(found, panel_id))


@blueprint.get("/<course>/panels/<int:panel_id>/file")
def panel_file(course: str, panel_id: int) -> ResponseReturnValue:
    """The file as it would be published, for the folder of files; several come as one archive."""
    panel = load_panel(load_taught_course(course), panel_id)
    texts = publication.new_texts(db_session(), panel)
    names = {path.rpartition("/")[2]: text for path, text in texts.items()}
    if len(names) == 1:
        (name, text) = names.popitem()
        return _download(name, text.encode(), "application/yaml")
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return _download(f"{panel.slug}-panel-{panel.id}.zip", whole.getvalue(), "application/zip")


@blueprint.post("/<course>/panels/<int:panel_id>/adopt")
def adopt_panel(course: str, panel_id: int) -> ResponseReturnValue:
    """Check everything with the new key or pass mark in it, and publish it."""
    found = load_taught_course(course)
    panel = load_panel(found, panel_id)
    _require_adopting()
    here = url_for("instructor.panel_figures", course=course, panel_id=panel_id)
    try:
        texts = publication.new_texts(db_session(), panel)
        with rendering().turn() as renderer:
            ready = publication.prepared(db_session(), texts, renderer, at=now())
        if ready.report.errors:
            page = _results_page(found, load_panel(found, panel_id), ready.report.errors)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        with transaction() as session:
            panel = load_panel(found, panel_id, for_update=True)
            publication.adopt(session, panel, ready, by_id=current_visitor().person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(here, HTTPStatus.SEE_OTHER)
    flash(
        _(
            "Published. Students who begin from now on are marked by it; open attempts stay as they were. "
            "Download the file for the folder of files, which does not have it yet."
        ),
        "success",
    )
    return redirect(here, HTTPStatus.SEE_OTHER)


def _results_page(course: Versioned[Course], panel: Panel, errors: tuple[Problem, ...] = ()) -> str:
    session = db_session()
    content = publication.judged(session, panel).content
    around = {
        "course": course.content,
        "panel": panel,
        "content": content,
        "is_closed": panel.state is PanelState.CLOSED,
        "is_final": panel.state in (PanelState.CLOSED, PanelState.ADOPTED),
        "may_publish": _may_publish(),
        "in_words": adoption.in_words,
        "trade_names": TRADE_NAMES,
        "errors": errors,
        "form": ActForm(formdata=None),
    }
    if panel.method is Method.ANGOFF and isinstance(content, Quiz):
        results = standard_results(session, panel, content)
        return render_template(
            "instructor/panel-standard.html",
            **around,
            results=results,
            lacking=adoption.standard_lacking(results.cut),
            subjects={subject.id: subject for subject in subjects_to_judge(content)},
        )
    return render_template(
        "instructor/panel-results.html",
        **around,
        results=rating_results(session, panel, content),
        subjects={subject.id: subject for subject in subjects_to_rate(content)},
        keys=adoption.means_today(content),
    )


def _may_publish() -> bool:
    try:
        _require_adopting()
    except NotAllowed:
        return False
    return True


def _download(name: str, body: bytes, mime: str) -> Response:
    response = current_app.response_class(body, mimetype=mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _require_adopting() -> None:
    """Raises NotAllowed unless the visitor may publish for everybody what a panel agreed on."""
    academy_id = content_keeper(db_session(), settings().content_academy)
    if academy_id is None or not may(current_visitor(), Can.ADOPT_PANEL, academy_id):
        raise NotAllowed(
            _("Only the academy that keeps the content publishes it. Download the file and send it there.")
        )
    if approvals.are_required(db_session(), academy_id):
        raise NotAllowed(
            _(
                "Your academy asks for approvals before anything is published. Download the file, put its text "
                "into a draft, and ask for review."
            )
        )
