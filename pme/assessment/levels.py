"""How well an attempt went, in the words that are stored and shown. Pure."""

from enum import StrEnum


class Level(StrEnum):
    """`success` is told apart from `acceptable` only where the author set a mark for it."""

    FAIL = "fail"
    ACCEPTABLE = "acceptable"
    SUCCESS = "success"
