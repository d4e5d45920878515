"""The door at recent changes: what was done to many rows lately, what became of it, and undoing it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.completing import complete_what_is_earned, job_about
from pme.enrolment.cohorts import every_cohort
from pme.enrolment.models import Enrolment
from pme.enrolment.queries import cohorts_of
from pme.errors import Conflict, NotAllowed, NotFound
from pme.jobs.models import Job
from pme.people.models import Role
from pme.permissions import Can, may
from pme.permissions_lists import changes_seen
from pme.reports.enrolled import names_at
from pme.undoing.judging import foreseen
from pme.undoing.models import LETTERS, Change, ChangedRow, Did
from pme.undoing.queries import count_rows, recent, rows_in
from pme.undoing.service import Undone, all_rows, find_change, undo
from pme.undoing.verdict import Why
from pme.undoing.work import AT_ONCE, ask
from pme.web.acting import acting
from pme.web.addresses import number_in
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.resume import is_ours
from pme.web.session import db_session, transaction
from pme.web.signin import auditors_only_read, current_visitor, guard, now
from pme.web.working import nobody_works_on
from pme.words.lazily import lazy
from pme.words.speech import _, _n

blueprint = Blueprint("changed", __name__, url_prefix="/changes")
guard(blueprint, Role.INSTRUCTOR, Role.REGISTRAR, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)
auditors_only_read(blueprint)

SIZE, ROWS = 20, 200
DID: dict[Did, str] = {
    Did.WITHDRAWN: lazy("Withdrawn from a course"),
    Did.READMITTED: lazy("Enrolled again"),
    Did.MOVED: lazy("Moved between cohorts"),
    Did.ENROLLED: lazy("Enrolled"),
    Did.EXTENDED: lazy("Given a later due date"),
    Did.SUSPENDED: lazy("Suspended"),
    Did.REINSTATED: lazy("Restore access"),
    Did.LAST_DAY: lazy("Given a last day"),
    Did.ROSTER: lazy("A spreadsheet carried out"),
    Did.TEACHERS: lazy("Instructors of a cohort set"),
    Did.MODULES: lazy("Modules of a cohort set"),
    Did.INVITED: lazy("Invitations sent"),
    Did.APPROVED: lazy("Requests approved"),
    Did.SENT_AGAIN: lazy("Letters sent again"),
}
WHY: dict[Why, str] = {
    Why.CHANGED: lazy("Not undone: somebody else has changed it since"),
    Why.GONE: lazy("Not undone: no longer there"),
    Why.COMPLETED: lazy("Not undone: the course was completed, which stays"),
    Why.BEGUN: lazy("Not undone: the course was begun, which stays"),
    Why.ABOVE: lazy("Not undone: you may not change their record"),
    Why.ENTERED: lazy("Not undone: they have accepted, and can sign in"),
    Why.SENT: lazy("Not undone: the letter is on its way"),
    Why.UNFIT: lazy("Not undone: the earlier state is no longer possible"),
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
        letters=LETTERS,
        may_undo={row.id for row in rows if _is_open(row)},
        page=page,
        pages=max(1, -(-total // SIZE)),
    )


@blueprint.get("/<int:change_id>")
def change(change_id: int) -> ResponseReturnValue:
    """One act: each row as it was and became, and why some were left when it was undone."""
    found, session = _load(change_id), db_session()
    academy_id, is_open = found.academy_id, _is_open(found)
    job = job_about(session, academy_id, f"change {change_id}", f"undone {change_id}")
    would = foreseen(session, found, all_rows(session, found), acting()) if is_open else {}
    rows = rows_in(session, found, at_most=ROWS, first=would)
    people = [found.by_id, *filter(None, (row.person_id for row in rows)), *filter(None, [found.undone_by])]
    people += [each for row in rows for facts in (row.was, row.became) for each in instructors_in(facts)]
    return render_template(
        "changed/change.html",
        change=found,
        rows=rows,
        known={
            "names": names_at(session, academy_id, people),
            "cohorts": _cohorts(academy_id, found.course),
            "modules": _modules(rows),
        },
        titles=_titles(),
        did=DID,
        why=WHY,
        would=would,
        left=len({row.person_id or row.id for row in rows if row.id in would}),
        is_letters=found.did in LETTERS,
        in_background=count_rows(session, found) > AT_ONCE,
        most=ROWS,
        may_undo=is_open,
        job=job,
        is_missed=job is not None and nobody_works_on(job),
    )


@blueprint.post("/<int:change_id>/undo")
def undo_change(change_id: int) -> ResponseReturnValue:
    """Put everything back that nobody changed since, and tell what was left."""
    _load(change_id, can=Can.UNDO)
    try:
        with transaction() as session:
            found = _load(change_id, can=Can.UNDO, for_update=True)
            if count_rows(session, found) > AT_ONCE and current_visitor().runs_academy:
                job_id = ask(session, found, acting()).id
                return redirect(url_for("academy.job", job_id=job_id), HTTPStatus.SEE_OTHER)
            undone = undo(session, found, acting())
            job = _complete(session, found) if found.did is Did.MODULES else None
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("changed.change", change_id=change_id), HTTPStatus.SEE_OTHER)
    flash(_told(found, undone), "success" if undone.put_back or not undone.left else "info")
    back = request.form.get("back", "")
    is_whole = not undone.left and is_ours(back) and job is None
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


def _complete(session: Session, change: Change) -> Job | None:
    """What students have earned by what their cohort asks for again is completed; of many in a job."""
    cohorts = select(ChangedRow.thing_id).where(
        ChangedRow.academy_id == change.academy_id, ChangedRow.change_id == change.id
    )
    ids = session.scalars(
        select(Enrolment.id).where(
            Enrolment.academy_id == change.academy_id, Enrolment.cohort_id.in_(cohorts)
        )
    ).all()
    undone = f"undone {change.id}"
    return complete_what_is_earned(session, catalogue(), change.academy_id, ids, about=undone, at=now())


def _modules(rows: Sequence[ChangedRow]) -> dict[str, str]:
    """The titles of the modules that the facts of cohorts name."""
    named = {
        slug for row in rows for facts in (row.was, row.became) for slug in (facts or {}).get("modules", ())
    }
    return {slug: found.content.title for slug in named if (found := catalogue().module(slug))}


def instructors_in(facts: dict[str, Any] | None) -> list[int]:
    """The people whom the facts of a cohort name."""
    return list((facts or {}).get("instructors", ()))


def _told(change: Change, undone: Undone) -> str:
    """What undoing did, in a sentence or two."""
    if change.did in LETTERS:
        return _letters_told(undone)
    if not change.people:
        if undone.left:
            return _("The cohort was left as it is: see why below.")
        return _("Undone: the cohort is as before.")
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


def _letters_told(undone: Undone) -> str:
    """What became of letters that were called back."""
    sent = sum(undone.left.values())
    if not sent:
        return _("Sending is cancelled: none of these letters goes out, and the links in them open nothing.")
    gone = _n("{n} letter was on its way already.", "{n} letters were on their way already.", sent)
    back = _n(
        "The sending of {n} letter is cancelled.", "The sending of {n} letters is cancelled.", undone.put_back
    )
    return f"{back} {gone}"
