"""What dates mean, what a cohort takes of a course, and calendars by the letter of RFC 5545."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pme.enrolment.dates import days_left, due_of, end_of, in_words, is_over, zones
from pme.enrolment.ical import Event, calendar, escaped
from pme.enrolment.plan import Arranged, arranged_for
from tests.support.calendars import read_calendar
from tests.support.library import course

DAY = date(2026, 3, 29)
"""The day on which clocks in Europe are put forward."""
NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_a_due_date_ends_when_the_day_ends_where_the_academy_is():
    assert end_of(DAY, "UTC") == datetime(2026, 3, 30, tzinfo=UTC)
    assert end_of(DAY, "Europe/Helsinki") == datetime(2026, 3, 29, 21, 0, tzinfo=UTC)
    assert end_of(DAY, "America/Toronto") == datetime(2026, 3, 30, 4, 0, tzinfo=UTC)
    assert end_of(DAY, "Nowhere/At-All") == end_of(DAY, "UTC"), "a zone that is gone is UTC"
    last = end_of(DAY, "Europe/Helsinki")
    assert not is_over(DAY, last - timedelta(seconds=1), "Europe/Helsinki")
    assert is_over(DAY, last, "Europe/Helsinki")
    assert zones()[0] == "UTC"
    assert "Europe/Helsinki" in zones()


@pytest.mark.parametrize(
    ("zone", "at", "days", "says"),
    [
        ("UTC", NOON, 0, "today"),
        ("Pacific/Auckland", NOON, -1, "yesterday"),
        ("UTC", NOON - timedelta(days=1), 1, "tomorrow"),
        ("UTC", NOON - timedelta(days=9), 9, "in 9 days"),
        ("UTC", NOON + timedelta(days=2), -2, "2 days ago"),
    ],
)
def test_how_near_a_date_is_goes_by_the_day_that_it_is_there(zone: str, at: datetime, days: int, says: str):
    assert days_left(DAY, at, zone) == days
    assert in_words(DAY, at, zone) == says


def test_the_later_of_two_due_dates_counts():
    assert due_of(None, None) is None
    assert due_of(DAY, None) == due_of(None, DAY) == DAY
    assert due_of(DAY, DAY + timedelta(days=1)) == DAY + timedelta(days=1)
    assert due_of(DAY, DAY - timedelta(days=1)) == DAY, "a later date of the cohort helps everybody"


def test_a_cohort_asks_for_optional_modules_or_leaves_them_out_and_never_drops_a_required_one():
    every = course("core", "Core", ("a", "b", "c", "d"))
    assert arranged_for(every, {"a": Arranged.LEFT_OUT}) is every, "every module is required"
    some = every.model_copy(update={"required": ("a", "b")})
    taken = arranged_for(some, {"a": Arranged.LEFT_OUT, "c": Arranged.REQUIRED, "d": Arranged.LEFT_OUT})
    assert taken.modules == ("a", "b", "c")
    assert taken.required == ("a", "b", "c")
    assert taken.optional == frozenset()
    without = arranged_for(some, {"c": Arranged.LEFT_OUT})
    assert (without.modules, without.optional) == (("a", "b", "d"), frozenset({"d"}))
    newer = some.model_copy(update={"required": ("a", "b", "d")})
    assert "d" in arranged_for(newer, {"d": Arranged.LEFT_OUT}).modules, "a new edition may require it"


TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=160)


@settings(max_examples=60, deadline=None)
@example(summary="ä" * 100, description="\U0001f4c5" * 50, day=DAY)
@given(summary=TEXT, description=TEXT, day=st.dates(date(2000, 1, 1), date(2100, 12, 30)))
def test_whatever_a_text_holds_the_calendar_is_by_the_letter_and_reads_back(
    summary: str, description: str, day: date
):
    events = [
        Event("one@pme.example", NOON, day, summary, description),
        Event("two@pme.example", NOON, NOON + timedelta(hours=1), summary, address="https://pme.example/a;b"),
    ]
    found = read_calendar(calendar(f"Dates, {summary}", events).encode())
    assert [one["UID"] for one in found] == ["one@pme.example", "two@pme.example"]
    assert found[0]["DTSTART"] == day
    assert found[0]["DTEND"] == day + timedelta(days=1)
    assert found[1]["DTSTART"] == NOON + timedelta(hours=1)
    assert found[1]["URL"] == "https://pme.example/a;b"
    kept = "".join(s for s in summary.replace("\r\n", "\n").replace("\r", "\n") if s == "\n" or s >= " ")
    assert found[0]["SUMMARY"] == kept.replace("\x7f", "")


def test_a_calendar_without_events_holds_something_all_the_same():
    assert read_calendar(calendar("Nothing", []).encode()) == []
    assert escaped("a;b,c\\d\r\ne\x07") == r"a\;b\,c\\d\ne"
