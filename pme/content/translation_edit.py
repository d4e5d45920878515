"""Edits of a translation file, text by text, that leave everything else in it as it was written. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from pme.content.blocks import Block, page_blocks
from pme.content.front_matter import split_front
from pme.content.problems import Findings
from pme.content.translation import MARK, SCHEMA, Matched, Source, Written, match, read_translation
from pme.content.yaml_edit import put, remove
from pme.content.yaml_write import Plain, block
from pme.errors import Invalid
from pme.words.speech import _


@dataclass(frozen=True)
class Change:
    """What becomes of a text: another wording, or (`text` None) the same, which is said to be still right.

    An empty wording takes the translation of that block away. `of` is the hash of the source that its writer
    had before them, where that may have changed since.
    """

    text: str | None = None
    of: str = ""


def with_changes(kind: str, text: str, source: Source, changes: Mapping[str, Change]) -> str:
    """The file with these changes, by the place of the block; every text changed names its source.

    `text` is empty for a file that is not there yet. Raises Invalid where a paragraph would become several,
    Conflict where the file is laid out so that it cannot be edited by place.
    """
    fields = {b.place: (b, changes[b.place]) for b in source.fields if b.place in changes}
    body = [(b, changes[b.place]) for b in source.body if b.place in changes]
    if kind == "page":
        return _with_body(kind, text, source, body)
    if kind != "module":
        return _with_fields(text, fields)
    front, _rest, line = split_front(text)
    if front is None:
        front, text = "", "---\n---\n"
        _front, _rest, line = split_front(text)
    rest = text.split("\n")[line - 1 :]
    edited = "\n".join(["---", *_with_fields(front, fields).strip("\n").split("\n"), "---", *rest])
    return _with_body(kind, edited, source, body)


def without_lost(kind: str, text: str, source: Source) -> str:
    """The file without the texts whose source is gone."""
    lost = _matched(kind, text, source).lost
    for written in sorted((each for each in lost if not each.place), key=lambda each: -each.begin):
        lines = text.split("\n")
        text = "\n".join(lines[: written.begin - 1] + lines[written.end - 1 :])
    for written in lost:
        if written.place:
            text = _in_front(kind, text, partial(_without, place=written.place))
    return text


def _without(front: str, *, place: str) -> str:
    return remove(front, ["texts", place])


def _in_front(kind: str, text: str, edit: Callable[[str], str]) -> str:
    if kind != "module":
        return edit(text)
    front, _rest, line = split_front(text)
    rest = text.split("\n")[line - 1 :]
    return "\n".join(["---", *edit(front or "").strip("\n").split("\n"), "---", *rest])


def _with_fields(text: str, changes: Mapping[str, tuple[Block, Change]]) -> str:
    known = read_translation("quiz", text, Findings("")).fields
    fresh: dict[str, Plain] = {
        place: {"source": change.of or block.digest, "text": wording}
        for place, (block, change) in changes.items()
        if (wording := _wording(block, change))
    }
    if not known:
        return f"schema: {SCHEMA}\ntexts:{block_of(fresh)}\n" if fresh or not text.strip() else text
    for place, (each, change) in changes.items():
        if change.text is None and place in known:
            text = put(text, ["texts", place, "source"], change.of or each.digest)
        elif place in fresh:
            text = put(text, ["texts", place], fresh[place])
        elif place in known:
            text = remove(text, ["texts", place])
    return text


def block_of(fields: Mapping[str, Plain]) -> str:
    """The texts of a new file."""
    return block(dict(fields), 2)


def _wording(block: Block, change: Change) -> str:
    lines = (change.text or "").strip().split("\n")
    if block.is_list:
        return "\n".join(line.strip() for line in lines if line.strip())
    return "\n".join(line.rstrip() for line in lines)


def _with_body(kind: str, text: str, source: Source, changes: list[tuple[Block, Change]]) -> str:
    for each, change in changes:
        text = _put_paragraph(kind, text, source, each, change)
    return text


def _put_paragraph(kind: str, text: str, source: Source, each: Block, change: Change) -> str:
    matched = _matched(kind, text, source)
    body = {stand.block.place: stand.written for stand in matched.stands if stand.block in source.body}
    written, lines = body.get(each.place), text.split("\n")
    mark = f"{{source: {change.of or each.digest} {each.place}}}"
    if change.text is None:
        return "\n".join(_marked(lines, written, mark)) if written else text
    wording = _wording(each, change)
    if any(MARK.match(line) for line in wording.split("\n")) or len(page_blocks(wording)) > 1:
        raise Invalid(_("This is more than one paragraph. Remove the empty lines."), field=each.place)
    new = [mark, *wording.split("\n")] if wording else []
    if written:
        old = lines[written.begin - 1 : written.end - 1]
        gap = len(old) - len("\n".join(old).rstrip("\n").split("\n")) if any(old) else 0
        return "\n".join(
            [*lines[: written.begin - 1], *new, *[""] * (gap if new else 0), *lines[written.end - 1 :]]
        )
    if not new:
        return text
    at = _place_for(each, source, body, len(lines), text, kind)
    before, after = lines[:at], lines[at:]
    while before and not before[-1].strip() and before[-1:] != ["---"]:
        before.pop()
    head = [*before, ""] if before and before[-1] != "---" else before
    tail = ["", *after] if any(line.strip() for line in after) else [""]
    return "\n".join([*head, *new, *tail])


def _place_for(
    each: Block, source: Source, body: Mapping[str, Written | None], length: int, text: str, kind: str
) -> int:
    """After how many lines the translation of a block goes: behind that of the last block before it."""
    before = [b.place for b in source.body[: source.body.index(each)]]
    ends = [found.end - 1 for place in before if (found := body.get(place))]
    if ends:
        return min(max(ends), length)
    return split_front(text)[2] - 1 if kind == "module" else 0


def _marked(lines: list[str], written: Written, mark: str) -> list[str]:
    has_mark = MARK.match(lines[written.begin - 1]) is not None
    return [*lines[: written.begin - 1], mark, *lines[written.begin - (0 if has_mark else 1) :]]


def _matched(kind: str, text: str, source: Source) -> Matched:
    return match(source, read_translation(kind, text, Findings("")))
