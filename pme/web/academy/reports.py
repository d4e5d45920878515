"""The academy's door at reports: which there are, and one on screen, narrowed, in order, page by page."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from pme.errors import NotFound
from pme.permissions import Can
from pme.reports.datasets.column import Column, Shape, Value
from pme.reports.datasets.query import Dataset
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.reports.files.form import LONGEST_MARKING
from pme.reports.files.paper import told
from pme.reports.views import LONGEST_NAME, views_of
from pme.web.academy.report_form import FilterForm, as_query, chips_of, filter_form, sort_asked
from pme.web.academy.views import blueprint, require
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.web.working import nobody_works_on
from pme.words.lazily import lazy
from pme.words.times import short_day

ROWS_A_PAGE = 50
AROUND = 2
MARKING = "UNCLASSIFIED"
TOO_LONG = lazy("Use at most {most} characters.", most=LONGEST_MARKING)


class FileForm(SpokenForm):
    """How a file is wanted."""

    marking = StringField(
        lazy("Classification marking"), [Length(max=LONGEST_MARKING, message=TOO_LONG), fits]
    )
    mark = BooleanField(lazy("CSV for a spreadsheet program (with a byte order mark)"))


class ViewForm(SpokenForm):
    """Under which name a view is kept."""

    name = StringField(
        lazy("Name of the view"),
        [
            Length(max=LONGEST_NAME, message=lazy("Use at most {most} characters.", most=LONGEST_NAME)),
            fits,
        ],
    )
    shared = BooleanField(lazy("Show it to all staff of the academy"))


@dataclass(frozen=True)
class Asked:
    """A report as the address asks for it."""

    dataset: Dataset
    form: FilterForm
    sort: str

    @property
    def shape(self) -> Shape:
        """What is fixed about the dataset."""
        return self.dataset.shape

    @property
    def query(self) -> dict[str, Any]:
        """What an address says of it."""
        return as_query(self.form.filters, self.sort)

    def reading(self) -> Reading:
        """Its rows, of the visitor's academy."""
        filters, academy_id = self.form.filters, current_visitor().academy_id
        return Reading(db_session(), self.dataset, academy_id, filters, at=now(), sort=self.sort)


def asked(name: str) -> Asked:
    """The report that the address names. Raises NotFound where there is none of this name."""
    require(Can.SEE_REPORTS)
    dataset = DATASETS.get(name)
    if dataset is None:
        raise NotFound(UNKNOWN)
    form = filter_form(db_session(), dataset.shape, current_visitor().academy_id, request.args)
    return Asked(dataset, form, sort_asked(dataset.shape))


@blueprint.get("/reports")
def reports() -> ResponseReturnValue:
    """Every report that there is."""
    require(Can.SEE_REPORTS)
    visitor = current_visitor()
    return render_template(
        "academy/reports.html",
        shapes=[each.shape for each in DATASETS.values()],
        views=views_of(db_session(), academy_id=visitor.academy_id, person_id=visitor.person_id),
        titles={name: each.shape.title for name, each in DATASETS.items()},
        courses=[course.content for course in catalogue().courses],
    )


@blueprint.get("/reports/<dataset>")
def report(dataset: str) -> ResponseReturnValue:
    """One report on screen."""
    return report_page(asked(dataset), file_form(), view_form())


def file_form() -> FileForm:
    """The form of files as it stands at first."""
    return FileForm(formdata=None, data={"marking": MARKING, "mark": True})


def view_form() -> ViewForm:
    """The form of views as it stands at first."""
    return ViewForm(formdata=None)


def report_page(
    one: Asked, files: FileForm, keep: ViewForm, *, status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    """The page of a report; 422 where what it is narrowed to cannot be read."""
    if not one.form.validate():
        forms = {"form": one.form, "files": files, "keep": keep}
        page = render_template("academy/report.html", one=one, found=None, standing=None, **forms)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    reading = one.reading()
    is_there = reading.standing is None or reading.standing.is_there
    found = _found(one, reading) if is_there else {"count": 0}
    forms = {"form": one.form, "files": files, "keep": keep}
    standing = reading.standing
    job = standing.job if standing else None
    is_missed = job is not None and nobody_works_on(job)
    shown = {
        "standing": standing,
        "is_missed": is_missed,
        "act": ActForm(),
        "chips": chips_of(one.form, one.shape, one.sort),
    }
    return render_template("academy/report.html", one=one, found=found, **forms, **shown), status


def _found(one: Asked, reading: Reading) -> dict[str, Any]:
    """One page of the rows."""
    asked_for = max(1, request.args.get("page", 1, type=int))
    chart = reading.chart() if asked_for == 1 else None
    count = reading.count()
    pages = max(1, -(-count // ROWS_A_PAGE))
    number = min(pages, asked_for)
    rows = reading.rows(skip=(number - 1) * ROWS_A_PAGE, at_most=ROWS_A_PAGE)
    shown = [(place, one.shape.columns[place]) for place in one.shape.shown]
    return {
        "count": count,
        "columns": [_column(one, column.key) for _, column in shown],
        "rows": [[_shown(column, row[place]) for place, column in shown] for row in rows],
        "chart": chart if number == 1 else None,
        "page": number,
        "pages": [
            (each, _address(one, page=each)) if each else ("…", "") for each in _numbers(number, pages)
        ],
        "previous": _address(one, page=number - 1) if number > 1 else "",
        "next": _address(one, page=number + 1) if number < pages else "",
    }


def _shown(column: Column, value: Value) -> str:
    """A cell on screen: of a moment its day, in UTC, on one line; files hold it whole."""
    if isinstance(value, date):
        return short_day(value)
    return told(column, value)


def _column(one: Asked, key: str) -> dict[str, Any]:
    """The heading of a column: a link that sorts by it, and the other way round where it is sorted already."""
    column = one.shape.column(key)
    current, is_descending = one.shape.order(one.sort)
    is_current = key == current
    sort = f"-{key}" if is_current and not is_descending else key
    unit = " (%)" if column and column.unit == "percent" else ""
    return {
        "text": f"{column.title if column else key}{unit}",
        "number": bool(column and column.kind.is_figure),
        "href": url_for("academy.report", dataset=one.shape.name, **one.query | {"sort": sort}),
        "sorted": ("descending" if is_descending else "ascending") if is_current else "",
    }


def _address(one: Asked, *, page: int) -> str:
    return url_for(
        "academy.report", dataset=one.shape.name, **one.query | ({"page": page} if page > 1 else {})
    )


def _numbers(page: int, pages: int) -> list[int]:
    """The numbers of the pages that are named: the first, the last, those around; 0 for a gap."""
    near = {1, pages, *range(max(1, page - AROUND), min(pages, page + AROUND) + 1)}
    found: list[int] = []
    for number in sorted(near):
        if found and number > found[-1] + 1:
            found.append(0)
        found.append(number)
    return found
