"""Sending what lies in the store: any stretch of it, piece by piece. Who may have it, the doors ask."""

import io
from collections.abc import Iterator
from typing import IO, cast

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from pme.stores.chosen import store_of
from pme.stores.home import Missing, Store
from pme.web.session import meanwhile
from pme.web.signin import settings

PIECE = 256 * 1024


def store() -> Store:
    """The home of this installation's files."""
    return store_of(settings())


class Body(io.RawIOBase):
    """A kept file that is read on from any place."""

    def __init__(self, home: Store, name: str, size: int) -> None:
        super().__init__()
        self._home, self._name, self._size, self._at = home, name, size, 0
        self._rest, self._pieces = b"", cast("Iterator[bytes] | None", None)

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
        self._at, self._rest, self._pieces = max(0, base + offset), b"", None
        return self._at

    def read(self, size: int = -1) -> bytes:
        """What comes next, at most `size` bytes of it."""
        if not self._rest and self._at < self._size:
            if self._pieces is None:
                self._pieces = iter(self._home.open(self._name, start=self._at))
            self._rest = next(self._pieces, b"")
        cut = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:cut], self._rest[cut:]
        self._at += len(found)
        return found


def stored(name: str, *, content_type: str) -> Response:
    """A kept file, to be sent piece by piece. Raises Missing, or Away, before anything is sent."""
    home = store()
    meanwhile()
    known = home.find(name)
    if known is None:
        raise Missing
    body = cast("IO[bytes]", Body(home, name, known.size))
    response = Response(FileWrapper(body, PIECE), content_type=content_type, direct_passthrough=True)
    response.content_length = known.size
    return response


def handed(name: str, *, content_type: str, tag: str, called: str) -> Response:
    """A kept file to be saved by its reader alone. Raises as `stored`."""
    response = stretched(stored(name, content_type=content_type), tag)
    response.headers.set("Content-Disposition", "attachment", filename=called)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def stretched(response: Response, tag: str) -> Response:
    """A response of known length with its tag, whole or the stretch that was asked for."""
    response.set_etag(tag)
    size = response.content_length or 0
    several = "," in request.headers.get("Range", "")  # answered with the whole, as may be done
    try:
        answered = response.make_conditional(request.environ, accept_ranges=not several, complete_length=size)
    except RequestedRangeNotSatisfiable:
        return Response(
            "There is no such stretch of this file.\n",  # not words
            416,
            {"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"},
            content_type="text/plain; charset=utf-8",
        )
    assert isinstance(answered, Response)  # noqa: S101  (the same object, to the type checker)
    return answered
