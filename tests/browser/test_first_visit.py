"""What a first visit costs: few requests, few bytes, no cookie, nothing sent twice."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from pme.words.languages import LANGUAGES
from tests.conftest import Visits
from tests.support.browser import live
from tests.support.student import BASICS

pytestmark = pytest.mark.browser

MOST_REQUESTS, MOST_BYTES = 4, 50_000
FIRST_REQUESTS = 2
FIRST_PAGE_BYTES = 14_000
"""What a server may send before it waits for the first sign that anything arrived."""
LONG = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Sent:
    """One response as it went out: bytes of head and body."""

    path: str
    status: int
    headers: dict[str, str]
    size: int


class Ledger:
    """The application, with each response written down."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.sent: list[Sent] = []

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        head: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            head[:] = [status, headers]
            return start(status, headers, *more)

        body = b"".join(self._app(environ, remember))
        status, headers = head
        size = len(body) + sum(len(name) + len(value) + 4 for name, value in headers) + len(status) + 13
        named = {name.lower(): value for name, value in headers}
        self.sent.append(Sent(str(environ["PATH_INFO"]), int(status[:3]), named, size))
        return [body]


@pytest.fixture
def ledger(app: Flask) -> Ledger:
    return Ledger(app)


@pytest.fixture
def stranger(chromium: Browser, ledger: Ledger) -> Iterator[tuple[Page, str]]:
    """A page of a browser that was never here, and the address to go to."""
    with live(ledger) as address, chromium.new_context() as context:
        yield context.new_page(), address


@pytest.mark.parametrize("path", ["/", "/sign-in", "/verify", "/accessibility"])
def test_a_first_visit_takes_few_requests_and_bytes(stranger: tuple[Page, str], ledger: Ledger, path: str):
    page, address = stranger
    page.goto(address + path, wait_until="networkidle")
    assert len(ledger.sent) <= FIRST_REQUESTS, [sent.path for sent in ledger.sent]
    assert sum(sent.size for sent in ledger.sent) <= FIRST_PAGE_BYTES
    assert {sent.status for sent in ledger.sent} == {200}


def test_a_page_of_a_module_takes_few_requests_and_bytes(
    stranger: tuple[Page, str], ledger: Ledger, visit: Visits
):
    page, address = stranger
    cookie = visit("adams").http.get_cookie("pme")
    assert cookie is not None
    page.context.add_cookies([{"name": "pme", "value": cookie.value, "url": address}])
    page.goto(f"{address}{BASICS}/first", wait_until="networkidle")
    first, *rest = (sent.path.rpartition("/")[2] for sent in ledger.sent)
    assert first == "first"
    # Whichever is answered first; the script holds app.js, too.
    assert sorted(rest) == ["app.css", "notes.js", "work.css"]
    assert len(ledger.sent) <= MOST_REQUESTS
    assert sum(sent.size for sent in ledger.sent) <= MOST_BYTES


@pytest.mark.parametrize(
    ("name", "most", "most_zipped"), [("app.css", 12_000, 4_000), ("work.css", 12_000, 4_000)]
)
def test_a_style_sheet_stays_small(app: Flask, name: str, most: int, most_zipped: int):
    asset = app.extensions["pme_assets"][name]
    assert len(asset.body) <= most
    assert len(asset.zipped or b"") <= most_zipped


def test_no_page_needs_more_than_six_kilobytes_of_script(app: Flask):
    scripts = [asset for name, asset in app.extensions["pme_assets"].items() if name.endswith(".js")]
    assert {asset.name: size for asset in scripts if (size := len(asset.zipped or b"")) > 6_000} == {}


def test_nobody_gets_a_cookie_before_a_form_needs_one(stranger: tuple[Page, str]):
    page, address = stranger
    for path in ("/", "/verify", "/verify?code=ABC", "/accessibility", "/nowhere"):
        page.goto(address + path)
        assert page.context.cookies() == [], path
    page.goto(f"{address}/sign-in")
    cookies = page.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["pme"]
    assert cookies[0]["httpOnly"]
    assert cookies[0]["sameSite"] == "Lax"
    assert cookies[0]["expires"] == -1
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_static_files_are_fetched_once_and_never_asked_about_again(
    stranger: tuple[Page, str], ledger: Ledger
):
    page, address = stranger
    page.goto(address, wait_until="networkidle")
    first = [sent for sent in ledger.sent if sent.path.startswith("/static/")]
    assert "app.css" in {sent.path.rpartition("/")[2] for sent in first}
    assert {sent.headers["cache-control"] for sent in first} == {LONG}
    for path in ("/sign-in", "/verify", "/"):
        page.goto(address + path, wait_until="networkidle")
    assert len([sent for sent in ledger.sent if sent.path.endswith(".css")]) == 1


def test_a_static_file_is_known_by_its_hash_alone(app: Flask, visit: Visits):
    asset = app.extensions["pme_assets"]["app.css"]
    nobody = visit("nobody")
    squeezed = nobody.fetch(f"/static/{asset.digest}/app.css", headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.get_data()) == nobody.fetch(f"/static/{asset.digest}/app.css").get_data()
    assert nobody.fetch(f"/static/{'0' * 16}/app.css").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("who", ["nobody", "adams"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_band_on_top_takes_little_of_a_telephone_and_hides_no_way_out(
    chromium: Browser, app: Flask, visit: Visits, who: str, language: str
):
    with (
        live(app) as address,
        chromium.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False) as context,
    ):
        cookie = visit(who).http.get_cookie("pme")
        if cookie is not None:
            context.add_cookies([{"name": "pme", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/{'learn' if cookie else ''}?lang={language}")
        box = page.locator("header").bounding_box()
        assert box is not None
        assert box["height"] < 94  # two rows of 44, and the line below
        links = page.locator("header :is(a, button)")
        assert links.count() == (6 if cookie else 3)
        assert all(link.is_visible() for link in links.all())
        assert page.locator("footer").get_by_text("العربية").is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_doors_can_be_pressed_at_every_width(stranger: tuple[Page, str], language: str):
    page, address = stranger
    page.goto(f"{address}/?lang={language}")
    for width in (320, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        for door in page.locator("main a.button").all():
            door.click(trial=True, timeout=5_000)  # nothing lies above it
