"""From the fields of a question as its file holds them to the fields of a form, and back. Pure.

What the form does not know stays as it is, and what nobody changed stays to the letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from pme.authoring.item_fields import Field, Fields, Rows
from pme.content.yaml_write import Plain
from pme.signs import fit

Typed: TypeAlias = "dict[str, str | list[Typed]]"
"""What stands in a form: a text for each field, a list for each set of rows. `was` tells a row of the file."""
Entry: TypeAlias = "dict[str, Plain]"
P = TypeVar("P")
WAS = "was"
YES = "yes"
OF_GONE = ("place", "at", "number", "turn", "words")
GONE = "-gone"
"""Rows that were removed from the form and can be put back, those of one place in their order. Each tells where
(`place`), before which row of now (`at`), its old `number`, when (`turn`), and its words; `row` holds it.
"""
SHORTEST = 3
_TRUE = ("yes", "true")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typed_of(entry: Plain | None, fields: Fields) -> Typed:
    """The form of an entry of a file; an entry of texts only is taken as its words."""
    found: Typed = {}
    for each in fields:
        value = _inside(entry, each.name)
        if isinstance(each, Rows):
            rows = value if isinstance(value, list) else []
            found[each.name] = [
                _typed_text(row, str(at))
                if each.is_text
                else {WAS: _label(row, at), **typed_of(row, each.fields)}
                for at, row in enumerate(rows)
            ]
        else:
            found[each.name] = _shown(each, value)
    return found


def typed_from(values: Mapping[str, str], fields: Fields, prefix: str = "") -> Typed:
    """The form that was sent, from its values by name, such as `options.1.text`."""
    found: Typed = {}
    for each in fields:
        if isinstance(each, Rows):
            rows: list[Typed] = []
            while f"{(name := f'{prefix}{each.name}.{len(rows)}')}.{WAS}" in values:
                was = values[f"{name}.{WAS}"]
                rows.append({WAS: was, **typed_from(values, each.fields, f"{name}.")})
            found[each.name] = rows
        elif each.kind == "several":
            boxes = f"{prefix}{each.name}."
            chosen = [name.removeprefix(boxes) for name in values if name.startswith(boxes)]
            found[each.name] = "\n".join(chosen)
        else:
            found[each.name] = values.get(prefix + each.name, "").replace("\r\n", "\n")
    if not prefix and values.get(GONE):
        found[GONE] = _gone(values[GONE])
    return found


def blank(fields: Fields) -> Typed:
    """A form with nothing in it yet but some empty rows to write into."""
    return {
        each.name: [{WAS: "", **blank(each.fields)} for _ in range(each.at_first)]
        if isinstance(each, Rows)
        else ""
        for each in fields
    }


def entry_of(typed: Typed, fields: Fields, original: Plain | None = None) -> Entry:
    """The entry of a file that a form makes of the one that stood there."""
    entry: Entry = dict(original) if isinstance(original, dict) else {}
    known = typed_of(entry, fields)
    for each in fields:
        typed_value, before = typed.get(each.name, ""), known[each.name]
        if isinstance(each, Rows):
            rows = typed_value if isinstance(typed_value, list) else []
            if rows != before:
                _keep(entry, each.name, _entries(rows, each, _inside(entry, each.name)))
        elif each.kind == "several" and isinstance(typed_value, str) and isinstance(before, str):
            if set(typed_value.split("\n")) != set(before.split("\n")):
                _keep(entry, each.name, _chosen(typed_value, before))
        elif isinstance(typed_value, str) and typed_value != before:
            _keep(entry, each.name, _written(each, typed_value))
    return entry


def by_field(placed: Iterable[tuple[str, P]], typed: Typed) -> dict[str, list[P]]:
    """What is said of places, by the field (or row, or rows) of the form that shows each; "" where none does."""
    names, found = set(_names(typed)), dict[str, list[P]]()
    for wanted, each in placed:
        place = wanted
        while place and place not in names:
            place = place.rpartition(".")[0]
        found.setdefault(place, []).append(each)
    return found


def is_blank(row: Typed) -> bool:
    """Whether nothing was written into a row that is new."""
    values = [value for name, value in row.items() if name != WAS]
    return not row.get(WAS) and not any(
        any(not is_blank(each) for each in value) if isinstance(value, list) else value.strip()
        for value in values
    )


def fresh_id(taken: Sequence[str], wanted: str = "") -> str:
    """An id that is not taken: the wanted one, numbered where it is, or else the next letter."""
    if not wanted:
        return next((each for each in _LETTERS if each not in taken), None) or fresh_id(taken, "more")
    numbered = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in numbered if each not in taken)


def id_from(stem: str, taken: Sequence[str]) -> str:
    """An id in the words of a question."""
    words = re.findall(r"[a-z0-9]+", stem.casefold())
    kept = [word for word in words if len(word) >= SHORTEST or word.isdigit()] or words
    return fresh_id(taken, "-".join(kept[:4])[:60] or "question")


def _gone(text: str) -> list[Typed]:
    """Removed rows as a form has kept them; whatever else was sent is none."""
    try:
        sent = json.loads(text)
        json.dumps(
            sent, ensure_ascii=False
        ).encode()  # halves of a sign can be written in JSON, and nowhere else
    except (ValueError, RecursionError):
        return []
    return [
        {**{name: fit(each[name]) for name in OF_GONE}, "row": [each["row"][0]]}
        for each in (sent if isinstance(sent, list) else ())
        if isinstance(each, dict)
        and all(isinstance(each.get(name), str) for name in OF_GONE)
        and isinstance(each.get("row"), list)
        and len(each["row"]) == 1
        and isinstance(each["row"][0], dict)
    ]


def _names(typed: Typed, prefix: str = "") -> Iterator[str]:
    for name, value in typed.items():
        yield prefix + name
        for at, row in enumerate(value if isinstance(value, list) else ()):
            yield f"{prefix}{name}.{at}"
            yield from _names(row, f"{prefix}{name}.{at}.")


def _inside(entry: Plain | None, name: str) -> Plain | None:
    for step in name.split("."):
        entry = entry.get(step) if isinstance(entry, dict) else None
    return entry


def _shown(each: Field, value: Plain | None) -> str:
    if isinstance(value, list) and each.kind in ("lines", "several"):
        return "\n".join(" ".join(text.split()) for text in value if isinstance(text, str))
    text = value if isinstance(value, str) else ""
    if each.kind == "yes":
        return YES if text.lower() in _TRUE else ""
    return text if each.kind == "text" else " ".join(text.split())


def _written(each: Field, text: str) -> Plain | None:
    """What a field is in the file; None where it is left out."""
    if each.kind == "lines":
        texts: list[Plain] = [line.strip() for line in text.split("\n") if line.strip()]
        return texts or None
    return text.strip() or None


def _chosen(typed: str, before: str) -> Plain | None:
    """What is chosen: in the order of the file, then what is new."""
    chosen, known = typed.split("\n"), before.split("\n")
    found = [each for each in known if each in chosen] + [each for each in chosen if each not in known]
    texts: list[Plain] = [each for each in found if each]
    return texts or None


def _keep(entry: Entry, name: str, value: Plain | None) -> None:
    first, _, rest = name.partition(".")
    if rest:
        above = entry.get(first)
        inner: Entry = dict(above) if isinstance(above, dict) else {}
        if name == "key.rating" and value is not None:
            inner = {"by": "author"}
        _keep(inner, rest, value)
        value = inner or None
    if value is None:
        entry.pop(first, None)
    else:
        entry[first] = value


def _entries(rows: Sequence[Typed], each: Rows, before: Plain | None) -> Plain | None:
    if each.is_text:
        texts = [_one_text(row, before) for row in rows]
        return [text for text in texts if text] or None
    known = {_label(row, at): row for at, row in enumerate(before)} if isinstance(before, list) else {}
    taken = [str(row["id"]) for row in known.values() if isinstance(row, dict) and "id" in row]
    entries: list[Plain] = []
    for row in rows:
        original = known.get(str(row.get(WAS, "")))
        entry = entry_of(row, each.fields, original)
        if original is None and not entry:
            continue
        if original is None and each.has_id:
            entry = {"id": fresh_id(taken), **entry}
            taken.append(str(entry["id"]))
        entries.append(entry)
    return entries or None


def _typed_text(row: Plain, was: str) -> Typed:
    key, _, locator = (" ".join(row.split()) if isinstance(row, str) else "").partition(" ")
    return {WAS: was, "key": key, "locator": locator}


def _one_text(row: Typed, before: Plain | None) -> Plain:
    was = str(row.get(WAS, ""))
    texts = before if isinstance(before, list) else []
    original = texts[int(was)] if re.fullmatch("[0-9]{1,4}", was) and int(was) < len(texts) else None
    if original is not None and _typed_text(original, was) == row:
        return original
    return " ".join(f"{row.get('key', '')} {row.get('locator', '')}".split())


def _label(row: Plain, at: int) -> str:
    """How a row is known again: by its id, or by its place where it has none."""
    label = row.get("id") if isinstance(row, dict) else None
    return f"#{label}" if isinstance(label, str) and label else str(at)
