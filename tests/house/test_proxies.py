"""nginx and Caddy as `deploy/` has them: what they tell the servers, what they stop, and what they say when nobody is
there. The servers here only write down what comes.
"""

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from zlib import crc32

import pytest

from tests.support.authority import papers
from tests.support.engines import free_port
from tests.support.proxies import NAME, OwnProxy, lacking

pytestmark = pytest.mark.soak
KINDS = ("nginx", "caddy")
TOO_MUCH = 221_000_000
SEEN_WITHIN = 3.0
"""Seconds in which Caddy sees that a server is not there; the machine may be busy."""


class Told(ThreadingHTTPServer):
    """Answers with the headers that came; to a path with "hang-up" it says nothing and hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Telling)
        self.asked: list[str] = []
        Thread(target=self.serve_forever, daemon=True).start()


class _Telling(BaseHTTPRequestHandler):
    server: Told

    def _tell(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/healthz":
            self.server.asked.append(f"{self.command} {self.path} {crc32(body)}")
        if "hang-up" in self.path:
            self.connection.close()
            return
        content = json.dumps({name.lower(): told for name, told in self.headers.items()}).encode()
        self.send_response(503 if "busy" in self.path else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _tell  # noqa: N815  (names that http.server asks for)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Place:
    """A proxy, and the three servers behind it."""

    proxy: OwnProxy
    servers: list[Told] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """What came to any of them."""
        return [each for server in self.servers for each in server.asked]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    if why := lacking(str(request.param)):
        pytest.skip(why)
    return str(request.param)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A socket's name must be short."""
    with TemporaryDirectory(prefix="pme-proxy-") as made:
        yield Path(made)


@pytest.fixture
def place(kind: str, folder: Path) -> Iterator[Place]:
    servers = [Told() for _ in range(3)]
    proxy = OwnProxy(kind, folder, [int(each.server_address[1]) for each in servers], papers(folder))
    proxy.start()
    yield Place(proxy, servers)
    proxy.stop()
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_proxy_understands_its_configuration(kind: str, folder: Path):
    proxy = OwnProxy(kind, folder, [free_port() for _ in range(3)], papers(folder))
    said = proxy.checked()
    assert said.returncode == 0, said.stderr
    warnings = [line for line in said.stderr.splitlines() if "warn" in line and "no OCSP" not in line]
    assert warnings == []


def test_a_server_is_told_who_asks_for_what_and_no_browser_can_say_otherwise(place: Place):
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Request-Id": "forged-by-browser",
    }
    status, _headers, text = place.proxy.ask("GET", "/learn", headers=forged)
    told = json.loads(text)
    assert status == 200
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["host"].partition(":")[0] == told["x-forwarded-host"].partition(":")[0] == NAME
    assert told["x-request-id"] != forged["X-Request-Id"]
    assert len(told["x-request-id"]) in (32, 36)


def test_figures_are_not_for_the_world_and_what_is_beyond_every_form_is_stopped(place: Place):
    assert place.proxy.ask("GET", "/metrics", headers={"Authorization": "Bearer 0123456789abcdef"})[0] == 404
    assert place.asked == []
    assert place.proxy.ask("POST", "/upload", b"x" * 5_000_000)[0] == 200
    connection = place.proxy.connection()
    connection.putrequest("POST", "/upload-too-much")
    connection.putheader("Content-Length", str(TOO_MUCH))
    connection.endheaders()
    try:
        for _ in range(TOO_MUCH // 1_000_000):
            connection.send(b"x" * 1_000_000)
    except OSError:  # it does not wait for the end
        pass
    try:
        assert connection.getresponse().status == 413
    except (OSError, http.client.HTTPException):
        assert place.proxy.kind == "nginx", "it hangs up while the browser still sends"
    finally:
        connection.close()
    assert place.proxy.ask("GET", "/x", headers={"Cookie": "x" * 60_000})[0] in (400, 431)
    assert not any("too-much" in each for each in place.asked)


def test_what_is_stopped_is_told_helpfully_in_every_language(place: Place):
    connection = place.proxy.connection()
    connection.putrequest("POST", "/upload-too-much")
    connection.putheader("Content-Length", str(TOO_MUCH))
    connection.endheaders()
    answer = connection.getresponse()  # nothing of it was sent yet
    said = answer.read().decode()
    connection.close()
    assert answer.status == 413
    told = [said]
    if place.proxy.kind == "nginx":  # Caddy refuses heads that are too long before it reads its settings
        status, _headers, text = place.proxy.ask("GET", "/x", headers={"Cookie": "x" * 60_000})
        assert status == 400
        told.append(text)
    for text in told:
        for words in ("your text is still there", "Réduisez", "Зменште", "صغّروا"):
            assert words in text
    assert place.asked == []


def test_a_page_is_asked_of_another_server_and_a_form_is_never_sent_twice(place: Place):
    place.servers[0].shutdown()
    place.servers[0].server_close()
    if place.proxy.kind == "caddy":  # Debian's has to see it first, as deploy.md says
        time.sleep(SEEN_WITHIN)
    sent = {f"/form/{number}": f"{number}=".encode() * 3_000 for number in range(40)}

    def send(path: str) -> int:
        return place.proxy.ask("POST", path, sent[path])[0]

    with ThreadPoolExecutor(8) as hands:
        assert set(hands.map(send, sent)) == {200}
    assert sorted(place.asked) == sorted(f"POST {path} {crc32(body)}" for path, body in sent.items())
    status, _headers, text = place.proxy.ask("POST", "/hang-up", b"a=1")
    assert status == 503
    assert "What you saved before is safe" in text
    assert sum("hang-up" in each for each in place.asked) == 1


def test_what_a_server_says_is_passed_on_and_where_nobody_is_there_a_helpful_page_says_so(place: Place):
    status, _headers, text = place.proxy.ask("GET", "/busy")
    assert status == 503
    assert "x-forwarded-for" in text, "the platform's own words"
    for server in place.servers:
        server.shutdown()
        server.server_close()
    for method, body in (("GET", None), ("POST", b"a=1")):
        status, headers, text = place.proxy.ask(method, "/learn", body)
        assert status == 503
        assert headers["Retry-After"] == "10"
        assert headers.get_content_type() == "text/html"
        for words in ("Try again in a minute", "Réessayez", "Спробуйте", "المحاولة"):
            assert words in text
