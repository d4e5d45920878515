"""A real browser for the tests: Debian's Chromium, or the one that came with its driver.

`chromium` is the browser of the run, `live` serves an application to it, and `accessibility_faults`
lets axe look at the page that a test is on.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from wsgiref.types import WSGIApplication

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SYSTEM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@contextmanager
def started() -> Iterator[Browser]:
    """A headless Chromium that is closed at the end."""
    with sync_playwright() as playwright:
        system = SYSTEM if shutil.which(SYSTEM) else None
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this run, shared by its tests: each opens a context of its own."""
    with started() as browser:
        yield browser


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the test says what went wrong."""


@contextmanager
def live(application: WSGIApplication) -> Iterator[str]:
    """Serve an application on a free port of this machine while the block runs; gives its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def bring_axe(page: Page) -> None:
    """Let axe look at the page, unless the page as it was sent has brought it along.

    The page's own content policy stays in force: axe comes in through the driver, not as a script of the page.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, each fault with the elements it is about."""
    bring_axe(page)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}\n"
        + "\n".join(f"    {' '.join(map(str, node['target']))}: {node['html']}" for node in fault["nodes"])
        for fault in found["violations"]
    ]


def main() -> None:
    """Try whether the browser can be started here."""
    try:
        with started() as browser:
            browser.new_page().set_content("<p>Ready</p>")
    except Exception as problem:  # noqa: BLE001  (whatever the driver raises, it does not start)
        sys.exit(f"Chromium does not start: {problem}")


if __name__ == "__main__":
    main()
