"""Scenarios from their files to forms and back: nothing is lost, nothing moves, only what was changed changes."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.authoring.item_fields import Fields, Rows
from pme.authoring.item_forms import Entry, Typed, entry_of, typed_from, typed_of
from pme.authoring.item_rows import arranged
from pme.authoring.rewriting import rewritten
from pme.authoring.scenario_fields import Known, fields_of, of_the_scenario
from pme.authoring.scenario_forms import closed, head_closed, head_opened, opened
from pme.authoring.scenario_head import with_head
from pme.authoring.scenario_new import Wanted, added, begun, can_swap, swapped, with_new_targets
from pme.authoring.scenario_story import (
    consequences,
    kind_of,
    parts_of,
    reached_from,
    renamed,
    told_in_order,
    usual_heir,
    with_key,
    without,
)
from pme.config import ROOT
from pme.content.yaml_edit import read, rename
from pme.content.yaml_write import block
from pme.errors import Conflict
from tests.authoring.test_item_forms import WORDS
from tests.content.small_library import FILES, SCENARIO
from tests.support.cases import soaked

SHIPPED = {path.name: path.read_text() for path in sorted((ROOT / "quizzes").glob("*.scenario.yaml"))}
TEXTS = {**SHIPPED, "small": FILES[SCENARIO]}
COMMENTED = SHIPPED["checkpoint-disclosure.scenario.yaml"].replace(
    "  approach:\n", "  # The first decision.\n  approach:  # kept\n\n    # of its kind\n"
)
SOME = st.sampled_from(sorted(TEXTS))
EACH_RUN = (
    "abbey-tower.scenario.yaml",
    "checkpoint-disclosure.scenario.yaml",
    "reception-centre.scenario.yaml",
    "small",
)
"""A short scenario, the longest, one that counts, and the one of the tests."""


def content_of(text: str) -> Any:
    return read(text)


def known_of(content: Any) -> Known:
    """What the nodes of a scenario may name."""
    actions = parts_of(content, "critical_actions")
    return Known(
        state=tuple((name, name) for name in parts_of(content, "state")),
        flags=tuple((str(each), str(each)) for each in content.get("flags", [])),
        outcomes=tuple((name, name) for name in content.get("learning_outcomes", {})),
        must_not=tuple((name, name) for name in actions),
        must_do=tuple((name, name) for name in actions),
    )


def sent(typed: Typed, fields: Fields, prefix: str = "") -> Iterator[tuple[str, str]]:
    """A form as a browser sends it, boxes only where they are ticked."""
    for field in fields:
        name, value = prefix + field.name, typed[field.name]
        if isinstance(field, Rows):
            for at, row in enumerate(value if isinstance(value, list) else ()):
                yield f"{name}.{at}.was", str(row["was"])
                yield from sent(row, field.fields, f"{name}.{at}.")
        elif field.kind == "several":
            ticked = str(value).split("\n")
            known = [each for each, _ in field.choices]
            boxes = (*known, *(each for each in ticked if each not in known))
            yield from ((f"{name}.{each}", "yes") for each in boxes if each and each in ticked)
        elif value or field.kind != "yes":
            yield name, str(value).replace("\n", "\r\n")


def back(typed: Typed, fields: Fields) -> Typed:
    """The form after it was sent."""
    found = typed_from(dict(sent(typed, fields)), fields)
    for field in fields:
        if not isinstance(field, Rows) and field.kind == "several":
            ticked, was = str(found[field.name]), str(typed[field.name])
            assert set(ticked.split("\n")) == set(was.split("\n"))
    return found


def every_part(content: Entry) -> Iterator[tuple[str, str, Entry, Fields]]:
    for part in ("nodes", "outcomes"):
        for name, entry in parts_of(content, part).items():
            yield part, name, entry, fields_of(kind_of(content, part, name), known_of(content))


def lines_of(text: str, part: str, name: str) -> tuple[list[str], list[str]]:
    """The lines before a part of a file, and those after it."""
    lines = text.splitlines()
    at = lines.index(f"{part}:")
    start = next(at for at in range(at, len(lines)) if lines[at].startswith(f"  {name}:"))
    end = next(
        (at for at in range(start + 1, len(lines)) if lines[at][:3].strip() and lines[at][2:3] != " "),
        len(lines),
    )
    while lines[end - 1].strip() == "":
        end -= 1
    return lines[:start], lines[end:]


@pytest.mark.parametrize("name", soaked(TEXTS, EACH_RUN))
def test_a_form_that_comes_back_as_it_went_changes_no_letter(name: str):
    text = TEXTS[name]
    content = content_of(text)
    for part, each, entry, fields in every_part(content):
        typed = typed_of(opened(entry), fields)
        made = closed(entry_of(back(typed, fields), fields, opened(entry)), entry)
        assert made == entry
        assert list(made) == list(entry)
        assert rewritten(text, (part, each), entry, made) == text
    fields = of_the_scenario(known_of(content))
    typed = typed_of(head_opened(content), fields)
    made = head_closed(entry_of(back(typed, fields), fields, head_opened(content)), content, {})
    assert made == content
    assert with_head(text, content, back(typed, fields), fields, {}) == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_edit_loses_no_letter_outside_its_part(data: st.DataObject):
    text = data.draw(st.sampled_from([*SHIPPED.values(), COMMENTED]))
    content = content_of(text)
    part, name, entry, fields = data.draw(st.sampled_from(list(every_part(content))))
    typed = typed_of(opened(entry), fields)
    for field in data.draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3)):
        rows = typed[field.name]
        if isinstance(rows, list):
            act = data.draw(st.sampled_from(["up {}.1", "drop {}.0", "down {}.0", "add {}"]))
            typed = arranged(typed, fields, act.format(field.name))
            if rows and "text" in rows[-1]:
                rows[-1]["text"] = data.draw(WORDS)
        elif not isinstance(field, Rows) and field.kind in ("line", "text"):
            typed[field.name] = data.draw(WORDS)
    made = closed(entry_of(back(typed, fields), fields, opened(entry)), entry)
    made.pop("expert", None)
    after = rewritten(text, (part, name), entry, made)
    found = content_of(after)
    assert found[part][name] == made
    assert list(found[part][name]) == list(made)
    assert {**found, part: {**found[part], name: entry}} == content
    head, tail = lines_of(text, part, name)
    assert after.splitlines()[: len(head)] == head
    assert after.splitlines()[len(after.splitlines()) - len(tail) :] == tail


@pytest.mark.parametrize("name", soaked(TEXTS, EACH_RUN))
def test_every_name_is_changed_wherever_it_stands_and_back(name: str):
    text = TEXTS[name]
    content = content_of(text)
    for part in ("nodes", "outcomes", "state", "critical_actions"):
        for each in list(parts_of(content, part))[::4]:
            new = f"other_{len(each)}"
            changed = rename(text, (part, each), new)
            changed = rewritten(
                changed, (), with_key(content, part, each, new), renamed(content, part, each, new)
            )
            found = content_of(changed)
            assert list(found[part]) == [new if key == each else key for key in content[part]]
            assert len(reached_from(found)) == len(reached_from(content))
            assert renamed(found, part, new, each) == content
            assert len(changed.splitlines()) == len(text.splitlines())
    with pytest.raises(Conflict):
        rename(text, ("nodes", "none"), "x")


@pytest.mark.parametrize("name", soaked(SHIPPED, EACH_RUN))
def test_every_part_is_deleted_and_those_who_led_there_lead_on(name: str):
    text = SHIPPED[name]
    content = content_of(text)
    for part in ("nodes", "outcomes"):
        for each in list(parts_of(content, part))[::3]:
            heir = usual_heir(content, part, each) or next(
                other for other in parts_of(content, "outcomes") if other != each
            )
            follows = consequences(content, part, each, heir)
            after = without(content, part, each, heir)
            assert content_of(rewritten(text, (), content, after)) == after
            assert {each, *follows.lost} == set(reached_from(content)) - set(reached_from(after))
            assert each not in str([way.target for way in follows.ways if way.target != each])
            steps = after["debrief"]["expert_path"]  # type: ignore[index,call-overload]
            assert follows.is_expert == (len(steps) < len(content["debrief"]["expert_path"]))


def test_a_new_part_stands_between_two_others_and_two_change_places():
    wanted = Wanted("s", "S", "m", {"LO1": "One", "LO2": "Two"}, 4, "summative", "8", "all", "all", "KEY")
    content = begun(wanted)
    text = block(content, 0).strip("\n") + "\n"
    assert content_of(text) == content
    for kind in ("decision", "brief", "resolve"):
        after, name = added(content, kind, after="d2")
        assert told_in_order(after).index(name) == told_in_order(after).index("d2") + 1
        assert content_of(rewritten(text, (), content, after)) == after
    after, name = added(content, "decision", after="*")
    assert (after["start"], told_in_order(after)[:2]) == (name, (name, "opening"))
    assert can_swap(content, "d2", "d3")
    assert not can_swap(content, "d4", "resolve")
    after = swapped(content, "d2", "d3")
    assert told_in_order(after)[2:5] == ("d3", "d2", "d4")
    assert after["debrief"]["expert_path"] == ["d1.a", "d3.c", "d2.b", "d4.d"]  # type: ignore[index,call-overload]
    assert content_of(rewritten(text, (), content, after)) == after
    node = {**content["nodes"]["d1"]}  # type: ignore[index,call-overload,dict-item]
    asked = content_of(text)
    for letter in "ab":
        asked["nodes"]["d1"]["choices"][letter]["goto"] = "new:brief"
    after, name = with_new_targets(asked, "d1", node)
    assert asked["nodes"]["d1"]["choices"]["c"]["goto"] == "d2"
    found: Any = after["nodes"]
    assert [found["d1"]["choices"][letter]["goto"] for letter in "abcd"] == [name, name, "d2", "d2"]
    assert found[name]["goto"] == "d2"
