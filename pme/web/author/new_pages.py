"""The author's door at a new page of a module: its title, then the editor."""

from http import HTTPStatus

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from pme.authoring import queries, service
from pme.authoring.models import Draft
from pme.authoring.naming import FileKind, FileName, file_name
from pme.authoring.new_page import beginning, path_of_new
from pme.content.edit import edited, published_tree
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.forms import NewPageForm
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now


@blueprint.get("/drafts/<int:draft_id>/modules/<slug>/new-page")
def new_page(draft_id: int, slug: str) -> ResponseReturnValue:
    """An empty form for a page more."""
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    _names(draft, slug)
    return render_template("author/new-page.html", draft=draft, slug=slug, form=NewPageForm(formdata=None))


@blueprint.post("/drafts/<int:draft_id>/modules/<slug>/new-page")
def add_page(draft_id: int, slug: str) -> ResponseReturnValue:
    """Begin a page behind the last of the module, in this draft, and open it in the editor."""
    form, draft = NewPageForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    names, title, status = _names(draft, slug), form.title.data or "", HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        try:
            path = path_of_new(title, slug, names)
            with transaction() as session:
                draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
                person_id = current_visitor().person_id
                text = beginning(title).encode()
                service.save_file(session, draft, path, text, seen=0, by_id=person_id, at=now())
        except (Conflict, Invalid) as error:
            status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else status
            form.title.errors = [*form.title.errors, error.says]
        else:
            return redirect(editor_address(draft_id, file_name(path)), HTTPStatus.SEE_OTHER)
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    return render_template("author/new-page.html", draft=draft, slug=slug, form=form), status


def _names(draft: Draft, slug: str) -> list[FileName]:
    """Everything there is with the draft in it. Raises NotFound where there is no such module."""
    names = []
    for path in edited(published_tree(db_session()), queries.edits_of(db_session(), draft.id)).files:
        try:
            names.append(file_name(path))
        except Invalid:
            continue
    if not any(name.kind is FileKind.MODULE and name.slug == slug for name in names):
        raise NotFound(UNKNOWN)
    return names
