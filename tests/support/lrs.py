"""A small LRS on this machine, as the xAPI specification has it: keeps statements by id, knows one that comes twice,
refuses what is not one, and can be in every kind of trouble. Not the platform's own code in any part.
"""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.statements import faults

USER, PASSWORD = "pme", "a-secret-of-the-lrs"


@dataclass
class SmallLrs:
    """What it has, what it was asked, and how it behaves: `trouble` decides on the answer to each POST, or None."""

    port: int = 0
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    trouble: Callable[[list[dict[str, Any]]], tuple[int, str] | None] = lambda _statements: None
    password: str = PASSWORD
    most_at_once: int = 1000
    breaks_off: bool = False
    """Takes everything and hangs up before it says so."""
    released: threading.Event = field(default_factory=threading.Event)
    is_hanging: threading.Event = field(default_factory=threading.Event)
    more_headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/xapi"

    def verbs(self) -> list[str]:
        """The verbs that it has, one for each statement."""
        return sorted(each["verb"]["display"]["en-US"] for each in self.kept.values())

    def take(self, given: Any) -> tuple[int, str]:
        """Take a batch, whole or not at all (xAPI 1.0.3, part three, 2.1.2)."""
        statements = given if isinstance(given, list) else [given]
        self.batches.append(len(statements))
        if found := self.trouble(statements):
            return found
        if len(statements) > self.most_at_once:
            return 413, "too many"
        wrong = [fault for each in statements for fault in faults(each)]
        if wrong:
            return 400, "; ".join(wrong)
        for each in statements:
            if self.kept.get(each["id"], each) != each:
                return 409, f"{each['id']} is another one here"
        self.kept.update({each["id"]: each for each in statements})
        return 200, json.dumps([each["id"] for each in statements])


class Handler(BaseHTTPRequestHandler):
    """Its door."""

    protocol_version = "HTTP/1.1"
    lrs: SmallLrs

    def do_GET(self) -> None:
        """Say who it is, or show that it has nothing to show."""
        self.lrs.asked.append(("GET", self.path))
        if self.path == "/xapi/about":
            self.say(200, json.dumps({"version": ["1.0.3"]}))
        elif self.allowed():
            self.say(200, json.dumps({"statements": [], "more": ""}))

    def do_POST(self) -> None:
        """Take statements."""
        self.lrs.asked.append(("POST", self.path))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.allowed():
            return
        status, says = self.lrs.take(json.loads(body))
        if status == 0:  # hold the line
            self.lrs.is_hanging.set()
            self.lrs.released.wait(60)
        if status == 0 or self.lrs.breaks_off:
            self.close_connection = True
        else:
            self.say(status, says)

    def allowed(self) -> bool:
        """Whether whoever asks may."""
        expected = "Basic " + base64.b64encode(f"{USER}:{self.lrs.password}".encode()).decode()
        version = self.headers.get("X-Experience-API-Version", "")
        if self.headers.get("Authorization") != expected:
            self.say(401, "who are you?")
        elif not version.startswith("1.0"):
            self.say(400, "which version?")
        else:
            return True
        return False

    def say(self, status: int, text: str) -> None:
        """Answer."""
        body = text.encode()
        self.send_response(status)
        for name, value in self.lrs.more_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Nothing is logged."""


@contextmanager
def small_lrs(tls: ssl.SSLContext | None = None) -> Iterator[SmallLrs]:
    """One that runs while the block does, under TLS where it has a certificate."""
    lrs = SmallLrs()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Door", (Handler,), {"lrs": lrs}))
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    lrs.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield lrs
    finally:
        lrs.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
