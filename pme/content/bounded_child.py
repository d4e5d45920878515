"""A child process that answers requests one after the other, and is killed when one takes too long.

What authors write may be quadratic or worse to work through, and a thread cannot be killed. One child serves
all requests; after a kill a new one goes on with the rest. Its pair is the module that it runs, which says
that it has loaded and then answers each line of JSON with another.
"""

import json
import os
import selectors
import subprocess
import sys
import time
from types import TracebackType
from typing import IO, Any, Self

from pme.words.speech import _, current

LONGEST_ANSWER = 4_000_000
START_SECONDS = 60.0
"""How long a child may take to load; only then does the time of a request begin."""
_CHUNK = 65_536


class NotAnswered(Exception):
    """A request that could not be answered; the text says why."""


class BoundedChild:
    """Runs `MODULE` and asks it, each time within some seconds of wall time."""

    MODULE = ""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._is_ready = False

    def __enter__(self) -> Self:
        # Started at once, so that it loads its libraries while the files are read.
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child. Asking again begins another."""
        self._stop()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The child's answer, in the language spoken now. Raises NotAnswered when it takes too long or breaks down."""
        child = self._child or self._start()
        line = json.dumps({"language": current()} | request | {"seconds": seconds}).encode() + b"\n"
        try:
            if not self._is_ready:
                self._exchange(child, b"", START_SECONDS)
                self._is_ready = True
            answer: dict[str, Any] = json.loads(self._exchange(child, line, seconds))
        except (OSError, ValueError):
            self._stop()
            raise NotAnswered(_("rendering it failed")) from None
        except NotAnswered:
            self._stop()
            raise
        if "error" in answer:
            raise NotAnswered(answer["error"])
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUTF8": "1",
            "PATH": os.environ.get("PATH", ""),
        }
        self._child = subprocess.Popen(  # noqa: S603  (our own program, with no words from outside)
            [sys.executable, "-m", self.MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        for pipe in (self._child.stdin, self._child.stdout):
            os.set_blocking(_open(pipe).fileno(), False)
        return self._child

    def _stop(self) -> None:
        child, self._child, self._is_ready = self._child, None, False
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            _open(pipe).close()
        child.wait()

    def _exchange(self, child: subprocess.Popen[bytes], request: bytes, seconds: float) -> bytes:
        """Send a request and read its answer, whatever the child does, within the time given.

        A child answers an empty request when it has loaded.
        """
        inward, outward = _open(child.stdin).fileno(), _open(child.stdout).fileno()
        deadline = time.monotonic() + seconds
        left, answer = memoryview(request), bytearray()
        with selectors.DefaultSelector() as ready:
            if request:
                ready.register(inward, selectors.EVENT_WRITE)
            ready.register(outward, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise NotAnswered(
                        _("it took longer than {seconds} seconds to render", seconds=f"{seconds:g}")
                    )
                for key, _unused in ready.select(remaining):
                    if key.fd == inward:
                        left = left[os.write(inward, left[:_CHUNK]) :]
                        if not left:
                            ready.unregister(inward)
                    elif chunk := os.read(outward, _CHUNK):
                        answer += chunk
                    else:
                        raise NotAnswered(_("it needed more time or memory than a page may"))
                if len(answer) > LONGEST_ANSWER:
                    raise NotAnswered(_("its HTML would be larger than a page may be"))
        return bytes(answer)


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # pragma: no cover  (both pipes are asked for above)
        raise NotAnswered(_("the process that renders it has stopped"))
    return pipe
