"""When somebody is reminded, and at which hour."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pme.reminders.rules import (
    Arrangement,
    Reminder,
    reminder_of_due,
    reminder_of_marking,
    reminder_of_validity,
    sent_from,
    week_of,
)

TODAY = date(2027, 3, 10)


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (8, None),
        (7, Reminder.DUE_SOON),
        (0, Reminder.DUE_SOON),
        (-1, Reminder.OVERDUE),
        (-30, Reminder.OVERDUE),
        (-31, None),
    ],
)
def test_a_due_date_is_told_before_and_after_but_never_as_history(left: int, told: Reminder | None):
    assert reminder_of_due(TODAY + timedelta(days=left), today=TODAY, days=7) is told


@pytest.mark.parametrize(
    ("left", "stage"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-30, 7), (-31, None)],
)
def test_the_end_of_a_completion_is_told_three_times_in_time(left: int, stage: int | None):
    assert reminder_of_validity(TODAY + timedelta(days=left), today=TODAY, days=90) == stage


def test_who_is_told_late_at_an_academy_is_told_no_earlier():
    assert reminder_of_validity(TODAY + timedelta(days=20), today=TODAY, days=14) is None
    assert reminder_of_validity(TODAY + timedelta(days=14), today=TODAY, days=14) == 14
    assert reminder_of_validity(TODAY + timedelta(days=7), today=TODAY, days=7) == 7


def test_marking_may_wait_some_days_and_is_told_once_a_week():
    assert reminder_of_marking(TODAY - timedelta(days=2), today=TODAY, days=3) is None
    assert reminder_of_marking(TODAY - timedelta(days=3), today=TODAY, days=3) is Reminder.MARKING
    assert week_of(date(2027, 1, 3)) == "2026-W53"
    assert week_of(date(2027, 1, 4)) == "2027-W01"


@pytest.mark.parametrize(
    ("at", "zone", "hours", "sent"),
    [
        ("2027-03-10T12:00", "UTC", (20, 7), "2027-03-10T12:00"),
        ("2027-03-10T20:00", "UTC", (20, 7), "2027-03-11T07:00"),
        ("2027-03-10T03:00", "UTC", (20, 7), "2027-03-10T07:00"),
        ("2027-03-10T19:30", "Europe/Helsinki", (20, 7), "2027-03-11T05:00"),
        ("2027-03-10T12:30", "UTC", (12, 14), "2027-03-10T14:00"),
        ("2027-03-10T03:00", "UTC", (7, 7), "2027-03-10T03:00"),
        # the night in which clocks go forward: seven by the wall is six hours after midnight
        ("2027-03-27T23:30", "Europe/Helsinki", (20, 7), "2027-03-28T04:00"),
    ],
)
def test_letters_wait_for_the_end_of_the_quiet_hours(at: str, zone: str, hours: tuple[int, int], sent: str):
    arranged = Arrangement(zone=zone, quiet_from=hours[0], quiet_to=hours[1])
    asked = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert sent_from(asked, arranged) == datetime.fromisoformat(sent).replace(tzinfo=UTC)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.sampled_from(["UTC", "Europe/Helsinki", "America/St_Johns", "Pacific/Apia"]),
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_what_is_sent_then_disturbs_nobody_and_does_not_wait_for_long(
    minutes: int, zone: str, first: int, last: int
):
    arranged = Arrangement(zone=zone, quiet_from=first, quiet_to=last)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    then = sent_from(at, arranged)
    assert at <= then <= at + timedelta(hours=25)
    assert sent_from(then, arranged) == then
