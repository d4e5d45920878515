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
    """The file with one byte replaced, lost or put in (never white space, which says nothing in JSON)."""
    draw = random.Random(seed)
    for _ in range(count):
        at, other = draw.randrange(len(data)), draw.choice([b for b in range(256) if b not in b" \t\r\n"])
        match draw.randrange(3):
            case 0 if other != data[at]:
                yield data[:at] + bytes([other]) + data[at + 1 :]
            case 1:
                yield data[:at] + bytes([other]) + data[at:]
            case _:
                yield data[:at] + data[at + 1 :]


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
