"""The author's door at one file of a draft: its text as it shall be, saved without overwriting anyone."""

from http import HTTPStatus

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import given_up, queries, service
from pme.authoring.checker import Look
from pme.authoring.front_matter import with_front
from pme.authoring.models import Draft, DraftFile
from pme.authoring.naming import FileKind, FileName, file_name
from pme.authoring.three_way import marked_line
from pme.content.files import LIMITS
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.checking import look_at
from pme.web.author.conflicts import two_versions
from pme.web.author.drafts import blueprint
from pme.web.author.forms import FileForm
from pme.web.author.texts import base_to_send, content_of, plain_lines
from pme.web.author.yaml_files import draft_tree
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import tell_out
from pme.words.speech import _


@blueprint.get("/drafts/<int:draft_id>/file/<path:path>")
def file(draft_id: int, path: str) -> ResponseReturnValue:
    """A file in a text box: as the draft has it, else as it is published, else empty."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    content, revision = content_of(draft, known_text(path).path)
    form = FileForm(formdata=None, content=content, seen=str(revision), base=base_to_send(content))
    return _page(draft, path, form)


@blueprint.post("/drafts/<int:draft_id>/file/<path:path>")
def save_file(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep the text. Where somebody saved another since, both are shown and nothing is lost."""
    form, wants_json = FileForm(), request.accept_mimetypes.best == "application/json"
    draft, name = load_draft(Can.CHANGE_DRAFT, draft_id), known_text(path)
    if not form.validate_on_submit():
        says = " ".join(str(text) for texts in form.errors.values() for text in texts)
        answer = jsonify(error=says) if wants_json else _page(draft, path, form)
        return answer, HTTPStatus.UNPROCESSABLE_ENTITY
    if request.form.get("act") == "check":
        return _page(draft, path, form, look=_look(draft, name, plain_lines(form.content.data)))
    try:
        kept = keep(draft_id, path, form)
    except (Conflict, Invalid) as error:
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        if wants_json:
            return jsonify(error=str(error.says)), status
        if isinstance(error, Conflict) and (compared := two_versions(draft_id, path, form)):
            return compared, status
        form.content.errors = [*form.content.errors, error.says]
        return _page(load_draft(Can.CHANGE_DRAFT, draft_id), path, form), status
    if wants_json:
        return jsonify(saved_at=f"{now():%H:%M:%S} UTC", seen=kept.revision)  # not words
    return redirect(url_for("author.file", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/look/<path:path>")
def look_at_file(draft_id: int, path: str) -> ResponseReturnValue:
    """Everything to be said of a text while it is typed; keeps nothing."""
    form, draft, name = FileForm(), load_draft(Can.SEE_DRAFTS, draft_id), known_text(path)
    text = plain_lines(form.content.data)
    if not form.validate_on_submit() or len(text.encode()) > LIMITS[f".{path.rpartition('.')[2]}"]:
        says = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return jsonify(
            error=says or _("The file is too large. Shorten it or split it.")
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    look = _look(draft, name, text)
    return jsonify(
        html=render_template("author/file-look.html", look=look),
        problems=[
            {"line": spot.line, "says": spot.says, "severity": spot.severity.value} for spot in look.spots
        ],
    )


@blueprint.post("/drafts/<int:draft_id>/out/<path:path>")
def take_out(draft_id: int, path: str) -> ResponseReturnValue:
    """Take a file out of the draft: it stays as it is published, and can be put in again."""
    try:
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            name, by = known_text(path).path, current_visitor().person_id
            was_in = given_up.take_out(session, draft, name, by_id=by, at=now())
        if was_in:
            tell_out(_("{file} is out of the draft.", file=name), draft_id, name)
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/in-again/<path:path>")
def put_in_again(draft_id: int, path: str) -> ResponseReturnValue:
    """Put a file that was taken out of the draft into it again, as it was."""
    try:
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            name = known_text(path).path
            given_up.put_in_again(session, draft, name, by_id=current_visitor().person_id, at=now())
        flash(_("{file} is in the draft again.", file=name), "success")
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def keep(draft_id: int, path: str, form: FileForm) -> DraftFile:
    """Keep the text of a form in the draft.

    Raises Conflict where somebody saved another since it was opened, Invalid where it still holds a place
    that both changed or is too large.
    """
    text = plain_lines(form.content.data)
    line = marked_line(text)
    if line is not None:
        raise Invalid(
            _(
                "Line {line} still needs a decision: keep one of the two versions there, and delete the "
                "three lines that begin and end with ====.",
                line=line,
            ),
            field="content",
        )
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        kept = queries.file_of(session, draft_id, path)
        if known_text(path).kind is FileKind.MODULE:
            text = with_front(text, content_of(draft, path)[0])
        if kept is not None and kept.content == text.encode() and draft.status in service.CAN_CHANGE:
            return kept  # sent twice, as when a page is left while it is being saved
        return service.save_file(
            session,
            draft,
            path,
            text.encode(),
            seen=number_in(form.seen.data) or 0,
            by_id=current_visitor().person_id,
            at=now(),
        )


def known_text(path: str) -> FileName:
    """A path of a text file. Raises NotFound for anything else."""
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    if not name.is_text:
        raise NotFound(UNKNOWN)
    return name


def _look(draft: Draft, name: FileName, text: str) -> Look:
    """What is to be said of a text; pages and translations have their own editors, which say it."""
    if name.language or name.kind in (FileKind.PAGE, FileKind.MODULE):
        return Look(
            missing=_("This file is checked with the whole draft: press “Check everything” on its page.")
        )
    return look_at(name, draft_tree(draft.id), text)


def _page(draft: Draft, path: str, form: FileForm, *, look: Look | None = None) -> str:
    kept = queries.file_of(db_session(), draft.id, path)
    return render_template(
        "author/file.html",
        draft=draft,
        path=path,
        form=form,
        look=look,
        saved_at=kept.saved_at if kept else None,
        problems=[each for each in queries.report_of(draft) if each["file"] == path and not each["answer"]],
        can_change=draft.status in service.CAN_CHANGE,
    )
