"""Hundreds of browsers that open a connection and say next to nothing, again and again as they are sent away."""

import select
import socket
import ssl
import time
from threading import Event, Thread

from tests.support.proxies import NAME, OwnProxy

NOTHING, HALF_A_HEAD = b"", b"GET / HTTP/1.1\r\nHost: "
HALF_A_FORM = (
    f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 9999\r\n\r\na="
).encode()
SAID = (NOTHING, HALF_A_HEAD, HALF_A_FORM)
LOOKS = 0.2
"""Seconds between two looks at who was sent away."""


class Crowd(Thread):
    """So many of them at a time, a third of each kind; `held` is how many there are, `ever` how many came."""

    def __init__(self, proxy: OwnProxy, number: int) -> None:
        super().__init__(name="crowd", daemon=True)
        self._proxy, self._number = proxy, number
        self._context = ssl.create_default_context(cafile=str(proxy.paper.authority))
        self._there: list[ssl.SSLSocket] = []
        self._gone = Event()
        self.ever = 0

    @property
    def held(self) -> int:
        """How many are there."""
        return len(self._there)

    def run(self) -> None:
        while not self._gone.is_set():
            self._there = [each for each in self._there if not _is_sent_away(each)]
            while self.held < self._number and not self._gone.is_set():
                if (came := self._come()) is None:
                    break
                self._there.append(came)
            self._gone.wait(LOOKS)
        for each in self._there:
            each.close()

    def wait(self, *, within: float) -> None:
        """Until all of them are there."""
        until = time.monotonic() + within
        while self.held < self._number:
            assert time.monotonic() < until, f"only {self.held} are there"
            time.sleep(0.05)

    def end(self) -> None:
        """They go."""
        self._gone.set()
        self.join()

    def _come(self) -> ssl.SSLSocket | None:
        try:
            plain = socket.create_connection(("127.0.0.1", self._proxy.port), timeout=30)
        except OSError:  # while the proxy takes nobody
            return None
        try:
            came = self._context.wrap_socket(plain, server_hostname=NAME)
            came.sendall(SAID[self.ever % len(SAID)])
        except OSError:
            plain.close()
            return None
        self.ever += 1
        came.settimeout(0)
        return came


def _is_sent_away(each: ssl.SSLSocket) -> bool:
    """Whether the other end has closed it, or has answered, after which it closes it."""
    if not select.select([each], [], [], 0)[0]:
        return False
    try:
        answered = each.recv(4096)
    except ssl.SSLWantReadError:  # words about the connection itself
        return False
    except OSError:
        answered = b""
    each.close()
    return answered is not None
