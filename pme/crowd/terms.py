"""When the classes of an invented academy begin and end, and what its courses build on. Pure.

Intakes follow each other over two years; the last one began three weeks ago, and one more begins in three weeks.
So there are always classes that are over, that ended without everybody, that end this week, and that run on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pme.content.shapes import Course

EVERY = timedelta(days=61)
"""A new intake of every course begins so often: never twice in a month."""
LATEST, NEXT = timedelta(days=23), timedelta(days=20)
FEWEST, MOST, IN_EACH = 3, 12, 12
"""Intakes of an academy: as many as leave so many people in each."""
LEAST_WEEKS = 4
ENROLLED = (timedelta(days=14), timedelta(days=6))
"""Before a class begins, those who take it are enrolled in two goes."""
FOR_TEACHERS = "for-those-who-teach"


@dataclass(frozen=True)
class Term:
    """The days of one intake of a course."""

    begins: datetime
    due_on: date
    enrolled_at: tuple[datetime, ...]

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return self.begins.date()

    @property
    def ends(self) -> datetime:
        """When its last day is over."""
        return datetime.combine(self.due_on + timedelta(days=1), self.begins.timetz()).replace(hour=0)

    @property
    def name(self) -> str:
        """What its classes are called after."""
        return f"{self.begins:%B %Y}"


def intakes_of(people: int) -> int:
    """How many intakes of an academy lie behind it."""
    return min(MOST, max(FEWEST, people // IN_EACH))


def begins_of(intake: int, intakes: int, now: datetime) -> datetime:
    """When an intake begins; the one after the last is still to come."""
    day = now + NEXT if intake >= intakes else now - LATEST - EVERY * (intakes - 1 - intake)
    return day.replace(hour=6, minute=0, second=0, microsecond=0)


def term(begins: datetime, hours: float, now: datetime) -> Term:
    """The term of a course of so many hours: a week for each, four at least."""
    weeks = max(LEAST_WEEKS, round(hours))
    enrolled = tuple(min(begins - early, now - early / 3) for early in ENROLLED)
    return Term(begins, (begins + timedelta(weeks=weeks)).date(), enrolled)


def in_order(courses: Sequence[Course]) -> list[Course]:
    """The courses in the order in which somebody takes them: the shortest for everybody is the first."""
    return sorted(courses, key=lambda each: (each.slug == FOR_TEACHERS, each.hours, each.slug))
