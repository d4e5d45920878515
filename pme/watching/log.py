"""How the platform logs: one JSON object a line, on standard error, with the request's or the job's number."""

import sys

import structlog

from pme.watching.story import without_values


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
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
