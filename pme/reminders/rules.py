"""When somebody is reminded of what, and at which hour. Pure: days, moments and zones come as arguments."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AGAIN = (30, 7)
"""Days before its end at which the holder of a completion is told once more."""
LATEST = 30
"""Days after a date from which nobody is told of it any more: who begins to send reminders sends no history."""


class Reminder(StrEnum):
    """What a reminder is about. Each has a template of letters by this name."""

    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    RECERTIFICATION = "recertification"
    MARKING = "marking"


@dataclass(frozen=True)
class Arrangement:
    """How an academy wants reminders: hours from `quiet_from` to before `quiet_to` are quiet, equal ones are none."""

    zone: str = "UTC"
    quiet_from: int = 20
    quiet_to: int = 7
    due_days: int = 7
    recertification_days: int = 90
    marking_days: int = 3
    off: frozenset[Reminder] = field(default_factory=frozenset)

    @property
    def time_zone(self) -> ZoneInfo:
        """The academy's time zone."""
        return ZoneInfo(self.zone)

    def today(self, at: datetime) -> date:
        """Which day it is at the academy."""
        return at.astimezone(self.time_zone).date()


def reminder_of_due(due_on: date, *, today: date, days: int) -> Reminder | None:
    """What a student is told of a course that is to be done by a day: on the day itself it is not too late."""
    left = (due_on - today).days
    if 0 <= left <= days:
        return Reminder.DUE_SOON
    return Reminder.OVERDUE if -LATEST <= left < 0 else None


def reminder_of_validity(valid_until: date, *, today: date, days: int) -> int | None:
    """How many days before the last valid day the reminder is that a holder is due now: `days`, then `AGAIN`.

    None where none is due.
    """
    left = (valid_until - today).days
    if not -LATEST <= left <= days:
        return None
    return min((stage for stage in (days, *AGAIN) if left <= stage), default=None)


def reminder_of_marking(oldest: date, *, today: date, days: int) -> Reminder | None:
    """What an instructor is told of work that waits for marks since a day."""
    return Reminder.MARKING if (today - oldest).days >= days else None


def week_of(day: date) -> str:
    """The week of a day, by which something is told once a week."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def sent_from(at: datetime, arranged: Arrangement) -> datetime:
    """The first moment from `at` on at which nobody is disturbed."""
    here = at.astimezone(arranged.time_zone)
    first, last = arranged.quiet_from, arranged.quiet_to
    if first == last:
        return at
    is_quiet = first <= here.hour < last if first < last else here.hour >= first or here.hour < last
    if not is_quiet:
        return at
    day = here.date() + timedelta(days=1 if here.hour >= last else 0)
    # By the wall: an hour that the clocks leave out or give twice is the academy's, not a count of hours.
    return datetime(day.year, day.month, day.day, last, tzinfo=arranged.time_zone)
