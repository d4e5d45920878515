"""The author's door at the media of a module: everything in it, a file more, another in its place, one less."""

from http import HTTPStatus
from typing import IO, Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from pme.authoring import queries, removals, service
from pme.authoring.media import Row, rows
from pme.authoring.media_intake import taken
from pme.authoring.media_service import (
    Taken,
    Words,
    add_medium,
    brought,
    expect,
    paths_of_medium,
    remove_medium,
    replace_medium,
    say,
)
from pme.authoring.models import Draft
from pme.authoring.models_removal import Removed
from pme.authoring.naming import FileKind, file_name
from pme.content.attachments import length_told, size_told
from pme.content.captions import NotCaptions, read_captions, written
from pme.content.edit import published_tree
from pme.content.parse_recording import IN_PAGE, About
from pme.errors import Conflict, Invalid, NotFound
from pme.intake.bounded import NotTaken
from pme.permissions import Can, may
from pme.stores.home import Away
from pme.web.author.drafts import blueprint
from pme.web.author.media_forms import STILL_HERE, AboutForm
from pme.web.author.removing import tell_act
from pme.web.author.texts import titles_in
from pme.web.author.yaml_files import Removal
from pme.web.errors import noticed
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, meanwhile, transaction
from pme.web.signin import current_visitor, now
from pme.web.uploads import largest_upload, takes_files
from pme.words.speech import _

WRONG = (Conflict, Invalid, NotTaken, NotCaptions)


@blueprint.get("/drafts/<int:draft_id>/modules/<slug>/media")
def media(draft_id: int, slug: str) -> ResponseReturnValue:
    """Every picture, recording and document of a module, where each is used, and a form for one more."""
    return _library(load_draft(Can.SEE_DRAFTS, draft_id), slug, AboutForm(formdata=None))


