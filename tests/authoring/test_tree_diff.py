"""What changed in a YAML file, in the words of those who write questions and scenarios."""

import pytest

from pme.authoring.file_diff import anchors_of, compare_file
from pme.authoring.naming import file_name
from pme.authoring.tree_diff import Change, What, compare_trees, read_plain
from pme.content.yaml_write import Plain
from tests.content.small_library import FIGURE, FILES, MODULE, PAGE, QUIZ, SCENARIO


def changes(path: str, *edits: tuple[str, str]) -> list[tuple[What, str, str, str]]:
    """What is told of these edits to a file of the small library."""
    before = after = FILES[path]
    for old, new in edits:
        assert old in after
        after = after.replace(old, new, 1)
    change = compare_file(file_name(path), before.encode(), after.encode())
    return [(each.what, each.label, each.before, each.after) for each in change.fields]


def test_a_field_of_an_option_is_told_by_its_item_and_option():
    assert changes(QUIZ, ("text: Leave the place", "text: Leave it")) == [
        (What.CHANGED, "Item first, option b, text", "Leave the place", "Leave it")
    ]


def test_added_and_removed_entries_are_named_and_shown_whole():
    (removed,) = changes(QUIZ, ("      - {id: b, text: Leave the place, feedback: No.}\n", ""))
    assert removed == (
        What.REMOVED,
        "Item first, option b",
        "id: b\ntext: Leave the place\nfeedback: No.",
        "",
    )
    (added,) = changes(QUIZ, ("distractors: [Rumour]", "distractors: [Rumour]\n    note: For later."))
    assert added == (What.ADDED, "Item who, note", "", "For later.")


def test_moved_items_are_told_and_the_fewest_of_them():
    before: Plain = {"items": [{"id": name} for name in "abcd"]}
    after: Plain = {"items": [{"id": name} for name in "dabc"]}
    assert compare_trees(before, after) == [
        Change(What.MOVED, "items.d", "Item d", after="now number 1"),
    ]
    assert compare_trees({"title": "x", "minutes": "1"}, {"minutes": "1", "title": "x"}) == []


def test_a_node_and_a_choice_are_told_by_their_names():
    told = changes(SCENARIO, ("text: Look at the sky", "text: Look up"), ('story_time: "14:05"\n    ', ""))
    assert told == [
        (What.CHANGED, "Node d1, choice b, text", "Look at the sky", "Look up"),
        (What.REMOVED, "Node d2, story time", "14:05", ""),
    ]
    told = changes(SCENARIO, ("{to: gaps}", "{to: sound}"))
    assert told == [(What.CHANGED, "Node resolve, goto, entry 3, to", "gaps", "sound")]


def test_a_list_of_words_is_one_field():
    assert changes(QUIZ, ("refs: [NOTES-2021]", "refs: [NOTES-2021, GUIDE-2020]")) == [
        (What.CHANGED, "Item second, refs", "NOTES-2021", "NOTES-2021; GUIDE-2020")
    ]


def test_the_head_of_a_module_is_told_by_field_and_its_text_by_words():
    after = (
        FILES[MODULE]
        .replace("pages: all", "pages: none")
        .replace("Listening is work", "Listening is hard work")
    )
    change = compare_file(file_name(MODULE), FILES[MODULE].encode(), after.encode())
    assert [each.label for each in change.fields] == ["Completion, pages"]
    assert [each.is_same for each in change.paragraphs] == [False]
    assert change.count == 2


def test_a_value_that_becomes_a_list_is_one_change():
    assert [each.what for each in compare_trees({"a": "x"}, {"a": ["x", "y"]})] == [What.CHANGED]
    assert [each.what for each in compare_trees({"a": {"b": "x"}}, {"a": [{"b": "x"}]})] == [What.CHANGED]


def test_entries_of_one_name_are_kept_apart():
    one: Plain = {"id": "a", "stem": "One"}
    (change,) = compare_trees({"items": [one, {"id": "a", "stem": "Two"}]}, {"items": [one]})
    assert (change.what, change.before) == (What.REMOVED, "id: a\nstem: Two")


@pytest.mark.parametrize(
    "text", ["a: &x [1]\nb: *x\n", "[" * 2000, "a: !!python/object:os.system x", "a: [", "\x00"]
)
def test_what_cannot_be_read_safely_is_compared_as_words(text: str):
    assert read_plain(text) is None
    change = compare_file(file_name(QUIZ), FILES[QUIZ].encode(), text.encode())
    assert change.is_as_text
    assert change.count
    assert anchors_of(file_name(QUIZ), text.encode())
    page = compare_file(file_name(MODULE), FILES[MODULE].encode(), f"---\n{text}\n---\nText.".encode())
    assert page.is_as_text


def test_a_picture_is_looked_at():
    change = compare_file(file_name(FIGURE), None, b"<svg/>")
    assert (change.is_picture, change.is_new, change.count) == (True, True, 0)
    assert anchors_of(file_name(FIGURE), b"<svg/>") == {}
    assert anchors_of(file_name(QUIZ), None) == {}


def test_every_place_of_a_file_can_be_commented():
    places = anchors_of(file_name(QUIZ), FILES[QUIZ].encode())
    assert places["at items.first.options.b.text"] == "Item first, option b, text"
    assert anchors_of(file_name(PAGE), FILES[PAGE].encode())["paragraph 1"] == "# First steps"


def test_no_more_changes_are_told_than_can_be_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.authoring.tree_diff.MOST_CHANGES", 3)
    before: Plain = {str(n): "a" for n in range(9)}
    after: Plain = {str(n): "b" for n in range(9)}
    assert len(compare_trees(before, after)) == 3
