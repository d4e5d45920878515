"""A storage that takes calls and does not answer is left alone for some seconds, so that not every thread waits for it.

Whoever first waited in vain lets it rest: until then others hear at once that it is away. Afterwards one asks briefly.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from pme.stores.home import Away

SLOW = 3.0
"""Seconds: who failed sooner held up nobody, and the next may try at once."""
RESTS = 5.0
"""Seconds until it is asked again."""
RESTING = "it did not answer a moment ago, and is asked again within seconds"  # not words


class Resting:
    """Whether one storage rests now; for all threads of a process."""

    def __init__(self) -> None:
        self._until: float | None = None
        self._asks = Lock()

    @contextmanager
    def awake(self, refusal: Callable[[], str]) -> Iterator[None]:
        """Ask it something within the block. Raises Away at once while it rests; `refusal` asks it briefly whether it
        answers again, and says why not.
        """
        if self._until is not None:
            self._wake(refusal)
        began = time.monotonic()
        try:
            yield
        except Away:
            if time.monotonic() - began >= SLOW:
                self._rest()
            raise

    def _wake(self, refusal: Callable[[], str]) -> None:
        if time.monotonic() < (self._until or 0.0) or not self._asks.acquire(blocking=False):
            raise Away(RESTING)
        try:
            if why := refusal():
                self._rest()
                raise Away(why)
            self._until = None
        finally:
            self._asks.release()

    def _rest(self) -> None:
        self._until = time.monotonic() + RESTS
