"""From a file to a document, or a sentence that says what the file is instead."""

import json
from typing import Any

from pme.errors import Invalid
from pme.words.speech import _

LARGEST = 1_000_000
"""Bytes of one credential: a thousand times what most are."""

Json = dict[str, Any]


class Unreadable(Invalid):
    """Bytes that are no document at all; the sentence says what to do."""


def read_json(data: bytes) -> Json:
    """The one object in some bytes, as every reader sees it: no name twice, every number in its one spelling.

    Raises Unreadable, with a sentence of its own for a file that is cut short.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            _(
                "This file is larger than a credential ever is ({most} MB). Choose the credential itself.",
                most=LARGEST // 1_000_000,
            )
        )
    if not data.strip():
        raise Unreadable(_("This file is empty. Ask for the original file again."))
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable(
            _("This is not a credential: it is not text in UTF-8. Choose the JSON file.")
        ) from None
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole, parse_float=_broken
        )
    except json.JSONDecodeError as error:
        if (
            text.lstrip().startswith("{") and error.pos >= len(text.rstrip()) - 1
        ) or "Unterminated" in error.msg:
            raise Unreadable(
                _(
                    "This file is cut short: its end is missing. Ask for the original file, or download it again."
                )
            ) from None
        raise Unreadable(
            _(
                "This is not a credential: line {line}, column {column} is not JSON. Choose the JSON file.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except (RecursionError, ValueError) as error:
        says = (
            error.says
            if isinstance(error, Unreadable)
            else _("This is not a credential: its JSON cannot be read.")
        )
        raise Unreadable(says) from None
    if not isinstance(found, dict):
        raise Unreadable(_("This is JSON, but not a credential."))
    return found


def _once(pairs: list[tuple[str, object]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")  # not words
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")  # not words


def _whole(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError(f"{text[:40]} is not how a number is written")  # not words
    return number


def _broken(text: str) -> float:
    """A number as every program writes it, and no other way: 2.0 is a whole number to some readers only."""
    number = float(text)
    if repr(number) != text or number == int(number):
        raise ValueError(f"{text[:40]} is not how a number is written")  # not words
    return number
