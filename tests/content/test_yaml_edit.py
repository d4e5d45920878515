"""Editing YAML by place: the value changes, every other letter stays."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pme.content.yaml_edit import insert, move, put, read, remove, value_at
from pme.content.yaml_write import Plain, block, flow
from pme.errors import Conflict

calm = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=150)
FILE = """\
# A quiz.
title: A check   # short
items:
  # The first.
  - id: signs
    type: single
    stem: "What is a sign?"
    options:
      - {id: a, text: One, correct: yes}
      - {id: b, text: "Two, or more"}

  # The second.
  - id: window
    stem: >-
      How long is the window,
      in hours?
    refs: [AB §1, CD]
pass:
  min_percent: 75
nodes:
  d1:
    kind: decision
    time: 14:30
  # The last.
  d2:
    kind: NO
"""
SHIPPED = sorted(
    path for folder in ("quizzes", "modules") for path in (Path(__file__).parents[2] / folder).glob("*.yaml")
)


def changed(old: str, new: str) -> list[str]:
    """The lines that were taken away and put in."""
    return [line.rstrip() for line in ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]


def test_a_value_is_replaced_and_its_comment_stays():
    assert changed(FILE, put(FILE, ["title"], "Another check")) == [
        "- title: A check   # short",
        "+ title: Another check   # short",
    ]
    assert changed(FILE, put(FILE, ["items", "signs", "stem"], "Yes: which?")) == [
        '-     stem: "What is a sign?"',
        '+     stem: "Yes: which?"',
    ]
    assert changed(FILE, put(FILE, ["items", "signs", "options", 1, "text"], "Three, four")) == [
        '-       - {id: b, text: "Two, or more"}',
        '+       - {id: b, text: "Three, four"}',
    ]


def test_a_folded_text_is_replaced_by_a_long_or_a_short_one():
    long = "A long text that goes on " * 8 + "and ends."
    new = put(FILE, ["items", "window", "stem"], long)
    assert value_at(new, ["items", "window", "stem"]) == long
    assert all(len(line) <= 100 for line in new.splitlines())
    short = put(new, ["items", "window", "stem"], "Short.")
    assert "    stem: Short.\n    refs: [AB §1, CD]\n" in short
    lines = put(FILE, ["items", "window", "stem"], "One\n\nTwo")
    assert value_at(lines, ["items", "window", "stem"]) == "One\n\nTwo"


def test_a_field_is_added_at_the_end_of_its_mapping():
    assert changed(FILE, put(FILE, ["items", "signs", "difficulty"], "easy")) == ["+     difficulty: easy"]
    assert changed(FILE, put(FILE, ["pass", "critical"], ["signs"])) == ["+   critical:", "+     - signs"]
    assert "{id: a, text: One, correct: yes, feedback: Good}" in put(
        FILE, ["items", "signs", "options", "a", "feedback"], "Good"
    )


def test_an_entry_is_put_in_before_between_and_behind():
    item: Plain = {"id": "new", "stem": "Why?", "options": [{"id": "a", "text": "Because"}]}
    for position, before in ((0, "# The first."), (1, "# The second."), (2, "pass:")):
        new = insert(FILE, ["items"], position, item)
        assert [line[0] for line in changed(FILE, new)] == ["+"] * 5
        assert new.index("id: new") < new.index(before)
    node = insert(FILE, ["nodes"], 1, {"kind": "brief"}, name="b1")
    assert "  b1:\n    kind: brief\n  # The last.\n  d2:" in node


def test_an_entry_is_taken_away_with_its_comment():
    new = remove(FILE, ["items", "window"])
    assert "# The second." not in new
    assert "# The first." in new
    assert "refs" not in new
    assert changed(FILE, remove(FILE, ["items", "signs", "options", "b"])) == [
        '-       - {id: b, text: "Two, or more"}'
    ]
    assert "nodes:\n  d1:" in remove(FILE, ["nodes", "d2"])
    assert "[CD]" in remove(FILE, ["items", "window", "refs", 0])
    only = remove(remove(FILE, ["items", "signs"]), ["items", "window"])
    assert value_at(only, ["items"]) == []
    assert value_at(insert(only, ["items"], 0, {"id": "again"}), ["items", 0, "id"]) == "again"


def test_an_entry_is_moved_with_its_comment():
    new = move(FILE, ["items", "window"], 0)
    assert new.index("# The second.") < new.index("id: window") < new.index("# The first.")
    assert move(new, ["items", "window"], 1).count("id: window") == 1
    swapped = move(FILE, ["nodes", "d1"], 1)
    assert swapped.index("d2:") < swapped.index("d1:")
    assert move(FILE, ["items", "window"], 1) == FILE
    assert move(FILE, ["items", "window"], 9) == FILE
    first = move(FILE, ["items", "signs", "id"], 2)
    assert list(value_at(first, ["items", "signs"]) or ()) == ["type", "stem", "id", "options"]


def test_what_is_not_there_or_not_readable_is_refused_in_a_sentence():
    with pytest.raises(Conflict, match="no “nowhere” in this file any more"):
        put(FILE, ["nowhere", "x"], "y")
    with pytest.raises(Conflict, match="no “9”"):
        remove(FILE, ["items", 9])
    with pytest.raises(Conflict, match="not readable YAML"):
        read("a: [")
    with pytest.raises(Conflict, match="Edit it as text"):
        read("- a")
    assert value_at(FILE, ["items", "gone", "x"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 5_000,
        "a: &x [1]\nb: *x\n",
        "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]),
        "a: !!python/object/apply:os.system [x]\n",
        "a: 1\na: 2\n",
    ],
)
def test_a_file_that_is_a_trap_is_refused_before_it_is_built(text: str):
    with pytest.raises(Conflict, match="not readable YAML"):
        read(text)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=160) | st.sampled_from(
    [
        "",
        "NO",
        "14:30",
        "- a",
        "a: b",
        "#x",
        "a #b",
        " a",
        "a ",
        "[x",
        "{",
        "'",
        '"',
        "a\nb",
        "\n",
        "é",
        "?",
        "%",
    ]
)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
plains: st.SearchStrategy[Plain] = st.recursive(
    texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@calm
@given(st.dictionaries(names, plains, min_size=1, max_size=4))
def test_whatever_is_written_is_read_again(value: dict[str, Plain]):
    assert read(block(dict(value), 0).lstrip("\n") + "\n") == value
    assert read("x: " + flow(dict(value)) + "\n") == {"x": value}


def test_the_last_field_of_a_file_goes_and_comes_back():
    emptied = remove("# For all.\nonly: [a, b]\n", ("only",))
    assert emptied == "# For all.\n{}\n"
    assert read(put(emptied, ("other",), "c")) == {"other": "c"}


@settings(calm, max_examples=40)
@given(st.sampled_from(SHIPPED), st.data())
def test_shipped_files_can_be_edited_anywhere(path: Path, data: st.DataObject):
    text = path.read_text(encoding="utf-8")
    place: list[str | int] = []
    here: Plain | None = read(text)
    while isinstance(here, dict | list) and here and (not place or data.draw(st.integers(0, 3))):
        steps: list[str | int] = [*here] if isinstance(here, dict) else [*range(len(here))]
        step = data.draw(st.sampled_from(steps))
        place.append(step)
        here = value_at(text, place)
    new = data.draw(texts)
    edited = put(text, place, new)
    assert value_at(edited, place) == new
    if isinstance(here, str):  # only a value that held other values may take comments with it
        assert comments_in(edited) == comments_in(text)
    assert read(remove(text, place)) != read(text)
    assert read(move(text, place, 0)) == read(text) or isinstance(value_at(text, place[:-1]), list)


def comments_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip().startswith("#")]
