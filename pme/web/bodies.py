"""Sending recordings and documents: any stretch of them at once, never more than a piece in memory."""

import io
from typing import IO, cast

from flask import Response
from werkzeug.wsgi import FileWrapper

from pme.content.attachment_store import PIECE, is_in_pieces, piece_of, size_of
from pme.content.attachments import PDF
from pme.stores.home import MEDIA
from pme.web.session import database, db_session
from pme.web.stored import stored, stretched

ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Whatever is in a file loads nothing and runs nothing when it is opened by itself."""


class Body(io.RawIOBase):
    """A kept file, read a piece at a time from the database, each with a connection of its own."""

    def __init__(self, sha256: str, size: int) -> None:
        super().__init__()
        self._owner, self._sha256, self._size, self._at = database(), sha256, size, 0

    def seekable(self) -> bool:
        """Any place can be gone to."""
        return True

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def tell(self) -> int:
        """The place it is at."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The rest of the piece that it is in, at most `size` bytes of it."""
        if self._at >= self._size:
            return b""
        number, within = divmod(self._at, PIECE)
        with self._owner.session() as session:
            piece = piece_of(session, self._sha256, number)
        found = piece[within:] if size < 0 else piece[within : within + size]
        self._at += len(found)
        return found


def sent(response: Response, sha256: str) -> Response:
    """A response with its tag, whole or the stretch that was asked for; 304 and 416 where they are due."""
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if response.mimetype == PDF:
        response.headers["Content-Disposition"] = "attachment"
    return stretched(response, sha256)


def attachment_sent(sha256: str, mime: str) -> Response | None:
    """A kept recording or document, or None where there is none."""
    size = size_of(db_session(), sha256)
    if size is None:
        return None
    if is_in_pieces(db_session(), sha256):
        body = cast("IO[bytes]", Body(sha256, size))
        response = Response(FileWrapper(body, PIECE), content_type=mime, direct_passthrough=True)
        response.content_length = size
    else:
        response = stored(MEDIA + sha256, content_type=mime)
    return sent(response, sha256)
