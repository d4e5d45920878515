"""The debrief of a scenario: path beside the expert's, state over time, marks, sources."""

import pytest

from pme.assessment.scenario import debrief, decisions_on_each_path, waiting_choice
from pme.content.shapes import DecisionNode
from pme.errors import Conflict
from tests.support.library import scenario

GATE = scenario()
EXPERT = [("d1", "CANARY-listen"), ("d2", "CANARY-help")]
WORST = [("d1", "CANARY-shout"), ("d2", "CANARY-nothing")]


def test_the_expert_path_passes_with_everything_earned():
    view = debrief(GATE, EXPERT)
    assert (view.ending.id, view.score.percent, view.score.passed) == ("sound", 100, True)
    assert [(review.number, review.credit, review.is_expert_choice) for review in view.reviews] == [
        (1, 1, True),
        (2, 1, True),
    ]
    assert [(mark.outcome, mark.percent, mark.decisions) for mark in view.outcomes] == [
        ("LO1", 100, 1),
        ("LO2", 100, 1),
    ]
    assert (view.broken, view.missed) == ((), ())


def test_what_must_not_happen_and_what_must_are_both_named():
    view = debrief(GATE, WORST)
    assert (view.ending.id, view.score.percent, view.score.passed) == ("harm", 0, False)
    assert [action.id for action in view.broken] == ["CA1"]
    assert [action.id for action in view.missed] == ["CA2"]
    assert [review.expert and review.expert.id for review in view.reviews] == ["CANARY-listen", "CANARY-help"]


def test_enough_points_do_not_make_up_for_a_missing_action():
    lenient = GATE.model_copy(update={"min_percent": 0})
    assert not debrief(lenient, [("d1", "CANARY-listen"), ("d2", "CANARY-nothing")]).score.passed


def test_the_state_is_told_before_the_first_decision_and_after_each():
    (trust,) = debrief(GATE, EXPERT).lines
    assert (trust.label, trust.minimum, trust.maximum, trust.numbers) == ("CANARY trust", 0, 3, (1, 2, 2))
    (trust,) = debrief(GATE, WORST).lines
    assert trust.numbers == (1, 0, 0)


def test_each_source_is_named_once_whatever_was_chosen():
    assert [ref.source.title for ref in debrief(GATE, WORST).sources] == ["CANARY source"]


def test_an_outcome_without_a_decision_has_no_mark():
    d1 = GATE.nodes["d1"].model_copy(update={"outcomes": ("LO2",)})
    moved = GATE.model_copy(update={"nodes": dict(GATE.nodes) | {"d1": d1}})
    assert [(mark.outcome, mark.decisions) for mark in debrief(moved, EXPERT).outcomes] == [("LO2", 2)]


def test_a_decision_without_an_expert_choice_has_nothing_beside_it():
    wordless = GATE.debrief.model_copy(update={"expert_path": ()})
    reviews = debrief(GATE.model_copy(update={"debrief": wordless}), EXPERT).reviews
    assert [(review.expert, review.is_expert_choice) for review in reviews] == [(None, False), (None, False)]


def test_a_path_that_has_not_ended_has_no_debrief():
    with pytest.raises(Conflict, match="not finished yet"):
        debrief(GATE, EXPERT[:1])


def test_every_path_meets_as_many_decisions_as_the_experts():
    assert decisions_on_each_path(GATE) == 2


def test_only_a_choice_that_is_offered_can_be_taken():
    node = GATE.nodes["d1"]
    assert isinstance(node, DecisionNode)
    assert waiting_choice(node, "CANARY-wait").text_html == "Do wait"
    with pytest.raises(Conflict, match="not offered here"):
        waiting_choice(node, "CANARY-help")
