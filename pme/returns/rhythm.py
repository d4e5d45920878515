"""When a return is made by itself, and which whole month or quarter before it speaks of. Pure."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from pme.reports.rhythm import Rhythm, next_run

QUARTER = 3
"""Months."""


class Turn(StrEnum):
    """How often: on the first of every month, or of January, April, July and October."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


def next_turn(turn: Turn, *, after: datetime) -> datetime:
    """The first moment after another at which it is made, in UTC."""
    moment = next_run(Rhythm.MONTHLY, after=after)
    while turn is Turn.QUARTERLY and (moment.month - 1) % QUARTER:
        moment = next_run(Rhythm.MONTHLY, after=moment)
    return moment


def period_before(turn: Turn, *, at: datetime) -> tuple[date, date]:
    """The first and last day of the whole month or quarter before a moment."""
    today = at.astimezone(UTC).date()
    begins = today.replace(day=1)
    if turn is Turn.QUARTERLY:
        begins = begins.replace(month=begins.month - (begins.month - 1) % QUARTER)
    months = begins.year * 12 + begins.month - 1 - (QUARTER if turn is Turn.QUARTERLY else 1)
    return date(months // 12, months % 12 + 1, 1), begins - timedelta(days=1)
