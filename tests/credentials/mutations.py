"""Changes to a signed file, of every sort that a forger or a bad line makes, drawn from a seed."""

import json
import random
import string
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Path = tuple[str | int, ...]

ELSEWHERE = "https://www.w3.org/ns/credentials/undefined-terms/v2"


def changed_bytes(data: bytes, *, count: int, seed: int) -> Iterator[bytes]:
    """The file with one byte replaced, lost or put in, so that it is no other spelling of the same JSON (white
    space between words, a stroke before a slash).
    """
    draw = random.Random(seed)
    while count:
        at, other = draw.randrange(len(data)), bytes([draw.randrange(256)])
        changed = data[: at + draw.randrange(2)] + draw.choice([other, b""]) + data[at + 1 :]
        if not _says_the_same(changed, data):
            count -= 1
            yield changed


def _says_the_same(changed: bytes, data: bytes) -> bool:
    if changed == data or not data.startswith(b"{"):
        return changed == data
    try:
        return bool(json.loads(changed) == json.loads(data))
    except ValueError:
        return False


def changed_fields(document: dict[str, Any], *, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """The document with one value changed, moved, lost, doubled, wrapped, renamed or added."""
    draw = random.Random(seed)
    places = list(_places(document, ()))
    while count:
        copy = deepcopy(document)
        _change(copy, draw.choice(places), draw)
        if copy != document:
            count -= 1
            yield copy


def _places(value: object, path: Path) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, (*path, number))


def _change(document: dict[str, Any], path: Path, draw: random.Random) -> None:
    around: Any = document
    for step in path[:-1]:
        around = around[step]
    last, value = path[-1], around[path[-1]]
    others: list[Any] = [
        None,
        True,
        0,
        -1,
        1.5,
        "",
        [],
        {},
        [value],
        {"@value": value},
        {"@id": value},
        value,
    ]
    act = draw.randrange(6)
    if act == 0 and isinstance(value, str) and value:
        at = draw.randrange(len(value))
        letter = draw.choice(string.printable[:94] + "éя١\u200b\u00a0 ")
        around[last] = value[:at] + letter + value[at + draw.randrange(2) :]
    elif act == 1:
        del around[last]
    elif act == 2 and isinstance(around, dict):
        around[str(last) + draw.choice(["", "x", " "])] = around.pop(last)
        around[
            draw.choice(["id", "@id", "type", "name", "x", "description", "proof", "@graph", "alignment"])
        ] = value
    elif act == 3 and isinstance(around, list):
        around.append(draw.choice([value, "x", ELSEWHERE, json.loads(json.dumps(value).swapcase().lower())]))
    elif act == 4 and isinstance(value, str):
        around[last] = draw.choice(
            [value.upper(), value.lower(), value + " ", " " + value, value[::-1], value * 2]
        )
    else:
        around[last] = draw.choice(others)
