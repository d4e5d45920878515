"""The academy's door at rosters: a spreadsheet of people sent, looked through, and carried out whole or not at all."""

import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.enrolment.queries import courses_chosen
from pme.errors import Conflict, NotFound
from pme.intake.bounded import NotTaken, unnamed, worked
from pme.intake.table import ENCODINGS
from pme.permissions import Can
from pme.rosters import service
from pme.rosters.columns import COLUMNS
from pme.rosters.models import Roster, RosterStatus
from pme.rosters.plan import Change
from pme.rosters.template import example_rows, workbook
from pme.signs import fit
from pme.undoing.service import find_change
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.forms import ActForm
from pme.web.letters import letters_go_out
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session, meanwhile, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.web.stream import csv_response
from pme.web.uploads import takes_files
from pme.words.lazily import lazy
from pme.words.speech import _, _n

LARGEST = 20_000_000
A_PAGE = 100
LATEST = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTS: dict[str, Callable[[int], str]] = {
    "create": lambda n: _n("{n} person to add", "{n} people to add", n),
    "update": lambda n: _n("{n} person to change", "{n} people to change", n),
    "enrol": lambda n: _n("{n} enrolment to add", "{n} enrolments to add", n),
    "move": lambda n: _n("{n} move between cohorts", "{n} moves between cohorts", n),
    "withdraw": lambda n: _n("{n} enrolment to withdraw", "{n} enrolments to withdraw", n),
    "suspend": lambda n: _n("{n} person to suspend", "{n} people to suspend", n),
    "reinstate": lambda n: _n("{n} person whose access to restore", "{n} people whose access to restore", n),
    "same": lambda n: _n("{n} person stays the same", "{n} people stay the same", n),
}
SEPARATORS = {
    ",": lazy("commas"),
    ";": lazy("semicolons"),
    "\t": lazy("tabs"),
    "|": lazy("vertical bars"),
}


class RosterForm(SpokenForm):
    """A spreadsheet, and what it is written with."""

    file = FileField(lazy("Spreadsheet"))
    encoding = SelectField(
        lazy("Character encoding of a CSV file"),
        default="",
        choices=[
            SelectChoice("", lazy("Detect automatically")),
            *(SelectChoice(key, text) for key, text in ENCODINGS.items()),
        ],
    )


class CarryOutForm(SpokenForm):
    """Whether who is new gets a letter at once."""

    invites = BooleanField(lazy("Send everybody who is new their invitation"), default=True)


@blueprint.get("/people/spreadsheet")
def bulk() -> ResponseReturnValue:
    """A form for a spreadsheet of people, what its columns mean, and the latest ones."""
    require(Can.MANAGE_PEOPLE)
    return _page(RosterForm(formdata=None))


