"""Passwords: long enough and not the first guess; hashed so that a mistake costs as much as a hit."""

import unicodedata

import pytest

from pme.config import Argon2Cost
from pme.errors import Invalid
from pme.people.passwords import BLOCKED, LONGEST, SHORTEST, Hashing, check_quality
from tests.support.cast import CHEAP

GOOD = "harbour lantern willow"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "x1" * 8 + "yz+",
        "ein Spaziergang über die Brücke",
        "长江后浪推前浪一代新人换旧人啊",
        " " + GOOD,
        "q" * 10 + GOOD,
    ],
)
def test_length_is_enough_and_nothing_is_asked_of_its_composition(password: str):
    check_quality(password)


@pytest.mark.parametrize("length", [0, 1, SHORTEST - 1])
def test_a_short_password_is_refused_with_what_to_do(length: int):
    with pytest.raises(Invalid, match=r"at least 15 characters. Four or five words") as refused:
        check_quality(GOOD[:length])
    assert refused.value.field == "password"


def test_the_borders_of_length_are_where_they_are_said_to_be():
    check_quality("abcdefgh1234567")
    check_quality("abcdefgh" * (LONGEST // 8))
    with pytest.raises(Invalid, match="at most 256"):
        check_quality("abcdefgh" * (LONGEST // 8) + "i")


@pytest.mark.parametrize("password", sorted(BLOCKED))
def test_what_people_guess_first_is_refused(password: str):
    for written in (password, password.upper(), f" {password} "):
        with pytest.raises(Invalid):
            check_quality(written)


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("aaaaaaaaaaaaaaaaaaaa", "", ""),
        ("abababababababababab", "", ""),
        ("robin.adams.of.lakeside", "Robin.Adams.of.Lakeside@home.example", ""),
        ("Robin Alexander Adams", "", "Robin Alexander Adams"),
        ("robinalexanderadams", "", "Robin Alexander Adams"),
        ("password password", "", ""),
    ],
)
def test_what_is_known_of_a_person_or_hardly_varies_is_refused(password: str, email: str, name: str):
    with pytest.raises(Invalid, match="people guess first"):
        check_quality(password, email=email, name=name)


def test_a_password_fits_its_own_hash_only():
    hashing = Hashing(CHEAP)
    kept = hashing.hash(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert hashing.matches(kept, GOOD)
    assert not hashing.matches(kept, GOOD + " ")
    assert not hashing.matches(kept, "")
    assert hashing.hash(GOOD) != kept


def test_nobody_has_no_password():
    hashing = Hashing(CHEAP)
    for password in (GOOD, "", "nobody has this password"):
        assert not hashing.matches(None, password)


@pytest.mark.parametrize("kept", ["", "plain words", "$argon2id$broken"])
def test_a_hash_that_is_none_never_fits(kept: str):
    assert not Hashing(CHEAP).matches(kept, GOOD)


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    hashing = Hashing(CHEAP)
    word = "die Brücke über den Fluss"
    kept = hashing.hash(unicodedata.normalize("NFC", word))
    assert hashing.matches(kept, unicodedata.normalize("NFD", word))


def test_a_long_password_counts_to_its_last_letter():
    hashing = Hashing(CHEAP)
    longest = "abcdefgh" * (LONGEST // 8)
    kept = hashing.hash(longest)
    assert hashing.matches(kept, longest)
    assert not hashing.matches(kept, longest[:-1] + "x")


def test_the_cost_is_the_one_that_was_set():
    assert "$m=16,t=2,p=1$" in Hashing(Argon2Cost(passes=2, kibibytes=16, lanes=1)).hash(GOOD)
