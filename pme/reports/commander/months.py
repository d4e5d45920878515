"""The period of the page for commanders: whole months, the first and the last of which a reader chooses. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pme.reports.datasets.chart import next_month

USUAL = 12
MOST = 36
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Months:
    """From the first day of a month to the last day of one, such as 2026-03; in UTC."""

    first: str
    last: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every month, the first first."""
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month = next_month(month)
        return tuple(found)

    @property
    def since(self) -> date:
        """The first day."""
        return date.fromisoformat(f"{self.first}-01")

    @property
    def until(self) -> date:
        """The last day."""
        return date.fromisoformat(f"{next_month(self.last)}-01") - timedelta(days=1)

    @property
    def told(self) -> str:
        """The period as people read it."""
        return (
            f"{self.since.day}\u00a0{self.since:%B\u00a0%Y} to {self.until.day}\u00a0{self.until:%B\u00a0%Y}"
        )


def latest(today: date, *, months: int = USUAL) -> Months:
    """The last months, this one included."""
    last = today.year * 12 + today.month - 1
    return Months(_named(last - months + 1), _named(last))


def month_in(text: str | None) -> str | None:
    """The month that a text names as 2026-03; None where it names none."""
    text = (text or "").strip()
    return text if _MONTH.fullmatch(text) else None


def short(month: str) -> str:
    """A month under a column: Mar."""
    return f"{date.fromisoformat(f'{month}-01'):%b}"


def told(first: str, last: str) -> str:
    """One month or some as people read them: March 2026; or January to March 2026."""
    begins, ends = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    if first == last:
        return f"{ends:%B %Y}"
    year = "" if begins.year == ends.year else f" {begins.year}"
    return f"{begins:%B}{year} to {ends:%B %Y}"


def _named(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
