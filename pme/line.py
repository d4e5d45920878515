"""The line in which writers to one SQLite file wait: threads of a process, and the processes of a machine.

SQLite makes a writer that finds another one sleep and try again, longer each time, while others overtake it. Here
each waits a millisecond at a time, in two places of a file beside the database: whoever holds the first is next,
whoever holds the second writes, so that nobody overtakes who is next. The system takes both back from a process that
dies. The line protects nothing, SQLite's own lock does: where the file cannot be made, writers do without a line.
"""

import fcntl
import os
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

NEXT, WRITES = 0, 1
PAUSE = 0.001
"""Seconds between two looks."""


class Threads:
    """The line of the threads of one process: each hands its turn to whoever came first.

    Who lets go of a lock of Python lets in whoever runs just then: with sixty threads some waited three times as long
    as the others, and some in vain.
    """

    def __init__(self) -> None:
        self._look, self._waiting, self._is_taken = Lock(), deque[Lock](), False

    def enter(self, *, seconds: float) -> bool:
        """Wait for one's turn; tells whether it came within this time."""
        with self._look:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._look:
            if mine not in self._waiting:  # it was handed over in this very moment
                return True
            self._waiting.remove(mine)
        return False

    def leave(self) -> None:
        """Hand the turn over, or leave it to whoever comes."""
        with self._look:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class Line:
    """A line at one file; without a file, of the threads of this process alone."""

    def __init__(self, file: Path | None) -> None:
        self._file, self._threads, self._handle = file, Threads(), -1

    def enter(self, *, seconds: float) -> bool:
        """Wait for one's turn; tells whether it came within this time."""
        until = monotonic() + seconds
        if not self._threads.enter(seconds=seconds):
            return False
        try:
            has_turn = not self._is_open() or self._pass(until)
        except BaseException:
            self.leave()
            raise
        if not has_turn:
            self._threads.leave()
        return has_turn

    def leave(self) -> None:
        """Let the next one write."""
        try:
            if self._handle >= 0:
                self._give_back(2)
        finally:
            self._threads.leave()

    def close(self) -> None:
        """Let go of the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _is_open(self) -> bool:
        if self._handle < 0 and self._file is not None:
            try:
                self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:  # nothing can be written there: SQLite says so itself
                return False
        return self._handle >= 0

    def _pass(self, until: float) -> bool:
        if not self._take(NEXT, until):
            return False
        has_turn = self._take(WRITES, until)
        self._give_back(1)
        return has_turn

    def _give_back(self, places: int) -> None:
        with suppress(OSError):
            fcntl.lockf(self._handle, fcntl.LOCK_UN, places, NEXT)

    def _take(self, place: int, until: float) -> bool:
        while True:
            try:
                fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):  # somebody else has it
                if monotonic() > until:
                    return False
                sleep(PAUSE)
            except OSError:  # a file system without such locks
                return True
            else:
                return True
