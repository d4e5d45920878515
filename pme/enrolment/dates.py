"""What a date of an academy means: it ends when the day ends there. Pure; every moment is handed in."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pme.words.speech import _, _n

UTC_ZONE = "UTC"
SOON = 7
"""Days before a due date from which it is near."""


@cache
def zones() -> tuple[str, ...]:
    """The names of every time zone, such as Europe/Helsinki; UTC first."""
    return (UTC_ZONE, *sorted(available_timezones() - {UTC_ZONE}))


def due_of(cohort_due: date | None, extended_to: date | None) -> date | None:
    """Until when somebody has time: the later of the cohort's date and their own; None where neither is set."""
    given = [day for day in (cohort_due, extended_to) if day]
    return max(given) if given else None


def end_of(day: date, zone: str) -> datetime:
    """The moment at which a day has passed in a time zone: its midnight, where there is one."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=_zone(zone))


def today(at: datetime, zone: str) -> date:
    """Which day it is in a time zone."""
    return at.astimezone(_zone(zone)).date()


def is_over(day: date, at: datetime, zone: str) -> bool:
    """Whether a day has passed. Its own last second has not."""
    return at >= end_of(day, zone)


def days_left(day: date, at: datetime, zone: str) -> int:
    """Whole days until a day: 0 on the day itself, less once it has passed."""
    return (day - today(at, zone)).days


def in_words(day: date, at: datetime, zone: str) -> str:
    """How near a due date is, such as “today”, “in 3 days” or “2 days ago”."""
    left = days_left(day, at, zone)
    if left in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[left]
    if left > 0:
        return _n("in {n} day", "in {n} days", left)
    return _n("{n} day ago", "{n} days ago", -left)


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if name in zones() else UTC_ZONE)
