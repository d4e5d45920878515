"""The keeper of the press: starts its process when first needed, and ends it when it takes too long.

One process of the web server keeps one press for each trade. Its threads take turns.
"""

import atexit
import logging
import math
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pme.errors import Invalid, Unavailable
from pme.press.child import NO_LIBRARY, NO_MEMORY, PRINTED, SECONDS, TOO_MUCH, packed, unpacked
from pme.words.lazily import lazy
from pme.words.speech import _

PATIENCE = 2.0
"""Seconds a press is given to end by itself when it is closed."""
TRIES, PIECE = 2, 1 << 16
SHORT_OF_MEMORY = lazy(
    "The printer had too little memory for this. Ask for less at once, or try again in a minute; "
    "whoever runs the platform can give it more."
)
STOPPED = lazy(
    "The printer stopped; it may have had too little memory. Ask for less at once, or try again in a minute."
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trade:
    """What a press prints: its program, the fonts that it knows, and its words for when it cannot.

    `late` has a place for the seconds.
    """

    program: str
    fonts: Path
    busy: str
    late: str
    too_much: str
    failed: str

    @property
    def command(self) -> tuple[str, ...]:
        """How its process is started."""
        return sys.executable, "-m", self.program


class Press:
    """Prints jobs of a trade in a process of its own, which outlives each printing."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forget)

    @property
    def process(self) -> int | None:
        """The number of the running process, if there is one."""
        child = self._running()
        return child.pid if child else None

    def print(self, job: bytes, *, within: float) -> bytes:
        """The PDF of a job as its program reads it, within so many seconds.

        Raises Invalid when it asks for more than paper can hold, Unavailable when the press cannot print.
        """
        if not self._turn.acquire(timeout=within):
            raise Unavailable(self.trade.busy)
        try:
            answer = self._ask(job, within)
        finally:
            self._turn.release()
        kind, rest = answer[:1], answer[1:]
        if kind == PRINTED:
            return rest
        if kind == TOO_MUCH:
            raise Invalid(self.trade.too_much)
        _log.error("printing failed: %s", rest.decode(errors="replace"))
        if kind == NO_MEMORY:
            raise Unavailable(SHORT_OF_MEMORY)
        if kind == NO_LIBRARY:
            raise Unavailable(
                _(
                    "The printer lacks a system library. Install the packages libpango-1.0-0, "
                    "libpangoft2-1.0-0 and libharfbuzz-subset0, then try again."
                )
            )
        raise Unavailable(self.trade.failed)

    def close(self) -> None:
        """End the process, first by closing its input, then by force."""
        child, self._child = self._child, None
        if child is None:
            return
        _hang_up(child)
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _ask(self, job: bytes, within: float) -> bytes:
        """Hand the job to the process; should that have died meanwhile, to a new one."""
        for _turn in range(TRIES):
            child = self._running() or self._start()
            answer, late = _exchange(child, SECONDS.pack(within) + job, within)
            if answer is not None:
                return answer
            child.kill()
            self.close()
            if late:
                raise Unavailable(self.trade.late.format(f"{within:g}", seconds=f"{within:g}"))
        raise Unavailable(STOPPED)

    def _running(self) -> subprocess.Popen[bytes] | None:
        return self._child if self._child and self._child.poll() is None else None

    def _start(self) -> subprocess.Popen[bytes]:
        self.close()
        environment = {
            "FONTCONFIG_FILE": str(self.trade.fonts),
            "LANG": "C.UTF-8",
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        self._child = subprocess.Popen(  # noqa: S603  (our own program, with no words from outside)
            self.trade.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        return self._child

    def _forget(self) -> None:
        """In a fork of this process: leave the press to the parent, and start another when needed."""
        child, self._child = self._child, None
        self._turn = threading.Lock()
        if child is not None:
            child.returncode = 0  # not ours to wait for
            _hang_up(child)


def _exchange(child: subprocess.Popen[bytes], request: bytes, within: float) -> tuple[bytes | None, bool]:
    """The answer, or None if the process ended; and whether it was ended here for being late.

    Without a thread that looks at the clock: where there is no memory for one, Python would wait for it for ever.
    """
    until, inward, outward = (
        time.monotonic() + within,
        _open(child.stdout).fileno(),
        _open(child.stdin).fileno(),
    )
    left, answer = memoryview(packed(request)), bytearray()
    waits = select.poll()
    for end in (inward, outward):
        os.set_blocking(end, False)
        waits.register(end, select.POLLIN if end == inward else select.POLLOUT)
    while (rest := until - time.monotonic()) > 0:
        for end, _what in waits.poll(math.ceil(rest * 1000)):
            if end == outward:
                left = _sent(end, left)
                if not left:
                    waits.unregister(end)
                continue
            piece = os.read(end, PIECE)
            answer += piece
            if (whole := unpacked(answer)) is not None or not piece:
                return whole, False
    child.kill()
    return None, True


def _sent(end: int, left: memoryview) -> memoryview:
    """Send as much as fits; gives what is left. A process that ended may have left its last words in the other pipe."""
    try:
        return left[os.write(end, left) :]
    except BlockingIOError:
        return left
    except OSError:
        return left[:0]


def _hang_up(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError):  # words that it did not live to read
            _open(pipe).close()


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # pragma: no cover  (both pipes are asked for above)
        raise OSError("the press has no pipe")  # not words
    return pipe
