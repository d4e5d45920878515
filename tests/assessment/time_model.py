"""What must be true of a timed attempt whatever happens to it, reckoned without the code under test."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table

from pme.assessment.models import Attempt


@dataclass
class Form:
    """A form as a tab holds it: it can be sent at any time, and again."""

    attempt: int
    item: str
    answer: list[str]


@dataclass
class Model:
    """What must be true of one attempt, reckoned without the code under test."""

    began: datetime
    end: datetime
    latest: datetime
    said: dict[str, list[str]] = field(default_factory=dict)
    breaks: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Breaks that ended: from, to."""
    on_break: tuple[datetime, datetime] | None = None
    """Since when, and until when at most."""
    told: datetime | None = None
    """The end as it was kept at the last look."""
    done: dict[str, Any] | None = None
    """Its record, once finished."""

    def now(self, at: datetime) -> datetime:
        """The clock, never before anything that was accepted."""
        return max(at, self.latest)

    def wake(self, at: datetime) -> None:
        """End a break that has used itself up."""
        if self.on_break and self.now(at) >= self.on_break[1]:
            self.rise(self.on_break[1])

    def rise(self, moment: datetime) -> None:
        """End the break at a moment."""
        assert self.on_break is not None
        self.breaks.append((self.on_break[0], moment))
        self.end += moment - self.on_break[0]
        self.latest, self.on_break = max(self.latest, moment), None

    def rest(self) -> timedelta:
        """How long it has paused."""
        return sum((to - since for since, to in self.breaks), timedelta(0))

    def seen(self, at: datetime) -> tuple[bool, datetime]:
        """Whether time is up, and the end as it is told, a running break in it. Looking changes nothing."""
        now, end = self.now(at), self.end
        if self.on_break:
            since, until = self.on_break
            end += min(now, until) - since
        return now >= end, end

    def is_over(self, at: datetime) -> bool:
        """Whether time is up."""
        return self.seen(at)[0]


def record_of(row: Attempt) -> dict[str, Any]:
    """Every column of an attempt."""
    table: Table = Attempt.__table__  # type: ignore[assignment]
    return {column.name: getattr(row, column.name) for column in table.columns}


def sorted_as(item: str, answer: list[str]) -> list[str]:
    """An answer as it is kept: where order means nothing, in one order."""
    return answer if item == "CANARY-order" else sorted(answer)
