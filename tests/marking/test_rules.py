"""The pure rules of marking: what stands, who may take what, what is drawn, what a rubric takes."""

from datetime import timedelta
from fractions import Fraction

import pytest

from pme.errors import Invalid
from pme.marking import rubric
from pme.marking.claims import CLAIM, Held, place_for
from pme.marking.plan import Plan, Second, check
from pme.marking.rubric import Judgement
from pme.marking.sampling import drawn, is_borderline
from pme.marking.standing import (
    FIRST,
    SECOND,
    Moderation,
    Rule,
    ScriptState,
    Standing,
    shows_others,
    standing,
)
from tests.support.cast import START
from tests.support.essays import essay

ONE, SAMPLE, ALL = Plan(), Plan(second=Second.SAMPLE), Plan(second=Second.ALL, tolerance=1)
CODES = [f"{number:04}" for number in range(40)]


def stands(
    plan: Plan, finished: dict[int, int], *, sampled: bool = False, moderation: Moderation = Moderation.NONE
) -> Standing:
    return standing(plan, finished, is_sampled=sampled, moderation=moderation)


@pytest.mark.parametrize(
    ("plan", "finished", "sampled", "state", "points", "rule"),
    [
        (ONE, {}, False, ScriptState.WAITING, None, None),
        (ONE, {1: 4}, True, ScriptState.READY, 4, Rule.ONE),
        (SAMPLE, {1: 4}, False, ScriptState.READY, 4, Rule.ONE),
        (SAMPLE, {1: 4}, True, ScriptState.SECOND, None, None),
        (ALL, {1: 4}, False, ScriptState.SECOND, None, None),
        (ALL, {2: 4}, False, ScriptState.WAITING, None, None),
        (ALL, {1: 4, 2: 5}, False, ScriptState.READY, Fraction(9, 2), Rule.MEAN),
        (ALL, {1: 4, 2: 6}, False, ScriptState.RECONCILE, None, None),
        (ALL, {1: 6, 2: 4}, False, ScriptState.RECONCILE, None, None),
        (ALL, {1: 6, 2: 4, 3: 5}, False, ScriptState.READY, 5, Rule.DECIDED),
        (ONE, {1: 6, 2: 4}, False, ScriptState.RECONCILE, None, None),
    ],
)
def test_what_stands(
    plan: Plan,
    finished: dict[int, int],
    sampled: bool,
    state: ScriptState,
    points: Fraction | int | None,
    rule: Rule | None,
):
    assert stands(plan, finished, sampled=sampled) == Standing(state, points, rule)  # type: ignore[arg-type]


def test_a_script_drawn_for_moderation_is_ready_once_it_is_confirmed():
    for wanted in (Moderation.WANTED, Moderation.SENT_BACK):
        assert stands(ONE, {1: 4}, moderation=wanted).state is ScriptState.MODERATION
    assert stands(ONE, {1: 4}, moderation=Moderation.CONFIRMED).state is ScriptState.READY
    assert stands(ALL, {1: 4}, moderation=Moderation.WANTED).state is ScriptState.SECOND


def test_blind_markers_see_nothing_before_both_are_finished():
    seeing = Plan(second=Second.ALL, is_blind=False)
    assert not shows_others(ALL, ScriptState.WAITING)
    assert not shows_others(ALL, ScriptState.SECOND)
    assert not shows_others(seeing, ScriptState.WAITING)
    assert shows_others(seeing, ScriptState.SECOND)
    assert shows_others(ALL, ScriptState.RECONCILE)


def held(place: int, by: int, *, finished: bool = False, minutes: int = 10) -> Held:
    return Held(place, by, finished, START + timedelta(minutes=minutes))


def place(plan: Plan, *taken: Held, by: int = 1, sampled: bool = False) -> int | None:
    return place_for(plan, taken, marker_id=by, is_sampled=sampled, at=START)


def test_a_claim_keeps_others_away_until_it_runs_out():
    assert place(ONE) == FIRST
    assert place(ONE, held(1, 1)) == FIRST
    assert place(ONE, held(1, 2)) is None
    assert place(ONE, held(1, 2, minutes=0)) == FIRST
    assert place(ONE, held(1, 2, finished=True, minutes=-99)) is None
    assert timedelta(minutes=10) <= CLAIM


