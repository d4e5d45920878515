"""A reason put into the file of answers, or taken out, the rest kept to the letter. Pure."""

from pme.content.answers import FEWEST_SIGNS, LONGEST_NAME, LONGEST_REASON, Answer
from pme.content.yaml_edit import insert, put, read, remove
from pme.content.yaml_write import Plain, field
from pme.errors import Invalid
from pme.words.speech import _

BEGINNING = """\
# Reasons that answer warnings of the check of ethics and language. `pme check --answers` prints entries to fill in.
# A reason counts for one rule in one text; the warning comes back when a word of that text changes.
"""  # not words
LIST = "answers"


def with_answer(text: str, answer: Answer) -> str:
    """The file with one more reason; one for the same warning is replaced.

    Raises Invalid where the reason is missing or too long, Conflict where the file cannot be edited by a form.
    """
    if not answer.reason.strip():
        raise Invalid(
            _(
                "Say why this may stay as it is, so that a reviewer can judge it. If you cannot, change the"
                " text instead."
            ),
            field="reason",
        )
    if len(answer.reason) > LONGEST_REASON:
        raise Invalid(_("Keep the reason under {number} characters.", number=LONGEST_REASON), field="reason")
    if answer.name and not FEWEST_SIGNS <= len(answer.name) <= LONGEST_NAME:
        raise Invalid(
            _("Write a name of {fewest} to {most} characters.", fewest=FEWEST_SIGNS, most=LONGEST_NAME),
            field="name",
        )
    if not text.strip():
        return f"{BEGINNING}{field(LIST, [answer.entry], 0)}\n"
    entries = _entries(text)
    if not entries:
        return put(text, (LIST,), [answer.entry])
    at = next((number for number, each in enumerate(entries) if _about(each) == answer.about), None)
    if at is not None:
        return put(text, (LIST, at), answer.entry)
    return insert(text, (LIST,), len(entries), answer.entry)


def without_answer(text: str, about: tuple[str, str, str]) -> str:
    """The file without the reason for this warning; again changes nothing."""
    entries = _entries(text) if text.strip() else []
    for number, each in reversed(list(enumerate(entries))):
        if _about(each) == about:
            text = remove(text, (LIST, number))
    return text


def _entries(text: str) -> list[Plain]:
    content = read(text)
    entries = content.get(LIST) if isinstance(content, dict) else None
    return entries if isinstance(entries, list) else []


def _about(entry: Plain) -> tuple[str, str, str]:
    found = entry if isinstance(entry, dict) else {}
    if "name" in found:
        return "", "name", str(found["name"])
    return str(found.get("file", "")), str(found.get("rule", "")), str(found.get("block", ""))
