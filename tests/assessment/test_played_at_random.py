"""Scenarios played at random, by the engine that attempts are played with, never leave what was proved."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.deciding import close_path, decide, take_back
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.queries import decisions_of, path_of
from pme.assessment.scenario import debrief, decisions_on_each_path
from pme.assessment.service import begin
from pme.content.catalogue import current
from pme.content.play import Playthrough, follow
from pme.content.prove import EndState, Proof, prove
from pme.content.publish import publish
from pme.content.scoring import ScenarioScore, scenario_result
from pme.content.shapes import Scenario
from pme.enrolment.models import Enrolment
from tests.support.scenarios import proved_scenarios
from tests.support.shipped_content import checked

SHIPPED = ("abbey-tower", "checkpoint-disclosure", "reception-centre")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def shipped() -> Mapping[str, tuple[Scenario, Proof]]:
    return {scenario.slug: (scenario, proof) for scenario, proof in checked().proofs}


def assert_proved(scenario: Scenario, proof: Proof, played: Playthrough) -> None:
    """Where a path stands is a place that the proof knows."""
    reach = proof.reach
    for scene in played.scenes:
        assert f"nodes.{scene.node}" in reach.places
    if played.waiting is not None:
        moves = reach.moves[played.waiting.id, played.standing]
        assert [choice for choice, _ in moves] == list(played.waiting.choices)
        assert len(played.steps) < proof.longest
        return
    assert played.ending is not None
    score = scenario_result(scenario, played.steps)
    assert EndState(played.ending.id, played.standing, len(played.steps), score) in proof.end_states
    assert proof.lowest <= score.percent <= proof.highest
    assert not (score.passed and played.ending.harm)
    for step in played.steps:
        beyond = proof.choices[step.node.id, step.choice.id]
        assert beyond.endings[played.ending.id] > 0
        assert beyond.passing > 0 or not score.passed


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_an_invented_scenario_is_played_within_what_was_proved(data: st.DataObject):
    scenario, proof = data.draw(proved_scenarios())
    path: list[tuple[str, str]] = []
    undos = data.draw(st.integers(0, 3), label="choices taken back")
    while (played := follow(scenario, path)).waiting is not None:
        assert_proved(scenario, proof, played)
        if path and undos and data.draw(st.booleans(), label="take back now"):
            path.pop()
            undos -= 1
        else:
            choice = data.draw(st.sampled_from(played.waiting.choices), label="choice")
            path.append((played.waiting.id, choice.id))
    assert_proved(scenario, proof, played)
    review = debrief(scenario, path)
    assert review.score.percent == pytest.approx(100 * sum(r.credit for r in review.reviews) / len(path))
    assert len(review.reviews) == decisions_on_each_path(scenario)


def random_path(scenario: Scenario, proof: Proof, random: Random) -> Iterator[Playthrough]:
    path: list[tuple[str, str]] = []
    while (played := follow(scenario, path)).waiting is not None:
        yield played
        path.append((played.waiting.id, random.choice(played.waiting.choices).id))
    yield played


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_scenario_is_proved_in_less_than_two_seconds(slug: str):
    scenario, known = shipped()[slug]
    began = process_time()
    assert prove(scenario) == known
    assert process_time() - began < 2


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_scenario_is_played_within_what_was_proved(slug: str):
    scenario, proof = shipped()[slug]
    random = Random(slug)
    for _ in range(300):
        for played in random_path(scenario, proof, random):
            assert_proved(scenario, proof, played)


@pytest.mark.parametrize("slug", SHIPPED)
def test_attempts_at_a_shipped_scenario_stay_within_what_was_proved(session: Session, slug: str):
    scenario, proof = shipped()[slug]
    publish(session, checked().require(), by_id=None, at=AT, note="")
    task = current(session).scenarios_by_slug[slug]
    enrolment = session.scalars(select(Enrolment)).first()
    assert enrolment is not None
    random = Random(slug)
    for _ in range(12):
        attempt = begin(session, enrolment, task, module=scenario.module or "", at=AT, random=random)
        play_out(session, attempt, scenario, proof, random)
        attempt.status, attempt.finished_at = AttemptStatus.FINISHED, AT
        session.flush()


def play_out(session: Session, attempt: Attempt, scenario: Scenario, proof: Proof, random: Random) -> None:
    """Decide at random, taking a choice back now and then where that is allowed, up to the debrief."""
    while attempt.status is AttemptStatus.OPEN:
        played = follow(scenario, path_of(session, attempt.id))
        assert_proved(scenario, proof, played)
        if scenario.mode == "formative" and played.steps and random.random() < 0.2:
            take_back(session, attempt, scenario, at=AT)
        elif played.waiting is None:
            close_path(session, attempt, scenario)
        else:
            step = len(decisions_of(session, attempt.id)) + 1
            position = random.randint(1, len(played.waiting.choices))
            decide(session, attempt, scenario, sequence=step, position=position, at=AT)
    played = follow(scenario, path_of(session, attempt.id))
    assert_proved(scenario, proof, played)
    assert attempt.result is not None
    assert attempt.percent is not None
    score = ScenarioScore(
        attempt.percent,
        tuple(attempt.result["broken"]),
        tuple(attempt.result["missed"]),
        bool(attempt.is_passed),
    )
    end = EndState(attempt.result["ending"], played.standing, len(played.steps), score)
    assert end in proof.end_states
