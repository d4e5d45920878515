"""Snap situations: one scored decision, asked of as much as one decision can carry, and of no more."""

import pytest

from pme.content.problems import Severity
from pme.content.shapes import Scenario
from tests.content.small_library import SCENARIO, Shelf

SNAP = """\
schema: pme-scenario/1
id: gate
version: 1.0.0
status: draft
language: en
title: At the gate
classification: UNCLASSIFIED
mode: formative
length: snap
instruction: should_do
estimated_minutes: 2
module: listening
audience: {role: guard, level: all}
learning_outcomes: {LO1: Listen.}
content_note:
  {themes: [fear (mentioned)], detail: mentioned, text: A person is afraid., equivalent: A talk., support: default}
fiction: {composite: true, real_person: false, place: invented}
role: {you_are: You stand guard., mission: Keep the gate.}
start: gate
nodes:
  gate:
    kind: decision
    text: A woman comes to the gate.
    prompt: What should you do?
    outcomes: [LO1]
    choices:
      a: {text: Look away, key: {by: author, rating: 1}, feedback: Bad., refs: [GUIDE-2020], goto: lost}
      b: {text: Listen, key: {by: author, rating: 4}, feedback: Good., refs: [GUIDE-2020], goto: heard}
      c: {text: Call others, key: {by: author, rating: 2}, feedback: Weak., refs: [GUIDE-2020], goto: lost}
outcomes:
  heard: {label: Heard, text: She speaks.}
  lost: {label: Lost, text: She leaves.}
scoring:
  item_credit: panel_mean_scaled
  pass: {min_percent: 90, critical: all, method: the author's judgement}
debrief:
  structure: ["What will you do next time?"]
  expert_path: [gate.b]
"""


@pytest.fixture
def snap(shelf: Shelf) -> Shelf:
    shelf.write(SCENARIO, SNAP)
    return shelf


def test_a_snap_situation_needs_neither_state_nor_flags_nor_critical_actions(snap: Shelf):
    report = snap.check()
    assert report.problems == ()
    scenario = next(e.content for e in report.require().entries if isinstance(e.content, Scenario))
    assert scenario.length == "snap"
    assert [node.id for node in scenario.decisions] == ["gate"]


def test_the_same_file_as_a_case_is_told_what_one_decision_cannot_hold(snap: Shelf):
    snap.change(SCENARIO, "length: snap\n", "")
    said = {(problem.severity, problem.says) for problem in snap.check().problems}
    assert said == {
        (
            Severity.WARNING,
            "The scenario has one scored decision only; write length: snap, or add decisions.",
        ),
        (Severity.WARNING, "Blind guessing passes with a probability of 0.33; aim for .05 or less."),
        (Severity.WARNING, "LO1 has only one scored decision."),
    }


CHOICE_C = (
    "c: {text: Call others, key: {by: author, rating: 2}, feedback: Weak., refs: [GUIDE-2020], goto: lost}"
)
FAULTS = {
    "it takes ten minutes": (
        ("estimated_minutes: 2", "estimated_minutes: 10"),
        "estimated_minutes:",
        "A snap situation takes at most 5 minutes, not 10.",
    ),
    "it offers two choices": (
        (f"      {CHOICE_C}\n", ""),
        "gate:\n    kind",
        "A snap situation offers three to five choices; gate offers 2.",
    ),
    "two choices are best": (
        ("rating: 2", "rating: 4"),
        "gate:\n    kind",
        "A snap situation has one best choice; in gate two are rated alike.",
    ),
    "the second best passes too": (
        ("min_percent: 90", "min_percent: 30"),
        "scoring:",
        "In a snap situation only the best choice passes; here b and c do.",
    ),
    "a second decision follows": (
        (
            CHOICE_C,
            CHOICE_C + "\n  more:\n    kind: decision\n    prompt: And now?\n    outcomes: [LO1]\n"
            "    choices:\n"
            + "".join(
                f"      {name}: {{text: T{name}, key: {{by: author, rating: {rating}}}, feedback: F., "
                "refs: [GUIDE-2020], goto: lost}\n"
                for name, rating in (("a", 1), ("b", 2), ("c", 4))
            ).rstrip(),
        ),
        "length:",
        "A snap situation has exactly one scored decision; this one has 2.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_snap_situation_is_refused_when(snap: Shelf, name: str):
    (old, new), at, says = FAULTS[name]
    snap.change(SCENARIO, old, new)
    line = snap.line_of(SCENARIO, at)
    assert (line, says) in {(problem.line, problem.says) for problem in snap.check().errors}


def test_a_snap_situation_with_one_outcome_is_refused(snap: Shelf):
    snap.change(SCENARIO, "  lost: {label: Lost, text: She leaves.}\n", "")
    text = snap.text(SCENARIO).replace("goto: lost", "goto: heard")
    snap.write(SCENARIO, text)
    assert [problem.says for problem in snap.check().errors] == [
        "Every choice has the same ending; a snap situation shows what follows from each."
    ]
