"""Which page edits which kind of file."""

from flask import url_for

from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.translation_files import parts_of
from pme.content.written_in import LANGUAGES
from pme.errors import Invalid

EDITORS: dict[FileKind, str] = {}
"""The endpoint that edits a kind of file, where it has more than the plain text; takes draft_id and path."""


def editor_address(draft_id: int, name: FileName) -> str:
    """Where a file of a draft is edited."""
    parts = parts_of(name.path) if name.language in LANGUAGES else None
    if parts is not None:
        return url_for("author.translation", draft_id=draft_id, language=parts[1], path=parts[0])
    endpoint = EDITORS.get(name.kind, "author.file") if not name.language else "author.file"
    return url_for(endpoint, draft_id=draft_id, path=name.path)


def path_address(draft_id: int, path: str) -> str:
    """Where the file at a path is edited; the contents of the draft for a path that is no file of content."""
    try:
        return editor_address(draft_id, file_name(path))
    except Invalid:
        return url_for("author.contents", draft_id=draft_id)
