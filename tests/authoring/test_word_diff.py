"""What changed in words: what a reader sees, and what a hostile text costs."""

import time

import pytest

from pme.authoring.word_diff import Fate, Piece, compare_texts, first_words, paragraphs, pieces

SAME, GONE, NEW = Fate.SAME, Fate.GONE, Fate.NEW


def told(before: str, after: str) -> list[tuple[int, Fate | None]]:
    return [(each.number, each.fate) for each in compare_texts(before, after)]


def test_only_the_words_that_changed_are_marked():
    assert pieces("You ask before you act.", "You always ask before you act.") == (
        Piece(SAME, "You "),
        Piece(NEW, "always "),
        Piece(SAME, "ask before you act."),
    )
    assert pieces("Ask her.", "Ask him.") == (
        Piece(SAME, "Ask "),
        Piece(GONE, "her"),
        Piece(NEW, "him"),
        Piece(SAME, "."),
    )


def test_a_line_broken_elsewhere_is_no_change():
    assert told("One two\nthree.", "One\ntwo three.") == [(1, SAME)]


def test_a_small_word_between_changes_is_read_with_them():
    assert pieces("Leave to the gate now", "Go to a house later") == (
        Piece(GONE, "Leave to the gate now"),
        Piece(NEW, "Go to a house later"),
    )


def test_paragraphs_are_put_in_taken_out_and_matched_by_their_words():
    before = "# Title\n\nListen to the person first.\n\nThis goes away.\n\nThe end."
    after = "# Title\n\nA wholly fresh start.\n\nListen to the person at first.\n\nThe end."
    assert told(before, after) == [(1, SAME), (2, NEW), (3, None), (3, GONE), (4, SAME)]
    assert told("", "One.") == [(1, NEW)]
    assert told("One.", "") == [(1, GONE)]
    assert told("", "") == []


def test_of_two_changed_paragraphs_the_one_that_left_is_found_where_it_stood():
    before = "Alpha bravo charlie delta.\n\nEcho foxtrot golf hotel."
    after = "Echo foxtrot golf india."
    assert told(before, after) == [(1, GONE), (1, None)]
    assert told(after, before) == [(1, NEW), (2, None)]


def test_a_fence_is_one_paragraph_and_the_rest_of_a_very_long_text_too(monkeypatch: pytest.MonkeyPatch):
    assert paragraphs("A\n\n```\nx\n\n~~~\ny\n```\n\nB\n\n") == ["A", "```\nx\n\n~~~\ny\n```", "B"]
    monkeypatch.setattr("pme.authoring.word_diff.MOST_PARAGRAPHS", 2)
    assert paragraphs("A\n\nB\n\nC\n\nD") == ["A", "B", "C\n\nD"]


def test_a_paragraph_is_named_by_its_first_words():
    assert first_words("One  two three\nfour five six seven eight nine") == (
        "One two three four five six seven eight"
    )
    assert len(first_words("x" * 5000)) == 120


def test_nothing_is_lost_whatever_is_compared():
    before, after = "a b c. d e\n\nf g", "a c b d, e f\n\nh"
    found = compare_texts(before, after)
    for fate, text in ((GONE, before), (NEW, after)):
        words = " ".join(p.text for each in found for p in each.pieces if p.fate in (SAME, fate))
        assert "".join(words.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n\n" * 60_000, "b\n\n" + "a\n\n" * 50_000 + "b"),
        ("a b " * 50_000, "b a " * 49_999 + "c"),
        ("." * 200_000, "x" + "," * 199_999),
        ("\n\n".join(f"{n} alike {n % 7}" for n in range(9_000)), "\n\n".join(["alike"] * 9_000)),
    ],
)
def test_a_hostile_text_is_compared_in_bounded_time(before: str, after: str):
    began = time.process_time()
    assert compare_texts(before, after)
    assert time.process_time() - began < 10
