"""The author's door at what a draft changes in a file, word by word or field by field, and what is said of it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import queries, review_queries
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.authoring.review_queries import Sides
from pme.authoring.word_diff import Fate
from pme.content.parse_recording import CAPTIONS, TRANSCRIPT
from pme.errors import Invalid, NotFound
from pme.permissions import Can, may
from pme.web.author.drafts import blueprint
from pme.web.author.forms import CommentForm
from pme.web.author.pictures import is_shown
from pme.web.author.texts import titles_in
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session
from pme.web.signin import current_visitor


@blueprint.get("/drafts/<int:draft_id>/changes/<path:path>")
def changes(draft_id: int, path: str) -> ResponseReturnValue:
    """What a draft changes in one file."""
    draft, path = load_draft(Can.SEE_DRAFTS, draft_id), known(path)
    return file_page(draft, path)


def file_page(draft: Draft, path: str, form: CommentForm | None = None) -> str:
    """The page of what a draft changes in a file, with what is said of it; `form` is one that was refused."""
    session, visitor = db_session(), current_visitor()
    sides = review_queries.sides_at(session, draft.id, path)
    change = sides.compared() if sides else None
    threads = [each for each in review_queries.threads_of(session, draft.id) if each.path == path]
    shown = {f"at {field.place}" for field in change.fields} if change else set()
    if change:
        shown |= {f"paragraph {each.number}" for each in change.paragraphs if each.fate is not Fate.GONE}
    return render_template(
        "author/changes.html",
        draft=draft,
        path=path,
        title=titles_in(draft).get(path, path),
        change=change,
        medium=url_for("author.medium", draft_id=draft.id, path=path)
        if change
        and change.is_picture
        and not change.is_removed
        and not path.endswith((CAPTIONS, TRANSCRIPT))
        else "",
        pictures=_pictures(draft, sides) if sides else (None, None),
        beside=[each for each in threads if each.is_there and each.anchor in shown],
        others=[each for each in threads if not (each.is_there and each.anchor in shown)],
        can_comment=may(visitor, Can.DISCUSS_DRAFT, draft) and draft.status not in queries.ENDED,
        can_resolve=may(visitor, Can.CHANGE_DRAFT, draft) and draft.status not in queries.ENDED,
        form=form or CommentForm(formdata=None),
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
