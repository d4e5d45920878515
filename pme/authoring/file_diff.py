"""What changed in one file, in the way its kind is read: words, fields, or pictures. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pme.authoring.naming import FileKind, FileName
from pme.authoring.tree_diff import Change, compare_trees, places, read_plain
from pme.authoring.word_diff import Paragraph, compare_texts, first_words, paragraphs
from pme.content.yaml_write import Plain

_HEAD = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
MARKDOWN = (FileKind.MODULE, FileKind.PAGE)


@dataclass(frozen=True)
class FileChange:
    """A file before and after: its changed fields, and its paragraphs in reading order.

    `is_as_text` tells that a YAML file could not be read and is compared as words instead.
    """

    name: FileName
    is_new: bool
    is_removed: bool
    fields: tuple[Change, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    is_as_text: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether it is looked at, not read."""
        return not self.name.is_text

    @property
    def count(self) -> int:
        """How many changes there are to read."""
        return len(self.fields) + sum(not each.is_same for each in self.paragraphs)


def compare_file(name: FileName, before: bytes | None, after: bytes | None) -> FileChange:
    """What changed in a file; None is a file that is not there."""
    is_new, is_removed = before is None, after is None
    if not name.is_text:
        return FileChange(name, is_new, is_removed)
    old, new = _text(before), _text(after)
    if name.kind in MARKDOWN:
        (old_head, old_body), (new_head, new_body) = _parts(old), _parts(new)
        heads = _trees(old_head, new_head)
        words = tuple(compare_texts(old_body, new_body))
        if heads is None:
            return FileChange(name, is_new, is_removed, (), tuple(compare_texts(old, new)), is_as_text=True)
        return FileChange(name, is_new, is_removed, heads, words)
    fields = _trees(old, new)
    if fields is None:
        return FileChange(name, is_new, is_removed, (), tuple(compare_texts(old, new)), is_as_text=True)
    return FileChange(name, is_new, is_removed, fields)


def anchors_of(name: FileName, content: bytes | None) -> Mapping[str, str]:
    """Every place of a file that a comment may stand at, by its mark: words that a person knows it by."""
    if content is None or not name.is_text:
        return {}
    text = _text(content)
    head, body = _parts(text) if name.kind in MARKDOWN else (text, "")
    tree = read_plain(head) if head.strip() else None
    found = {f"at {place}": label for place, label in places(tree).items()} if tree else {}
    words = paragraphs(body if tree or name.kind in MARKDOWN else text)
    if name.kind in MARKDOWN or tree is None:
        found |= {f"paragraph {at}": first_words(each) for at, each in enumerate(words, 1)}
    return found


def _trees(before: str, after: str) -> tuple[Change, ...] | None:
    old, new = _tree(before), _tree(after)
    return None if old is None or new is None else tuple(compare_trees(old, new))


def _tree(text: str) -> Plain | None:
    return read_plain(text) if text.strip() else {}


def _parts(text: str) -> tuple[str, str]:
    head = _HEAD.match(text)
    return (head[1], text[head.end() :]) if head else ("", text)


def _text(content: bytes | None) -> str:
    return (content or b"").decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
