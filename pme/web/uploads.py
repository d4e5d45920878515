"""What people send: how large it may be, and reading to its end what is too large, so that they hear why.

A browser that still sends when the connection closes shows no page at all. The rest of a refused body is
therefore read and thrown away, up to a bound.
"""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, g, request

from pme.config import Settings
from pme.web.at_hand import this_request
from pme.web.session import meanwhile
from pme.web.signin import find_current_visitor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FORM_AROUND = 600_000
"""Bytes that the other fields of a form with a file may have."""
MOST_READ = 256 * 1024 * 1024
LONGEST_READ = 20.0
PIECE = 1 << 16
V = TypeVar("V", bound=Callable[..., Any])
_TAKES = "takes_files"
_FROM_ANYBODY = "takes_files_of_anybody"


def takes_files(view: V) -> V:
    """Mark a view whose form may carry files, as large as the owner's setting allows."""
    setattr(view, _TAKES, True)
    return view


def takes_files_of_anybody(most: int) -> Callable[[V], V]:
    """Mark a view whose form may carry a file of up to `most` bytes, whoever sends it: it is looked at, not kept."""

    def mark(view: V) -> V:
        setattr(view, _FROM_ANYBODY, most)
        return view

    return mark


def largest_upload() -> int:
    """Bytes that one file may have."""
    settings: Settings = current_app.extensions["pme_settings"]
    return settings.media_mb * 1_000_000


def install(app: Flask) -> None:
    """Set the limit of each form before anything reads it, and read the rest of what was refused."""

    @app.before_request
    def allow_files() -> None:
        asked = this_request()
        if asked.method != "POST":
            return
        view = app.view_functions.get(asked.endpoint or "")
        if most := getattr(view, _FROM_ANYBODY, 0):
            request.max_content_length = most + FORM_AROUND
        if not getattr(view, _TAKES, False):
            return
        visitor = find_current_visitor()
        meanwhile()  # what comes may take minutes
        # Nobody fills the disk before they have said who they are.
        if visitor is not None and (visitor.is_instructor or visitor.runs_academy):
            g.largest_upload = largest_upload()
            request.max_content_length = g.largest_upload + FORM_AROUND

    @app.after_request
    def read_the_rest(response: Response) -> Response:
        body = this_request().environ["wsgi.input"]
        if isinstance(body, Counted):
            body.read_away()
        return response

    inner = app.wsgi_app

    def counting(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal():
            environ["wsgi.input"] = Counted(environ["wsgi.input"], int(length))
        return inner(environ, start_response)

    app.wsgi_app = counting  # type: ignore[method-assign]


class Counted:
    """What a browser sends, and how much of it is still to come: beyond that, some servers wait for ever."""

    def __init__(self, body: Any, left: int) -> None:
        self._body, self._left = body, left

    def read(self, size: int = -1) -> bytes:
        """Some of it, or all that is left."""
        return self._count(self._body.read(self._left if size < 0 else min(size, self._left)))

    def readline(self, size: int = -1) -> bytes:
        """One line of it."""
        return self._count(self._body.readline(self._left if size < 0 else min(size, self._left)))

    def read_away(self) -> None:
        """Read what is left and throw it away, up to a bound."""
        until, least = time.monotonic() + LONGEST_READ, self._left - MOST_READ
        try:
            while self._left > max(0, least) and time.monotonic() < until and self.read(PIECE):
                pass
        except (OSError, ValueError):
            return  # The sender has gone, or all of it was read and closed.

    def _count(self, piece: bytes) -> bytes:
        self._left = self._left - len(piece) if piece else 0
        return piece
