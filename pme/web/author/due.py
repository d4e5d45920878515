"""The author's door at what is due: the list of work, the tasks of superseded sources, new days of review."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme import audit
from pme.authoring import due, queries, service, tasks
from pme.authoring.due import DueKind
from pme.authoring.models_tasks import ReviewTask, TaskStatus
from pme.authoring.naming import FileKind, FileName, file_name
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can, may
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.author.bibliography import by_file, spot_address
from pme.web.author.drafts import blueprint
from pme.web.author.reading import reading_of
from pme.web.author.texts import content_of, text_of
from pme.web.forms import fits
from pme.web.listed import remember_list
from pme.web.loaders import UNKNOWN, catalogue, content_academy, load_draft
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sorting import Sorting
from pme.web.spoken_forms import SpokenForm
from pme.words.isolating import undivided
from pme.words.lazily import lazy
from pme.words.speech import _

DAYS = {
    "0": lazy("Only what is overdue"),
    "30": lazy("Within 30 days"),
    "90": lazy("Within 90 days"),
    "365": lazy("Within a year"),
}
USUAL = "90"
KINDS = {
    DueKind.TASK: lazy("Task"),
    DueKind.COURSE: lazy("Course"),
    DueKind.MODULE: lazy("Module"),
    DueKind.SOURCE: lazy("Source to be verified"),
}
NEW_DRAFT = "0"


class ArrangeForm(SpokenForm):
    """Who does a task, until when."""

    holder = SelectField(lazy("Who does it"), validate_choice=False)
    due_on = DateField(lazy("Until"), [InputRequired(lazy("Choose a date."))])


class CloseForm(SpokenForm):
    """What came of a task."""

    status = SelectField(
        lazy("Result"),
        choices=[
            SelectChoice("done", lazy("Done")),
            SelectChoice("not-needed", lazy("Nothing had to be done")),
        ],
        default="done",
    )
    outcome = TextAreaField(lazy("What was done, or why nothing was needed"), [fits])


class ReviewForm(SpokenForm):
    """The next day of review, and the draft that it goes into."""

    day = DateField(lazy("Next review on"), [InputRequired(lazy("Choose the next review date."))])
    reviewer = StringField(
        lazy("Who looked at it"), [Length(max=200, message=lazy("Keep this under 200 characters.")), fits]
    )
    draft = SelectField(lazy("Put it into"), validate_choice=False)


@blueprint.get("/reviews-due")
def reviews_due() -> ResponseReturnValue:
    """Everything to be looked at again: tasks, days of review, sources to be verified."""
    academy_id, today = content_academy(Can.SEE_DRAFTS), now().date()
    remember_list()
    days = request.args.get("days", USUAL)
    days = days if days in DAYS else USUAL
    asked = {name: fit(request.args.get(name, "")) for name in ("module", "what")}
    sorting, reading = Sorting.of(request.args, due.SORTS, "due"), reading_of()
    found = [
        *due.tasks_due(db_session(), academy_id, today=today),
        *due.reviews_due(catalogue(), today=today, days=int(days)),
        *due.sources_due(reading.read.bibliography, reading.citations),
    ]
    listed = due.arranged(found, sort=sorting.asked, module=asked["module"], kind=asked["what"])
    paging = Paging.of(len(listed))
    fields = {"days": "" if days == USUAL else days, **asked, **sorting.fields}
    where = {name: value for name, value in fields.items() if value}
    can_write = may(current_visitor(), Can.WRITE_DRAFTS, academy_id)
    return render_template(
        "author/reviews-due.html",
        found=listed[paging.offset : paging.offset + paging.size],
        total=len(listed),
        count=len(found),
        paging=paging,
        heads=_heads(sorting, where),
        where=where,
        closed=due.tasks_closed(db_session(), academy_id),
        asked=asked,
        days=days,
        every_day=DAYS,
        kinds=KINDS,
        modules={slug: each.content.title for slug, each in catalogue().modules_by_slug.items()},
        people=tasks.writers(db_session(), academy_id, today) if can_write else [],
        drafts=_open_drafts(academy_id) if can_write else [],
        can_write=can_write,
    )


def _heads(sorting: Sorting, where: Mapping[str, str]) -> list[dict[str, Any]]:
    texts = {
        "title": _("What has to be checked"),
        "kind": _("What"),
        "module": _("Module"),
        "who": _("Who"),
        "due": _("Due"),
    }
    return sorting.heads(texts, "author.reviews_due", where)


def _open_drafts(academy_id: int) -> list[queries.DraftLine]:
    """The drafts that something can be put into."""
    found = queries.drafts_of(db_session(), academy_id)
    return [each for each in found if each.status in service.CAN_CHANGE]


@blueprint.get("/review-tasks/<int:task_id>")
def review_task(task_id: int) -> ResponseReturnValue:
    """A task: what rests on the superseded source in its file, who does it until when, and what came of it."""
    return _task_page(_task(Can.SEE_DRAFTS, task_id))


@blueprint.post("/review-tasks/<int:task_id>/arrange")
def arrange_task(task_id: int) -> ResponseReturnValue:
    """Say who does a task, and until when."""
    task, form = _task(Can.WRITE_DRAFTS, task_id), ArrangeForm()
    if form.validate_on_submit() and form.due_on.data:
        try:
            with transaction() as session:
                task = _task(Can.WRITE_DRAFTS, task_id, for_update=True)
                holder = number_in(form.holder.data)
                tasks.arrange(session, task, holder_id=holder or None, due_on=form.due_on.data, at=now())
        except Invalid as error:
            form[error.field or "due_on"].errors = [error.says]
        except Conflict as error:
            flash(error.says, "problem")
            return redirect(url_for("author.review_task", task_id=task_id), HTTPStatus.SEE_OTHER)
        else:
            flash(_("Saved."))
            return redirect(url_for("author.review_task", task_id=task_id), HTTPStatus.SEE_OTHER)
    return _task_page(_task(Can.SEE_DRAFTS, task_id), arrange=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/review-tasks/<int:task_id>/close")
def close_task(task_id: int) -> ResponseReturnValue:
    """Say that a task is done or was not needed, with what was done or why."""
    task, form = _task(Can.WRITE_DRAFTS, task_id), CloseForm()
    by_id = current_visitor().person_id
    if form.validate_on_submit():
        try:
            with transaction() as session:
                task = _task(Can.WRITE_DRAFTS, task_id, for_update=True)
                status, outcome = TaskStatus(form.status.data), form.outcome.data or ""
                tasks.close(session, task, status, outcome=outcome, by_id=by_id, at=now())
                audit.record(
                    session,
                    "review task closed",
                    actor=f"person {by_id}",
                    subject=f"review task {task_id}",
                    at=now(),
                    academy_id=task.academy_id,
                    detail={"status": status.value, "source": task.source_key, "path": task.path},
                )
        except Invalid as error:
            form[error.field or "outcome"].errors = [error.says]
        except Conflict as error:
            flash(error.says, "problem")
            return redirect(url_for("author.review_task", task_id=task_id), HTTPStatus.SEE_OTHER)
        else:
            flash(_("The task is closed."), "success")
            return redirect(url_for("author.reviews_due"), HTTPStatus.SEE_OTHER)
    return _task_page(_task(Can.SEE_DRAFTS, task_id), close=form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/reviews-due/next/<path:path>")
def review_date(path: str) -> ResponseReturnValue:
    """A form for the next day of review of a course or module."""
    content_academy(Can.SEE_DRAFTS)
    name = reviewed(path)
    next_year = now().date().replace(day=1, year=now().year + 1)
    return _date_page(name, ReviewForm(formdata=None, day=next_year))


@blueprint.post("/reviews-due/next/<path:path>")
def save_review_date(path: str) -> ResponseReturnValue:
    """Put the next day of review into a draft, a new one if asked; it counts once the draft is published."""
    academy_id, name, form = content_academy(Can.WRITE_DRAFTS), reviewed(path), ReviewForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit() and form.day.data:
        try:
            draft_id = _put_date(
                academy_id, name, form.day.data, " ".join((form.reviewer.data or "").split())
            )
        except Invalid as error:
            form[error.field or "day"].errors = [error.says]
        except Conflict as error:
            form.draft.errors, status = [error.says], HTTPStatus.CONFLICT
        else:
            flash(_("The next review date is in this draft. It applies once the draft is published."))
            return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    return _date_page(name, form), status


def _put_date(academy_id: int, name: FileName, day: date, reviewer: str) -> int:
    by_id, chosen = current_visitor().person_id, number_in(request.form.get("draft")) or 0
    with transaction() as session:
        if chosen:
            draft = load_draft(Can.CHANGE_DRAFT, chosen, for_update=True)
        else:
            title = undivided(_("Review of {title}", title=title_of(name)))[:120]
            draft = service.begin_draft(
                session, academy_id=academy_id, author_id=by_id, title=title, at=now()
            )
        text, revision = content_of(draft, name.path)
        edited = due.with_review_date(text, name.path, day, today=now().date(), reviewer=reviewer)
        service.save_file(session, draft, name.path, edited.encode(), seen=revision, by_id=by_id, at=now())
        return draft.id


def reviewed(path: str) -> FileName:
    """The path of a published course or module. Raises NotFound for anything else."""
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    if name.kind not in (FileKind.COURSE, FileKind.MODULE) or name.language:
        raise NotFound(UNKNOWN)
    if not text_of(queries.published_file(db_session(), path)[1]):
        raise NotFound(UNKNOWN)
    return name


def title_of(name: FileName) -> str:
    """The title of a published course or module, or its name if it is not published."""
    if name.kind is FileKind.COURSE:
        course = catalogue().course(name.slug)
        return course.content.title if course else name.slug
    module = catalogue().module(name.slug)
    return module.content.title if module else name.slug


def _date_page(name: FileName, form: ReviewForm) -> str:
    academy_id = content_academy(Can.SEE_DRAFTS)
    drafts = _open_drafts(academy_id)
    form.draft.choices = [
        SelectChoice(NEW_DRAFT, _("A new draft")),
        *(SelectChoice(str(each.id), each.title) for each in drafts),
    ]
    form.draft.data = form.draft.data or NEW_DRAFT
    return render_template(
        "author/review-date.html",
        name=name,
        title=title_of(name),
        is_module=name.kind is FileKind.MODULE,
        form=form,
        can_write=may(current_visitor(), Can.WRITE_DRAFTS, academy_id),
    )


def _task(can: Can, task_id: int, *, for_update: bool = False) -> ReviewTask:
    academy_id = content_academy(Can.SEE_DRAFTS)
    task = tasks.find_task(db_session(), academy_id, task_id, for_update=for_update)
    if task is None:
        raise NotFound(UNKNOWN)
    content_academy(can)
    return task


def _task_page(
    task: ReviewTask, *, arrange: ArrangeForm | None = None, close: CloseForm | None = None
) -> str:
    session, reading = db_session(), reading_of()
    people = tasks.writers(session, task.academy_id, now().date())
    if arrange is None:
        arrange = ArrangeForm(formdata=None, holder=str(task.holder_id or 0), due_on=task.due_on)
    arrange.holder.choices = [
        SelectChoice("0", _("Nobody yet")),
        *(SelectChoice(str(each), name) for each, name in people),
    ]
    places = [each for each in reading.citations.get(task.source_key, ()) if each.file == task.path]
    drafts = _open_drafts(task.academy_id)
    return render_template(
        "author/review-task.html",
        task=task,
        succession=reading.read.bibliography.successions.get(task.source_key),
        files=by_file(places),
        spot_address=lambda place: spot_address(place, None),
        holder=dict(people).get(task.holder_id or 0, ""),
        drafts=drafts,
        name=file_name(task.path),
        can_write=may(current_visitor(), Can.WRITE_DRAFTS, task.academy_id),
        is_late=task.status is TaskStatus.OPEN and task.due_on < now().date(),
        arrange=arrange,
        close=close or CloseForm(formdata=None),
        form=arrange if arrange.errors else close or CloseForm(formdata=None),
    )
