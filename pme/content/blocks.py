"""A content file in the blocks that are translated one by one: paragraphs of pages, texts of fields. Pure.

A block is named by its place: in a page by its number from 1, in fields by its way from the top, such as
`nodes.d1.choices.a.text`. A list of texts is one block with one entry a line.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pme.content.markdown_dialect import CHECK
from pme.content.yaml_tree import Fields, Items, Node, Text

DIGEST = 12
_FENCE = re.compile(r"\s*(```|~~~)")
_LIST = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s")
_GOES_ON = re.compile(r"(?:\t| {2,}|:\s)")
_NOTE = ("themes*", "text", "equivalent", "support")
_OPTION = ("text", "feedback")
_ITEM = (
    *("stem", "unit", "accepted_units*", "accepted*", "distractors*", "model"),
    *(f"feedback.{each}" for each in ("right", "wrong", "true", "false")),
    *(f"options.#.{each}" for each in _OPTION),
    *(f"pairs.#.{each}" for each in ("left", "right", "feedback")),
    *(f"sequence.#.{each}" for each in _OPTION),
    *("rubric.#.title", "rubric.#.levels.#.text"),
)
_OUTCOMES = ("outcomes.#", "outcomes.#.text")
_ITEMS = tuple(f"items.#.{each}" for each in _ITEM)
PLACES: dict[str, tuple[str, ...]] = {
    "course": ("title", "summary", "level", *_OUTCOMES),
    "module": ("title", "summary", "level", *_OUTCOMES, *(f"content_note.{each}" for each in _NOTE)),
    "quiz": ("title", "summary", *_ITEMS),
    "bank": _ITEMS,
    "scenario": (
        "title",
        *("role.you_are", "role.mission", "role.resources*"),
        *(f"content_note.{each}" for each in _NOTE),
        "support",
        *("state.#.label", "critical_actions.#.text"),
        *("nodes.#.place", "nodes.#.people*", "nodes.#.radio*"),
        *("nodes.#.text", "nodes.#.variants.#.text", "nodes.#.prompt"),
        *(f"nodes.#.choices.#.{each}" for each in _OPTION),
        *("outcomes.#.label", "outcomes.#.text"),
        *("debrief.structure*", "debrief.prompts*"),
    ),
}
"""What is translated of each kind of file: `#` stands for an id, `*` marks a list of texts."""
_EACH_FOR_ITSELF = ("items", "nodes", "outcomes", "state", "critical_actions")
_FREE = ("accepted", "accepted_units")


@dataclass(frozen=True)
class Block:
    """One text that is translated as a whole. `lines` are how many lines of its file it covers, from `line`."""

    place: str
    text: str
    line: int
    lines: int = 1
    is_list: bool = False

    @property
    def digest(self) -> str:
        """What tells this text from what it was or will be; how it is wrapped into lines does not count."""
        return digest_of(self.text)

    @property
    def is_free(self) -> bool:
        """Whether a translation may have more or fewer entries: answers that are accepted when they are typed."""
        return self.place.rpartition(".")[2] in _FREE


def digest_of(text: str) -> str:
    """The short hash of a text by which a translation names what it translates."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:DIGEST]


def unit_of(place: str) -> str:
    """What is shown in one language or the other as a whole: a question, a situation, a field at the top.

    Half a question in another language would be another question.
    """
    first, *rest = place.split(".")
    return f"{first}.{rest[0]}" if rest and first in _EACH_FOR_ITSELF else first


def page_blocks(text: str, first_line: int = 1) -> tuple[Block, ...]:
    """The blocks of a Markdown text: what stands between empty lines.

    Lists, boxes and what stands in a fence are one block each. A check is none: its words are its bank's.
    """
    found: list[list[Block]] = []
    for chunk in _chunks(text.split("\n"), first_line):
        if found and _goes_on(found[-1][0].text, chunk.text):
            found[-1].append(chunk)
        else:
            found.append([chunk])
    texts = [block for block in map(_joined, found) if not CHECK.fullmatch(block.text.strip())]
    return tuple(replace(block, place=str(number)) for number, block in enumerate(texts, start=1))


def _goes_on(before: str, text: str) -> bool:
    """Whether a text belongs to the block that began before it."""
    is_list = _LIST.match(text) and _LIST.match(before)
    return bool(_GOES_ON.match(text) or is_list or (text.startswith("|") and before.startswith("Table:")))


def _joined(chunks: Sequence[Block]) -> Block:
    """Chunks as one block, with the empty lines between them."""
    first, last = chunks[0], chunks[-1]
    gaps = [after.line - before.line - before.lines + 1 for before, after in pairwise(chunks)]
    rest = ("\n" * gap + chunk.text for gap, chunk in zip(gaps, chunks[1:], strict=True))
    return replace(first, text=first.text + "".join(rest), lines=last.line + last.lines - first.line)


def field_blocks(tree: Node, kind: str) -> tuple[Block, ...]:
    """The blocks of a file's fields, in the order written; `kind` is that of the file."""
    return tuple(_walk(tree, [pattern.split(".") for pattern in PLACES[kind]], ""))


def _walk(node: Node, patterns: Sequence[Sequence[str]], place: str, line: int = 0) -> Iterator[Block]:
    if isinstance(node, Text):
        text = node.value.strip()
        if any(not pattern for pattern in patterns) and text and text != "default":
            yield Block(place, text, line or node.line)
    elif isinstance(node, Fields):
        for key, value in node.entries:
            rest = [
                ["*"] if pattern[0] == f"{key.value}*" else pattern[1:]
                for pattern in patterns
                if pattern and pattern[0] in (key.value, "#", f"{key.value}*")
            ]
            yield from _walk(value, rest, f"{place}.{key.value}" if place else key.value, key.line)
    elif ["*"] in patterns:
        entries = [" ".join(item.value.split()) for item in node.items if isinstance(item, Text)]
        if any(entries):
            yield Block(place, "\n".join(entries), line or node.line, is_list=True)
    else:
        yield from _entries(node, patterns, place)


def _entries(node: Items, patterns: Sequence[Sequence[str]], place: str) -> Iterator[Block]:
    rest = [pattern[1:] for pattern in patterns if pattern and pattern[0] == "#"]
    for position, item in enumerate(node.items):
        yield from _walk(item, rest, f"{place}.{name_of(item, position)}", item.line)


def name_of(item: Node, position: int) -> str:
    """How an entry of a list is named: by its id, else by its position from 0."""
    found = item.get("id") if isinstance(item, Fields) else None
    return found.value if isinstance(found, Text) and found.value else str(position)


def _chunks(lines: Sequence[str], first_line: int) -> Iterator[Block]:
    """Runs of lines without an empty one between them, but for what stands in a fence."""
    held: list[str] = []
    fence = ""
    for number, line in enumerate([*lines, ""]):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""
        if (line.strip() or fence) and number < len(lines):
            held.append(line.rstrip())
        elif held:
            yield Block("", "\n".join(held), first_line + number - len(held), len(held))
            held = []
