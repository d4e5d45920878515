"""The author's door at several files of a draft at once: taken out together, and put back together."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import given_up, queries, removals
from pme.authoring.models_removal import Removed, Turned
from pme.errors import Conflict
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.removing import tell_act
from pme.web.author.texts import titles_in
from pme.web.author.yaml_files import Removal
from pme.web.loaders import load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _n

NONE_CHOSEN = lazy("Nothing was taken out: choose at least one file in the list.")


@blueprint.post("/drafts/<int:draft_id>/out-many")
def take_out_several(draft_id: int) -> ResponseReturnValue:
    """Take the files chosen out of the draft, as one act that is undone as one: they stay as they are published."""
    try:
        removal, number = _taken_out(draft_id, set(request.form.getlist("file")))
    except Conflict as error:
        flash(error.says, "problem")
    else:
        if removal is None:
            flash(NONE_CHOSEN, "problem")
        else:
            says = _n("{n} file is out of the draft.", "{n} files are out of the draft.", number)
            tell_act(says, draft_id, removal)
    return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _taken_out(draft_id: int, chosen: set[str]) -> tuple[Removal | None, int]:
    by_id, at = current_visitor().person_id, now()
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        titles = titles_in(draft)
        paths = [line.path for line in queries.file_lines(session, draft_id) if line.path in chosen]
        if not paths:
            return None, 0
        before = removals.standing(session, draft, paths)
        for path in paths:
            given_up.take_out(session, draft, path, by_id=by_id, at=at)
        named = removals.BETWEEN.join(titles.get(path, path) for path in paths)
        part = removals.Part(Removed.FILE, named, paths[0], Turned.TAKEN_OUT)
        noted = removals.note(session, draft, part, before, by_id=by_id, at=at)
        return Removal(part, noted), len(paths)