def test_a_second_place_is_for_another_marker():
    assert place(ALL, held(1, 2)) == SECOND
    assert place(ALL, held(1, 1)) == FIRST
    assert place(ALL, held(1, 1, finished=True)) == FIRST
    assert place(ALL, held(1, 2), held(2, 3)) is None
    assert place(ALL, held(1, 2), held(2, 3, minutes=-1)) == SECOND
    assert place(ALL, held(1, 2), held(3, 1)) == SECOND
    assert place(SAMPLE, held(1, 2, finished=True)) is None
    assert place(SAMPLE, held(1, 2, finished=True), sampled=True) == SECOND


def test_markers_who_see_each_other_read_one_after_the_other():
    seeing = Plan(second=Second.ALL, is_blind=False)
    assert place(seeing, held(1, 2)) is None
    assert place(seeing, held(1, 2, finished=True)) == SECOND


@pytest.mark.parametrize(("percent", "many"), [(0, 0), (1, 1), (20, 8), (21, 9), (100, 40)])
def test_a_draw_takes_the_share_rounded_up(percent: int, many: int):
    assert len(drawn(CODES, seed="a", purpose="second", percent=percent)) == many


def test_a_draw_is_the_same_each_time_and_differs_by_seed_and_purpose():
    first = drawn(CODES, seed="a", purpose="second", percent=20)
    assert drawn(reversed(CODES), seed="a", purpose="second", percent=20) == first
    assert drawn(CODES, seed="b", purpose="second", percent=20) != first
    assert drawn(CODES, seed="a", purpose="moderation", percent=20) != first


def test_every_script_is_as_likely_to_be_drawn():
    times = dict.fromkeys(CODES, 0)
    for seed in range(1_000):
        for code in drawn(CODES, seed=str(seed), purpose="second", percent=20):
            times[code] += 1
    assert all(140 < count < 260 for count in times.values())  # 200 expected, more than four deviations


def test_the_border_includes_its_ends():
    assert [p for p in range(60, 90) if is_borderline(p, cut=75, border=5)] == list(range(70, 81))
    assert is_borderline(75.0, cut=75, border=0)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(sample_percent=0), "sample_percent"),
        (Plan(sample_percent=101), "sample_percent"),
        (Plan(moderation_percent=-1), "moderation_percent"),
        (Plan(border=51), "border"),
        (Plan(tolerance=-1), "tolerance"),
    ],
)
def test_a_plan_with_a_number_that_makes_no_sense_is_refused(plan: Plan, field: str):
    check(Plan())
    with pytest.raises(Invalid) as refused:
        check(plan)
    assert refused.value.field == field


def test_points_follow_from_the_levels():
    item = essay()
    assert item.most_points == 6
    whole = Judgement({"CANARY-care": 1, "CANARY-reasons": 2})
    assert rubric.points_of(whole, item) == 5
    assert rubric.unjudged(whole, item) == ()
    part = Judgement({"CANARY-care": 1})
    assert rubric.points_of(part, item) == 1
    assert [criterion.title for criterion in rubric.unjudged(part, item)] == ["Reasons"]


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement({"CANARY-care": 3}),
        Judgement({"CANARY-care": -1}),
        Judgement({"CANARY-none": 0}),
        Judgement(comments={"CANARY-none": "x"}),
        Judgement(comment="x" * 4_001),
        Judgement(comments={"CANARY-care": "x" * 4_001}),
    ],
)
def test_what_the_rubric_does_not_have_is_refused(judgement: Judgement):
    with pytest.raises(Invalid):
        rubric.check(judgement, essay())


def test_an_older_form_clears_nothing_and_a_newer_one_may():
    before = Judgement({"a": 1}, {"a": "kept"}, "kept too")
    sent = Judgement({"b": 2}, {"a": "", "b": "new"}, "")
    assert rubric.kept_over(sent, before, is_older=False) == sent
    assert rubric.kept_over(sent, before, is_older=True) == Judgement(
        {"a": 1, "b": 2}, {"a": "kept", "b": "new"}, "kept too"
    )


def test_a_judgement_comes_back_as_it_was_kept():
    judgement = Judgement({"a": 1}, {"a": "yes"}, "whole")
    assert rubric.from_json(rubric.as_json(judgement)) == judgement
