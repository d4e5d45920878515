"""The rules of time: ends that never move earlier, breaks, a clock that never runs back within an attempt."""

from datetime import timedelta

import pytest

from pme.assessment.timing import (
    LONGEST_SPELL,
    Allowance,
    Pause,
    Sitting,
    break_left,
    first_end,
    later_end,
    spell,
    stand,
)
from tests.support.cast import START

USUAL, MORE = Allowance(), Allowance(time_percent=150, break_minutes=10)


def after(minutes: float):
    return START + timedelta(minutes=minutes)


def test_a_timed_attempt_has_its_whole_time_whenever_the_window_closes():
    assert first_end(START, 30, USUAL, after(5)) == after(30)
    assert first_end(START, 30, MORE, None) == after(45)


def test_an_untimed_attempt_ends_when_the_window_closes_or_never():
    assert first_end(START, None, MORE, after(5)) == after(5)
    assert first_end(START, None, MORE, None) is None


def test_the_usual_allowance_arranges_nothing():
    assert USUAL.is_usual
    assert not MORE.is_usual
    assert not Allowance(break_minutes=1).is_usual
    assert (USUAL.minutes(30), MORE.minutes(30), Allowance(time_percent=133).minutes(5)) == (30, 45, 6)


@pytest.mark.parametrize(
    ("minute", "left", "is_over"), [(0, 1800, False), (29.99, 1, False), (30, 0, True), (99, 0, True)]
)
def test_the_end_itself_is_too_late(minute: float, left: int, is_over: bool):
    standing = stand(Sitting(START, after(30)), after(minute))
    assert (standing.left, standing.is_over) == (left, is_over)


def test_without_an_end_nothing_is_ever_over():
    standing = stand(Sitting(START, None), after(10_000))
    assert (standing.left, standing.is_over, standing.ends_today, standing.break_left) == (
        None,
        False,
        False,
        0,
    )


def test_an_end_that_is_near_is_told_by_the_time_of_day():
    assert stand(Sitting(START, after(719)), START).ends_today
    assert not stand(Sitting(START, after(720)), START).ends_today


def test_a_clock_set_back_gives_no_time_back():
    sitting = Sitting(START, after(30), latest_at=after(29))
    assert stand(sitting, after(-600)).now == after(29)
    assert stand(sitting, after(-600)).left == 60
    assert stand(Sitting(START, after(30)), after(-600)).now == START


def test_during_a_break_the_end_moves_as_time_goes_by():
    sitting = Sitting(START, after(30), after(10), (Pause(after(10), after(20)),))
    standing = stand(sitting, after(14))
    assert (standing.break_until, standing.ends_at, standing.is_over) == (after(20), after(34), False)
    assert standing.break_left == 360


def test_a_break_ends_by_itself_when_the_allowance_is_used_up():
    sitting = Sitting(START, after(30), after(10), (Pause(after(10), after(20)),))
    assert stand(sitting, after(20)).break_until is None
    assert stand(sitting, after(39)).ends_at == after(40)
    assert stand(sitting, after(40)).is_over


def test_a_break_that_ended_is_in_the_end_already():
    sitting = Sitting(START, after(34), after(14), (Pause(after(10), after(20), after(14)),))
    assert stand(sitting, after(15)).ends_at == after(34)


def test_what_is_left_of_the_breaks_shrinks_with_each_and_never_below_nothing():
    pauses = (Pause(after(1), after(11), after(4)), Pause(after(6), after(13)))
    assert break_left(pauses, MORE, after(8)) == timedelta(minutes=5)
    assert break_left(pauses, MORE, after(99)) == timedelta(0)
    assert break_left(pauses, USUAL, after(99)) == timedelta(0)
    assert Pause(after(5), after(9)).taken(after(1)) == timedelta(0)


def test_more_time_moves_the_end_later_and_less_time_leaves_it():
    sitting = Sitting(START, after(30))
    assert later_end(sitting, 30, MORE) == after(45)
    assert later_end(Sitting(START, after(45)), 30, USUAL) == after(45)
    assert later_end(Sitting(START, None), 30, MORE) is None


def test_more_time_comes_on_top_of_the_breaks_taken():
    pauses = (Pause(after(1), after(11), after(5)), Pause(after(8), after(14)))
    assert later_end(Sitting(START, after(34), None, pauses), 30, MORE) == after(49)


def test_the_time_of_a_question_is_what_passed_since_the_act_before_and_never_an_absence():
    assert spell(START, after(2)) == 120
    assert spell(START, after(600)) == LONGEST_SPELL.total_seconds()
    assert spell(START, after(-3)) == 0
