"""What people send: how large it may be, and reading to its end what is too large, so that they hear why.

A browser that still sends when the connection closes shows no page at all. The rest of a refused body is
therefore read and thrown away, up to a bound.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from pme.config import Settings
from pme.web.signin import find_current_visitor

FORM_AROUND = 600_000
"""Bytes that the other fields of a form with a file may have."""
MOST_READ = 256 * 1024 * 1024
LONGEST_READ = 20.0
PIECE = 1 << 16
V = TypeVar("V", bound=Callable[..., Any])
_TAKES = "takes_files"


def takes_files(view: V) -> V:
    """Mark a view whose form may carry files, as large as the owner's setting allows."""
    setattr(view, _TAKES, True)
    return view


def largest_upload() -> int:
    """Bytes that one file may have."""
    settings: Settings = current_app.extensions["pme_settings"]
    return settings.media_mb * 1_000_000


def install(app: Flask) -> None:
    """Set the limit of each form before anything reads it, and read the rest of what was refused."""

    @app.before_request
    def allow_files() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if request.method != "POST" or not getattr(view, _TAKES, False):
            return
        visitor = find_current_visitor()
        # Nobody fills the disk before they have said who they are.
        if visitor is not None and visitor.is_instructor:
            g.largest_upload = largest_upload()
            request.max_content_length = g.largest_upload + FORM_AROUND

    @app.after_request
    def read_the_rest(response: Response) -> Response:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            _read_away(request.environ["wsgi.input"])
        return response


def _read_away(body: Any) -> None:
    until, left = time.monotonic() + LONGEST_READ, MOST_READ
    try:
        while left > 0 and time.monotonic() < until:
            piece = body.read(PIECE)
            if not piece:
                return
            left -= len(piece)
    except (OSError, ValueError):
        return  # The sender has gone, or all of it was read and closed.
