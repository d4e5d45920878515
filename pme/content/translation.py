"""A translation as it is written, and which of its texts still translate what the source says now. Pure.

Each text names its source by a short hash: in pages in a line `{source: 3f2a91bc04de}` before the text, in
fields as `source:` beside `text:`. In pages the number of the paragraph may stand behind the hash: it helps to
find the paragraph once it has changed. Where the source changes, the hash is that of no block any more, and
exactly this text is stale.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pme.content.blocks import Block, field_blocks, page_blocks
from pme.content.front_matter import split_front
from pme.content.parse_fields import Book, Form
from pme.content.problems import Findings
from pme.content.yaml_tree import Fields, Items, Text, read_yaml
from pme.words.speech import _

SCHEMA = "pme-translation/1"
MARK = re.compile(r"\{source:[ \t]*([0-9a-f]{6,64})(?:[ \t]+(\d{1,5}))?[ \t]*\}[ \t]*\Z")
MOST_PAIRS = 4_000_000
"""Beyond this, paragraphs are found by their hash alone."""
_HASH = re.compile(r"[0-9a-f]{6,64}\Z")


@dataclass(frozen=True)
class Written:
    """One text of a translation. `place` is named in fields, and empty in pages, where the order tells it.

    `source` is the hash of what it translates, empty where its writer has not said; `line` is where the text
    begins. `begin` and `end` are the lines of the file that it takes, its mark included; `end` is not part of it.
    `number` is that of its paragraph when it was written, 0 where that is not told.
    """

    place: str
    source: str
    text: str
    line: int
    begin: int = 0
    end: int = 0
    number: int = 0


class State(StrEnum):
    """How a translation of a block stands to its source."""

    CURRENT = "current"
    STALE = "stale"
    UNMARKED = "unmarked"
    MISSING = "missing"


@dataclass(frozen=True)
class Stand:
    """A block of the source with what there is of its translation."""

    block: Block
    written: Written | None = None

    @property
    def state(self) -> State:
        """Missing, unmarked (it does not say what it translates), stale or current."""
        if self.written is None or not self.written.text.strip():
            return State.MISSING
        if not self.written.source:
            return State.UNMARKED
        return State.CURRENT if self.written.source == self.block.digest else State.STALE

    @property
    def is_current(self) -> bool:
        """Whether it is shown to students."""
        return self.state is State.CURRENT


@dataclass(frozen=True)
class Matched:
    """Every block of a source file with its translation, and the texts that belong to no block (`lost`)."""

    stands: tuple[Stand, ...]
    lost: tuple[Written, ...] = ()

    def count(self, state: State) -> int:
        """How many blocks stand like this."""
        return sum(stand.state is state for stand in self.stands)


@dataclass(frozen=True)
class Source:
    """The blocks of a source file: those of its fields, and those of its Markdown (a page, an introduction)."""

    fields: tuple[Block, ...] = ()
    body: tuple[Block, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them."""
        return (*self.fields, *self.body)


@lru_cache(maxsize=128)
def source_of(kind: str, text: str) -> Source:
    """The blocks of a source file of a kind: course, module, page, quiz, bank or scenario."""
    if kind == "page":
        return Source(body=page_blocks(text))
    if kind == "module":
        front, body, line = split_front(text)
        return Source(_fields(front or "", kind, 2), page_blocks(body, line))
    return Source(_fields(text, kind, 1))


def _fields(text: str, kind: str, first_line: int) -> tuple[Block, ...]:
    tree = read_yaml(text, Findings(""), first_line=first_line)
    return field_blocks(tree, kind) if tree is not None else ()


@dataclass(frozen=True)
class TranslationFile:
    """What a translation file holds; `fields` by place."""

    fields: Mapping[str, Written]
    body: tuple[Written, ...] = ()


def read_translation(kind: str, text: str, findings: Findings) -> TranslationFile:
    """The texts of a translation file of a kind; what cannot be read is noted."""
    if kind == "page":
        return TranslationFile({}, tuple(_marked(text, 1)))
    if kind != "module":
        return TranslationFile(_named(text, findings, 1))
    front, body, line = split_front(text)
    if front is None:
        findings.error(
            1,
            _(
                "The file does not begin with its texts between two lines of ---, schema: {schema}",
                schema=SCHEMA,
            ),
        )
        return TranslationFile({})
    return TranslationFile(_named(front, findings, 2), tuple(_marked(body, line)))


