"""Scenarios as they are read and proved: refused where nothing fails, nothing ends or too much is possible."""

from pathlib import Path

import pytest

from pme.content.check import check
from pme.content.files import Tree
from pme.content.render import Renderer
from pme.content.shapes import BriefNode, DecisionNode, Scenario
from tests.content.small_library import SCENARIO, TODAY, Shelf


def without_critical_actions(shelf: Shelf) -> None:
    start, end = shelf.text(SCENARIO).index("critical_actions:"), shelf.text(SCENARIO).index("start: brief")
    shelf.write(SCENARIO, shelf.text(SCENARIO)[:start] + shelf.text(SCENARIO)[end:])
    shelf.change(SCENARIO, "        critical: CA1\n", "")
    shelf.change(SCENARIO, "        satisfies: CA2\n", "")


def test_a_scenario_in_which_no_path_fails_is_refused(shelf: Shelf):
    without_critical_actions(shelf)
    shelf.change(SCENARIO, "min_percent: 90", "min_percent: 1")
    shelf.change(SCENARIO, "rating: 1}", "rating: 2}")
    shelf.change(SCENARIO, "trust: -2}", "trust: -1}")
    says = {
        problem.says
        for problem in shelf.check().errors
        if problem.line == shelf.line_of(SCENARIO, "scoring:")
    }
    assert "No path fails: all 27 pass." in says


def test_a_scenario_that_cannot_be_left_is_refused(shelf: Shelf):
    shelf.change(SCENARIO, "goto: resolve", "goto: d3")
    shelf.change(SCENARIO, "goto: resolve", "goto: d3")
    shelf.change(SCENARIO, "goto: resolve", "goto: d3")
    assert "Loop: from “d3” a path never reaches an ending." in [p.says for p in shelf.check().errors]


def test_texts_that_lead_round_in_a_circle_are_a_dead_end(shelf: Shelf):
    shelf.change(SCENARIO, "text: A woman comes to the gate., goto: d1}", "text: A woman comes., goto: more}")
    shelf.change(SCENARIO, "  d1:\n", "  more: {kind: brief, text: More., goto: brief}\n  d1:\n")
    assert "Dead end: at “more” a path cannot go on." in [p.says for p in shelf.check().errors]


def test_a_scenario_without_a_decision_is_refused(shelf: Shelf):
    shelf.change(SCENARIO, "start: brief", "start: gaps")
    assert "The scenario ends before its first decision." in [p.says for p in shelf.check().errors]


def test_a_decision_without_choices_is_a_dead_end(shelf: Shelf):
    nodes = shelf.text(SCENARIO)
    start, end = nodes.index("    choices:\n", nodes.index("  d3:")), nodes.index("  resolve:")
    shelf.write(SCENARIO, nodes[:start] + "    choices: {}\n" + nodes[end:])
    assert "Dead end: at “d3” a path cannot go on." in [p.says for p in shelf.check().errors]


def test_good_choices_may_be_irreversible_too(shelf: Shelf):
    shelf.change(SCENARIO, "        critical: CA1\n", "        critical: CA1\n        irreversible: true\n")
    shelf.change(SCENARIO, "        satisfies: CA2\n", "        satisfies: CA2\n        irreversible: true\n")
    assert shelf.check().problems == ()


def test_support_may_be_told_beside_the_content_note(shelf: Shelf):
    shelf.change(SCENARIO, "  support: default\n", "support: The duty medic.\n")
    scenario = scenario_of(shelf)
    assert scenario.content_note.support == "The duty medic."


@pytest.mark.parametrize(("clock", "told"), [("story_time", "14:00"), ("none", None)])
def test_the_time_of_the_story_is_told_unless_the_author_wants_no_clock(
    shelf: Shelf, clock: str, told: str | None
):
    shelf.change(SCENARIO, "clock: story_time", f"clock: {clock}")
    brief = scenario_of(shelf).nodes["brief"]
    assert isinstance(brief, BriefNode)
    assert brief.story_time == told


def scenario_of(shelf: Shelf) -> Scenario:
    return next(e.content for e in shelf.check().require().entries if isinstance(e.content, Scenario))


def test_a_scenario_of_no_module_is_mentioned(shelf: Shelf):
    shelf.change(SCENARIO, "module: listening\n", "")
    says = [problem.says for problem in shelf.check().warnings]
    assert "This scenario names no module; students cannot reach it." in says


def test_a_scenario_whose_parts_are_missing_is_told_of_each(shelf: Shelf):
    shelf.write(SCENARIO, "schema: pme-scenario/1\n")
    says = " ".join(problem.says for problem in shelf.check().errors)
    names = (
        "id status title audience learning_outcomes content_note role nodes outcomes scoring debrief fiction"
    )
    for name in names.split():
        assert f"“{name}” is missing" in says


def test_more_paths_than_can_be_counted_are_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.content.prove.MOST_END_STATES", 3)
    assert any("too many paths to prove" in problem.says for problem in shelf.check().errors)


EXAMPLE = Path(__file__).parent / "example.scenario.yaml"


def test_the_canonical_example_is_read_whole(renderer: Renderer):
    report = check(
        Tree({"quizzes/crsv-checkpoint-disclosure.scenario.yaml": EXAMPLE.read_bytes()}),
        renderer,
        today=TODAY,
    )
    assert report.errors == ()
    scenario = report.require().entries[0].content
    assert isinstance(scenario, Scenario)
    brief, second = scenario.nodes["brief"], scenario.nodes["d2"]
    assert isinstance(brief, BriefNode)
    assert brief.story_time == "14:00"
    assert "&quot;someone safe&quot;" in brief.variants[0].text_html
    assert isinstance(second, DecisionNode)
    best = second.choice("b")
    assert best is not None
    assert (best.key.by, len(best.key.panel), best.effects) == ("panel", 12, {"trust": 1})
    assert best.refs[0].source.date == "2022"
    assert best.refs[0].locator == "Principles 3-5"
    assert (scenario.retake.maximum, scenario.min_percent) == (3, 75)
    assert [ending.harm for ending in scenario.endings] == [False, False, True]
    assert scenario.debrief.expert_path[-1] == ("d5", "b")
    assert {problem.says for problem in report.warnings} >= {
        "source murad is not verified; check it against the original.",
        "LO3 has only one scored decision.",
    }
