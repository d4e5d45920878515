"""The fields of a course file or of a module's front matter, taken out and put back to the letter. Pure."""

from collections.abc import Callable

from pme.authoring.naming import FileKind, FileName
from pme.content.front_matter import split_front
from pme.content.yaml_edit import UNREADABLE
from pme.errors import Conflict

_FENCE = "---"


def fields_text(name: FileName, text: str) -> str:
    """The YAML of a course file, or that between the two lines of --- of a module. Raises Conflict without them."""
    if name.kind is not FileKind.MODULE:
        return text
    front, _, _ = split_front(text)
    if front is None:
        raise Conflict(UNREADABLE)
    return f"{front}\n"


def with_fields(name: FileName, text: str, edit: Callable[[str], str]) -> str:
    """The text with what an edit makes of its fields; the introduction of a module stays to the letter."""
    if name.kind is not FileKind.MODULE:
        return edit(text)
    before = fields_text(name, text)
    after = edit(before)
    if after == before:
        return text
    at = text.index("\n") + 1
    rest = text[at + len(before) :]
    return f"{text[:at]}{after}{'' if after.endswith(chr(10)) else chr(10)}{rest}"


def with_front(text: str, before: str) -> str:
    """An introduction that was typed without the fields of its module, with those that stand `before` it.

    Without them it would be no module any more. A text that begins with --- has fields of its own.
    """
    front, _, _ = split_front(before)
    if front is None or text.lstrip().startswith(_FENCE):
        return text
    return f"{_FENCE}\n{front}\n{_FENCE}\n{text.lstrip(chr(10))}"
