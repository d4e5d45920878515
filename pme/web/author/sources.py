"""The author's door at the bibliography of a draft: a source more, told in a form."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import service
from pme.authoring.sources import with_source
from pme.content.parse_sources import SOURCES
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.forms import SourceForm
from pme.web.author.pages import known_page
from pme.web.author.texts import content_of
from pme.web.loaders import load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now


@blueprint.get("/drafts/<int:draft_id>/new-source/<path:path>")
def new_source(draft_id: int, path: str) -> ResponseReturnValue:
    """An empty form for a source; `path` is the page that will cite it."""
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    _asked_from(path)
    return render_template("author/source.html", draft=draft, path=path, form=SourceForm(formdata=None))


@blueprint.post("/drafts/<int:draft_id>/new-source/<path:path>")
def add_source(draft_id: int, path: str) -> ResponseReturnValue:
    """Put a source into the bibliography of this draft, at its end; nothing else of the file changes."""
    form, draft = SourceForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    _asked_from(path)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        key = (form.key.data or "").strip()
        fields = {name: (form[name].data or "").strip() for name in SourceForm.WRITTEN}
        try:
            with transaction() as session:
                draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
                text, revision = content_of(draft, SOURCES)
                service.save_file(
                    session,
                    draft,
                    SOURCES,
                    with_source(text, key, fields).encode(),
                    seen=revision,
                    by_id=current_visitor().person_id,
                    at=now(),
                )
        except Invalid as error:
            field = form[error.field or "key"]
            field.errors = [*field.errors, error.says]
        except Conflict as error:
            form.key.errors = [*form.key.errors, error.says]
            status = HTTPStatus.CONFLICT
        else:
            address = url_for("author.page_inserts", draft_id=draft_id, path=path, q=key)
            if path == SOURCES:
                address = url_for("author.source_page", source=key, draft=draft_id)
            return redirect(address, HTTPStatus.SEE_OTHER)
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    return render_template("author/source.html", draft=draft, path=path, form=form), status


def _asked_from(path: str) -> None:
    """The bibliography itself, or a page that will cite the source. Raises NotFound for anything else."""
    if path != SOURCES:
        known_page(path)
