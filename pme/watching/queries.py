"""What a request or a job asks of the database: how often and how long, and each query that is slow."""

from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy import Engine, event

from pme.watching import tracing

BEGAN = "pme_began"
LONGEST_SHOWN = 800
"""Characters of a slow statement that are logged. It holds places for values, never the values."""


@dataclass(slots=True)
class Tally:
    """What one request or job has asked so far."""

    queries: int = 0
    seconds: float = 0.0
    slow: int = 0


TALLY: ContextVar[Tally | None] = ContextVar("tally", default=None)


def new_tally() -> Tally:
    """A tally for what begins in this context."""
    TALLY.set(tally := Tally())
    return tally


def listen(engine: Engine, *, slow_ms: int) -> None:
    """Count and time every statement of an engine; `slow_ms` is the least time that is logged, 0 for none."""

    @event.listens_for(engine, "before_cursor_execute")
    def began(
        _connection: Any, _cursor: Any, _statement: str, _given: Any, context: Any, _many: bool
    ) -> None:
        if context is not None:
            setattr(context, BEGAN, perf_counter())

    @event.listens_for(engine, "after_cursor_execute")
    def ended(_connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, _many: bool) -> None:
        start = getattr(context, BEGAN, None)
        if start is None:
            return
        seconds = perf_counter() - start
        tally = TALLY.get()
        if tally is not None:
            tally.queries += 1
            tally.seconds += seconds
        if slow_ms and seconds * 1000 >= slow_ms:
            if tally is not None:
                tally.slow += 1
            structlog.get_logger().warning(
                "slow query", ms=round(seconds * 1000), statement=statement[:LONGEST_SHOWN]
            )
        tracing.statement(statement, seconds)
