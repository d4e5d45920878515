"""The author's door at everything there is: the published content and the draft's changes, as one outline."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pme.authoring import queries, service
from pme.authoring.outline import outline
from pme.content.edit import published_tree
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.texts import titles_in
from pme.web.loaders import load_draft
from pme.web.session import db_session


@blueprint.get("/drafts/<int:draft_id>/contents")
def contents(draft_id: int) -> ResponseReturnValue:
    """Everything that can be changed in this draft."""
    draft, session = load_draft(Can.SEE_DRAFTS, draft_id), db_session()
    edits = queries.edits_of(session, draft_id)
    return render_template(
        "author/contents.html",
        draft=draft,
        shelves=outline(published_tree(session).files, edits, titles_in(draft)),
        address=lambda name: editor_address(draft_id, name),
        can_change=draft.status in service.CAN_CHANGE,
    )
