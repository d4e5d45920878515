"""When a scheduled report is made, and which days it speaks of."""

from datetime import UTC, date, datetime

import pytest

from pme.reports.rhythm import Rhythm, next_run, period_before


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("rhythm", "after", "then"),
    [
        (Rhythm.DAILY, at(2026, 3, 2, 4, 59), at(2026, 3, 2, 5)),
        (Rhythm.DAILY, at(2026, 3, 2, 5), at(2026, 3, 3, 5)),
        (Rhythm.WEEKLY, at(2026, 3, 2, 5), at(2026, 3, 9, 5)),  # a Monday
        (Rhythm.WEEKLY, at(2026, 3, 4, 23), at(2026, 3, 9, 5)),
        (Rhythm.MONTHLY, at(2026, 1, 31, 12), at(2026, 2, 1, 5)),
        (Rhythm.MONTHLY, at(2026, 12, 1, 5), at(2027, 1, 1, 5)),
    ],
)
def test_the_next_time_comes_after(rhythm: Rhythm, after: datetime, then: datetime):
    assert next_run(rhythm, after=after) == then


@pytest.mark.parametrize(
    ("rhythm", "first", "last"),
    [
        (Rhythm.DAILY, date(2026, 3, 1), date(2026, 3, 1)),
        (Rhythm.WEEKLY, date(2026, 2, 23), date(2026, 3, 1)),
        (Rhythm.MONTHLY, date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_the_period_before_is_whole(rhythm: Rhythm, first: date, last: date):
    assert period_before(rhythm, at=at(2026, 3, 2, 5)) == (first, last)
