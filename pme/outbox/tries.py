"""When a letter is tried again, and when it is given up. Pure: dates come as arguments."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""RFC 5321 (4.5.4.1) asks for at least 30 minutes in the long run, and for four to five days in all."""
WAITS_AWAY = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))
"""Where nothing could be handed to the mail server at all: it is ours, and may be called every few minutes."""
MOST_UNSURE = 3
"""How often a letter may have been taken without an answer: after that it is not sent again by itself."""
DAYS = timedelta(days=5)
"""For how long a letter is worth sending, unless its writer says otherwise."""
TEXT_KEPT = timedelta(days=90)
"""How long the log shows what a letter said."""


def next_try(
    tries: int, *, at: datetime, not_after: datetime, waits: Sequence[timedelta] = WAITS
) -> datetime | None:
    """When a letter that was tried so often is tried again; None when its days are over by then."""
    then = at + waits[min(max(tries, 1), len(waits)) - 1]
    return then if then <= not_after else None
