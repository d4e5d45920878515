"""The worker beside the server: a process of its own, started again where it ended, gone when the server is.

It holds one end of a pipe: when whoever started it is gone, even by `kill -9`, the pipe says so.
"""

import os
import subprocess
import sys

from pme.config import ROOT

PATIENCE = 10.0
"""Seconds that the worker has to put down what it does."""


class Companion:
    """Starts `pme work` and keeps it running."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> int | None:
        """The number of the process, if it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def ensure(self) -> None:
        """Start it unless it runs."""
        if self.process is None:
            path = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pme.cli", "work", "--beside-server"],
                stdin=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
            )

    def end(self) -> None:
        """Let it put down what it does, and end it where it does not."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
