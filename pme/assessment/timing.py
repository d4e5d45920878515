"""When a quiz attempt ends, what a break adds to it, and how long a question took.

Pure: every moment is handed in. Two rules hold everywhere. An end never moves earlier. And time never runs
backwards within an attempt: its now is the clock, or the latest moment at which anything was accepted from
the student, whichever is later, so that a clock set back opens nothing again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

USUAL_PERCENT = 100
LONGEST_SPELL = timedelta(minutes=10)
"""The most that one spell between two acts counts as time spent on a question: longer is absence."""
NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Allowance:
    """What a person needs in timed tasks: time in percent of the usual, minutes of breaks an attempt."""

    time_percent: int = USUAL_PERCENT
    break_minutes: int = 0

    @property
    def is_usual(self) -> bool:
        """Whether nothing is arranged."""
        return self.time_percent == USUAL_PERCENT and not self.break_minutes

    def time(self, limit_minutes: int) -> timedelta:
        """The time this person has where others have so many minutes."""
        return timedelta(minutes=limit_minutes) * self.time_percent / USUAL_PERCENT

    def minutes(self, limit_minutes: int) -> int:
        """The same in whole minutes, rounded down so that nothing is promised that is not given."""
        return int(self.time(limit_minutes) / timedelta(minutes=1))


@dataclass(frozen=True)
class Pause:
    """A break: it ends when the student goes on, or by itself at `until`."""

    began_at: datetime
    until: datetime
    ended_at: datetime | None = None

    def taken(self, now: datetime) -> timedelta:
        """How long it lasted, or has lasted by now; this much the end of the attempt moves."""
        return max(NO_TIME, min(self.ended_at or now, self.until) - self.began_at)

    def is_running(self, now: datetime) -> bool:
        """Whether the student is on it."""
        return self.ended_at is None and now < self.until


@dataclass(frozen=True)
class Sitting:
    """The facts of an attempt under time. `ends_at` (None: no end) holds every break that has ended."""

    started_at: datetime
    ends_at: datetime | None
    latest_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How an attempt stands at a moment. `ends_at` holds what a running break has added by now;
    `break_until` is when the running break ends by itself, None when there is none.
    """

    now: datetime
    ends_at: datetime | None
    break_until: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether the time is up. The end itself is too late."""
        return self.ends_at is not None and self.now >= self.ends_at

    @property
    def left(self) -> int | None:
        """Whole seconds left, rounded up; None where there is no end."""
        if self.ends_at is None:
            return None
        return max(0, ceil((self.ends_at - self.now).total_seconds()))

    @property
    def break_left(self) -> int:
        """Whole seconds until the running break ends by itself, rounded up; 0 when there is none."""
        return 0 if self.break_until is None else ceil((self.break_until - self.now).total_seconds())

    @property
    def ends_today(self) -> bool:
        """Whether the end is near enough to be told by the time of day alone."""
        return self.ends_at is not None and self.ends_at - self.now < timedelta(hours=12)


def stand(sitting: Sitting, at: datetime) -> Standing:
    """How an attempt stands when the clock says `at`."""
    now = max(at, sitting.latest_at or sitting.started_at)
    running = next((pause for pause in sitting.pauses if pause.ended_at is None), None)
    if running is None or sitting.ends_at is None:
        return Standing(now, sitting.ends_at)
    until = running.until if running.is_running(now) else None
    return Standing(now, sitting.ends_at + running.taken(now), until)


def first_end(
    at: datetime, limit_minutes: int | None, allowance: Allowance, closes_at: datetime | None
) -> datetime | None:
    """The end of an attempt begun at `at`: its whole time where it has a limit, else when the window closes."""
    return closes_at if limit_minutes is None else at + allowance.time(limit_minutes)


def later_end(sitting: Sitting, limit_minutes: int, allowance: Allowance) -> datetime | None:
    """The end under an allowance that changed on the way: later, or as it was."""
    if sitting.ends_at is None:
        return None
    breaks = sum((pause.taken(pause.ended_at) for pause in sitting.pauses if pause.ended_at), NO_TIME)
    return max(sitting.ends_at, sitting.started_at + allowance.time(limit_minutes) + breaks)


def break_left(pauses: Sequence[Pause], allowance: Allowance, now: datetime) -> timedelta:
    """What is left of the breaks that an attempt may have."""
    used = sum((pause.taken(now) for pause in pauses), NO_TIME)
    return max(NO_TIME, timedelta(minutes=allowance.break_minutes) - used)


def spell(latest_at: datetime, now: datetime) -> float:
    """The seconds that an act adds to the time spent on its question: since the act before it, of any kind,
    but at most `LONGEST_SPELL`. The end of a break is an act, so that breaks count for no question.
    """
    return max(NO_TIME, min(now - latest_at, LONGEST_SPELL)).total_seconds()
