"""A browser at the application of the test, watched for everything that should not happen."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import Pointer
from tests.browser.watching import Watch
from tests.conftest import Visits
from tests.support.browser import live
from tests.support.client import Visit

PATIENCE = 15_000  # ms; the machine may be busy with other tests
expect.set_options(timeout=PATIENCE)


class Tabs(Protocol):
    """Opens a page of a fresh browser."""

    def __call__(self, *, script: bool = True, width: int = 1280, **more: Any) -> Page:
        """`script`: whether JavaScript is on."""


class Line:
    """The way to the application, which can be cut: then no request gets an answer."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.is_cut = False
        self.refused = 0
        self.delay = 0.0
        """Seconds before a form is answered."""

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self.is_cut:
            self.refused += 1
            environ["werkzeug.socket"].close()
            raise ConnectionError("the line is cut")
        if environ["REQUEST_METHOD"] == "POST":
            time.sleep(self.delay)
        return self._app(environ, start)

    def wait_for_another_refusal(self) -> None:
        """Wait until one more request has failed, or long enough to know that none is made."""
        known, until = self.refused, time.monotonic() + 3
        while self.refused == known and time.monotonic() < until:
            time.sleep(0.05)


@pytest.fixture
def line(app: Flask) -> Line:
    """The way to the application of this test."""
    return Line(app)


@pytest.fixture
def address(line: Line) -> Iterator[str]:
    """Where the application of this test is served."""
    with live(line) as address:
        yield address


@pytest.fixture
def browse(chromium: Browser, address: str) -> Iterator[Tabs]:
    """Fresh browsers at the application; at the end, nothing may have gone wrong in them."""
    watched = []

    def fresh(*, script: bool = True, width: int = 1280, **more: Any) -> Page:
        size = {"width": width, "height": 900}
        context = chromium.new_context(java_script_enabled=script, viewport=size, **more)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        watched.append((context, Watch(context, address)))
        return context.new_page()

    yield fresh
    for context, _ in watched:
        context.close()
    assert [fault for _, watch in watched for fault in watch.faults] == []


SignedIn = Callable[..., Pointer]


@pytest.fixture
def signed_in(browse: Tabs, visit: Visits, address: str) -> SignedIn:
    """Somebody of the cast in a fresh browser, signed in; or the one of a visit, to go on from there."""

    def enter(who: str | Visit, **more: Any) -> Pointer:
        known = visit(who) if isinstance(who, str) else who
        cookie = known.http.get_cookie("pme")
        assert cookie is not None
        page = browse(**more)
        page.context.add_cookies([{"name": "pme", "value": cookie.value, "url": address, "httpOnly": True}])
        return Pointer(page, address)

    return enter
