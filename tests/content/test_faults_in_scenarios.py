"""Every fault in a scenario is named with its line, whether reading or proving shows it."""

import pytest

from tests.content.planting import Fault, assert_found, warned
from tests.content.small_library import SCENARIO, Shelf


def wrong(old: str, new: str, at: str, says: str) -> Fault:
    return Fault(SCENARIO, old, new, at, says)


RESOLVE = """      - {when: trust <= 0, to: harm}
      - {when: helped and trust >= 1, to: sound}
      - {to: gaps}
"""
D2_C = """        effects: {trust: -2}
        feedback: Bad.
        refs: [GUIDE-2020]
        goto: d3
"""
D4 = """  d4:
    kind: decision
    prompt: At the end?
    outcomes: [LO1, LO2]
    choices:
      a: {text: Go back, key: {by: author, rating: 2}, feedback: Weak., refs: [guide], goto: resolve}
      b: {text: Tell the others, key: {by: author, rating: 1}, feedback: Bad., refs: [guide], goto: resolve}
      c: {text: Hand over, key: {by: author, rating: 4}, feedback: Good., refs: [guide], goto: resolve}
"""
FAULTS = {
    # what reading shows
    "the id is not the file's name": wrong(
        "id: gate", "id: door", "id: door", "the name of the file, “gate”"
    ),
    "the version is badly written": wrong("version: 1.0.0", "version: one", "version:", "written as 1.0.0"),
    "students are asked what they would do": wrong(
        "should_do", "would_do", "instruction:", "one of: should_do"
    ),
    "a real person appears": wrong("real_person: false", "real_person: true", "fiction:", "one of: false"),
    "the score is shown while playing": wrong(
        "score: never_during", "score: always", "display:", "never_during"
    ),
    "the module is unknown": wrong("module: listening", "module: hearing", "module: hearing", "no module"),
    "an outcome is not the module's": wrong(
        "LO2: Offer help.}", "LO3: Offer help.}", "learning_outcomes", "LO3 is not"
    ),
    "the content note is missing": wrong("content_note:", "note:", "note:", "“note” is not a known field"),
    "the content note has no equivalent": wrong(
        "  equivalent: A talk counts the same.\n", "", "content_note:", "“equivalent” is missing"
    ),
    "support is missing": wrong("  support: default\n", "", "content_note:", "“support” is missing"),
    "the length is unknown": wrong(
        "mode: summative", "mode: summative\nlength: short", "length: short", "one of: case, snap"
    ),
    "a local source cites an unknown one": wrong(
        "source: GUIDE-2020,", "source: GIDE-2020,", "guide:", "Did you mean GUIDE-2020?"
    ),
    "a choice cites an unknown source": wrong(
        "refs: [guide §2]", "refs: [giude §2]", "[giude", "Did you mean guide?"
    ),
    "a choice cites nothing": wrong(
        "        refs: [guide §2]\n", "", "c:\n        text: Send", "no source is cited"
    ),
    "a choice has no key": wrong(
        "        key: {by: author, rating: 2}\n", "", "b:\n        text: Look", "“key” is missing"
    ),
    "a choice has no feedback": wrong(
        "        feedback: Weak.\n", "", "b:\n        text: Look", "“feedback” is missing"
    ),
    "a rating is out of range": wrong("rating: 2}", "rating: 5}", "rating: 5", "from 1 to 4"),
    "a panel's rating is out of range": wrong(
        "[4, 4, 4]", "[4, 5, 4]", "[4, 5, 4]", "a rating is 1, 2, 3 or 4"
    ),
    "state starts out of bounds": wrong("start: 1,", "start: 3,", "trust:", "between min and max"),
    "a state's name cannot be read": wrong(
        "  trust: {min", "  Trust: {min", "Trust: {min", "cannot be used in conditions"
    ),
    "a flag is called like a state": wrong(
        "flags: [helped]", "flags: [helped, trust]", "flags:", "already taken"
    ),
    "an effect names no state": wrong(
        "effects: {trust: +1}", "effects: {trsut: +1}", "effects: {trsut", "Did you mean trust?"
    ),
    "an effect is no number": wrong(
        "effects: {trust: +1}", "effects: {trust: up}", "effects: {trust: up", "whole number"
    ),
    "effects are a text": wrong(
        "effects: {trust: +1}", "effects: trust", "effects: trust", "names with numbers"
    ),
    "a choice raises no flag": wrong("set: [helped]", "set: [hleped]", "set: [hleped]", "is not a flag"),
    "a choice breaks what is no must-not": wrong(
        "critical: CA1", "critical: CA2", "critical: CA2", "of the kind must_not"
    ),
    "a choice satisfies what is no must-do": wrong(
        "satisfies: CA2", "satisfies: CA9", "satisfies:", "of the kind must_do"
    ),
    "a decision exercises an unknown outcome": wrong(
        "outcomes: [LO1]", "outcomes: [LO9]", "[LO9]", "learning outcomes"
    ),
    "a decision has both text and variants": wrong(
        "    variants:\n", "    text: Both.\n    variants:\n", "    variants:", "exclude each other"
    ),
    "a node's kind is unknown": wrong(
        "kind: resolve", "kind: resolv", "kind: resolv\n", "Did you mean resolve?"
    ),
    "a way leads nowhere": wrong(
        "goto: d2", "goto: d9", "goto: d9", "”, which is neither a node nor an ending"
    ),
    "a brief leads nowhere": wrong(
        "text: A woman comes to the gate., goto: d1", "text: A., goto: dd1", "brief: {", "“dd1”"
    ),
    "a branch leads nowhere": wrong("to: gaps}", "to: gasp}", "to: gasp", "Did you mean gaps?"),
    "the start is nowhere": wrong("start: brief", "start: breif", "start: breif", "Did you mean brief?"),
    "a node is called like an outcome": wrong(
        "outcomes:\n  sound:", "outcomes:\n  d3: {label: D, text: D.}\n  sound:", "d3:\n", "rename"
    ),
    "a condition is outside the grammar": wrong(
        "when: trust <= 0", "when: trust + 1", "trust + 1", "more than names"
    ),
    "a condition cannot be read": wrong(
        "when: trust <= 0", "when: trust <=", "when: trust <=,", "cannot be read"
    ),
    "a condition reads an unknown name": wrong(
        "when: trust <= 0", "when: turst <= 0", "turst", "Did you mean trust?"
    ),
    "the last branch has a condition": wrong(
        "{to: gaps}", "{when: trust > 0, to: gaps}", "when: trust > 0", "last entry"
    ),
    "a branch stands behind the last": wrong(
        "{when: trust <= 0, to: harm}", "{to: harm}", "{to: harm}", "are never used"
    ),
    "the expert path is badly written": wrong("[d1.a, d2.b", "[d1a, d2.b", "expert_path:", "not a step"),
    "the expert path takes an unknown choice": wrong(
        "[d1.a, d2.b", "[d1.z, d2.b", "expert_path:", "not a choice"
    ),
    "the debrief shows the unknown": wrong("show: [path_taken", "show: [paths", "show:", "cannot be shown"),
    "a decision has one choice": wrong(
        RESOLVE,
        RESOLVE
        + """  extra:
    kind: decision
    prompt: Only one?
    outcomes: [LO1]
    choices:
      a: {text: Yes, key: {by: author, rating: 1}, feedback: F., refs: [guide], goto: resolve}
""",
        "extra:",
        "has only one choice, so there is nothing to decide; add another",
    ),
    # what proving shows
    "a node cannot be reached": wrong(
        RESOLVE,
        RESOLVE + "  island: {kind: brief, text: Far away., goto: resolve}\n",
        "island:",
        "No path reaches the node",
    ),
    "an outcome cannot be reached": wrong(
        "outcomes:\n  sound:",
        "outcomes:\n  gold: {label: Gold, text: Gold.}\n  sound:",
        "gold:",
        "No path reaches the ending “",
    ),
    "an outcome cannot be reached by state": wrong(
        "when: trust <= 0", "when: trust <= -1", "harm: {label", "ending “harm”"
    ),
    "a text cannot be shown by state": wrong(
        "{when: trust >= 2, text", "{when: trust >= 3, text", "trust >= 3", "No path shows"
    ),
    "a text is never left over": wrong(
        "{when: trust >= 2, text", "{when: trust >= 0, text", "{text: She waits", "No path shows"
    ),
    "no path passes": wrong("min_percent: 90", "min_percent: 100", "scoring:", "No path passes"),
    "a passing path ends in harm": wrong(
        "{when: helped and trust >= 1, to: sound}",
        "{when: helped, to: harm}",
        "scoring:",
        "A path that passes ends in harm: d1.a, d2.b, d3.c",
    ),
    "paths have different numbers of decisions": wrong("goto: d2", "goto: d3", "nodes:", "from 2 to 3"),
    "paths meet different decisions": wrong(
        D2_C,
        D2_C.replace("goto: d3", "goto: d4") + D4,
        "d3:\n",
        "Only some paths meet these decisions: “d3” (18 of 27), “d4” (9 of 27).",
    ),
    "a loop goes on for ever": wrong("goto: d3", "goto: d2", "d2:\n", "Loop: a path can meet “d2” again"),
    "a must-not cannot be done": wrong("        critical: CA1\n", "", "CA1: {kind", "No path can do CA1"),
    "a must-do cannot be done": wrong(
        "        satisfies: CA2\n", "", "CA2: {kind", "No path can satisfy CA2"
    ),
    "the expert path does a must-not": wrong(
        "[d1.a, d2.b", "[d1.c, d2.b", "expert_path:", "which must not be done"
    ),
    "the expert path leaves out a must-do": wrong(
        "d2.b, d3.c]", "d2.a, d3.c]", "expert_path:", "leaves out CA2"
    ),
    "the expert path stops early": wrong(
        "d2.b, d3.c]", "d2.b]", "expert_path:", "The expert path stops before an ending"
    ),
    "the expert path jumps": wrong(
        "[d1.a, d2.b, d3.c]",
        "[d1.a, d3.c]",
        "expert_path:",
        "The expert path takes a step that is not available at that point",
    ),
    "the expert path earns too little": wrong(
        "[d1.a, d2.b, d3.c]", "[d1.b, d2.b, d3.a]", "expert_path:", "does not pass"
    ),
    "the expert path ends in harm": wrong(
        "{when: helped and trust >= 1, to: sound}", "{when: helped, to: harm}", "expert_path:", "ends in harm"
    ),
    # what is worth a look
    "a prerequisite is no module": warned(
        SCENARIO,
        "prerequisites: [listening]",
        "prerequisites: [lisening]",
        "audience:",
        "Did you mean listening?",
    ),
    "a local source is not verified": warned(
        SCENARIO,
        "sources:\n",
        "sources:\n  book: {title: A book, year: 2020, locator: ch. 1, verified: false}\n",
        "book:",
        "not verified",
    ),
    "blind guessing passes": warned(
        SCENARIO, "min_percent: 90", "min_percent: 60", "scoring:", "Blind guessing passes"
    ),
    "state is never changed": warned(
        SCENARIO,
        "flags: [helped]",
        "  calm: {min: 0, max: 1, start: 0, label: Calm}\nflags: [helped]",
        "calm:",
        "No choice changes the state “",
    ),
    "state is never read": warned(
        SCENARIO,
        "flags: [helped]",
        "  calm: {min: 0, max: 1, start: 0, label: Calm}\nflags: [helped]",
        "calm:",
        "“calm” is changed, but no condition ever reads it",
    ),
    "a flag is never raised": warned(
        SCENARIO, "flags: [helped]", "flags: [helped, seen]", "flags:", "No choice raises the flag “"
    ),
    "a flag is never read": warned(
        SCENARIO, "when: helped and trust >= 1", "when: trust >= 1", "flags:", "no condition ever reads it"
    ),
    "an outcome is not exercised": warned(
        SCENARIO, "outcomes: [LO1, LO2]", "outcomes: [LO1]", "learning_outcomes:", "No decision exercises LO2"
    ),
    "an outcome has one decision": warned(
        SCENARIO, "outcomes: [LO1, LO2]", "outcomes: [LO2]", "learning_outcomes:", "LO1 has only one scored"
    ),
    "only a poor choice is irreversible": warned(
        SCENARIO,
        "        critical: CA1\n",
        "        critical: CA1\n        irreversible: true\n",
        "c:\n        text: Send",
        "Only poor choices are marked as irreversible",
    ),
    "the best choice is mostly the longest": warned(
        SCENARIO,
        "text: Hand over",
        "text: Hand over to the medic with care",
        "nodes:",
        "In 2 of 3 decisions the best choice is the longest",
    ),
    "the expert path is not the best": warned(
        SCENARIO, "[d1.a, d2.b", "[d1.b, d2.b", "expert_path:", "a is rated higher"
    ),
    "a branch is never taken": warned(
        SCENARIO,
        "      - {to: gaps}",
        "      - {when: trust >= 5, to: gaps}\n      - {to: gaps}",
        "trust >= 5",
        "No path takes",
    ),
    "a sentence is too long": warned(
        SCENARIO,
        "text: She is safe.",
        "text: She is " + "so " * 25 + "safe.",
        "sound: {",
        "more than 20 words",
    ),
}
ALSO = {
    "state is never read": ("effects: {trust: +1}", "effects: {trust: +1, calm: +1}"),
    "an outcome is not exercised": ("outcomes: [LO2]", "outcomes: [LO1]"),
    "no path passes": ("rating: 4}", "rating: 3}"),
    "the best choice is mostly the longest": ("text: Listen", "text: Listen to all that she says"),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_in_a_scenario_is_named_when(name: str, shelf: Shelf):
    if name in ALSO:
        shelf.change(SCENARIO, *ALSO[name])
    assert_found(shelf, FAULTS[name])
