"""The story of an error for the log: what kind, where, and what caused it, but none of the values in it."""

import traceback
from collections.abc import MutableMapping
from typing import Any

from pme.errors import PmeError

DEEPEST = 40
"""Lines of the trace that are kept, the innermost."""
LONGEST_CHAIN = 5


def story_of(error: BaseException) -> list[str]:
    """The error, then what caused it: a line for each with its kind, then the places in the code.

    Messages are left out: those of databases and of parsers repeat what somebody typed. A sentence of the
    platform's own is written for people to read, and the reason that the system gives for a file is its own.
    """
    told: list[str] = []
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen and len(seen) < LONGEST_CHAIN:
        seen.append(cause)
        told.append(f"{type(cause).__module__}.{type(cause).__qualname__}{_reason(cause)}")
        frames = traceback.extract_tb(cause.__traceback__)[-DEEPEST:]
        told.extend(f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return told


def without_values(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For structlog: `exc_info` becomes `error`, told by `story_of`."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = story_of(error)
    return event


def _reason(error: BaseException) -> str:
    if isinstance(error, PmeError):
        return f" ({type(error).__name__})"
    if isinstance(error, OSError) and error.strerror:
        return f" ({error.strerror})"
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state:
        return f" (SQLSTATE {state})"
    code = getattr(getattr(error, "orig", None), "sqlite_errorname", None)
    return f" ({code})" if code else ""


def _short(filename: str) -> str:
    """From the package on: where the platform is installed is nobody's concern."""
    for mark in ("/site-packages/", "/pme/"):
        if mark in filename:
            return filename.rpartition(mark)[2] if mark != "/pme/" else "pme/" + filename.rpartition(mark)[2]
    return filename.rpartition("/")[2]
