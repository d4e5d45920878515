"""Checking a file while it is written: what is wrong stands at its place, and nothing hostile takes long."""

import time
from collections.abc import Iterator

import pytest

from pme.authoring import checker as checking
from pme.authoring.checker import UNPROVED, Checker, Look, named_by
from pme.authoring.item_forms import Entry
from pme.authoring.naming import file_name
from pme.authoring.scenario_new import Wanted, begun
from pme.content.yaml_write import block
from tests.content.small_library import FILES, QUIZ, SCENARIO

TREE = {path: text.encode() for path, text in FILES.items()}
LIMIT = 2.0


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """One child for these tests, which has loaded."""
    with Checker() as made:
        look(made, SCENARIO, FILES[SCENARIO])
        yield made


def look(checker: Checker, path: str, text: str, *, prove: bool = True) -> Look:
    name = file_name(path)
    return checker.look(name, named_by(name, TREE, text), prove=prove)


def endless() -> str:
    """A scenario whose paths all stand differently."""
    wanted = Wanted(
        "gate", "Gate", "listening", {"LO1": "One"}, 8, "summative", "9", "all", "all", "GUIDE-2020"
    )
    content = begun(wanted)
    state: Entry = {"trust": {"min": "0", "max": "3", "start": "1", "label": "Trust"}}
    for at in range(12):
        state[f"s{at}"] = {"min": "-10", "max": "10", "start": "0", "label": f"State {at}"}
    content["state"] = state
    nodes = content["nodes"]
    assert isinstance(nodes, dict)
    for number, node in enumerate(each for each in nodes.values() if isinstance(each, dict)):
        choices = node.get("choices")
        for at, choice in enumerate(choices.values() if isinstance(choices, dict) else ()):
            assert isinstance(choice, dict)
            choice["effects"] = {f"s{(number * 4 + at) % 12}": f"{at + 1:+d}", f"s{number}": f"{-at}"}
    return block(content, 0).strip("\n") + "\n"


def test_a_sound_scenario_is_proved_and_drawn(checker: Checker):
    found = look(checker, SCENARIO, FILES[SCENARIO])
    assert (found.spots, found.missing) == ((), "")
    assert found.proof is not None
    assert found.picture is not None
    assert look(checker, SCENARIO, FILES[SCENARIO]) is found
    assert look(checker, SCENARIO, FILES[SCENARIO], prove=False) is found


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("goto: d2", "goto: d9", "nodes.d1.choices.a.goto", "leads to “d9”"),
        ("        feedback: Good.\n", "", "nodes.d1.choices.a.feedback", "“feedback” is missing"),
        ("start: brief", "start: d2", "nodes.brief", "No path reaches the node “brief”"),
        ("flags: [helped]", "flags: []", "", "“helped”"),
        ("title: At the gate", "title: ''", "title", "“title” is empty"),
        ("min: 0, max: 2", "min: 0, max: x", "state.trust.max", "whole number"),
        ("expert_path: [", "expert_path: [d9.a, ", "debrief.expert_path", "d9.a"),
    ],
)
def test_what_is_broken_is_told_at_its_place(checker: Checker, old: str, new: str, place: str, says: str):
    text = FILES[SCENARIO]
    assert old in text
    found = look(checker, SCENARIO, text.replace(old, new, 1))
    told = [spot.place for spot in found.spots if says in spot.says]
    assert told
    assert not place or place in told
    assert found.picture is not None


def test_too_many_paths_are_given_up_in_time_and_the_rest_is_told(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checking, "LONGEST_PROOF", 0.7)
    began = time.monotonic()
    found = look(checker, SCENARIO, endless())
    assert found.missing == UNPROVED
    assert any("Still to be written" in spot.says for spot in found.spots)
    assert found.picture is not None
    assert time.monotonic() - began < 15
    assert look(checker, SCENARIO, FILES[SCENARIO]).spots == ()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "a: &x [1]\nb: *x\n",
        "!!python/object/apply:os.system ['id']\n",
        "nodes: {d: {kind: decision, choices: {a: {goto: d}}}}\nstart: d\n",
        "nodes: {d: {kind: brief, text: x, goto: d}}\nstart: d\n",
        "nodes: {r: {kind: resolve, goto: [{when: '__import__(1)', to: r}]}}\nstart: r\n",
        "nodes: {r: {kind: resolve, goto: [{when: " + "(" * 5000 + ", to: r}]}}\nstart: r\n",
        "schema: pme-scenario/1\nnodes: {"
        + ", ".join(f"n{n}: {{kind: brief, text: x, goto: n{n + 1}}}" for n in range(3000))
        + "}\nstart: n0\n",
        "\x00\x1b",
        "",
    ],
)
def test_hostile_texts_are_answered_with_sentences(checker: Checker, text: str):
    for path in (SCENARIO, QUIZ):
        began = time.monotonic()
        found = look(checker, path, text)
        assert found.spots or found.missing
        assert time.monotonic() - began < LIMIT + checking.LONGEST_LOOK + checking.LONGEST_PROOF
