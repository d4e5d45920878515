"""The debrief of a scenario: path beside the expert's, state over time, marks, sources."""

import pytest

from pme.assessment.scenario import PARTS, debrief, decisions_on_each_path, waiting_choice
from pme.content.shapes import DecisionNode, Key
from pme.errors import Conflict
from tests.support.library import CITED, scenario

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
    assert [(line.action.id, line.is_heeded, line.decisions) for line in view.critical] == [
        ("CA1", True, ()),
        ("CA2", True, (2,)),
    ]
    assert not view.is_critical


def test_what_must_not_happen_and_what_must_are_both_named():
    view = debrief(GATE, WORST)
    assert (view.ending.id, view.score.percent, view.score.passed) == ("harm", 0, False)
    assert [(line.action.id, line.is_heeded, line.decisions) for line in view.critical] == [
        ("CA1", False, (1,)),
        ("CA2", False, ()),
    ]
    assert view.is_critical
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


def test_the_sources_of_critical_actions_are_named_too():
    actions = tuple(action.model_copy(update={"refs": CITED}) for action in GATE.critical_actions)
    sourced = GATE.model_copy(update={"critical_actions": actions})
    assert [ref.source.title for ref in debrief(sourced, WORST).sources] == ["CANARY source", "A guide"]


def test_a_debrief_shows_what_its_author_names_and_all_of_it_unless_something_is_named():
    assert debrief(GATE, EXPERT).shows == set(PARTS)
    narrow = GATE.debrief.model_copy(update={"show": ("path_taken", "sources")})
    assert debrief(GATE.model_copy(update={"debrief": narrow}), EXPERT).shows == {"path_taken", "sources"}


def test_a_panels_ratings_are_told_of_what_was_chosen_and_of_the_expert_path():
    def rated(node: DecisionNode, panels: dict[str, tuple[int, ...]]) -> DecisionNode:
        choices = tuple(
            choice.model_copy(update={"key": Key(by="panel", panel=panels[choice.id])})
            if choice.id in panels
            else choice
            for choice in node.choices
        )
        return node.model_copy(update={"choices": choices})

    d1 = GATE.nodes["d1"]
    assert isinstance(d1, DecisionNode)
    panels: dict[str, tuple[int, ...]] = {"CANARY-listen": (4, 4, 3), "CANARY-shout": (1, 1, 2)}
    judged = GATE.model_copy(update={"nodes": dict(GATE.nodes) | {"d1": rated(d1, panels)}})
    first, second = debrief(judged, WORST).reviews
    assert first.panel == (
        "your choice 1.3 on average (from 1 to 2); the expert path 3.7 on average (from 3 to 4)"
    )
    assert second.panel == ""
    assert debrief(judged, EXPERT).reviews[0].panel == "the expert path 3.7 on average (from 3 to 4)"


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
