"""The author's door at pictures of a draft and of older publications: shown, never run."""

from flask import Response
from flask.typing import ResponseReturnValue

from pme.authoring import queries, review_queries
from pme.content.attachments import is_attachment, read_text
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.bodies import attachment_sent
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
CAPTIONS = "text/vtt; charset=utf-8"
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
    content = file.content if file else queries.published_file(db_session(), path)[1]
    return _played(path, content) or _shown(path, content)


@blueprint.get("/pictures/<sha256>/<name>")
def kept_picture(sha256: str, name: str) -> ResponseReturnValue:
    """A picture as it was published once, by the hash of its file."""
    content_academy(Can.SEE_DRAFTS)
    content = review_queries.picture_of(db_session(), sha256, name)
    return _played(name, content) or _shown(name, content)


def _played(path: str, content: bytes | None) -> Response | None:
    """A recording or document, or None where the path is none of one."""
    attachment = read_text(content) if content and is_attachment(path) else None
    return attachment_sent(attachment.sha256, attachment.mime) if attachment else None


def _shown(path: str, content: bytes | None) -> Response:
    mime = CAPTIONS if _kind(path) == "vtt" else KINDS.get(_kind(path))
    if content is None or mime is None:
        raise NotFound(UNKNOWN)
    response = Response(content, content_type=mime)
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _kind(path: str) -> str:
    return path.rpartition(".")[2].lower()
