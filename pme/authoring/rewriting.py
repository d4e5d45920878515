"""A text of YAML that holds something else than before, changed where it differs and nowhere else. Pure."""

import json
from collections.abc import Sequence
from difflib import SequenceMatcher

from pme.content.yaml_edit import Place, insert, move, put, remove
from pme.content.yaml_write import Plain


def rewritten(text: str, place: Place, old: Plain, new: Plain) -> str:
    """The text with `new` at a place where it holds `old`. Raises Conflict where its layout does not allow it."""
    if old == new:
        return text
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        for name in old:
            if name not in new:
                text = remove(text, (*place, name))
        now = [name for name in old if name in new]
        for at, (name, value) in enumerate(new.items()):
            if name not in old:
                is_last = at >= len(now)
                text = (
                    put(text, (*place, name), value) if is_last else insert(text, place, at, value, name=name)
                )
                now.insert(at, name)
                continue
            if now[at] != name:
                text = move(text, (*place, name), at)
                now.remove(name)
                now.insert(at, name)
            text = rewritten(text, (*place, name), old[name], value)
        return text
    if isinstance(old, list) and isinstance(new, list) and old and new:
        before, after = _ids(old), _ids(new)
        if before and after and set(before) & set(after):
            return _by_id(
                text, place, dict(zip(before, old, strict=True)), dict(zip(after, new, strict=True))
            )
        return _by_likeness(text, place, old, new)
    return put(text, place, new)


def _ids(entries: Sequence[Plain]) -> list[str] | None:
    """The ids of all entries, or None where one has none or two have the same."""
    found = [entry.get("id") if isinstance(entry, dict) else None for entry in entries]
    ids = [each for each in found if isinstance(each, str) and each]
    return ids if len(set(ids)) == len(entries) else None


def _by_id(text: str, place: Place, old: dict[str, Plain], new: dict[str, Plain]) -> str:
    now = list(old)
    for name in old:
        if name not in new:
            text = remove(text, (*place, name))
            now.remove(name)
    for at, (name, entry) in enumerate(new.items()):
        if name not in old:
            text = insert(text, place, at, entry)
            now.insert(at, name)
            continue
        if now[at] != name:
            text = move(text, (*place, name), at)
            now.remove(name)
            now.insert(at, name)
        text = rewritten(text, (*place, name), old[name], entry)
    return text


def _by_likeness(text: str, place: Place, old: list[Plain], new: list[Plain]) -> str:
    before, after = ([json.dumps(each) for each in entries] for entries in (old, new))
    for act, a, b, c, d in reversed(SequenceMatcher(None, before, after, autojunk=False).get_opcodes()):
        if act == "equal":
            continue
        both = min(b - a, d - c)
        for at in range(both):
            text = rewritten(text, (*place, a + at), old[a + at], new[c + at])
        for at in reversed(range(a + both, b)):
            text = remove(text, (*place, at))
        for at in range(c + both, d):
            text = insert(text, place, a + at - c, new[at])
    return text
