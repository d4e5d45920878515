"""A reverse proxy on loopback, as nginx would stand before several servers.

It passes each request to the server that has the fewest under way, in turn among equals (nginx calls it least_conn).
Where nothing listens, or a server that is ending takes no more, it asks the next one, as long as nothing of the request
was sent; what breaks after that is a broken connection.
"""

import http.client
import socket
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread

LATER = {"connection", "transfer-encoding", "keep-alive"}
SECONDS = 30


class Balancer(ThreadingHTTPServer):
    """Listens on a port of its own. `broken` counts the requests that were lost with a server."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.ports, self.turn, self.broken = list(ports), count(), 0
        self.under_way, self._counting = Counter[int](), Lock()
        Thread(target=self.serve_forever, name="balancer", daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def reach(self) -> tuple[int, socket.socket] | None:
        """A server that listens and a connection to it, or None; `left` says that it is over."""
        first = next(self.turn) % len(self.ports)
        in_turn = self.ports[first:] + self.ports[:first]
        for port in sorted(in_turn, key=lambda port: self.under_way[port]):
            try:
                reached = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
            except OSError:
                continue
            self._count(port, 1)
            return port, reached
        return None

    def left(self, port: int) -> None:
        """A request to this server came to its end."""
        self._count(port, -1)

    def _count(self, port: int, more: int) -> None:
        with self._counting:
            self.under_way[port] += more


class _Passing(BaseHTTPRequestHandler):
    server: Balancer
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        reached = self.server.reach()
        if reached is None:
            self.send_error(503)
            return
        connection = http.client.HTTPConnection("127.0.0.1", timeout=SECONDS)
        port, connection.sock = reached
        try:
            connection.request(self.command, self.path, body, self._headers())
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.server.broken += 1
            self.close_connection = True
            return  # the browser sees a broken connection
        finally:
            connection.close()
            self.server.left(port)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in LATER | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _headers(self) -> dict[str, str]:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in LATER}
        return kept | {"X-Forwarded-For": "127.0.0.1", "Connection": "close"}

    do_GET = do_POST = do_HEAD = _pass  # noqa: N815  (names that http.server asks for)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
