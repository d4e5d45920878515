"""Outcomes added, reworded, moved and taken away in the YAML of a course or module; the rest stays to the letter. Pure.

An outcome keeps its id for good, because questions, pages and decisions name it.
"""

from collections.abc import Mapping, Sequence

from pme.authoring.loose_library import fields_in, loose, outcome_text, text_in, texts_in
from pme.authoring.rewriting import rewritten
from pme.content.yaml_edit import insert, move, put, read, remove
from pme.content.yaml_write import Plain
from pme.errors import Conflict, Invalid
from pme.words.lazily import lazy
from pme.words.speech import _

MOST = 30
OUTCOMES = "outcomes"
GONE = lazy("Somebody has deleted this outcome. Reload the page to see the others.")


def next_id(known: Mapping[str, Plain], prefix: str) -> str:
    """The first id of this prefix that is free behind those taken, such as LO4."""
    taken = [
        int(each[len(prefix) :])
        for each in known
        if each.startswith(prefix) and each[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(taken, default=0) + 1}"


def with_outcome(text: str, prefix: str, words: str, verb: str = "", serves: Sequence[str] = ()) -> str:
    """One outcome more, at the end. Raises Invalid where it says nothing."""
    known = fields_in(loose(text), OUTCOMES)
    entry = _entry({}, _words(words), verb, serves)
    if len(known) >= MOST:
        raise Invalid(_("There are {most} outcomes already. Combine some of them.", most=MOST), field="text")
    new: Plain = entry if set(entry) != {"text"} else entry["text"]
    if not known:
        return put(text, (OUTCOMES,), {next_id({}, prefix): new})
    return insert(text, (OUTCOMES,), len(known), new, name=next_id(known, prefix))


def reworded(text: str, outcome: str, words: str, verb: str | None, serves: Sequence[str] | None) -> str:
    """The outcome in other words; a verb or what it serves stay where None is given."""
    old = _outcome(text, outcome)
    told = _words(words)
    if isinstance(old, str) and not verb and not serves:
        return text if outcome_text(old) == told else put(text, (OUTCOMES, outcome), told)
    before = dict(old) if isinstance(old, dict) else {}
    if text_in(before, "text") == told:
        told = str(before["text"])
    if verb is not None and text_in(before, "verb") == verb.strip():
        verb = None
    if serves is not None and texts_in(before, "serves") == list(serves):
        serves = None
    new = _entry(before, told, verb, serves)
    return rewritten(text, (OUTCOMES, outcome), old, new)


def moved(text: str, outcome: str, to: int) -> str:
    """The outcome at another position, from 0."""
    _outcome(text, outcome)
    return move(text, (OUTCOMES, outcome), to)


def without(text: str, outcome: str) -> str:
    """The text without an outcome, and without it in the lines of what pages teach.

    What else names it is told by `course_uses`, and stays.
    """
    _outcome(text, outcome)
    known = fields_in(loose(text), OUTCOMES)
    text = put(text, (OUTCOMES,), {}) if len(known) == 1 else remove(text, (OUTCOMES, outcome))
    for page in fields_in(loose(text), "teaches"):
        named = texts_in(fields_in(loose(text), "teaches"), page)
        if outcome in named:
            others: Plain = [each for each in named if each != outcome]
            text = put(text, ("teaches", page), others) if others else remove(text, ("teaches", page))
    return text


def _outcome(text: str, outcome: str) -> Plain:
    content = read(text)
    outcomes = content.get(OUTCOMES) if isinstance(content, dict) else None
    if not isinstance(outcomes, dict) or outcome not in outcomes:
        raise Conflict(GONE)
    return outcomes[outcome]


def _words(words: str) -> str:
    told = " ".join(words.split())
    if not told:
        raise Invalid(_("Say what the student can do, beginning with a verb."), field="text")
    return told


def _entry(
    before: Mapping[str, Plain], words: str, verb: str | None, serves: Sequence[str] | None
) -> dict[str, Plain]:
    entry: dict[str, Plain] = {**before, "text": words}
    if verb is not None:
        entry |= {"verb": verb.strip()}
    if serves is not None:
        entry |= {"serves": list(serves)}
    return {name: value for name, value in entry.items() if value}
