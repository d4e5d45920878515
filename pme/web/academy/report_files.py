"""The academy's door at files of reports: at once where they are small or sent while they are written, else in
the background; and the data dictionary of each dataset.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http import HTTPStatus

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.audit import record
from pme.errors import Invalid, NotFound, Unavailable
from pme.permissions import Can
from pme.reports import export as exporting
from pme.reports import kept
from pme.reports.datasets.coded import kind_of
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.reports.export import Export
from pme.reports.files.form import Form, Head
from pme.reports.files.text_files import DICTIONARY, dictionary_rows
from pme.reports.files.write import pieces, refuse_too_many, whole
from pme.web.academy.report_form import narrowed_in_words
from pme.web.academy.reports import Asked, FileForm, asked, file_form, report_page, view_form
from pme.web.academy.views import blueprint, require
from pme.web.loaders import UNKNOWN
from pme.web.session import transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.stream import csv_response, streamed
from pme.words.speech import _


@blueprint.post("/reports/<dataset>/file")
def report_file(dataset: str) -> ResponseReturnValue:
    """A report as a file; that it was taken is recorded first."""
    one, form = asked(dataset), FileForm()
    try:
        wanted = Form(request.form.get("form", ""))
    except ValueError:
        raise NotFound(UNKNOWN) from None
    if not form.validate() or not one.form.validate():
        return report_page(one, form, view_form(), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _file(one, export_of(one, wanted, form))
    except (Invalid, Unavailable) as refusal:
        form["marking"].errors = [refusal.says]
        return report_page(one, form, view_form(), status=HTTPStatus.UNPROCESSABLE_ENTITY)


def export_of(one: Asked, wanted: Form, form: FileForm) -> Export:
    """What is asked for by the page of a report."""
    visitor = current_visitor()
    head = Head(
        academy=visitor.academy_name,
        academy_slug=visitor.academy_slug,
        made_at=now(),
        filters=one.form.filters.kept(),
        sort=one.sort,
        narrowed=narrowed_in_words(one.form, one.shape),
        marking=(form["marking"].data or "").strip(),
        has_mark=bool(form["mark"].data),
    )
    return Export(one.shape.name, wanted, one.form.filters, one.sort, head)


def _file(one: Asked, export: Export) -> ResponseReturnValue:
    limit, reading = export.form.most_at_once, one.reading()
    if reading.standing is not None and not reading.standing.is_there:
        return _in_background(export)
    if limit is None:
        note_export(export)
        return stream_of(export)
    count = reading.count()
    refuse_too_many(export.form, count)
    if count > limit:
        return _in_background(export)
    aside = settings().instance_dir
    aside.mkdir(parents=True, exist_ok=True)
    content = whole(reading, export.form, export.head, aside=aside, count=count)
    note_export(export)
    response = Response(content, content_type=export.form.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    return response


def stream_of(export: Export) -> Response:
    """The file of an export that is sent while it is written."""
    dataset, academy_id = DATASETS[export.dataset], current_visitor().academy_id

    def written(session: Session) -> Iterator[bytes]:
        at = export.head.made_at
        reading = Reading(session, dataset, academy_id, export.filters, at=at, sort=export.sort)
        with closing(reading.rows()) as rows:
            head = replace(export.head, as_of=reading.as_of)
            yield from pieces(dataset.shape, rows, export.form, head)

    return streamed(export.file_name, export.form.content_type, written)


def note_export(export: Export) -> None:
    """Put on record that an export was taken."""
    with transaction() as session:
        _record(session, export)


def _in_background(export: Export) -> ResponseReturnValue:
    visitor = current_visitor()
    with transaction() as session:
        _record(session, export)
        job = exporting.ask(
            session, export, academy_id=visitor.academy_id, person_id=visitor.person_id, at=now()
        ).id
    return redirect(url_for("academy.job", job_id=job), HTTPStatus.SEE_OTHER)


def _record(session: Session, export: Export) -> None:
    visitor = current_visitor()
    record(
        session,
        "report exported",
        actor=f"person {visitor.person_id}",
        subject=f"report {export.dataset}",
        at=now(),
        academy_id=visitor.academy_id,
        detail={"form": export.form.value, "narrowed by": sorted(export.filters.kept())},
    )


@blueprint.post("/reports/<dataset>/figures")
def report_figures(dataset: str) -> ResponseReturnValue:
    """Let figures that take long be worked out anew."""
    one, visitor = asked(dataset), current_visitor()
    if not one.form.validate():
        return report_page(one, file_form(), view_form(), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    standing = one.reading().standing
    if standing is not None:  # else they are worked out whenever the page is shown
        title = _("Figures of {report}", report=one.shape.title)
        with transaction() as session:
            kept.ask(session, standing.subject, title=title, person_id=visitor.person_id, at=now())
    return redirect(url_for("academy.report", dataset=dataset, **one.query), HTTPStatus.SEE_OTHER)


@blueprint.post("/completions.csv")
def completions() -> ResponseReturnValue:
    """Every completion of the academy as CSV, in one act."""
    require(Can.EXPORT_COMPLETIONS)
    visitor = current_visitor()
    head = Head(academy=visitor.academy_name, academy_slug=visitor.academy_slug, made_at=now())
    export = Export("completions", Form.CSV, Filters(), "", head)
    note_export(export)
    return stream_of(export)


@blueprint.get("/reports/<dataset>/dictionary")
def report_dictionary(dataset: str) -> ResponseReturnValue:
    """What each column of a dataset means."""
    require(Can.SEE_REPORTS)
    if dataset not in DATASETS:
        raise NotFound(UNKNOWN)
    return render_template("academy/report-dictionary.html", shape=DATASETS[dataset].shape, kind_of=kind_of)


@blueprint.get("/reports/<dataset>/dictionary.csv")
def report_dictionary_file(dataset: str) -> ResponseReturnValue:
    """The same as a file."""
    require(Can.SEE_REPORTS)
    if dataset not in DATASETS:
        raise NotFound(UNKNOWN)
    shape = DATASETS[dataset].shape
    lines = list(dictionary_rows(shape))
    return csv_response(f"{dataset}-dictionary.csv", DICTIONARY, lambda _: lines)
