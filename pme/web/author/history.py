"""The author's door at every publication there was: listed, compared, brought back."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import approvals, history
from pme.authoring.history import FileAt
from pme.content.models import Publication
from pme.content.publish import newest
from pme.errors import Conflict, NotFound
from pme.permissions import Can, may
from pme.web.addresses import number_in
from pme.web.author.drafts import back_to, blueprint
from pme.web.author.forms import PublishForm
from pme.web.author.pictures import is_shown
from pme.web.author.publishing import publish_now
from pme.web.author.texts import titles
from pme.web.loaders import UNKNOWN, catalogue, content_academy
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.isolating import undivided
from pme.words.speech import _
from pme.words.times import day


@blueprint.get("/history")
def publications() -> ResponseReturnValue:
    """Every publication, the newest first."""
    content_academy(Can.SEE_DRAFTS)
    lines = history.publications(db_session(), before=number_in(request.args.get("before")))
    current = newest(db_session())
    return render_template(
        "author/publications.html",
        lines=lines,
        current=current.id if current else None,
        older=lines[-1].id if len(lines) == history.SHOWN else None,
    )


@blueprint.get("/history/compare")
def compare_publications() -> ResponseReturnValue:
    """What differs between two publications, in all files or word by word in one."""
    academy_id, session = content_academy(Can.SEE_DRAFTS), db_session()
    older, newer = _publication("older"), _publication("newer")
    files = history.differing(session, older.id, newer.id)
    path = request.args.get("path")
    file = next((each for each in files if each.name.path == path), None)
    if path is not None and file is None:
        raise NotFound(UNKNOWN)
    return render_template(
        "author/compare_publications.html",
        older=older,
        newer=newer,
        files=files,
        titles=titles(catalogue()),
        file=file,
        change=history.compared(session, file) if file else None,
        pictures=_pictures(file) if file else (None, None),
        may_write=may(current_visitor(), Can.WRITE_DRAFTS, academy_id),
        is_free=not any(each.is_required for each in approvals.functions_of(session, academy_id)),
        form=PublishForm(formdata=None, note=_again(older)),
    )


@blueprint.post("/history/bring-back")
def bring_back() -> ResponseReturnValue:
    """Begin a draft of a file, or of everything, as it was; and publish it at once where nobody must approve."""
    academy_id, by_id = content_academy(Can.WRITE_DRAFTS), current_visitor().person_id
    found = history.find_publication(db_session(), number_in(request.form.get("publication")) or 0)
    if found is None:
        raise NotFound(UNKNOWN)
    number, path = found.id, request.form.get("path") or None
    form = PublishForm()
    note = (form.note.data or "").strip() if "note" in request.form else _again(found)
    publishes = request.form.get("act") == "publish"
    if publishes and not form.note.validate(form):
        flash(form.note.errors[0], "problem")
        there = url_for("author.compare_publications", older=number, path=path)
        return redirect(there, HTTPStatus.SEE_OTHER)
    try:
        with transaction() as session:
            found = history.find_publication(session, number)
            if found is None:
                raise NotFound(UNKNOWN)
            draft = history.bring_back(
                session, found, path=path, academy_id=academy_id, by_id=by_id, at=now()
            )
            is_free = not approvals.missing(session, draft)
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("author.publications"), HTTPStatus.SEE_OTHER)
    if publishes and is_free:
        publish_now(draft, note)
    else:
        flash(
            _("A draft holds the files as they were then. Check it, and publish it like any other."),
            "success",
        )
    return back_to(draft)


def _again(publication: Publication) -> str:
    """What students read of it where the author says nothing else."""
    return undivided(_("It is again as it was on {day}.", day=day(publication.at)))


def _publication(name: str) -> Publication:
    """The publication that a query names; where it names none, the newest."""
    asked = request.args.get(name)
    found = history.find_publication(db_session(), number_in(asked) or 0) if asked else newest(db_session())
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _pictures(file: FileAt) -> tuple[str | None, str | None]:
    name = file.name.path.rpartition("/")[2]
    if not is_shown(name):
        return None, None
    older, newer = (
        url_for("author.kept_picture", sha256=sha256, name=name) if sha256 else None
        for sha256 in (file.older, file.newer)
    )
    return older, newer
