"""The period of the page for commanders: whole months, the first and the last of which a reader chooses. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pme.reports.datasets.chart import next_month
from pme.words import times
from pme.words.speech import _, _p

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
        first, last = (times.day(each).replace(" ", "\u00a0") for each in (self.since, self.until))
        return _p("in a sentence", "{first} to {last}", first=first, last=last)


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
    return times.short_month(date.fromisoformat(f"{month}-01"))


def told(first: str, last: str) -> str:
    """One month or some as people read them: March 2026; or January to March 2026."""
    begins, ends = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    if first == last:
        return times.month(ends)
    first = times.month_name(begins) if begins.year == ends.year else times.month(begins)
    return _("{first} to {last}", first=first, last=times.month(ends))


def _named(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
