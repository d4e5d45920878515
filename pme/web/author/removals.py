"""The author's door at parts that were deleted in a draft: putting one back, to be seen where it stands."""

from http import HTTPStatus

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import removals
from pme.authoring.models_removal import DraftRemoval, Removed, Turned
from pme.authoring.naming import file_name
from pme.errors import Conflict
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.removing import called
from pme.web.loaders import load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.post("/drafts/<int:draft_id>/put-back/<int:number>")
def put_back(draft_id: int, number: int) -> ResponseReturnValue:
    """Put a part back that was deleted, and show it where it stands."""
    address = url_for("author.draft", draft_id=draft_id)
    try:
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            removal = removals.put_back(session, draft, number, by_id=current_visitor().person_id, at=now())
            part, address = called(removal), _place_of(removal)
            if removal.did is not Turned.DELETED:
                says = _("{part}: as before.", part=part)
            elif removals.BETWEEN in removal.name and removal.what in (Removed.QUESTION, Removed.MEDIUM):
                says = _("{part} are back.", part=part)
            else:
                says = _("{part} is back.", part=part)
        flash(says, "success")
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(address, HTTPStatus.SEE_OTHER)


def _place_of(removal: DraftRemoval) -> str:
    if removal.what is Removed.FILE:
        return url_for("author.draft", draft_id=removal.draft_id)
    name = file_name(removal.path)
    if removal.what is Removed.MEDIUM:
        return url_for("author.media", draft_id=removal.draft_id, slug=name.slug)
    return editor_address(removal.draft_id, name)