def match(source: Source, file: TranslationFile) -> Matched:
    """Put the texts of a translation beside the blocks that they translate."""
    known = {block.place for block in source.fields}
    stands = [Stand(block, file.fields.get(block.place)) for block in source.fields]
    lost = [written for place, written in file.fields.items() if place not in known]
    body = _in_order(source.body, file.body)
    stands += [Stand(block, body.get(number)) for number, block in enumerate(source.body)]
    placed = {id(written) for written in body.values()}
    lost += [written for written in file.body if id(written) not in placed]
    return Matched(tuple(stands), tuple(lost))


def _in_order(blocks: Sequence[Block], written: Sequence[Written]) -> dict[int, Written]:
    """The text for each block by its position: by its hash first, wherever it stands, then by what is around it."""
    waiting: dict[str, deque[int]] = {}
    for number, block in enumerate(blocks):
        waiting.setdefault(block.digest, deque()).append(number)
    homes = {
        at: numbers.popleft() for at, each in enumerate(written) if (numbers := waiting.get(each.source))
    }
    found = {home: written[at] for at, home in homes.items()}
    if len(blocks) * len(written) > MOST_PAIRS:
        return found
    last, moved = -1, 0
    for at, each in enumerate(written):
        if at in homes:
            last = homes[at]
            moved = last + 1 - each.number if each.number else moved
            continue
        following = next((homes[n] for n in range(at + 1, len(written)) if n in homes), len(blocks))
        free = [n for n in range(last + 1, following) if n not in found]
        if free:
            # Where it stood, as far as what stands before it has moved; else the next that is free.
            wanted = each.number - 1 + moved if each.number else free[0]
            last = min(free, key=lambda n: abs(n - wanted))
            found[last] = each
    return found


def _named(text: str, findings: Findings, first_line: int) -> dict[str, Written]:
    tree = read_yaml(text, findings, first_line=first_line)
    if not isinstance(tree, Fields):
        if tree is not None or not findings.broken:
            findings.error(
                first_line,
                _("This translation has no fields; it begins with schema: {schema}", schema=SCHEMA),
            )
        return {}
    form = Form(tree, Book(findings), _("This translation"))
    form.one_of("schema", (SCHEMA,))
    texts = form.node("texts")
    form.finish()
    if not isinstance(texts, Fields):
        if isinstance(texts, Items) or (isinstance(texts, Text) and texts.value):
            form.error("texts", _("“texts” holds each text under its place, such as title."))
        return {}
    found: dict[str, Written] = {}
    for key, node in texts.entries:
        if not isinstance(node, Fields):
            findings.error(key.line, _("{key}: write source: and text: below it.", key=key.value))
            continue
        each = Form(Fields(node.entries, key.line), form.book, key.value)
        source, value = each.maybe("source") or "", each.maybe("text") or ""
        if source and not _HASH.match(source):
            each.error(
                "source",
                _("“{source}” is not the hash of a text; leave it out if you do not know it.", source=source),
            )
        each.finish()
        found[key.value] = Written(key.value, source, value, each.line_of("text"))
    return found


def _marked(text: str, first_line: int) -> Iterator[Written]:
    """The texts of a Markdown body: each behind its mark, and those without one."""
    lines = text.split("\n")
    marks = [
        (number, found[1], int(found[2] or 0))
        for number, line in enumerate(lines)
        if (found := MARK.match(line))
    ]
    bounds = [(-1, "", 0), *marks]
    for at, (number, source, told) in enumerate(bounds):
        end = bounds[at + 1][0] if at + 1 < len(bounds) else len(lines)
        blocks = page_blocks("\n".join(lines[number + 1 : end]), first_line + number + 1)
        if not blocks and number >= 0:
            line = first_line + number
            yield Written("", source, "", line, line, first_line + end, told)
        for position, block in enumerate(blocks):
            is_first = position == 0
            begin = first_line + number if is_first and number >= 0 else block.line
            until = blocks[position + 1].line if position + 1 < len(blocks) else first_line + end
            mark = (source, told) if is_first else ("", 0)
            yield Written("", mark[0], block.text, block.line, begin, until, mark[1])
