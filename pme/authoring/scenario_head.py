"""The head of a scenario as a form changes it: rows get names, and a changed name changes wherever it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pme.authoring.item_fields import Fields
from pme.authoring.item_forms import WAS, Entry, Typed, entry_of, fresh_id, is_blank
from pme.authoring.rewriting import rewritten
from pme.authoring.scenario_forms import head_closed, head_opened
from pme.authoring.scenario_story import parts_of, renamed, with_key
from pme.content.yaml_edit import rename

NAMED = {"state": "label", "critical_actions": ""}
"""The rows with names, and the field that a name is made of where nobody gave one."""


def named(typed: Typed, content: Entry) -> Typed:
    """What was typed, with a short name for every row that has none."""
    found = dict(typed)
    for part, label in NAMED.items():
        rows = typed.get(part)
        if not isinstance(rows, list):
            continue
        taken = [*(str(row.get("id", "")) for row in rows), *_names_of(content)]
        named_rows: list[Typed] = []
        for row in rows:
            made = dict(row)
            if not str(row.get("id", "")).strip() and not is_blank(row):
                was = str(row.get(WAS, "")).removeprefix("#")
                made["id"] = was or _name(part, str(row.get(label, "")), taken)
                taken.append(str(made["id"]))
            named_rows.append(made)
        found[part] = named_rows
    return found


def with_head(text: str, content: Entry, typed: Typed, fields: Fields, outcomes: Mapping[str, str]) -> str:
    """The file with what was typed in its head. Raises Invalid where two rows have one name, Conflict as edits do."""
    typed = named(typed, content)
    for part, old, new in _renames(typed, content):
        only_key = with_key(content, part, old, new)
        text, content = rename(text, (part, old), new), renamed(content, part, old, new)
        text = rewritten(text, (), only_key, content)
        rows = typed[part]
        for row in rows if isinstance(rows, list) else ():
            if row.get(WAS) == f"#{old}":
                row[WAS] = f"#{new}"
    entry = entry_of(typed, fields, head_opened(content))
    return rewritten(text, (), content, head_closed(entry, content, outcomes))


def _renames(typed: Typed, content: Entry) -> list[tuple[str, str, str]]:
    """(part, old name, new name) of every row whose name was changed to one that is free."""
    found = []
    for part in NAMED:
        rows, taken = typed.get(part), set(parts_of(content, part))
        for row in rows if isinstance(rows, list) else ():
            old, new = str(row.get(WAS, "")).removeprefix("#"), str(row.get("id", "")).strip()
            if old in taken and new and new != old and new not in taken:
                taken = taken - {old} | {new}
                found.append((part, old, new))
    return found


def _name(part: str, label: str, taken: list[str]) -> str:
    if part == "critical_actions":
        return next(name for number in range(1, len(taken) + 2) if (name := f"CA{number}") not in taken)
    words = re.findall(r"[a-z0-9]+", label.casefold())
    wanted = "_".join(words[:2])
    return fresh_id(taken, wanted if wanted[:1].isalpha() else "state").replace("-", "_")


def _names_of(content: Entry) -> list[str]:
    flags = content.get("flags")
    return [*parts_of(content, "state"), *(str(each) for each in (flags if isinstance(flags, list) else ()))]
