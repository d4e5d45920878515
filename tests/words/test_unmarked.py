"""Words for people are given to `_` and its like: in every room but those that are being worked on."""

from functools import cache

import pytest

from tests.words.rooms import room_of, rooms
from tests.words.unfinished import UNFINISHED
from tests.words.unmarked import unmarked
from tests.words.unmarked_python import Found

pytestmark = pytest.mark.database("sqlite")


@cache
def found() -> dict[str, list[Found]]:
    by_room: dict[str, list[Found]] = {}
    for each in unmarked():
        by_room.setdefault(room_of(each.name), []).append(each)
    return by_room


def test_no_room_has_words_that_cannot_be_translated():
    open_rooms = {room for room, what in UNFINISHED.items() if "marking" in what}
    left = {
        room: [str(each) for each in some[:10]] for room, some in found().items() if room not in open_rooms
    }
    assert left == {}


def test_a_room_that_is_marked_is_taken_off_the_list():
    marked = {room for room, what in UNFINISHED.items() if "marking" in what and room not in found()}
    assert marked == set(), "take `marking` off these lines of tests/words/unfinished.txt"


def test_every_room_on_the_list_is_there():
    assert set(UNFINISHED) <= set(rooms())
