"""Where a situation is, who is there and what the radio says: written by authors, checked, translated, shown."""

import pytest

from pme.content.blocks import field_blocks
from pme.content.play import follow
from pme.content.problems import Findings
from pme.content.shapes import Person, RadioLine, Setting
from pme.content.yaml_tree import read_yaml
from tests.content.small_library import SCENARIO, Shelf
from tests.content.test_scenarios_read import scenario_of

BRIEF = '  brief: {kind: brief, story_time: "14:00", text: A woman comes to the gate., goto: d1}'
SCENE = """\
  brief:
    kind: brief
    story_time: "14:00"
    place: The north gate, in light rain
    people: ["Lind: the sergeant of the gate", A driver]
    radio: ["Gate Two: Zero, one person at the gate. Over.", "Zero : Gate Two, roger. Out."]
    text: A woman comes to the gate.
    goto: d1"""


def test_a_scene_has_its_place_its_people_and_its_radio(shelf: Shelf):
    shelf.change(SCENARIO, BRIEF, SCENE)
    report = shelf.check()
    assert report.errors == ()
    scenario = scenario_of(shelf)
    [shown, *_rest] = follow(scenario, ()).scenes
    assert shown.setting == Setting(
        place="The north gate, in light rain",
        people=(Person(who="Lind", seen="the sergeant of the gate"), Person(who="A driver")),
        radio=(
            RadioLine(call="Gate Two", says="Zero, one person at the gate. Over."),
            RadioLine(call="Zero", says="Gate Two, roger. Out."),
        ),
    )


def test_a_scene_of_nothing_leaves_the_version_as_it_was(shelf: Shelf):
    assert "setting" not in scenario_of(shelf).model_dump_json()


def test_a_scene_is_translated_line_by_line(shelf: Shelf):
    shelf.change(SCENARIO, BRIEF, SCENE)
    tree = read_yaml(shelf.text(SCENARIO), Findings(""))
    assert tree is not None
    found = {block.place: block.text.split("\n") for block in field_blocks(tree, "scenario")}
    assert found["nodes.brief.place"] == ["The north gate, in light rain"]
    assert len(found["nodes.brief.people"]) == 2
    assert len(found["nodes.brief.radio"]) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Gate Two: Zero, one", "Zero, one", "has no call sign"),
        ("Gate Two: Zero, one", f"{'Gate' * 9}: Zero, one", "is longer than 24 characters"),
        ("The north gate", "gate " * 17, "at most 80 fit on its line"),
        (", A driver]", f", A driver{' of a truck' * 12}]", "in at most 120 characters who"),
        ('["Lind', f'[{"A guard, " * 6}"Lind', "readers cannot take in more than 6 at a glance"),
        ("    radio:", "    radio_traffic:", "is not a known field"),
    ],
)
def test_what_no_student_could_take_in_is_refused(shelf: Shelf, old: str, new: str, says: str):
    shelf.change(SCENARIO, BRIEF, SCENE.replace(old, new))
    assert any(says in problem.says for problem in shelf.check().errors), shelf.check().errors


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "Zero, one person",
            "Zero, Lind is with one person",
            "the radio names “Lind”, and all on the net hear it",
        ),
        ("one person", "one person " * 13, "keep it under 25"),
        ("the sergeant of the gate", "in torn clothes", "describes violence"),
    ],
)
def test_what_the_radio_gives_away_and_what_hurts_is_mentioned(shelf: Shelf, old: str, new: str, says: str):
    shelf.change(SCENARIO, BRIEF, SCENE.replace(old, new))
    assert any(says in problem.says for problem in shelf.check().warnings), shelf.check().warnings
