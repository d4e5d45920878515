"""The author's door at pictures of a draft and of older publications: shown, never run."""

from flask import Response
from flask.typing import ResponseReturnValue

from pme.authoring import queries, review_queries
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.loaders import UNKNOWN, content_academy, load_draft
from pme.web.session import db_session

KINDS = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Nobody has looked at a draft's picture yet: whatever is in it loads nothing and runs nothing."""


def is_shown(path: str) -> bool:
    """Whether a file can be shown as a picture."""
    return _kind(path) in KINDS


@blueprint.get("/drafts/<int:draft_id>/picture/<path:path>")
def draft_picture(draft_id: int, path: str) -> ResponseReturnValue:
    """A picture as a draft has it."""
    load_draft(Can.SEE_DRAFTS, draft_id)
    file = queries.file_of(db_session(), draft_id, path)
    return _shown(path, file.content if file else None)


@blueprint.get("/pictures/<sha256>/<name>")
def kept_picture(sha256: str, name: str) -> ResponseReturnValue:
    """A picture as it was published once, by the hash of its file."""
    content_academy(Can.SEE_DRAFTS)
    return _shown(name, review_queries.picture_of(db_session(), sha256, name))


def _shown(path: str, content: bytes | None) -> Response:
    if content is None or not is_shown(path):
        raise NotFound(UNKNOWN)
    response = Response(content, content_type=KINDS[_kind(path)])
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _kind(path: str) -> str:
    return path.rpartition(".")[2].lower()
