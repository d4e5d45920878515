"""From a file to a form and back: nothing is lost, nothing moves, and only what was changed changes."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pme.authoring.item_fields import OF_A_BANK, TYPES, Fields, fields_of, of_a_quiz
from pme.authoring.item_forms import (
    Entry,
    Typed,
    blank,
    entry_of,
    fresh_id,
    id_from,
    typed_from,
    typed_of,
)
from pme.authoring.item_rows import MOST_ROWS, arranged
from pme.authoring.rewriting import rewritten
from pme.config import ROOT
from pme.content.yaml_edit import read
from tests.content.small_library import FILES, QUIZ
from tests.support.cases import soaked

SHIPPED = sorted((ROOT / "quizzes").glob("first-response*.quiz.yaml")) + sorted(
    (ROOT / "quizzes").glob("[fh]*.bank.yaml")
)
"""The shipped questions of three modules: those of all would take minutes."""
EACH_RUN = ("first-response-check.quiz.yaml", "human-security.bank.yaml")
"""A quiz, and a bank with a question of every type and comments."""
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=30)


def sent(typed: Typed, prefix: str = "") -> Iterator[tuple[str, str]]:
    """A form as a browser sends it."""
    for name, value in typed.items():
        if isinstance(value, str):
            yield prefix + name, value.replace("\n", "\r\n")
        else:
            for at, row in enumerate(value):
                yield from sent(row, f"{prefix}{name}.{at}.")


def back(typed: Typed, fields: Fields) -> Typed:
    return typed_from(dict(sent(typed)), fields)


def items_of(text: str) -> list[Entry]:
    content = read(text)
    assert isinstance(content, dict)
    items = content.get("items", [])
    assert isinstance(items, list)
    return [item for item in items if isinstance(item, dict)]


def item_of(typed: Typed, item_type: str) -> Entry:
    return entry_of(typed, fields_of(item_type))


@pytest.mark.parametrize("text", [*(path.read_text() for path in SHIPPED), FILES[QUIZ]])
def test_a_form_that_comes_back_as_it_went_changes_no_letter(text: str):
    for number, item in enumerate(items_of(text)):
        fields = fields_of(str(item["type"]))
        typed = typed_of(item, fields)
        assert back(typed, fields) == typed
        entry = entry_of(back(typed, fields), fields, item)
        assert entry == item
        assert list(entry) == list(item)
        assert rewritten(text, ("items", number), item, entry) == text
        assert typed_of(entry, fields) == typed
    content = read(text)
    fields = of_a_quiz((("LO1", "One"),)) if "pme-quiz" in text else OF_A_BANK
    assert entry_of(back(typed_of(content, fields), fields), fields, content) == content


@pytest.mark.parametrize("name", soaked((path.name for path in SHIPPED), EACH_RUN))
def test_every_change_is_written_and_comments_stay(name: str):
    text = (ROOT / "quizzes" / name).read_text()
    comments = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
    for number, item in enumerate(items_of(text)):
        fields = fields_of(str(item["type"]))
        typed = typed_of(item, fields)
        typed["stem"] = "Other words: #1, “quoted” & [more]"
        rows = next(
            (each.name for each in fields if each.is_rows and each.name != "refs" and typed[each.name]), None
        )
        if rows:
            typed = arranged(typed, fields, f"up {rows}.1")
            typed = arranged(typed, fields, f"drop {rows}.2")
            typed = arranged(typed, fields, f"add {rows}")
            last = typed[rows][-1]
            assert isinstance(last, dict)
            last["text"] = last["left"] = last["title"] = "New: row"
        entry = entry_of(back(typed, fields), fields, item)
        text = rewritten(text, ("items", number), item, entry)
        assert items_of(text)[number] == entry
    assert [line.strip() for line in text.splitlines() if line.strip().startswith("#")] == comments


@pytest.mark.parametrize("item_type", TYPES)
def test_a_blank_form_makes_an_entry_of_what_was_typed_only(item_type: str):
    typed = blank(fields_of(item_type))
    assert item_of(typed, item_type) == {}
    assert item_of({**typed, "stem": "Why?"}, item_type) == {"stem": "Why?"}


@given(st.sampled_from(sorted(TYPES)), st.lists(WORDS, min_size=1, max_size=6))
def test_what_is_typed_stands_in_the_form_again(item_type: str, words: list[str]):
    fields = fields_of(item_type)

    def filled(typed: Typed, at: int = 0) -> Typed:
        return {
            name: [filled(row, at + n) for n, row in enumerate(value)]
            if isinstance(value, list)
            else ""
            if name in ("was", "correct", "key.rating")
            else " ".join(words[at % len(words)].split())
            for name, value in typed.items()
        }

    entry = entry_of(filled(blank(fields)), fields)
    again = typed_of(entry, fields)
    assert entry_of(back(again, fields), fields, entry) == entry
    text = rewritten("items:\n  - id: a\n", ("items", 0), {"id": "a"}, {"id": "a", **entry})
    assert items_of(text) == [{"id": "a", **entry}]


def test_rows_have_ids_of_their_own_and_keep_what_the_form_does_not_know():
    item: Entry = {"options": [{"id": "b", "text": "One", "note": "kept"}, {"text": "Two"}], "odd": "kept"}
    fields = fields_of("single")
    typed = typed_of(item, fields)
    typed = arranged(arranged(typed, fields, "add options"), fields, "down options.0")
    rows = typed["options"]
    assert isinstance(rows, list)
    rows[2]["text"] = "Three"
    entry = entry_of(typed, fields, item)
    assert entry["options"] == [
        {"text": "Two"},
        {"id": "b", "text": "One", "note": "kept"},
        {"id": "a", "text": "Three"},
    ]
    assert entry["odd"] == "kept"


def test_more_rows_than_the_form_adds_are_all_kept():
    item: Entry = {"options": [{"id": f"o{at}", "text": "One"} for at in range(MOST_ROWS + 5)]}
    fields = fields_of("single")
    typed = back(arranged(typed_of(item, fields), fields, "add options"), fields)
    assert entry_of(typed, fields, item) == item


def test_a_rating_of_a_panel_stays_until_another_is_chosen():
    fields = fields_of("rating")
    item: Entry = {"options": [{"id": "a", "key": {"by": "panel", "panel": ["4", "3"]}}]}
    typed = typed_of(item, fields)
    assert entry_of(typed, fields, item) == item
    typed["options"][0]["key.rating"] = "2"  # type: ignore[index]
    assert entry_of(typed, fields, item) == {"options": [{"id": "a", "key": {"by": "author", "rating": "2"}}]}


def test_levels_of_a_rubric_are_arranged_within_their_criterion():
    fields = fields_of("essay")
    typed = arranged(blank(fields), fields, "add rubric.0.levels")
    typed = arranged(typed, fields, "add rubric")
    assert [len(row["levels"]) for row in typed["rubric"]] == [3, 2]  # type: ignore[index]


@pytest.mark.parametrize(
    "act",
    [
        "",
        "save",
        "add stem",
        "add none",
        "drop options.99",
        "drop options",
        "up x.y.z",
        "add options.0",
        "drop a",
        "back 0",
        "back x",
    ],
)
def test_an_act_that_means_nothing_changes_nothing(act: str):
    fields = fields_of("single")
    assert arranged(blank(fields), fields, act) == blank(fields)


def test_fields_of_another_shape_are_left_alone():
    item: Entry = {"stem": ["a list"], "options": "a text", "feedback": "a text", "refs": [{"no": "text"}]}
    for item_type in TYPES:
        fields = fields_of(item_type)
        assert entry_of(typed_of(item, fields), fields, item) == item
    fields = fields_of("numeric")
    typed = {**typed_of(item, fields), "feedback.right": "Yes."}
    assert entry_of(typed, fields, item)["feedback"] == {"right": "Yes."}


def test_ids_are_made_of_words_and_never_taken_twice():
    assert id_from("What is a “safe” word?", []) == "what-safe-word"
    assert id_from("What is a “safe” word?", ["what-safe-word"]) == "what-safe-word-2"
    assert id_from("Що?", []) == "question"
    assert id_from("x" * 500, []) == "x" * 60
    assert fresh_id(["a", "b"]) == "c"
    assert fresh_id(list("abcdefghijklmnopqrstuvwxyz")) == "more"
