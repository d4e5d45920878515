"""The text of a draft's file as forms carry it."""

from pme.authoring import queries
from pme.authoring.models import Draft
from pme.web.session import db_session

LONGEST_BASE = 60_000
"""Characters up to which a form carries the text that its writer began with; beyond, the published one serves."""


def content_of(draft: Draft, path: str) -> tuple[str, int]:
    """A file as the draft has it, else as it is published, else empty; and its revision in the draft."""
    kept = queries.file_of(db_session(), draft.id, path)
    content = kept.content if kept else queries.published_file(db_session(), path)[1]
    return text_of(content), kept.revision if kept else 0


def text_of(content: bytes | None) -> str:
    """Bytes as text with plain line breaks; nothing for a file that is not there."""
    return plain_lines((content or b"").decode("utf-8-sig", "replace"))


def plain_lines(text: str | None) -> str:
    """A text as a browser sends it, with plain line breaks."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def base_to_send(content: str) -> str:
    """The text that a form begins with, for comparing later; nothing where it is too long to send twice."""
    return content if len(content) <= LONGEST_BASE else ""
