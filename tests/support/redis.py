"""A real Redis of the tests' own, which keeps nothing, on a socket in a folder: started, stopped and started again.

Debian's package redis-tools has the program under another name, without the service of redis-server.
"""

import shutil
import subprocess
import time
from pathlib import Path

from redis import Redis, RedisError

from tests.support.authority import Paper

PROGRAMS = ("redis-server", "redis-check-rdb")
READY_WITHIN = 60.0
"""Seconds; the machine may be busy."""


def program() -> str:
    """Where the program is. Raises RuntimeError where it is not: a test is never left out for that."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise RuntimeError("The tests need Redis: apt-get install redis-tools, or run scripts/setup.sh test.")
    return found


class OwnRedis:
    """One server."""

    def __init__(self, folder: Path, *, tls: tuple[int, Paper] | None = None) -> None:
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._more: list[str] = []
        if tls is not None:  # at a port of loopback, too
            port, paper = tls
            files = {"cert": paper.certificate, "key": paper.key, "ca-cert": paper.authority}
            self._more = ["--tls-port", str(port), "--tls-auth-clients", "no"]
            self._more += [word for name, path in files.items() for word in (f"--tls-{name}-file", str(path))]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, until it answers."""
        words = ["redis-server", "--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir"]
        self._process = subprocess.Popen(
            [*words, str(self._socket.parent), *self._more], executable=program(), stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + READY_WITHIN
        client = Redis.from_url(self.url)
        while True:
            try:
                client.ping()
            except RedisError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                self._process_wait(0.01)
            else:
                client.close()
                return

    def stop(self) -> None:
        """Kill it: what it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)

    def _process_wait(self, seconds: float) -> None:
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return


if __name__ == "__main__":
    program()
