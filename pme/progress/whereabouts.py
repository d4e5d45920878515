"""Where a student is in a course, and whether they seem stuck or have gone quiet. Pure.

Only work on the course counts as an act: pages marked as read, tasks begun, answers and decisions. What a
student does for their own protection (a pause, an alternative way, a content note) is never looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pme.words.speech import _, _n

FAILURES = 2
QUIET_DAYS, STUCK_DAYS = 14, 7
LEAST_DAYS, MOST_DAYS = 1, 90


class State(StrEnum):
    """How far a student is, in one word."""

    COMPLETE = "complete"
    UNDER_WAY = "under-way"
    NOT_BEGUN = "not-begun"


@dataclass(frozen=True)
class Rule:
    """After how many days without an act somebody is quiet; after how many without a step done, though
    active, somebody is stuck.
    """

    quiet_days: int = QUIET_DAYS
    stuck_days: int = STUCK_DAYS

    @property
    def says(self) -> tuple[str, ...]:
        """The rule in words, for the page that judges by it."""
        stuck = _(
            "Stuck: did not pass the same task {failures} times or more, or was active in the "
            "last {days} without completing a page or task in that time.",
            failures=FAILURES,
            days=_days(self.stuck_days),
        )
        quiet = _(
            "Quiet: has not completed the course, and did nothing in it for {days} or more.",
            days=_days(self.quiet_days),
        )
        return stuck, quiet


@dataclass(frozen=True)
class Acts:
    """What a student did, by time. `last_step_at` is when a page was read or a task passed or handed in."""

    begins_at: datetime
    first_at: datetime | None = None
    last_at: datetime | None = None
    last_step_at: datetime | None = None


@dataclass(frozen=True)
class Failed:
    """A task that was finished so many times and not passed."""

    title: str
    times: int


def state_of(acts: Acts, *, is_complete: bool) -> State:
    """How far a student is."""
    if is_complete:
        return State.COMPLETE
    return State.NOT_BEGUN if acts.last_at is None else State.UNDER_WAY


def stuck_on(acts: Acts, failed: Sequence[Failed], rule: Rule, *, is_complete: bool, at: datetime) -> str:
    """Why a student seems stuck, in words; "" where they do not."""
    if is_complete:
        return ""
    often = [each for each in failed if each.times >= FAILURES]
    if often:
        worst = max(often, key=lambda each: each.times)
        return _n(
            "“{title}” not passed {n} time", "“{title}” not passed {n} times", worst.times, title=worst.title
        )
    limit = at - timedelta(days=rule.stuck_days)
    begun = acts.last_step_at or acts.first_at
    if acts.last_at is None or begun is None or acts.last_at < limit or begun >= limit:
        return ""
    return _("Active, but nothing completed for {days}", days=_days((at - begun).days))


def is_quiet(acts: Acts, rule: Rule, *, is_complete: bool, at: datetime) -> bool:
    """Whether a student has done nothing for so long. Whose course has not begun is not quiet."""
    since = acts.last_at or acts.begins_at
    return not is_complete and at - since >= timedelta(days=rule.quiet_days)


def _days(number: int) -> str:
    return _n("{n} day", "{n} days", number)
