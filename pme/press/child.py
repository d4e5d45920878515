"""The press's process: jobs come in, PDFs go out, one at a time, until the input ends.

Each message travels as its length in four bytes and then itself. A request is the seconds allowed
and a job; an answer is one letter that says how it went, and the PDF or the reason. What a library
prints goes to standard error, not between the answers.
"""

import gc
import os
import resource
import signal
import struct
import traceback
from collections.abc import Callable
from typing import IO

PRINTED, TOO_MUCH, NO_LIBRARY, BROKE_DOWN, NO_MEMORY = b"P", b"M", b"L", b"B", b"S"
LENGTH, SECONDS = struct.Struct(">I"), struct.Struct(">d")
MEMORY = 1_024 * 1_024 * 1_024
START = 60.0
"""Seconds the process may take to load its libraries."""
OF_MEMORY = ("annot allocate memory", "failed to map segment", "annot map")  # not words: the system's
GRACE = 5.0
"""Seconds after the time allowed when the process ends itself, should its keeper be gone."""

Print = Callable[[bytes], bytes]
"""Makes a PDF of a job. Raises DoesNotFit when the job asks for too much."""


class DoesNotFit(Exception):
    """What is to be printed is more than the paper can hold."""


def packed(message: bytes) -> bytes:
    """A message with its length."""
    return LENGTH.pack(len(message)) + message


def unpacked(told: bytes | bytearray) -> bytes | None:
    """The message in what has come so far, None where it is not whole yet."""
    if len(told) < LENGTH.size:
        return None
    end = LENGTH.size + LENGTH.unpack_from(told)[0]
    return bytes(told[LENGTH.size : end]) if len(told) >= end else None


def send(stream: IO[bytes], message: bytes) -> None:
    """Write a message with its length."""
    stream.write(packed(message))
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read a message, or None when the other end has gone."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    message = stream.read(length)
    return message if len(message) == length else None


def serve(load: Callable[[], Print]) -> None:
    """Answer each request until the input ends, with the printer that `load` makes; it may lack a library."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, START)
    most = _memory()
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        make = load()
    except (OSError, MemoryError) as missing:
        kind = NO_MEMORY if _is_for_memory(missing) else NO_LIBRARY
        send(outward, kind + str(missing).encode())
        return
    gc.freeze()
    signal.setitimer(signal.ITIMER_REAL, 0)
    while (request := receive(inward)) is not None:
        (seconds,) = SECONDS.unpack_from(request)
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
        answer = _answer(make, request[SECONDS.size :])
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(outward, answer)


def _memory() -> int:
    """What it may take: less where whoever started it may take less."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    return MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)


def _is_for_memory(error: BaseException) -> bool:
    """Whether it was memory that lacked; of a library that finds none, the system's loader tells in words only."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in OF_MEMORY)


def _answer(make: Print, job: bytes) -> bytes:
    try:
        return PRINTED + make(job)
    except DoesNotFit:
        return TOO_MUCH
    except MemoryError:
        return NO_MEMORY + traceback.format_exc().encode()
    except BaseException:  # noqa: BLE001  (a refused asset is no Exception; the keeper is told of each)
        return BROKE_DOWN + traceback.format_exc().encode()
