"""An application served as in production, while something is measured."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pme.commands import TIDY

GRACE = 20
"""Seconds that a server has to end."""


@contextmanager
def served(target: str, port: int, environment: dict[str, str]) -> Iterator[int]:
    """Serve a target on a port of this machine while the block runs; gives the id of the process."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", target,
    ]  # fmt: skip
    # In a session of its own, so that its workers can be ended with it.
    with subprocess.Popen(command, env=TIDY | environment, start_new_session=True) as process:
        try:
            _wait_for(port)
            yield process.pid
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """A server that is told to end while it starts may not hear it: then it and its workers are ended."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/hello")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server on port {port} did not start")
