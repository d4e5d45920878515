"""The author's door at two versions of one text: what each changed, both put together, and the choice."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.authoring import queries, service
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.authoring.three_way import changes, marked_line, merge
from pme.errors import Conflict, Invalid, NotFound
from pme.people.queries import get_person
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.forms import FileForm, ResolveForm
from pme.web.author.texts import base_to_send, content_of, plain_lines, text_of
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

SAVED = lazy(
    "Somebody else has saved this file since you opened it. Nothing is lost: here are both versions."
)
PUBLISHED = lazy(
    "Another version was published since this draft was begun. Here are both: take over what you want to keep."
)


@dataclass(frozen=True)
class Versions:
    """Three texts of one file, and who wrote the other one."""

    base: str
    mine: str
    theirs: str
    by: str


def two_versions(draft_id: int, path: str, form: FileForm) -> str:
    """The page that shows what was typed beside what somebody else saved; "" where that is not what is wrong."""
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    kept = queries.file_of(db_session(), draft_id, path)
    revision = kept.revision if kept else 0
    if draft.status not in service.CAN_CHANGE or revision == number_in(form.seen.data):
        return ""
    theirs, _unused = content_of(draft, path)
    by = get_person(db_session(), kept.saved_by).name if kept else ""
    base = plain_lines(form.base.data) or _base_of(draft, path)
    versions = Versions(base, plain_lines(form.content.data), theirs, by)
    return _page(draft, path, versions, says=SAVED, action=request.path, hidden={"seen": str(revision)})


@blueprint.get("/drafts/<int:draft_id>/compare/<path:path>")
def compare(draft_id: int, path: str) -> ResponseReturnValue:
    """A file of the draft beside the version that was published since it was begun."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    _known_file(draft, path)
    if not _is_moved(draft, path):
        flash(_("This file takes account of what is published now. There is nothing to compare."))
        return redirect(editor_address(draft_id, file_name(path)), HTTPStatus.SEE_OTHER)
    return _moved(draft, path)


@blueprint.post("/drafts/<int:draft_id>/compare/<path:path>")
def resolve(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep a text that takes account of both versions; from then on the draft stands on the newer one."""
    form, draft = ResolveForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    _known_file(draft, path)
    form.validate_on_submit()
    text = plain_lines(form.content.data)
    line = marked_line(text)
    says = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if line is not None:
        says = _(
            "Line {line} still needs a decision: keep one version there and delete the ==== lines.",
            line=line,
        )
    if says:
        return _moved(draft, path, typed=text, error=says), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            _must_be_published(session, path, form.published.data or "")
            visitor = current_visitor()
            service.save_file(
                session,
                draft,
                path,
                text.encode() if text.strip() or not _is_taken_away(draft, path) else None,
                seen=number_in(form.seen.data) or 0,
                by_id=visitor.person_id,
                at=now(),
            )
            service.move_base(session, draft, path, at=now())
    except (Conflict, Invalid) as error:
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        draft = load_draft(Can.CHANGE_DRAFT, draft_id)
        return _moved(draft, path, typed=text, error=error.says), status
    flash(_("Saved. The draft takes account of what is published now."))
    return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _moved(draft: Draft, path: str, *, typed: str | None = None, error: str = "") -> str:
    mine, revision = content_of(draft, path)
    sha256, published = queries.published_file(db_session(), path)
    versions = Versions(_base_of(draft, path), mine, text_of(published), "")
    hidden = {"seen": str(revision), "published": sha256 or ""}
    action = url_for("author.resolve", draft_id=draft.id, path=path)
    return _page(
        draft, path, versions, says=PUBLISHED, action=action, hidden=hidden, typed=typed, error=error
    )


def _page(
    draft: Draft,
    path: str,
    versions: Versions,
    *,
    says: str,
    action: str,
    hidden: dict[str, str],
    typed: str | None = None,
    error: str = "",
) -> str:
    merged = merge(versions.base, versions.mine, versions.theirs)
    return render_template(
        "author/conflict.html",
        draft=draft,
        path=path,
        says=says,
        error=error,
        action=action,
        hidden=hidden | {"base": base_to_send(versions.theirs)},
        versions=versions,
        text=merged.text if typed is None else typed,
        clashes=merged.clashes,
        is_taken_away=_is_taken_away(draft, path),
        mine=changes(versions.base, versions.mine),
        theirs=changes(versions.base, versions.theirs),
        editor=editor_address(draft.id, file_name(path)),
        kept_at=url_for("author.save_file", draft_id=draft.id, path=path),
        can_change=draft.status in service.CAN_CHANGE,
    )


def _base_of(draft: Draft, path: str) -> str:
    kept = queries.file_of(db_session(), draft.id, path)
    return text_of(queries.bytes_of(db_session(), kept.base_sha256) if kept else None)


def _is_moved(draft: Draft, path: str) -> bool:
    kept = queries.file_of(db_session(), draft.id, path)
    return kept is not None and kept.base_sha256 != queries.published_file(db_session(), path)[0]


def _is_taken_away(draft: Draft, path: str) -> bool:
    """Whether the draft or the published content has this file no more: then nothing written means no file."""
    kept = queries.file_of(db_session(), draft.id, path)
    published, _unused = queries.published_file(db_session(), path)
    return published is None or kept is None or kept.content is None


def _known_file(draft: Draft, path: str) -> None:
    try:
        is_text = file_name(path).is_text
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    if not is_text or queries.file_of(db_session(), draft.id, path) is None:
        raise NotFound(UNKNOWN)


def _must_be_published(session: Session, path: str, sha256: str) -> None:
    if (queries.published_file(session, path)[0] or "") != sha256:
        raise Conflict(_("Something else was published while you compared. Here it is as it is now."))
