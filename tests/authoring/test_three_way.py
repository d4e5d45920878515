"""Putting two versions of one text together: both changes are kept, and nothing is ever lost."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pme.authoring import three_way
from pme.authoring.three_way import END, MINE, THEIRS, Side, changes, marked_line, merge, pieces

BASE = "# Title\n\nFirst words here.\n\nMiddle words here.\n\nLast words here.\n"
words = st.sampled_from(["ask", "listen", "offer", "write", "go", "stay"])
lines = st.sampled_from(["", "ask", "listen", "ask and listen", "go", "go and write", "stay and write"])
texts = st.lists(lines, max_size=8).map("\n".join)


def test_changes_in_different_places_are_both_kept():
    mine = BASE.replace("First words", "My words")
    theirs = BASE.replace("Last words", "Their words")
    merged = merge(BASE, mine, theirs)
    assert merged.text == BASE.replace("First words", "My words").replace("Last words", "Their words")
    assert merged.clashes == 0


def test_changes_in_one_line_are_put_together_by_words():
    base = "You keep the person safe and you listen to what is said.\n"
    mine, theirs = base.replace("keep", "keep, always,"), base.replace("is said", "is told")
    assert merge(base, mine, theirs) == three_way.Merged(
        "You keep, always, the person safe and you listen to what is told.\n", 0
    )


def test_where_both_changed_the_same_words_both_stand_marked():
    mine, theirs = (BASE.replace("Middle", word) for word in ("My", "Their"))
    merged = merge(BASE, mine, theirs)
    assert merged.clashes == 1
    assert f"{MINE}\nMy words here.\n{THEIRS}\nTheir words here.\n{END}\n" in merged.text
    assert marked_line(merged.text) == 5
    assert marked_line(BASE) is None


def test_one_clash_does_not_draw_its_neighbours_in():
    base = "# First steps\n\nYou ask first.\n"
    merged = merge(base, "# Her steps\n\nAlways ask first.\n", "# My steps\n\nYou ask first.\n")
    assert merged.clashes == 1
    assert merged.text == f"{MINE}\n# Her steps\n{THEIRS}\n# My steps\n{END}\n\nAlways ask first.\n"


def test_a_text_that_one_took_away_and_the_other_changed_is_for_a_person_to_decide():
    merged = merge("One\n", "", "One and two")
    assert merged.clashes == 0 or "One and two" in merged.text
    assert "two" in merged.text


def test_a_last_line_without_a_break_does_not_swallow_a_mark():
    merged = merge("a", "b", "c")
    assert merged.text == f"{MINE}\nb\n{THEIRS}\nc\n{END}\n"


@given(texts, texts)
def test_what_only_one_changed_is_taken_as_it_is(base: str, other: str):
    assert merge(base, other, base) == three_way.Merged(other, 0)
    assert merge(base, base, other) == three_way.Merged(other, 0)
    assert merge(base, other, other) == three_way.Merged(other, 0)


@given(texts, texts, texts)
def test_no_word_that_somebody_added_is_lost(base: str, mine: str, theirs: str):
    theirs = re.sub(r"\b(\w+)\b", r"\1X", theirs, count=3)
    mine = re.sub(r"\b(\w+)\b", r"\1Y", mine, count=3)
    merged = merge(base, mine, theirs).text
    old = set(base.split())
    assert {word for word in (*mine.split(), *theirs.split()) if word not in old} <= set(merged.split())


@given(texts, texts, texts)
def test_the_pieces_are_the_three_texts_and_their_order_does_not_matter(base: str, mine: str, theirs: str):
    three = [text.split("\n") for text in (base, mine, theirs)]
    found = pieces(*three)
    for side, whole in zip(("base", "mine", "theirs"), three, strict=True):
        assert [line for piece in found for line in getattr(piece, side)] == whole
    other = pieces(three[0], three[2], three[1])
    swapped = {Side.MINE: Side.THEIRS, Side.THEIRS: Side.MINE}
    assert [swapped.get(piece.side, piece.side) for piece in other] == [piece.side for piece in found]


@given(st.lists(st.integers(0, 1000).map("line {}".format), min_size=4, max_size=12, unique=True), st.data())
def test_edits_that_do_not_touch_are_all_kept(base: list[str], data: st.DataObject):
    cut = data.draw(st.integers(1, len(base) - 2))
    mine = [*data.draw(st.lists(words, max_size=3)), *base[cut:]]
    theirs = [*base[: cut + 1], *data.draw(st.lists(words, max_size=3))]
    merged = merge(*("".join(f"{line}\n" for line in text) for text in (base, mine, theirs)))
    assert merged.clashes == 0
    wanted = [*mine[: len(mine) - len(base[cut:])], base[cut], *theirs[cut + 1 :]]
    assert merged.text == "".join(f"{line}\n" for line in wanted)


@given(texts, texts)
def test_what_became_of_a_text_is_told_by_words(old: str, new: str):
    told = changes(old, new)
    assert "".join(each.text for each in told if each.kind != "new") == old
    assert "".join(each.text for each in told if each.kind != "old") == new


@pytest.mark.parametrize("unit", ["[\n", "a b\n", "[", "a\nb\n", "\n"])
def test_hostile_texts_are_compared_in_bounded_time(unit: str):
    many = unit * (200_000 // len(unit))
    began = time.process_time()
    merged = merge(f"x\n{many}", f"{many}{unit}y", f"z{unit}{many[:-9]}z")
    changes(many, f"{unit}q{many[:-9]}")
    assert time.process_time() - began < 4
    assert "y" in merged.text
    assert "z" in merged.text
