"""What a report is narrowed to, and how that is kept: in an address, with a saved view, with a job.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any


@dataclass(frozen=True)
class Filters:
    """What rows must fit; what is empty or None narrows nothing. Days are of UTC, `until` is the last one.

    `within` is how many days are left at most, of what ends.
    """

    since: date | None = None
    until: date | None = None
    courses: tuple[str, ...] = ()
    cohort: int | None = None
    unit: str = ""
    nation: str = ""
    service: str = ""
    status: str = ""
    within: int | None = None

    @property
    def begins_at(self) -> datetime | None:
        """The first moment of the period."""
        return datetime.combine(self.since, time(), UTC) if self.since else None

    @property
    def ends_before(self) -> datetime | None:
        """The first moment after the period."""
        if self.until is None or self.until == date.max:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)

    def kept(self) -> dict[str, Any]:
        """The form that is kept: plain values, only of what narrows something."""
        found: dict[str, Any] = {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "courses": list(self.courses),
            "cohort": self.cohort,
            "unit": self.unit,
            "nation": self.nation,
            "service": self.service,
            "status": self.status,
            "within": self.within,
        }
        return {key: value for key, value in found.items() if value}


def from_kept(kept: Mapping[str, Any]) -> Filters:
    """The filters that were kept; a day that cannot be read narrows nothing."""
    return Filters(
        since=day_in(kept.get("since")),
        until=day_in(kept.get("until")),
        courses=tuple(kept.get("courses", ())),
        cohort=kept.get("cohort"),
        unit=kept.get("unit", ""),
        nation=kept.get("nation", ""),
        service=kept.get("service", ""),
        status=kept.get("status", ""),
        within=kept.get("within"),
    )


def day_in(text: str | None) -> date | None:
    """The day that a text names as 2026-03-02; None where it names none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
