"""Who seems stuck and who has gone quiet, by the rule that the board states."""

from datetime import datetime, timedelta

import pytest

from pme.progress.whereabouts import Acts, Failed, Rule, State, is_quiet, state_of, stuck_on
from tests.support.cast import START

NOW = START + timedelta(days=60)
RULE = Rule(quiet_days=14, stuck_days=7)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def acts(*, first: float | None = None, last: float | None = None, step: float | None = None) -> Acts:
    """What was done so many days ago, by somebody who was enrolled 30 days ago."""
    moments = [ago(days) if days is not None else None for days in (first, last, step)]
    return Acts(ago(30), *moments)


@pytest.mark.parametrize(
    ("did", "failed", "says"),
    [
        (acts(), [], ""),
        (acts(first=20, last=1, step=2), [], ""),
        (acts(first=20, last=1, step=9), [], "Active, but nothing completed for 9 days"),
        (acts(first=20, last=8, step=9), [], ""),  # not at work: quiet one day, but not stuck
        (acts(first=7.5, last=1), [], "Active, but nothing completed for 7 days"),
        (acts(first=3, last=1), [], ""),
        (acts(first=3, last=1), [Failed("A check", 1)], ""),
        (
            acts(first=3, last=1, step=1),
            [Failed("A check", 2), Failed("B", 3)],
            "“B” not passed 3 times",
        ),
    ],
)
def test_stuck_is_a_task_failed_twice_or_work_without_a_step(did: Acts, failed: list[Failed], says: str):
    assert stuck_on(did, failed, RULE, is_complete=False, at=NOW) == says
    assert stuck_on(did, failed, RULE, is_complete=True, at=NOW) == ""


@pytest.mark.parametrize(
    ("did", "quiet"),
    [
        (acts(first=20, last=14), True),
        (acts(first=20, last=13.9), False),
        (acts(), True),
        (Acts(ago(-3)), False),  # the cohort begins in three days
    ],
)
def test_quiet_is_no_act_for_so_long_since_one_could_have_begun(did: Acts, quiet: bool):
    assert is_quiet(did, RULE, is_complete=False, at=NOW) is quiet
    assert not is_quiet(did, RULE, is_complete=True, at=NOW)


def test_a_state_is_one_word():
    assert state_of(acts(), is_complete=False) is State.NOT_BEGUN
    assert state_of(acts(first=1, last=1), is_complete=False) is State.UNDER_WAY
    assert state_of(acts(), is_complete=True) is State.COMPLETE


def test_the_rule_says_its_own_days():
    stuck, quiet = Rule(quiet_days=1, stuck_days=5).says
    assert "in the last 5 days" in stuck
    assert "for 1 day or more" in quiet
