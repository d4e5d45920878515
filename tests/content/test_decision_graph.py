"""The graph that an author sees: every box and way, in the order met, and the ways that paths take."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pme.content.decision_graph import (
    Shares,
    graph_of,
    in_order,
    pairs_of,
    part_of,
    rated,
    rows_of,
    shortened,
)
from pme.content.play import follow
from pme.content.prove import Proof
from pme.content.publish import canonical
from pme.content.shapes import DecisionNode, Key, Scenario
from tests.content.small_library import Shelf
from tests.support.scenarios import proved_scenarios


@pytest.fixture
def gate(shelf: Shelf) -> Scenario:
    """The small library's scenario, as it comes back from being published: its nodes sorted by name."""
    read = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Scenario))
    return Scenario.model_validate_json(canonical(read))


def test_every_node_choice_and_ending_is_a_box_in_the_order_met(gate: Scenario):
    assert [node.id for node in in_order(gate)] == ["brief", "d1", "d2", "d3", "resolve"]
    boxes = graph_of(gate).boxes
    assert [box.id for box in boxes] == [
        *("brief", "d1", "d1.a", "d1.b", "d1.c", "d2", "d2.a", "d2.b", "d2.c", "d3", "d3.a", "d3.b", "d3.c"),
        *("resolve", "sound", "gaps", "harm"),
    ]
    assert [box.heading for box in boxes[:3]] == ["Text: brief", "Decision 1: d1", "a: rated 4"]
    assert boxes[7].heading == "b: panel 4.0"
    assert boxes[5].lines == ("2 texts before it, by state",)


def test_what_is_critical_final_expert_or_harm_is_marked_in_words(gate: Scenario):
    graph = graph_of(gate)
    said = {box.id: [mark.says for mark in box.marks] for box in graph.boxes if box.marks}
    assert said == {
        "d1.a": ["Expert path"],
        "d1.c": ["Must not: CA1"],
        "d2.b": ["Must do: CA2", "Expert path"],
        "d3.c": ["Expert path"],
        "harm": ["Harm"],
    }


def test_an_irreversible_choice_is_marked(shelf: Shelf):
    for name in ("critical: CA1", "satisfies: CA2"):
        shelf.change("quizzes/gate.scenario.yaml", name, f"{name}\n        irreversible: true")
    read = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Scenario))
    marks = graph_of(read).box("d1.c").marks
    assert [mark.says for mark in marks] == ["Must not: CA1", "Irreversible"]


def test_a_fork_says_on_which_condition_it_leads_where(gate: Scenario):
    ways = {way.target: way.condition for way in graph_of(gate).ways if way.source == "resolve"}
    assert ways == {"harm": "trust <= 0", "sound": "helped and trust >= 1", "gaps": "else"}
    rows = {row.place: row for row in rows_of(graph_of(gate), None)}
    assert rows["By state: resolve"].leads_to == (
        "harm if trust <= 0",
        "sound if helped and trust >= 1",
        "gaps otherwise",
    )
    assert rows["d1.a"].words == "a: rated 4. Listen"
    assert rows["Decision 2: d2"].words == "And now? (2 texts before it, by state)"
    assert rows["Ending: harm"].leads_to == ()
    assert {row.students for row in rows.values()} == {""}


def test_branches_to_one_target_are_one_way(shelf: Shelf):
    shelf.change(
        "quizzes/gate.scenario.yaml", "when: helped and trust >= 1, to: sound", "when: not helped, to: gaps"
    )
    shelf.change(
        "quizzes/gate.scenario.yaml",
        "      - {to: gaps}",
        "      - {when: trust >= 9, to: gaps}\n      - {to: sound}",
    )
    scenario = shelf.check().require().entries
    read = next(e.content for e in scenario if isinstance(e.content, Scenario))
    ways = [way for way in graph_of(read).ways if way.source == "resolve"]
    assert [(way.target, way.condition) for way in ways] == [
        ("harm", "trust <= 0"),
        ("gaps", "not helped, or trust >= 9"),
        ("sound", "else"),
    ]


def test_the_expert_path_is_a_chain_of_ways(gate: Scenario):
    ways = [way.pair for way in graph_of(gate).ways if way.is_expert]
    assert set(ways) == {
        ("brief", "d1"), ("d1", "d1.a"), ("d1.a", "d2"), ("d2", "d2.b"), ("d2.b", "d3"),
        ("d3", "d3.c"), ("d3.c", "resolve"), ("resolve", "sound"),
    }  # fmt: skip


def test_shares_are_those_of_all_students(gate: Scenario):
    ways: Counter[tuple[str, str]] = Counter()
    for last in ("a", "b", "c", "c"):
        ways.update(pairs_of(gate, [("d1", "a"), ("d2", "b"), ("d3", last)]))
    graph, shares = graph_of(gate), Shares(4, ways)
    parts = {box.id: part_of(graph, box, shares) for box in graph.boxes}
    assert (parts["brief"], parts["d2"], parts["d3.c"], parts["d3.a"], parts["sound"]) == (1, 1, 0.5, 0.25, 1)
    assert parts["d1.b"] == parts["harm"] == 0
    rows = {row.place: row for row in rows_of(graph, shares)}
    assert rows["d3.c"].students == "50 %"
    assert rows["By state: resolve"].leads_to[1] == "sound if helped and trust >= 1 (100 %)"


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_path_takes_ways_of_the_graph_from_its_first_box_to_an_ending(data: st.DataObject):
    scenario, proof = data.draw(proved_scenarios())
    assert isinstance(proof, Proof)
    graph = graph_of(scenario)
    path: list[tuple[str, str]] = []
    while (waiting := follow(scenario, path).waiting) is not None:
        path.append((waiting.id, data.draw(st.sampled_from(waiting.choices)).id))
    pairs = list(pairs_of(scenario, path))
    assert set(pairs) <= {way.pair for way in graph.ways}
    assert pairs[0][0] == graph.boxes[0].id == scenario.start
    assert all(before[1] == after[0] for before, after in pairwise(pairs))
    ending = follow(scenario, path).ending
    assert ending is not None
    assert pairs[-1][1] == ending.id
    assert {node.id for node in in_order(scenario) if isinstance(node, DecisionNode)} == {
        node.id for node in scenario.decisions
    }


def test_a_long_text_is_cut_at_a_word():
    assert shortened("Short.") == "Short."
    cut = shortened("word " * 60)
    assert cut.endswith("word …")
    assert len(cut) < 115


def test_a_rating_is_said_to_be_the_authors_or_the_panels():
    assert rated(Key(by="author", rating=3)) == "rated 3"
    assert rated(Key(by="author")) == "rated 1"
    assert rated(Key(by="panel", panel=(4, 4, 3))) == "panel 3.7"
