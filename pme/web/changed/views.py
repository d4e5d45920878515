"""The door at recent changes: what was done to many rows lately, what became of it, and undoing it."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.enrolment.cohorts import every_cohort
from pme.enrolment.queries import cohorts_of
from pme.errors import Conflict, NotAllowed, NotFound
from pme.people.models import Role
from pme.permissions import Can, may
from pme.permissions_lists import changes_seen
from pme.reports.enrolled import names_at
from pme.undoing.models import Change, Did
from pme.undoing.queries import recent, rows_in
from pme.undoing.service import Undone, find_change, undo
from pme.undoing.verdict import Why
from pme.web.acting import acting
from pme.web.addresses import number_in
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.resume import is_ours
from pme.web.session import db_session, transaction
from pme.web.signin import auditors_only_read, current_visitor, guard, now
from pme.words.lazily import lazy
from pme.words.speech import _, _n

blueprint = Blueprint("changed", __name__, url_prefix="/changes")
guard(blueprint, Role.INSTRUCTOR, Role.REGISTRAR, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)
auditors_only_read(blueprint)

SIZE, ROWS = 20, 200
DID: dict[Did, str] = {
    Did.WITHDRAWN: lazy("Withdrawn from a course"),
    Did.READMITTED: lazy("Taken up again"),
    Did.MOVED: lazy("Moved between cohorts"),
    Did.ENROLLED: lazy("Enrolled"),
    Did.EXTENDED: lazy("Given a later due date"),
    Did.SUSPENDED: lazy("Suspended"),
    Did.REINSTATED: lazy("Let in again"),
    Did.LAST_DAY: lazy("Given a last day"),
}
WHY: dict[Why, str] = {
    Why.CHANGED: lazy("Left: changed since by somebody else"),
    Why.GONE: lazy("Left: not there any more"),
    Why.COMPLETED: lazy("Left: the course was completed, which stays"),
    Why.BEGUN: lazy("Left: the course was begun, which stays"),
    Why.ABOVE: lazy("Left: their record is not yours to change"),
}


@blueprint.get("")
def changes() -> ResponseReturnValue:
    """What was done to many rows lately, the newest first."""
    visitor, page = current_visitor(), max(1, number_in(request.args.get("page")) or 1)
    session, scope = db_session(), changes_seen(current_visitor())
    total, rows = recent(session, visitor.academy_id, scope, offset=(page - 1) * SIZE, limit=SIZE)
    return render_template(
        "changed/changes.html",
        rows=rows,
        names=names_at(session, visitor.academy_id, [row.by_id for row in rows]),
        titles=_titles(),
        did=DID,
        may_undo={row.id for row in rows if _is_open(row)},
        page=page,
        pages=max(1, -(-total // SIZE)),
    )


@blueprint.get("/<int:change_id>")
def change(change_id: int) -> ResponseReturnValue:
    """One act: each row as it was and became, and why some were left when it was undone."""
    found = _load(change_id)
    rows = rows_in(db_session(), found, at_most=ROWS)
    academy_id = found.academy_id
    people = [found.by_id, *(row.person_id for row in rows), *([found.undone_by] if found.undone_by else [])]
    return render_template(
        "changed/change.html",
        change=found,
        rows=rows,
        names=names_at(db_session(), academy_id, people),
        cohorts=_cohorts(academy_id, found.course),
        titles=_titles(),
        did=DID,
        why=WHY,
        may_undo=_is_open(found),
    )


@blueprint.post("/<int:change_id>/undo")
def undo_change(change_id: int) -> ResponseReturnValue:
    """Put everything back that nobody changed since, and tell what was left."""
    _load(change_id, can=Can.UNDO)
    try:
        with transaction() as session:
            undone = undo(session, _load(change_id, can=Can.UNDO, for_update=True), acting())
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("changed.change", change_id=change_id), HTTPStatus.SEE_OTHER)
    flash(_told(undone), "success" if undone.put_back else "info")
    back = request.form.get("back", "")
    is_whole = not undone.left and is_ours(back)
    return redirect(
        back if is_whole else url_for("changed.change", change_id=change_id), HTTPStatus.SEE_OTHER
    )


def _load(change_id: int, *, can: Can = Can.SEE_CHANGE, for_update: bool = False) -> Change:
    visitor = current_visitor()
    found = find_change(db_session(), visitor.academy_id, change_id, for_update=for_update)
    if found is None or not may(visitor, Can.SEE_CHANGE, found):
        raise NotFound(UNKNOWN)
    if not may(visitor, can, found):
        raise NotAllowed(_("You may look at this change but not undo it."))
    return found


def _is_open(change: Change) -> bool:
    return change.undone_at is None and now() <= change.until and may(current_visitor(), Can.UNDO, change)


def _titles() -> dict[str, str]:
    return {c.content.slug: c.content.title for c in catalogue().courses}


def _cohorts(academy_id: int, course: str) -> dict[int, str]:
    session = db_session()
    found = cohorts_of(session, academy_id, course) if course else every_cohort(session, academy_id)
    return {cohort.id: cohort.name for cohort in found}


def _told(undone: Undone) -> str:
    """What undoing did, in a sentence or two."""
    back = _n("Undone: {n} person is as before.", "Undone: {n} people are as before.", undone.put_back)
    left = sum(undone.left.values())
    if not left:
        return back
    rest = _n(
        "{n} person was left as they are: see why below.",
        "{n} people were left as they are: see why below.",
        left,
    )
    return f"{back} {rest}" if undone.put_back else rest
