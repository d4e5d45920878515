"""When an LRS that did not take statements is tried again. Pure: dates and dice come as arguments."""

from datetime import datetime, timedelta

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
)
"""Statements are never given up, since an LRS may be away for days; from then on it is tried four times a day."""
JITTER = 0.25
"""By how much of itself a wait is longer at most, so that many academies do not come at once."""
LONGEST_ASKED = timedelta(hours=24)
"""How long an LRS may ask for patience (Retry-After)."""


def next_try(failures: int, *, at: datetime, die: float, asked: float | None = None) -> datetime:
    """When an LRS that failed so often in a row is tried again. `die` is thrown from 0 to 1; `asked` is how many
    seconds the LRS itself wants, which only ever makes the wait longer.
    """
    wait = WAITS[min(max(failures, 1), len(WAITS)) - 1]
    wait += wait * JITTER * die
    if asked is not None:
        wait = max(wait, min(timedelta(seconds=max(0.0, asked)), LONGEST_ASKED))
    return at + wait
