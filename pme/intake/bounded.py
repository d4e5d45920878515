"""Running one task of the intake in a child process that is killed when it takes too long.

The child reads the file from its standard input and writes to another that has no name: a line of JSON, then
the bytes of everything that it made, one after the other.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import IO, Any

from pme.words.lazily import lazy
from pme.words.speech import _, current

LONGEST_TOLD = 8_000_000
SECONDS = 20.0
"""What hostile files need is refused before it is done; this is for honest files on a busy machine."""
LONGEST_WAIT = 30.0
"""Seconds to wait while others' files are read."""
_TURNS = BoundedSemaphore(2)
"""Children at one time in a process, each with its own bound of memory."""
TOO_MUCH = lazy(
    "This file takes more time or memory to read than is allowed. Save it again with "
    "another program, or make it smaller."
)


class NotTaken(Exception):
    """A file that is refused; the text is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Answer:
    """What a child told, and the file in which the bytes stand that it made."""

    told: Mapping[str, Any]
    _file: IO[bytes]
    _begins: int

    def bytes_at(self, place: tuple[int, int]) -> bytes:
        """What it made at a place (from, length), counted from the first byte that it made."""
        self._file.seek(self._begins + place[0])
        return self._file.read(place[1])


@contextmanager
def worked(task: str, file: IO[bytes], seconds: float = SECONDS, **options: Any) -> Iterator[Answer]:
    """What a child makes of a file that has a descriptor. Raises NotTaken with what it says, or when it fails."""
    file.seek(0)
    environment = {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUTF8": "1",
        "PATH": os.environ.get("PATH", ""),
    }
    command = [
        sys.executable,
        "-m",
        "pme.intake.work",
        task,
        json.dumps({"seconds": seconds, "language": current(), **options}),
    ]
    with tempfile.TemporaryFile() as made:
        if not _TURNS.acquire(timeout=LONGEST_WAIT):
            raise NotTaken(_("Many files are being read just now. Try again in a minute; nothing was kept."))
        try:
            done = subprocess.run(  # noqa: S603  (this very program)
                command,
                stdin=file,
                stdout=made,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotTaken(TOO_MUCH) from None
        finally:
            _TURNS.release()
        made.seek(0)
        line = made.readline(LONGEST_TOLD)
        if done.returncode or not line.endswith(b"\n"):
            raise NotTaken(TOO_MUCH)
        told = json.loads(line)
        if "refused" in told:
            raise NotTaken(told["refused"])
        yield Answer(told, made, len(line))


@contextmanager
def unnamed(body: IO[bytes], most: int) -> Iterator[IO[bytes]]:
    """The bytes of an upload in a file without a name. Raises NotTaken when there are none or too many."""
    with tempfile.TemporaryFile() as file:
        size = 0
        while piece := body.read(1 << 18):
            size += len(piece)
            if size > most:
                raise NotTaken(
                    _("This file is larger than {most} MB. Send a smaller one.", most=f"{most / 1e6:g}")
                )
            file.write(piece)
        if not size:
            raise NotTaken(_("This file is empty. Choose another one."))
        file.flush()
        yield file
