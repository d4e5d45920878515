"""One renderer for each server process, warm and in turn: pages are rendered where they can be killed."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from flask import Flask, current_app

from pme.config import Settings
from pme.content.render import Renderer
from pme.errors import Unavailable
from pme.web.session import meanwhile
from pme.words.speech import _

LONGEST_WAIT = 30.0
"""Seconds to wait while others are rendered."""


class RendererInTurn:
    """A renderer that begins its child when it is first asked for, and serves one thread at a time."""

    def __init__(self, page_seconds: float) -> None:
        self._renderer = Renderer(page_seconds)
        self._turn = Lock()

    def close(self) -> None:
        """End the child, if there is one; it would end with this process anyway."""
        self._renderer.close()

    @contextmanager
    def turn(self) -> Iterator[Renderer]:
        """The renderer, for this thread alone. Raises Unavailable after a long wait."""
        meanwhile()
        if not self._turn.acquire(timeout=LONGEST_WAIT):
            raise Unavailable(
                _("Many pages are being checked just now. Try again in a minute; nothing was lost.")
            )
        try:
            yield self._renderer
        finally:
            self._turn.release()


def install(app: Flask, settings: Settings) -> None:
    """Give the app its renderer."""
    app.extensions["pme_renderer"] = renderer = RendererInTurn(settings.render_seconds)
    atexit.register(renderer.close)


def rendering() -> RendererInTurn:
    """The app's renderer."""
    found: RendererInTurn = current_app.extensions["pme_renderer"]
    return found
