"""The author's door at the glossary of a draft: a term more, told in a form."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import service
from pme.authoring.models import Draft
from pme.authoring.terms import GLOSSARY, name_of, with_term
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.forms import TermForm
from pme.web.author.pages import known_page
from pme.web.author.texts import content_of
from pme.web.loaders import load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now


@blueprint.get("/drafts/<int:draft_id>/new-term/<path:path>")
def new_term(draft_id: int, path: str) -> ResponseReturnValue:
    """An empty form for a term; `path` is the page that will mark it, or the glossary itself."""
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    _asked_from(path)
    return _page(draft, path, TermForm(formdata=None))


@blueprint.post("/drafts/<int:draft_id>/new-term/<path:path>")
def add_term(draft_id: int, path: str) -> ResponseReturnValue:
    """Put a term into the glossary of this draft; nothing else of the file changes."""
    form, draft = TermForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    _asked_from(path)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        term, definition = (" ".join((each.data or "").split()) for each in (form.term, form.definition))
        try:
            slug = name_of(term, form.slug.data or "")
            with transaction() as session:
                draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
                text, revision = content_of(draft, GLOSSARY)
                service.save_file(
                    session,
                    draft,
                    GLOSSARY,
                    with_term(text, slug, form.language.data, term, definition).encode(),
                    seen=revision,
                    by_id=current_visitor().person_id,
                    at=now(),
                )
        except Invalid as error:
            field = form[error.field or "term"]
            field.errors = [*field.errors, error.says]
        except Conflict as error:
            form.term.errors = [*form.term.errors, error.says]
            status = HTTPStatus.CONFLICT
        else:
            address = url_for("author.page_inserts", draft_id=draft_id, path=path, q=term)
            if path == GLOSSARY:
                address = url_for("author.file", draft_id=draft_id, path=path)
            return redirect(address, HTTPStatus.SEE_OTHER)
    return _page(load_draft(Can.CHANGE_DRAFT, draft_id), path, form), status


def _page(draft: Draft, path: str, form: TermForm) -> str:
    return render_template("author/new-term.html", draft=draft, path=path, form=form)


def _asked_from(path: str) -> None:
    """The glossary itself, or a page that will mark the term. Raises NotFound for anything else."""
    if path != GLOSSARY:
        known_page(path)
