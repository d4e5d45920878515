"""The author's door at several files of a module at once: removed together, and put back together."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import queries, removals, service
from pme.authoring.media import Row, rows
from pme.authoring.media_service import paths_of_medium, remove_medium
from pme.authoring.models import Draft
from pme.authoring.models_removal import Removed
from pme.content.edit import published_tree
from pme.errors import Conflict
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.removing import tell_act, with_uses
from pme.web.author.yaml_files import Removal
from pme.web.loaders import load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _, _n

NONE_CHOSEN = lazy("Nothing was removed: choose at least one file in the list.")


@blueprint.post("/drafts/<int:draft_id>/modules/<slug>/media-out")
def remove_several_media(draft_id: int, slug: str) -> ResponseReturnValue:
    """Take the files chosen away, in this draft, as one act that is undone as one."""
    names = set(request.form.getlist("medium"))
    found = [row for row in _rows(load_draft(Can.CHANGE_DRAFT, draft_id), slug) if row.name in names]
    if not found:
        flash(NONE_CHOSEN, "problem")
        return _to(draft_id, slug)
    try:
        removal = _removed(draft_id, slug, found)
    except Conflict as error:
        flash(error.says, "problem")
        return _to(draft_id, slug)
    says = _n("{n} file is removed in this draft.", "{n} files are removed in this draft.", len(found))
    uses = [
        _("{name} is still shown on {pages}.", name=row.name, pages=", ".join(row.uses))
        for row in found
        if row.uses
    ]
    tell_act(with_uses(says, uses), draft_id, removal)
    return _to(draft_id, slug)


def _removed(draft_id: int, slug: str, found: list[Row]) -> Removal:
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        service.must_be_open(draft)
        by_id, at = current_visitor().person_id, now()
        paths = [path for row in found for path in paths_of_medium(session, draft, slug, row.name)]
        before = removals.standing(session, draft, dict.fromkeys(paths))
        for row in found:
            remove_medium(session, draft, slug, row.name, by_id=by_id, at=at)
        named = removals.BETWEEN.join(row.name for row in found)
        part = removals.Part(Removed.MEDIUM, named, found[0].path)
        return Removal(part, removals.note(session, draft, part, before, by_id=by_id, at=at))


def _rows(draft: Draft, slug: str) -> list[Row]:
    session = db_session()
    return rows(slug, published_tree(session).files, queries.edits_of(session, draft.id))[0]


def _to(draft_id: int, slug: str) -> ResponseReturnValue:
    return redirect(url_for("author.media", draft_id=draft_id, slug=slug), HTTPStatus.SEE_OTHER)
