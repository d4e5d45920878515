"""What is typed into a question: numbers, units, and short texts but for what does not matter."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pme.content.scoring import rating_credit
from pme.content.shapes import Folding, Key, NumericItem
from pme.content.typed import (
    decimal_of,
    folded,
    is_ambiguous,
    is_near_enough,
    is_unit_of,
    number_and_unit,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("72", "72"),
        (" 0.5 ", "0.5"),
        ("0,5", "0.5"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("٧٢", "72"),
        ("٧٢٫٥", "72.5"),
        ("7２", "72"),
    ],
)
def test_a_number_is_read_in_every_way_of_writing_it(text: str, number: str):
    assert decimal_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "many", "7 2", "1.2.3", "1,2,3", "72 hours", "1e5", "NaN", "x" * 5_000])
def test_what_is_no_number_is_none(text: str):
    assert decimal_of(text) is None


def test_a_unit_may_stand_behind_the_number():
    assert number_and_unit("72 hours") == (Decimal(72), "hours")
    assert number_and_unit("72h") == (Decimal(72), "h")
    assert number_and_unit("about 72") == (None, "about 72")


@pytest.mark.parametrize(
    ("text", "doubt"), [("1,000", True), ("12.345", True), ("0.125", False), ("1000", False)]
)
def test_a_thousand_that_may_be_a_one_is_told(text: str, doubt: bool):
    assert is_ambiguous(text) is doubt


def numeric(**fields: object) -> NumericItem:
    every = {
        "id": "n",
        "type": "numeric",
        "outcome": "LO1",
        "difficulty": "easy",
        "stem_html": "",
        "answer": "72",
        "right_feedback_html": "",
        "wrong_feedback_html": "",
    }
    return NumericItem.model_validate(every | fields)


def test_a_tolerance_is_of_the_number_or_of_the_answer():
    absolute, share = numeric(tolerance="2"), numeric(answer="-200", tolerance="5", tolerance_is_percent=True)
    assert [is_near_enough(absolute, Decimal(n)) for n in (69, 70, 74, 75)] == [False, True, True, False]
    assert [is_near_enough(share, Decimal(n)) for n in (-211, -210, -190, -189)] == [False, True, True, False]
    assert is_near_enough(numeric(answer="0.3"), Decimal("0.1") + Decimal("0.2"))


def test_units_are_the_same_in_every_way_of_writing_them():
    item = numeric(unit="hours", accepted_units=("h", "hrs"))
    assert all(is_unit_of(item, unit) for unit in ("", "hours", "Hours", "h", "hrs."))
    assert not is_unit_of(item, "days")


@pytest.mark.parametrize(
    ("text", "folding", "same"),
    [
        ("Non-Refoulement.", ("case", "spaces", "punctuation"), "nonrefoulement"),
        ("non  refoulement", ("case", "spaces", "punctuation"), "nonrefoulement"),
        ("non-refoulement", ("punctuation",), "non refoulement"),
        ("Élan", ("accents",), "Elan"),
        (" two  words ", (), "two words"),
        ("A.B", ("case",), "a.b"),
    ],
)
def test_a_short_text_is_folded_as_named(text: str, folding: tuple[Folding, ...], same: str):
    assert folded(text, folding) == same


@pytest.mark.parametrize(
    ("key", "earned"),
    [
        (1, (1, 0.5, 0, 0)),
        (2, (0.5, 1, 0, 0)),
        (3, (0, 0, 1, 0.5)),
        (4, (0, 0, 0.5, 1)),
    ],
)
def test_a_rating_earns_by_its_nearness_and_its_side(key: int, earned: tuple[float, ...]):
    author = Key(by="author", rating=key)
    assert tuple(rating_credit(author, rating) for rating in range(1, 5)) == earned


def test_a_panel_counts_as_its_nearest_rating():
    assert rating_credit(Key(by="panel", panel=(3, 4)), 4) == 1
    assert rating_credit(Key(by="panel", panel=(2, 3)), 3) == 1
    assert rating_credit(Key(by="panel", panel=(1, 1, 2)), 1) == Fraction(1)
