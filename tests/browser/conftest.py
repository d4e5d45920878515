"""A browser at the application of the test, watched for everything that should not happen."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.watching import Watch
from tests.support.browser import live

PATIENCE = 15_000  # ms; the machine may be busy with other tests
expect.set_options(timeout=PATIENCE)


class Tabs(Protocol):
    """Opens a page of a fresh browser."""

    def __call__(self, *, script: bool = True, width: int = 1280, **more: Any) -> Page:
        """`script`: whether JavaScript is on."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test is served."""
    with live(app) as address:
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
