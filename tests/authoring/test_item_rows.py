"""A row that was removed from a form is put back as it was typed, where it stood, until the form is saved."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pme.authoring.item_fields import fields_of
from pme.authoring.item_forms import GONE, Entry, Typed, blank, entry_of, typed_from, typed_of
from pme.authoring.item_rows import MOST_GONE, arranged
from pme.db import Database
from tests.authoring.question_forms import form_at
from tests.authoring.test_drafting import begin
from tests.authoring.test_given_up import as_stored
from tests.conftest import Visits
from tests.content.small_library import Shelf

FIELDS = fields_of("single")
ITEM: Entry = {"id": "one", "options": [{"id": name, "text": f"Text {name}"} for name in "abcd"]}


def texts(typed: Typed) -> str:
    rows = typed["options"]
    assert isinstance(rows, list)
    return "".join(str(row["text"])[-1] for row in rows)


def gone(typed: Typed) -> list[Typed]:
    found = typed[GONE]
    assert isinstance(found, list)
    return found


def test_rows_come_back_in_any_order_where_they_stood():
    typed = typed_of(ITEM, FIELDS)
    for act in ("drop options.1", "drop options.2"):
        typed = arranged(typed, FIELDS, act)
    assert texts(typed) == "ac"
    assert [each["words"] for each in gone(typed)] == ["Text b", "Text d"]
    typed = arranged(typed, FIELDS, "back 1")
    assert texts(typed) == "acd"
    typed = arranged(typed, FIELDS, "back 0")
    assert texts(typed) == "abcd"
    assert gone(typed) == []
    assert entry_of(typed, FIELDS, ITEM) == ITEM, "to the letter, with its id"


@given(st.lists(st.integers(0, 5), max_size=8), st.randoms())
def test_whatever_is_removed_and_put_back_in_whichever_order_stands_as_before(
    drops: list[int], random: Random
):
    item: Entry = {"id": "one", "options": [{"id": name, "text": f"Text {name}"} for name in "abcdef"]}
    typed = typed_of(item, FIELDS)
    for at in drops:
        typed = arranged(typed, FIELDS, f"drop options.{at}")
        if random.random() < 0.3 and GONE in typed and gone(typed):
            typed = arranged(typed, FIELDS, f"back {random.randrange(len(gone(typed)))}")
            assert texts(typed) == "".join(sorted(texts(typed)))
    while GONE in typed and gone(typed):
        typed = arranged(typed, FIELDS, f"back {random.randrange(len(gone(typed)))}")
        assert texts(typed) == "".join(sorted(texts(typed)))
    assert texts(typed) == "abcdef"


def test_an_empty_row_is_forgotten_and_only_the_latest_are_kept():
    typed = arranged(arranged(typed_of(ITEM, FIELDS), FIELDS, "add options"), FIELDS, "drop options.4")
    assert GONE not in typed
    for number in range(MOST_GONE + 3):
        typed = arranged(typed, FIELDS, "add options")
        rows = typed["options"]
        assert isinstance(rows, list)
        rows[-1]["text"] = f"Row {number}"
        typed = arranged(typed, FIELDS, "drop options.4")
    assert {each["words"] for each in gone(typed)} == {f"Row {n}" for n in range(3, MOST_GONE + 3)}


def test_a_row_within_a_row_comes_back_into_its_own_whatever_was_moved_since():
    fields = fields_of("essay")
    typed = arranged(blank(fields), fields, "add rubric")
    rubric = typed["rubric"]
    assert isinstance(rubric, list)
    for number, row in enumerate(rubric):
        row["title"] = f"Criterion {number}"
        levels = row["levels"]
        assert isinstance(levels, list)
        for at, level in enumerate(levels):
            level["text"] = f"Level {number}{at}"
    typed = arranged(typed, fields, "drop rubric.1.levels.0")
    for act, place in (("up rubric.1", 0), ("down rubric.0", 1), ("drop rubric.0", 0), ("back 1", 1)):
        typed = arranged(typed, fields, act)
        assert gone(typed)[0]["place"] == f"rubric.{place}.levels"
    typed = arranged(typed, fields, "back 0")
    rubric = typed["rubric"]
    assert isinstance(rubric, list)
    levels = rubric[1]["levels"]
    assert isinstance(levels, list)
    assert levels[0]["text"] == "Level 10"
    typed = arranged(arranged(typed, fields, "drop rubric.1.levels.0"), fields, "drop rubric.1")
    assert [each["place"] for each in gone(typed)] == ["rubric"], "it is gone with what it was in"


@pytest.mark.parametrize(
    "sent",
    [
        "no JSON",
        "[" * 100_000,
        '"text"',
        '[{"place": "options"}]',
        '[{"place": "options", "at": "0", "number": "1", "turn": "1", "words": "", "row": []}]',
        '[{"place": "options", "at": "0", "number": "1", "turn": "1", "words": "\\ud800", "row": [{}]}]',
        '[{"place": "refs", "at": 0, "number": "1", "turn": "1", "words": "", "row": [{}]}]',
        '[{"place": "stem", "at": "0", "number": "1", "turn": "1", "words": "", "row": [{}]}]',
    ],
)
def test_what_no_form_has_sent_changes_nothing(sent: str):
    typed = arranged(typed_from({GONE: sent, "stem": "Why?"}, FIELDS), FIELDS, "back 0")
    assert typed["options"] == []
    assert typed["stem"] == "Why?"


def test_a_forged_row_has_the_fields_of_its_kind_and_signs_that_can_be_kept():
    row = {"text": "A\u0000b", "correct": ["yes"], "unknown": "x", "-was": "y"}
    sent = json.dumps(
        [{"place": "options", "at": "²", "number": "1", "turn": "²", "words": "A", "row": [row]}]
    )
    typed = arranged(typed_from({GONE: sent}, FIELDS), FIELDS, "back 0")
    assert entry_of(typed, FIELDS) == {"options": [{"id": "a", "text": "Ab"}]}


def test_an_option_that_was_removed_is_put_back_on_the_page_and_the_question_stays_as_it_was(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    before, page = as_stored(database), form_at(clarke, draft, 1)
    less = page.press("Remove: Option 2")
    assert "Removed: Option 2: Leave the place" in less.words
    fewer = less.press("Remove: Option 1", stem="“Other” <words> & so on?")
    assert "Removed: Option 1: Listen" in fewer.words
    again = fewer.press("Put back: Option 2").press("Put back: Option 1")
    assert "Removed:" not in again.words
    assert "“Other” <words> & so on?" in again.text or "&lt;words&gt;" in again.text
    first = page.tree.xpath("//input[starts-with(@name, 'options.')]/@value")
    assert again.tree.xpath("//input[starts-with(@name, 'options.')]/@value") == first
    again.press("Save in the draft", stem="What comes **first**?")
    assert as_stored(database) == before, "nothing was changed"
