"""The author's door at several reviews at once: tasks arranged or closed, days of review put into one draft; undone."""

from datetime import date, datetime
from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme import audit
from pme.authoring import due, removals, service, tasks
from pme.authoring.models_removal import Removed, Turned
from pme.authoring.models_tasks import ReviewTask, TaskStatus
from pme.authoring.naming import FileName
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.due import reviewed, title_of
from pme.web.author.removing import tell_act
from pme.web.author.texts import content_of
from pme.web.author.yaml_files import Removal
from pme.web.listed import list_address
from pme.web.loaders import content_academy, load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import tell_tasks
from pme.words.lazily import lazy
from pme.words.speech import _, _n

NO_TASK = lazy(
    "Nothing was changed: choose at least one task that is open. Courses and modules have no task."
)
NO_DATE = lazy("Nothing was changed: choose at least one course or module. Tasks have their own day.")
NOTHING_SAID = lazy("Nothing was changed: choose who does the tasks, or until when.")
AS_KEPT = ""


@blueprint.post("/reviews-due/many")
def change_reviews() -> ResponseReturnValue:
    """Arrange or close the tasks chosen, or put the next review date of the courses and modules chosen in a draft."""
    academy_id, go = content_academy(Can.WRITE_DRAFTS), request.form.get("go", "")
    try:
        if go == "date":
            return _dated(academy_id)
        if go == "close":
            _closed(academy_id)
        else:
            _arranged(academy_id)
    except (Conflict, Invalid) as error:
        flash(error.says, "problem")
    return _back()


@blueprint.post("/reviews-due/undo")
def undo_reviews() -> ResponseReturnValue:
    """Let the tasks of one act be as before, but for those that somebody arranged or closed since."""
    academy_id, by_id = content_academy(Can.WRITE_DRAFTS), current_visitor().person_id
    at, number = _moment(request.form.get("at", "")), 0
    if at is not None:
        with transaction() as session:
            if request.form.get("what") == "closed":
                ids = tasks.opened_again(session, academy_id, closed_at=at, by_id=by_id)
                _record(session, academy_id, "review task opened again", ids)  # not words
                number = len(ids)
            else:
                number = tasks.arranged_back(session, academy_id, arranged_at=at)
    if number:
        flash(_n("Undone: {n} task is as before.", "Undone: {n} tasks are as before.", number), "success")
    else:
        flash(_("Nothing was undone: these tasks were changed since, or are as before already."), "problem")
    return _back()


def _arranged(academy_id: int) -> None:
    holder, day, at = request.form.get("holder", AS_KEPT), _day("until"), now()
    if holder == AS_KEPT and day is None:
        raise Invalid(str(NOTHING_SAID))
    with transaction() as session:
        held = _chosen(session, academy_id)
        for task in held:
            holder_id = task.holder_id if holder == AS_KEPT else number_in(holder) or None
            until = day or max(task.due_on, at.date())
            tasks.arrange(session, task, holder_id=holder_id, due_on=until, at=at)
    n = len(held)
    tell_tasks(_n("{n} task is arranged.", "{n} tasks are arranged.", n), "arranged", at)


def _closed(academy_id: int) -> None:
    status = TaskStatus.NOT_NEEDED if request.form.get("status") == "not-needed" else TaskStatus.DONE
    outcome, at, by_id = fit(request.form.get("outcome", "")), now(), current_visitor().person_id
    with transaction() as session:
        held = _chosen(session, academy_id)
        for task in held:
            tasks.close(session, task, status, outcome=outcome, by_id=by_id, at=at)
        _record(session, academy_id, "review task closed", [task.id for task in held])  # not words
    n = len(held)
    tell_tasks(_n("{n} task is closed.", "{n} tasks are closed.", n), "closed", at)


def _dated(academy_id: int) -> ResponseReturnValue:
    names, day = _files(), _day("day")
    if not names:
        raise Invalid(str(NO_DATE))
    if day is None:
        raise Invalid(_("Choose the next review date."))
    by_id, at, chosen = current_visitor().person_id, now(), number_in(request.form.get("draft")) or 0
    with transaction() as session:
        if chosen:
            draft = load_draft(Can.CHANGE_DRAFT, chosen, for_update=True)
        else:
            title = _("Next review dates")
            draft = service.begin_draft(session, academy_id=academy_id, author_id=by_id, title=title, at=at)
        before = removals.standing(session, draft, [name.path for name in names])
        for name in names:
            text, revision = content_of(draft, name.path)
            edited = due.with_review_date(text, name.path, day, today=at.date())
            service.save_file(session, draft, name.path, edited.encode(), seen=revision, by_id=by_id, at=at)
        named = removals.BETWEEN.join(title_of(name) for name in names)
        part = removals.Part(Removed.FILE, named, names[0].path, Turned.CHANGED)
        removal = Removal(part, removals.note(session, draft, part, before, by_id=by_id, at=at))
        draft_id = draft.id
    says = _n(
        "The next review date of {n} course or module is in this draft. It applies once the draft is published.",
        "The next review date of {n} courses and modules is in this draft. It applies once the draft is published.",
        len(names),
    )
    tell_act(says, draft_id, removal)
    return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _chosen(session: Session, academy_id: int) -> list[ReviewTask]:
    """The open tasks that are chosen, held. Raises Invalid where there is none."""
    ids = {number for each in request.form.getlist("due") if (number := number_in(each)) is not None}
    held = list(tasks.open_among(session, academy_id, ids))
    if not held:
        raise Invalid(str(NO_TASK))
    return held


def _files() -> list[FileName]:
    """The published courses and modules that are chosen."""
    found = []
    for path in dict.fromkeys(request.form.getlist("due")):
        try:
            found.append(reviewed(path))
        except NotFound:  # a task, or nothing that is published
            continue
    return found


def _record(session: Session, academy_id: int, act: str, ids: list[int]) -> None:
    by = f"person {current_visitor().person_id}"
    acts = [audit.Act(act, actor=by, subject=f"review task {number}") for number in ids]
    if acts:
        audit.record_all(session, acts, at=now(), academy_id=academy_id)


def _day(field: str) -> date | None:
    given = request.form.get(field, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Invalid(_("Give the day like 2026-03-31.")) from error


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _back() -> ResponseReturnValue:
    return redirect(list_address("author.reviews_due"), HTTPStatus.SEE_OTHER)
