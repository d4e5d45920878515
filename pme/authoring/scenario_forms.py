"""From a part of a scenario as its file holds it to the entry that a form is made over, and back. Pure.

A form knows lists with ids; the file names choices, state and critical actions as fields. A text with its
variants, and a fork with its last way, are shown as what usually holds and what holds instead.
What was not changed comes back to the letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pme.authoring.item_forms import Entry
from pme.content.yaml_write import Plain
from pme.errors import Invalid
from pme.words.speech import _

NODE = (
    "kind",
    "story_time",
    "place",
    "people",
    "radio",
    "text",
    "variants",
    "prompt",
    "outcomes",
    "choices",
    "goto",
)
CHOICE = (
    "text",
    "key",
    "critical",
    "satisfies",
    "irreversible",
    "set",
    "effects",
    "feedback",
    "refs",
    "goto",
)
HEAD_NAMED = ("state", "critical_actions")
NOT_HEAD = ("nodes", "outcomes")


def opened(part: Entry) -> Entry:
    """A node or ending as a form knows it."""
    kind, found = part.get("kind"), dict(part)
    if (
        kind in ("brief", "decision")
        and isinstance(variants := part.get("variants"), list)
        and "text" not in part
    ):
        *before, last = variants or [{}]
        if isinstance(last, dict) and "when" not in last and set(last) <= {"text"}:
            found |= {"variants": before, "text": last.get("text", "")}
    if kind == "decision":
        found |= _listed(part, "choices")
    if kind == "resolve" and isinstance(ways := part.get("goto"), list):
        found.pop("goto")
        *before, last = ways or [{}]
        if isinstance(last, dict) and set(last) <= {"to"}:
            found |= {"rules": before, "otherwise": last.get("to", "")}
        else:
            found["rules"] = ways
    return found


def closed(entry: Entry, original: Entry) -> Entry:
    """A node or ending as its file holds it, from what a form made of the opened original."""
    before, found = opened(original), dict(original)
    kind = entry.get("kind")
    joined = {"text", "variants"} if kind in ("brief", "decision") else set[str]()
    apart = joined | {"choices", "rules", "otherwise", "expert"}
    for name in {**before, **entry}:
        if name in apart or entry.get(name) == before.get(name):
            continue
        _put(found, name, entry.get(name))
    if any(entry.get(name) != before.get(name) for name in joined):
        _put_texts(found, entry)
    if kind == "decision" and entry.get("choices") != before.get("choices"):
        _put(found, "choices", _named(entry.get("choices"), "choices", CHOICE, original.get("choices")))
    if kind == "resolve" and any(entry.get(name) != before.get(name) for name in ("rules", "otherwise")):
        rules = entry.get("rules")
        last: list[Plain] = [{"to": entry["otherwise"]}] if entry.get("otherwise") else []
        _put(found, "goto", [*(rules if isinstance(rules, list) else []), *last] or None)
    return in_order(found, original, NODE)


def head_opened(content: Entry) -> Entry:
    """Everything around the nodes as a form knows it."""
    found = {name: value for name, value in content.items() if name not in NOT_HEAD}
    for name in HEAD_NAMED:
        found |= _listed(content, name)
    outcomes = content.get("learning_outcomes")
    if isinstance(outcomes, dict):
        found["learning_outcomes"] = list(outcomes)
    return found


def head_closed(entry: Entry, original: Entry, outcomes: Mapping[str, str]) -> Entry:
    """The whole file with what a form made of its opened head; `outcomes` are the words of the module's."""
    before, found = head_opened(original), dict(original)
    for name in {**before, **entry}:
        if entry.get(name) == before.get(name):
            continue
        value = entry.get(name)
        if name in HEAD_NAMED:
            value = _named(value, name, (), original.get(name))
        elif name == "learning_outcomes":
            known = original.get(name)
            words = known if isinstance(known, dict) else {}
            chosen = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
            value = {each: words.get(each, outcomes.get(each, each)) for each in chosen} or None
        _put(found, name, value)
    return found


def in_order(entry: Entry, original: Mapping[str, Plain], order: Sequence[str]) -> Entry:
    """The entry with fields that are new to it where such fields usually stand; the others stay where they are."""
    names = [name for name in entry if name in original]
    for name in entry:
        if name in names:
            continue
        earlier = order[: order.index(name)] if name in order else list(names)
        names.insert(max((names.index(each) + 1 for each in earlier if each in names), default=0), name)
    return {name: entry[name] for name in names}


def _put(entry: Entry, name: str, value: Plain | None) -> None:
    if value is None:
        entry.pop(name, None)
    else:
        entry[name] = value


def _put_texts(found: Entry, entry: Entry) -> None:
    text, variants = entry.get("text"), entry.get("variants")
    if isinstance(variants, list) and variants:
        found.pop("text", None)
        found["variants"] = (
            [*variants, {"text": text or ""}] if text or found.get("kind") == "brief" else variants
        )
    else:
        found.pop("variants", None)
        _put(found, "text", text)


def _listed(part: Entry, name: str) -> Entry:
    named = part.get(name)
    if not isinstance(named, dict):
        return {}
    return {name: [{"id": key, **(value if isinstance(value, dict) else {})} for key, value in named.items()]}


def _named(rows: Plain | None, name: str, order: Sequence[str], before: Plain | None) -> Plain | None:
    """Rows with ids as named fields. Raises Invalid where two have the same name."""
    if not isinstance(rows, list):
        return None
    known, found = before if isinstance(before, dict) else {}, dict[str, Plain]()
    for row in rows:
        fields = dict(row) if isinstance(row, dict) else {}
        key = str(fields.pop("id", ""))
        if key in found:
            raise Invalid(
                _("Two of them have the short name “{key}”. Give one of them another.", key=key), field=name
            )
        stood = known.get(key)
        if isinstance(stood, dict):
            found[key] = in_order(fields, stood, order)
        else:
            found[key] = in_order(fields, {}, order) if fields or stood is None else stood
    return found
