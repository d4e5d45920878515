"""What a process remembers of its printing: the newest PDFs, and for a while what could not be printed."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from pme.errors import PmeError

MOST_BYTES = 24_000_000
MOST_REFUSALS = 200
REFUSED_FOR = 60.0
"""Seconds in which a page that could not be printed is not tried again."""


class Kept:
    """PDFs and refusals by digest, the oldest given up first; for many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._turn = clock, Lock()
        self._pdfs: OrderedDict[str, bytes] = OrderedDict()
        self._refusals: OrderedDict[str, tuple[float, PmeError]] = OrderedDict()
        self.size = 0

    def find(self, digest: str) -> bytes | None:
        """The PDF of this digest, if it is still there. Raises what was raised a moment ago."""
        with self._turn:
            until, refusal = self._refusals.get(digest, (0.0, None))
            if refusal is not None and self._clock() < until:
                raise type(refusal)(refusal.says)
            if pdf := self._pdfs.get(digest):
                self._pdfs.move_to_end(digest)
            return pdf

    def keep(self, digest: str, pdf: bytes) -> None:
        """Keep a PDF, and give up the oldest where there are too many bytes."""
        with self._turn:
            self.size += len(pdf) - len(self._pdfs.pop(digest, b""))
            self._pdfs[digest] = pdf
            while self.size > MOST_BYTES:
                self.size -= len(self._pdfs.popitem(last=False)[1])

    def refuse(self, digest: str, refusal: PmeError) -> None:
        """Remember that this cannot be printed."""
        with self._turn:
            self._refusals[digest] = (self._clock() + REFUSED_FOR, refusal)
            self._refusals.move_to_end(digest)
            if len(self._refusals) > MOST_REFUSALS:
                self._refusals.popitem(last=False)
