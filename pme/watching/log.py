"""How the platform logs: one JSON object a line, on standard error, with the request's or the job's number."""

import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog

from pme.watching.story import without_values


class _StandardError:
    """Where nothing can be written there (its disk is full, whoever read it is gone), nothing is told, and all else
    goes on: an answer that is saved must not be said to be lost because a line of the log is.
    """

    def write(self, words: str) -> None:
        """Say it, if it can be said."""
        with suppress(OSError, ValueError):
            sys.stderr.write(words)

    def flush(self) -> None:
        """Have it said."""
        with suppress(OSError, ValueError):
            sys.stderr.flush()


_OUT = cast("TextIO", _StandardError())


def install() -> None:
    """Set structlog up for this process; saying it twice changes nothing."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            without_values,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(_OUT),
        cache_logger_on_first_use=False,
    )
