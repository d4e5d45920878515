"""A connection that keeps within a time, however little comes or goes at once: each wait lasts for what is left of it.

No second thread looks at the clock: where the system has no memory for one, starting it never returns.
"""

import io
import socket
import time
from collections.abc import Callable
from typing import BinaryIO

WAITED = "the time is over"  # not words


class Until:
    """A time that runs from now on."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """The seconds that are left, or fewer. Raises TimeoutError where none is."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError(WAITED)
        return seconds if at_most is None else min(seconds, at_most)


class Paced:
    """As much of a socket as HTTP needs. Raises TimeoutError once the time is over."""

    def __init__(self, sock: socket.socket, until: Until) -> None:
        self._sock, self._until = sock, until

    def sendall(self, content: bytes) -> None:
        """Send all of it."""
        rest = memoryview(content)
        while rest:
            self._wait()
            rest = rest[self._sock.send(rest) :]

    def makefile(self, _mode: str) -> BinaryIO:
        """What comes, to be read; the connection stays until this is closed, too."""
        return io.BufferedReader(_Coming(self._sock.makefile("rb", buffering=0), self._wait))

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _wait(self) -> None:
        self._sock.settimeout(self._until.left())


class _Coming(io.RawIOBase):
    def __init__(self, raw: socket.SocketIO, wait: Callable[[], None]) -> None:
        self._raw, self._wait = raw, wait

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int | None:  # type: ignore[override]  # whatever is writable
        self._wait()
        return self._raw.readinto(room)

    def close(self) -> None:
        self._raw.close()
        super().close()
