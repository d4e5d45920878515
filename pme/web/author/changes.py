"""The author's door at what a draft changes: every file, and each of them word by word or field by field."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import queries, review_queries
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.authoring.review_queries import Sides
from pme.errors import Invalid, NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.pictures import is_shown
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session


@blueprint.get("/drafts/<int:draft_id>/review")
def review(draft_id: int) -> ResponseReturnValue:
    """Everything that a draft changes, and what its reviewers say."""
    draft, session = load_draft(Can.SEE_DRAFTS, draft_id), db_session()
    return render_template(
        "author/review.html",
        draft=draft,
        changes=[sides.compared() for sides in review_queries.sides_of(session, draft_id)],
        moved=[line.path for line in queries.file_lines(session, draft_id) if line.is_moved],
    )


@blueprint.get("/drafts/<int:draft_id>/changes/<path:path>")
def changes(draft_id: int, path: str) -> ResponseReturnValue:
    """What a draft changes in one file."""
    draft, path = load_draft(Can.SEE_DRAFTS, draft_id), known(path)
    return file_page(draft, path)


def file_page(draft: Draft, path: str) -> str:
    """The page of what a draft changes in a file."""
    sides = review_queries.sides_at(db_session(), draft.id, path)
    return render_template(
        "author/changes.html",
        draft=draft,
        path=path,
        change=sides.compared() if sides else None,
        pictures=_pictures(draft, sides) if sides else (None, None),
    )


def known(path: str) -> str:
    """The path of a content file; what is none is not there."""
    try:
        return file_name(path).path
    except Invalid as error:
        raise NotFound(UNKNOWN) from error


def _pictures(draft: Draft, sides: Sides) -> tuple[str | None, str | None]:
    if not is_shown(sides.path):
        return None, None
    name = sides.path.rpartition("/")[2]
    before = (
        url_for("author.kept_picture", sha256=sides.base_sha256, name=name) if sides.base_sha256 else None
    )
    after = url_for("author.draft_picture", draft_id=draft.id, path=sides.path)
    return before, after if sides.after is not None else None
