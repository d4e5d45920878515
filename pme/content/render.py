"""Rendering pages in a child process that is killed when a page takes too long.

One child serves all pages of a check; after a kill a new one goes on with the rest.
"""

import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

from pme.content.markdown_clean import Section
from pme.content.markdown_dialect import Mark

LONGEST_ANSWER = 4_000_000
START_SECONDS = 60.0
"""How long a child may take to load; only then does a page's own time begin."""
_CHUNK = 65_536


@dataclass(frozen=True)
class Rendered:
    """A page as the child gave it back: sanitised HTML with tokens, and what it met, with lines from 1."""

    html: str
    headings: tuple[Section, ...]
    marks: tuple[Mark, ...]
    bare_tables: int
    empty_headers: tuple[int, ...]
    removed_html: tuple[int, ...]


class NotRendered(Exception):
    """A page that could not be rendered; the text says why."""


class Renderer:
    """Renders pages one after the other, each within `page_seconds` of wall time."""

    def __init__(self, page_seconds: float = 5.0) -> None:
        self.page_seconds = page_seconds
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
        """End the child. Rendering again begins another."""
        self._stop()

    def render(self, text: str) -> Rendered:
        """The page's HTML. Raises NotRendered when it takes too long or cannot be read."""
        child = self._child or self._start()
        request = json.dumps({"text": text, "seconds": self.page_seconds}).encode() + b"\n"
        try:
            if not self._is_ready:
                self._exchange(child, b"", START_SECONDS)
                self._is_ready = True
            answer = json.loads(self._exchange(child, request, self.page_seconds))
        except (OSError, ValueError):
            self._stop()
            raise NotRendered("its rendering broke down") from None
        except NotRendered:
            self._stop()
            raise
        if "error" in answer:
            raise NotRendered(answer["error"])
        return Rendered(
            html=answer["html"],
            headings=tuple(Section(**heading) for heading in answer["headings"]),
            marks=tuple(Mark(**mark) for mark in answer["marks"]),
            bare_tables=answer["bare_tables"],
            empty_headers=tuple(answer["empty_headers"]),
            removed_html=tuple(answer["removed_html"]),
        )

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUTF8": "1",
            "PATH": os.environ.get("PATH", ""),
        }
        self._child = subprocess.Popen(
            [sys.executable, "-m", "pme.content.render_child"],
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
                    raise NotRendered(f"it took longer than {seconds:g} seconds to render")
                for key, _ in ready.select(remaining):
                    if key.fd == inward:
                        left = left[os.write(inward, left[:_CHUNK]) :]
                        if not left:
                            ready.unregister(inward)
                    elif chunk := os.read(outward, _CHUNK):
                        answer += chunk
                    else:
                        raise NotRendered("it needed more time or memory than a page may")
                if len(answer) > LONGEST_ANSWER:
                    raise NotRendered("its HTML would be larger than a page may be")
        return bytes(answer)


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # pragma: no cover  (both pipes are asked for above)
        raise NotRendered("its pipe is closed")
    return pipe