@blueprint.post("/drafts/<int:draft_id>/modules/<slug>/media")
@takes_files
def add_media(draft_id: int, slug: str) -> ResponseReturnValue:
    """Take a file in: told by its bytes, made safe, and kept in the draft."""
    form, draft = AboutForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    _require_module(draft, slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        sent = form.file.data
        try:
            meanwhile()
            with taken(_stream(form.file), largest_upload(), form.says.data or "") as safe:
                words = _words(form, safe.attachment.kind if safe.attachment else "picture")
                at_home = _brought(safe)
                with transaction() as session:
                    draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
                    service.must_be_open(draft)
                    person_id = current_visitor().person_id
                    name = add_medium(
                        session, draft, slug, sent.filename, at_home, words, by_id=person_id, at=now()
                    )
        except (*WRONG, Away) as error:
            status = _note(form, error)
        else:
            flash(_("{name} is in the draft. Copy its line into a page to show it.", name=name))
            return redirect(url_for("author.media", draft_id=draft_id, slug=slug), HTTPStatus.SEE_OTHER)
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    return _library(draft, slug, form), status


@blueprint.get("/drafts/<int:draft_id>/medium/<path:path>")
def medium(draft_id: int, path: str) -> ResponseReturnValue:
    """One file: what it is, where it is used, and forms to change, replace or remove it."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    row, about = _row(draft, path)
    form = AboutForm(
        formdata=None,
        says=about.says,
        licence=about.licence,
        source=about.source,
        in_page=about.transcript == IN_PAGE,
        transcript=_transcript(draft, row, about),
    )
    return _page(draft, row, form)


@blueprint.post("/drafts/<int:draft_id>/medium/<path:path>")
@takes_files
def save_medium(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep what is said of a file, and another in its place where one was sent."""
    form, draft = AboutForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    row, _about = _row(draft, path)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        try:
            _keep(draft_id, row, form)
        except (*WRONG, Away) as error:
            status = _note(form, error)
        else:
            flash(_("The description of {name} is saved in the draft.", name=row.name))
            return redirect(url_for("author.medium", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    return _page(draft, row, form), status


@blueprint.post("/drafts/<int:draft_id>/medium-out/<path:path>")
def remove_media(draft_id: int, path: str) -> ResponseReturnValue:
    """Take a file away, in this draft, to be put back if that was wrong."""
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    row, _about = _row(draft, path)
    slug = file_name(path).slug
    try:
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            service.must_be_open(draft)
            by_id, at = current_visitor().person_id, now()
            before = removals.standing(session, draft, paths_of_medium(session, draft, slug, row.name))
            remove_medium(session, draft, slug, row.name, by_id=by_id, at=at)
            part = removals.Part(Removed.MEDIUM, row.name, row.path)
            noted = removals.note(session, draft, part, before, by_id=by_id, at=at)
    except Conflict as error:
        flash(error.says, "problem")
    else:
        said = [_("{name} is removed in this draft.", name=row.name)]
        if row.uses:
            said.append(_("It is still shown on {pages}: remove it there too.", pages=", ".join(row.uses)))
        tell_act(" ".join(said), draft_id, Removal(part, noted))
    return redirect(url_for("author.media", draft_id=draft_id, slug=slug), HTTPStatus.SEE_OTHER)


def _keep(draft_id: int, row: Row, form: AboutForm) -> None:
    slug, person_id, words = file_name(row.path).slug, current_visitor().person_id, _words(form, row.kind)
    if form.file.data:
        meanwhile()
        with taken(_stream(form.file), largest_upload(), form.says.data or "") as safe:
            at_home = _brought(safe)
            with transaction() as session:
                draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
                service.must_be_open(draft)
                replace_medium(session, draft, slug, row.name, at_home, by_id=person_id, at=now())
                say(session, draft, slug, row.name, words, by_id=person_id, at=now())
        return
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        service.must_be_open(draft)
        say(session, draft, slug, row.name, words, by_id=person_id, at=now())


def _brought(safe: Taken) -> Taken:
    """A file that the store has, should the draft still take it."""
    if safe.attachment is not None:
        with transaction() as session:
            expect(session, safe, at=now())
    return brought(db_session(), safe)


def _words(form: AboutForm, kind: str) -> Words:
    """What the form says. Raises Invalid where a recording has no words for those who cannot hear it."""
    captions = form.captions.data.read() if form.captions.data else b""
    transcript = (form.transcript.data or "").replace("\r\n", "\n").strip()
    is_played = kind in ("audio", "video")
    if is_played and not (captions or transcript or form.in_page.data):
        raise Invalid(
            _(
                "Those who cannot hear it need captions or a transcript. Add one of them, or tick that the page tells "
                "everything."
            ),
            field="transcript",
        )
    return Words(
        says=form.says.data or "",
        licence=form.licence.data or "",
        source=form.source.data or "",
        captions=written(read_captions(captions)) if captions and is_played else None,
        transcript=f"{transcript}\n".encode() if transcript and is_played else None,
        is_in_page=bool(form.in_page.data and is_played and not transcript),
    )


def _stream(field: FileField) -> IO[bytes]:
    if not field.data or not field.data.filename:
        raise NotTaken(_("Choose a file first."))
    stream: IO[bytes] = field.data.stream
    return stream


def _note(form: AboutForm, error: Exception) -> HTTPStatus:
    """Put a reason beside the field that it is about; gives the status of the answer."""
    says = getattr(error, "says", "") or str(error)
    if isinstance(error, Away):
        noticed(error)
        says = f"{says} {STILL_HERE}"
    field: Any = form.file
    if isinstance(error, NotCaptions):
        field = form.captions
    elif isinstance(error, Invalid) and error.field == "transcript":
        field = form.transcript
    field.errors = [*field.errors, says]
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, Away) else HTTPStatus.UNPROCESSABLE_ENTITY


def _row(draft: Draft, path: str) -> tuple[Row, About]:
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    found = _rows(draft, name.slug) if name.kind is FileKind.MEDIA else []
    row = next((row for row in found if row.path == path), None)
    if row is None:
        raise NotFound(UNKNOWN)
    return row, row.about


def _rows(draft: Draft, slug: str) -> list[Row]:
    session = db_session()
    return rows(slug, published_tree(session).files, queries.edits_of(session, draft.id))[0]


def _require_module(draft: Draft, slug: str) -> None:
    """Raises NotFound where there is no such module with the draft in it."""
    if f"modules/{slug}/module.md" not in queries.paths_of(db_session(), draft.id):
        raise NotFound(UNKNOWN)


def _transcript(draft: Draft, row: Row, about: About) -> str:
    if not about.transcript.endswith(".txt"):
        return ""
    path = f"{row.path.rpartition('/')[0]}/{about.transcript}"
    file = queries.file_of(db_session(), draft.id, path)
    content = file.content if file else queries.published_file(db_session(), path)[1]
    return (content or b"").decode("utf-8", "replace")


def _can_change(draft: Draft) -> bool:
    return draft.status in service.CAN_CHANGE and may(current_visitor(), Can.CHANGE_DRAFT, draft)


def _library(draft: Draft, slug: str, form: AboutForm) -> str:
    _require_module(draft, slug)
    return render_template(
        "author/media.html",
        draft=draft,
        slug=slug,
        title=titles_in(draft).get(f"modules/{slug}/module.md", slug),
        rows=_rows(draft, slug),
        form=form,
        can_change=_can_change(draft),
        all_chosen=request.args.get("chosen") == "all",
        most=size_told(largest_upload()),
        size=size_told,
        length=length_told,
    )


def _page(draft: Draft, row: Row, form: AboutForm) -> str:
    form.file.label.text = _("Another file in its place")
    return render_template(
        "author/medium.html",
        draft=draft,
        slug=file_name(row.path).slug,
        row=row,
        form=form,
        can_change=_can_change(draft),
        most=size_told(largest_upload()),
        size=size_told,
        length=length_told,
    )
