"""Rows of a form: one more, one less, up, down, and one put back that was removed. Pure.

What was removed goes along with the form until it is saved, so that it can be put back as it was typed.
"""

import re
from collections.abc import Sequence

from pme.authoring.item_fields import Fields, Rows
from pme.authoring.item_forms import GONE, WAS, Typed, blank, is_blank
from pme.signs import fit

MOST_ROWS, MOST_GONE = 60, 12
WORDS = 60
"""Of the words of a removed row, how many signs its button tells."""
_ACT = re.compile(r"(add|drop|up|down|back) ([a-z_.0-9]+)\Z")
_ROW = re.compile(r"(.+)\.(\d{1,4})\Z")


def arranged(typed: Typed, fields: Fields, act: str) -> Typed:
    """The form after a button for its rows: `add options`, `drop options.1`, `up rubric.0.levels.1`, `back 0`."""
    match = _ACT.match(act)
    if match is None:
        return typed
    if match[1] == "back":
        return _put_back(typed, fields, match[2])
    place, at = (match[2], 0) if match[1] == "add" else _place_of_row(match[2])
    found = _rows_at(typed, fields, place.split("."))
    if found is None or (match[1] != "add" and at >= len(found[0])):
        return typed
    rows, spec = found
    match match[1]:
        case "add" if len(rows) < MOST_ROWS:
            rows.append({WAS: "", **blank(spec.fields)})
        case "drop":
            order: list[int | None] = list(range(len(rows)))
            _follow(typed, place, [*order[:at], None, *order[at:-1]])
            _remember(typed, place, at, rows.pop(at))
        case "up" if at > 0:
            _swap(typed, place, rows, at - 1)
        case "down" if at + 1 < len(rows):
            _swap(typed, place, rows, at)
    return typed


def _swap(typed: Typed, place: str, rows: list[Typed], at: int) -> None:
    """Let a row and the next change places."""
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    order: list[int | None] = list(range(len(rows)))
    _follow(typed, place, [*order[:at], at + 1, at, *order[at + 2 :]])


def _remember(typed: Typed, place: str, at: int, row: Typed) -> None:
    """Keep a row, in its order among those that are gone, which stand before the rows that follow them."""
    gone = _gone_of(typed)
    later = [each for each in gone if each["place"] == place and _at(each) > at]
    for each in later:
        each["at"] = str(_at(each) - 1)
    if is_blank(row):
        return
    turn = 1 + max((_number(str(each["turn"])) or 0 for each in gone), default=0)
    kept: Typed = {
        "place": place,
        "at": str(at),
        "number": str(at + 1),
        "turn": str(turn),
        "words": _words(row)[:WORDS],
        "row": [row],
    }
    gone.insert(gone.index(later[0]) if later else len(gone), kept)
    if len(gone) > MOST_GONE:
        gone.remove(min(gone, key=lambda each: _number(str(each["turn"])) or 0))
    typed[GONE] = gone


def _put_back(typed: Typed, fields: Fields, number: str) -> Typed:
    gone, which = _gone_of(typed), _number(number)
    if which is None or which >= len(gone):
        return typed
    each = gone[which]
    place, row = str(each["place"]), each["row"]
    found = _rows_at(typed, fields, place.split("."))
    if found is None or not isinstance(row, list) or len(found[0]) >= MOST_ROWS:
        return typed
    rows, spec = found
    at = min(_at(each), len(rows))
    typed[GONE] = gone[:which] + gone[which + 1 :]
    for other in gone[which + 1 :]:
        if other["place"] == place:
            other["at"] = str(_at(other) + 1)
    _follow(typed, place, [number if number < at else number + 1 for number in range(len(rows))])
    rows.insert(at, _fitting(row[0], spec.fields))
    return typed


def _follow(typed: Typed, place: str, to: Sequence[int | None]) -> None:
    """Let rows that were removed from within rows of a place know where those are now; None: not there any more."""
    kept = []
    for each in _gone_of(typed):
        own = str(each["place"])
        if own.startswith(f"{place}."):
            number, _, rest = own.removeprefix(f"{place}.").partition(".")
            was = _number(number)
            now = to[was] if was is not None and was < len(to) else None
            if now is None:
                continue
            each["place"] = f"{place}.{now}.{rest}"
        kept.append(each)
    if GONE in typed:
        typed[GONE] = kept


def _fitting(row: Typed, fields: Fields) -> Typed:
    """A row with the fields of its kind and no others, whatever was sent as one."""
    found: Typed = {WAS: _text(row.get(WAS))}
    for each in fields:
        value = row.get(each.name)
        if isinstance(each, Rows):
            inner = value if isinstance(value, list) else []
            rows = [one for one in inner[:MOST_ROWS] if _is_row(one)]
            found[each.name] = [_fitting(one, each.fields) for one in rows]
        else:
            found[each.name] = _text(value)
    return found


def _is_row(value: object) -> bool:
    return isinstance(value, dict)


def _text(value: object) -> str:
    return fit(value) if isinstance(value, str) else ""


def _at(gone: Typed) -> int:
    """Before which row of now one that is gone stood."""
    found = _number(str(gone["at"]))
    return MOST_ROWS if found is None else found


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else None


def _words(row: Typed) -> str:
    """The first words that stand in a row."""
    for name, value in row.items():
        if isinstance(value, list):
            found = next(filter(None, map(_words, value)), "")
        else:
            found = "" if name in (WAS, "id") else " ".join(value.split())
        if found:
            return found
    return ""


def _gone_of(typed: Typed) -> list[Typed]:
    gone = typed.get(GONE)
    return gone if isinstance(gone, list) else []


def _place_of_row(name: str) -> tuple[str, int]:
    match = _ROW.match(name)
    return (match[1], int(match[2])) if match else ("", 0)


def _rows_at(typed: Typed, fields: Fields, steps: Sequence[str]) -> tuple[list[Typed], Rows] | None:
    """The rows at a place such as `rubric.0.levels`, with what a row of them is."""
    name, *rest = steps
    spec = next((each for each in fields if isinstance(each, Rows) and each.name == name), None)
    rows = typed.get(name)
    if spec is None or not isinstance(rows, list):
        return None
    if not rest:
        return rows, spec
    number = int(rest[0]) if rest[0].isdigit() else len(rows)
    return _rows_at(rows[number], spec.fields, rest[1:]) if len(rest) > 1 and number < len(rows) else None
