"""When a scheduled report is made, which days it speaks of, and which way it goes. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

HOUR = time(5, 0)
"""In UTC: after the day that it speaks of, before people begin."""


class Rhythm(StrEnum):
    """How often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Covers(StrEnum):
    """Which period: what the view says, or the day, week or month before."""

    VIEW = "view"
    BEFORE = "before"


class Way(StrEnum):
    """Where it goes: a letter with a link that needs signing in, or a folder of the installation."""

    LETTER = "letter"
    FOLDER = "folder"


def next_run(rhythm: Rhythm, *, after: datetime) -> datetime:
    """The first moment after another at which it is made: each day, Mondays, or the first of the month."""
    moment = datetime.combine(after.astimezone(UTC).date(), HOUR, UTC)
    while moment <= after or not _is_day(rhythm, moment.date()):
        moment += timedelta(days=1)
    return moment


def period_before(rhythm: Rhythm, *, at: datetime) -> tuple[date, date]:
    """The first and last day of the whole day, week or month before a moment, in UTC."""
    today = at.astimezone(UTC).date()
    match rhythm:
        case Rhythm.DAILY:
            first = last = today - timedelta(days=1)
        case Rhythm.WEEKLY:
            last = today - timedelta(days=today.weekday() + 1)
            first = last - timedelta(days=6)
        case _:
            last = today.replace(day=1) - timedelta(days=1)
            first = last.replace(day=1)
    return first, last


def _is_day(rhythm: Rhythm, day: date) -> bool:
    if rhythm is Rhythm.WEEKLY:
        return day.weekday() == 0
    return rhythm is Rhythm.DAILY or day.day == 1