@blueprint.post("/people/spreadsheet")
@takes_files
def send_roster() -> ResponseReturnValue:
    """Read a spreadsheet in a child and look through it; nothing of it is done yet."""
    require(Can.MANAGE_PEOPLE)
    form = RosterForm()
    if form.validate_on_submit():
        try:
            roster_id = _taken(form)
        except NotTaken as error:
            form.file.errors = [*form.file.errors, str(error)]
        else:
            return redirect(url_for("academy.roster", roster_id=roster_id), HTTPStatus.SEE_OTHER)
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/people/spreadsheet/template.<kind>")
def roster_template(kind: str) -> Response:
    """A spreadsheet with the headings and an example, as CSV or XLSX."""
    require(Can.MANAGE_PEOPLE)
    courses = sorted(courses_chosen(db_session(), current_visitor().academy_id))
    headings, *rows = example_rows(courses)
    if kind == "csv":
        return csv_response("people.csv", headings, lambda _session: rows)
    if kind != "xlsx":
        raise NotFound(UNKNOWN)
    response = Response(workbook(headings, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return response


@blueprint.get("/people/spreadsheet/columns.csv")
def roster_columns() -> Response:
    """The data dictionary of the spreadsheet."""
    require(Can.MANAGE_PEOPLE)
    rows = [
        (c.key, str(c.title), "yes" if c.is_required else "no", c.longest or None, c.example, str(c.means))
        for c in COLUMNS
    ]
    headings = ("column", "title", "needed", "longest", "example", "meaning")
    return csv_response("people-columns.csv", headings, lambda _session: rows)


@blueprint.get("/people/spreadsheet/<int:roster_id>")
def roster(roster_id: int) -> ResponseReturnValue:
    """What a spreadsheet would do, and everything that is wrong with it."""
    return _look(load_roster(roster_id), CarryOutForm(formdata=None))


@blueprint.get("/people/spreadsheet/<int:roster_id>/problems.csv")
def roster_problems(roster_id: int) -> Response:
    """Everything that is wrong, as a list to work through."""
    found = load_roster(roster_id)
    problems: list[list[Any]] = found.problems
    return csv_response(f"problems-{found.id}.csv", ("row", "column", "problem"), lambda _session: problems)


@blueprint.post("/people/spreadsheet/<int:roster_id>")
def carry_out_roster(roster_id: int) -> ResponseReturnValue:
    """Ask for a spreadsheet to be carried out, in the background: all of it, or nothing."""
    require(Can.MANAGE_PEOPLE)
    form = CarryOutForm()
    try:
        with transaction() as session:
            found = load_roster(roster_id, for_update=True)
            job_id = service.order(session, found, acting(), is_inviting=bool(form.invites.data))
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("academy.roster", roster_id=roster_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("academy.job", job_id=job_id), HTTPStatus.SEE_OTHER)


def load_roster(roster_id: int, *, for_update: bool = False) -> Roster:
    """A roster of the visitor's academy, 404 otherwise."""
    require(Can.MANAGE_PEOPLE)
    found = service.find_roster(db_session(), current_visitor().academy_id, roster_id, for_update=for_update)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _taken(form: RosterForm) -> int:
    if not form.file.data or not form.file.data.filename:
        raise NotTaken(_("Choose a file first."))
    name = fit(form.file.data.filename)[-120:]
    meanwhile()
    with (
        unnamed(form.file.data.stream, LARGEST) as file,
        worked("table", file, name=name, encoding=form.encoding.data or "") as answer,
        transaction() as session,
    ):
        file.seek(0)
        told = answer.told
        kept = service.take(
            session,
            current_visitor().academy_id,
            acting(),
            table=told["rows"],
            titles=_titles(),
            name=name,
            sha256=hashlib.file_digest(file, "sha256").hexdigest(),  # type: ignore[arg-type]  # an IO of bytes
            encoding=told["encoding"],
            separator=told["separator"],
        )
        return kept.id


def _titles() -> dict[str, str]:
    return {course.content.slug: course.content.title for course in catalogue().courses}


def _page(form: RosterForm) -> str:
    academy_id = current_visitor().academy_id
    return render_template(
        "academy/bulk.html",
        form=form,
        columns=COLUMNS,
        most=LARGEST // 1_000_000,
        rosters=service.rosters_of(db_session(), academy_id, at_most=LATEST),
        states=STATES,
    )


STATES = {
    RosterStatus.LOOKED_THROUGH: lazy("checked, nothing done yet"),
    RosterStatus.UNDER_WAY: lazy("being carried out"),
    RosterStatus.DONE: lazy("carried out"),
    RosterStatus.REFUSED: lazy("refused, nothing was done"),
}


def _look(found: Roster, form: CarryOutForm) -> str:
    asked = request.args.get("page", "")
    changes = [Change(**change) for change in found.changes]
    shown = [change for change in changes if not change.is_nothing]
    pages = max(1, -(-len(shown) // A_PAGE))
    change = find_change(db_session(), found.academy_id, found.change_id) if found.change_id else None
    page = min(max(int(asked) if re.fullmatch(r"\d{1,5}", asked) else 1, 1), pages)
    return render_template(
        "academy/roster.html",
        roster=found,
        form=form,
        act=ActForm(),
        acts=[says(found.counts[name]) for name, says in ACTS.items() if found.counts[name]],
        changes=shown[(page - 1) * A_PAGE : page * A_PAGE],
        total=len(shown),
        page=page,
        pages=pages,
        titles=_titles(),
        letters=letters_go_out(),
        written=ENCODINGS.get(found.encoding, ""),
        separated=SEPARATORS.get(found.separator, ""),
        state=STATES[found.status],
        change=change,
        may_undo=change is not None and change.undone_at is None and now() <= change.until,
        most=A_PAGE,
    )
