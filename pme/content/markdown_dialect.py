"""The Markdown that authors write, beyond the common part: what each mark of ours becomes.

Pure. Citations, glossary marks and figures become numbered tokens in the text; they are filled in
after sanitising, by code that knows the sources, the terms and the pictures.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

BEGIN, END = "\ue000", "\ue001"
TOKEN = re.compile(f"{BEGIN}(\\d+){END}")
CHECK = re.compile(r"\{check:([^{}\n]{1,200})\}")
SCHEMES = {"https", "http", "mailto", "page"}
ADMONITIONS = ("note", "important", "warning", "example", "reflection", "local")
LOCAL = "local"
EXTENSIONS = (
    "admonition",
    "def_list",
    "fenced_code",
    "footnotes",
    "tables",
    "pymdownx.betterem",
    "pymdownx.saneheaders",
)


@dataclass(frozen=True)
class Mark:
    """One mark met: `kind` is cite, term, figure, image, admonition, local, link, check (alone in its paragraph at
    the top of the page) or stray-check (anywhere else); `raw` is how it was written.
    """

    kind: str
    raw: str
    label: str = ""


@dataclass
class Marks:
    """The marks of one page, numbered in the order met."""

    found: list[Mark] = field(default_factory=list)

    def token(self, mark: Mark) -> AtomicString:
        """Keep a mark, and give the token that stands for it."""
        self.found.append(mark)
        return AtomicString(f"{BEGIN}{len(self.found) - 1}{END}")


def converter() -> tuple[Markdown, Marks]:
    """A Markdown converter for pages and the marks it will meet."""
    marks = Marks()
    configs = {"footnotes": {"BACKLINK_TITLE": "Back to the text at note {}", "SEPARATOR": "-"}}  # not words
    return Markdown(extensions=[*EXTENSIONS, Dialect(marks)], extension_configs=configs), marks


class Dialect(Extension):
    """Adds the marks of pages to Markdown."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self.marks = marks

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (named by the library)
        """Register each part where it has to run."""
        md.preprocessors.register(TableCaptions(md), "pme-captions", 24)
        md.parser.blockprocessors.register(FigureBlock(md.parser, self.marks), "pme-figure", 76)
        md.parser.blockprocessors.register(CheckBlock(md.parser, self.marks), "pme-check", 77)
        md.inlinePatterns.register(StrayCheck(self.marks, md), "pme-check", 179)
        md.inlinePatterns.register(CiteMark(self.marks, md), "pme-cite", 178)
        md.inlinePatterns.register(TermMark(self.marks, md), "pme-term", 177)
        md.treeprocessors.register(Shaping(md, self.marks), "pme-shaping", 12)


class TableCaptions(Preprocessor):
    """Parts a line `Table: ...` from the table below it, so that both are seen."""

    def run(self, lines: list[str]) -> list[str]:
        """Insert the blank line."""
        out: list[str] = []
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            if line.startswith("Table:") and out and out[-1].strip():
                out.append("")
            out.append(line)
            if line.startswith("Table:") and "|" in after:
                out.append("")
        return out


class FigureBlock(BlockProcessor):
    """A picture alone in its paragraph is a figure; its title is the caption."""

    PICTURE = re.compile(
        r"!\[(?P<alt>[^\]]*)\]\(\s*(?P<src>[^\s()]+)(?:\s+\"(?P<caption>[^\"]*)\")?\s*\)\s*\Z"
    )

    def __init__(self, parser: Any, marks: Marks) -> None:
        super().__init__(parser)
        self.marks = marks

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002  (named by the library)
        """Whether the block is one picture."""
        return bool(self.PICTURE.match(block.strip()))

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the figure."""
        match = self.PICTURE.match(blocks.pop(0).strip())
        if match is None:  # pragma: no cover  (`test` has matched it)
            return
        figure = SubElement(parent, "figure")
        picture = SubElement(figure, "span")
        alt = " ".join(match["alt"].split())
        picture.text = self.marks.token(Mark("figure", match["src"], alt))
        if match["caption"]:
            SubElement(figure, "figcaption").text = " ".join(match["caption"].split())


class CheckBlock(BlockProcessor):
    """`{check: item}` or `{check: bank/item}` alone in a paragraph of the page itself: a question to answer there."""

    def __init__(self, parser: Any, marks: Marks) -> None:
        super().__init__(parser)
        self.marks = marks

    def test(self, parent: Element, block: str) -> bool:
        """Whether the block is one check, in no list, quote or box."""
        return parent is self.parser.root and bool(CHECK.fullmatch(block.strip()))

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Leave a token in a paragraph of its own."""
        raw = blocks.pop(0).strip()
        match = CHECK.fullmatch(raw)
        place = SubElement(parent, "p")
        place.text = self.marks.token(Mark("check", raw, match[1].strip() if match else ""))


class StrayCheck(InlineProcessor):
    """A check that does not stand alone."""

    def __init__(self, marks: Marks, md: Markdown) -> None:
        super().__init__(CHECK.pattern, md)
        self.marks = marks

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        """A token for it, so that the author hears of it."""
        return _span(self.marks.token(Mark("stray-check", m.group(0)))), m.start(0), m.end(0)


class CiteMark(InlineProcessor):
    """`[@KEY §4; @OTHER]`."""

    def __init__(self, marks: Marks, md: Markdown) -> None:
        super().__init__(r"\[@([^\[\]]{1,400})\]", md)
        self.marks = marks

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        """A token for the citation."""
        return _span(self.marks.token(Mark("cite", m.group(0)))), m.start(0), m.end(0)


class TermMark(InlineProcessor):
    """`[[term]]` or `[[term|other words]]`."""

    def __init__(self, marks: Marks, md: Markdown) -> None:
        super().__init__(r"\[\[([^\[\]|]{1,80})(?:\|([^\[\]|]{1,200}))?\]\]", md)
        self.marks = marks

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        """A token for the term."""
        label = " ".join((m.group(2) or "").split())
        return _span(self.marks.token(Mark("term", m.group(0), label))), m.start(0), m.end(0)


class Shaping(Treeprocessor):
    """Gives admonitions, tables and stray pictures their final form."""

    def __init__(self, md: Markdown, marks: Marks) -> None:
        super().__init__(md)
        self.marks = marks

    def run(self, root: Element) -> None:
        """Walk the tree once."""
        for parent in list(root.iter()):
            for before, child in zip([None, *parent], list(parent), strict=False):
                if child.tag == "table":
                    _shape_table(parent, before, child)
                elif child.tag == "img":
                    self._refuse_picture(child)
                elif child.tag == "a":
                    self._look_at_link(child.get("href", ""))
                elif "admonition" in child.get("class", "").split():
                    self._shape_admonition(child)

    def _refuse_picture(self, image: Element) -> None:
        token = self.marks.token(Mark("image", image.get("src", ""), image.get("alt", "")))
        image.tag, image.text = "span", token
        image.attrib.clear()

    def _look_at_link(self, href: str) -> None:
        # Sanitising takes such a link away; the author should hear of it.
        scheme, colon, _ = href.partition(":")
        if colon and "/" not in scheme and "#" not in scheme and scheme.lower() not in SCHEMES:
            self.marks.found.append(Mark("link", href))

    def _shape_admonition(self, box: Element) -> None:
        kinds = box.get("class", "").split()[1:]
        kind = kinds[-1] if kinds else ""
        if kinds[:1] == [LOCAL]:
            box.text = self.marks.token(Mark(LOCAL, " ".join(kinds)))
        elif kind not in ADMONITIONS:
            self.marks.found.append(Mark("admonition", kind))
        box.tag = "aside"
        box.set("role", "note")


def _span(token: AtomicString) -> Element:
    # An element keeps the token whole; sanitising takes the element away and leaves the token.
    span = Element("span")
    span.text = token
    return span


def _shape_table(parent: Element, before: Element | None, table: Element) -> None:
    if before is not None and before.tag == "p" and (before.text or "").startswith("Table:"):
        caption = Element("caption")
        caption.text = (before.text or "")[len("Table:") :].lstrip()
        caption.extend(list(before))
        table.insert(0, caption)
        parent.remove(before)
    for heading in table.iter("th"):
        heading.set("scope", "col")
    for row in table.iter("tr"):
        first = next(iter(row), None)
        if first is not None and first.tag == "td" and _is_bold(first):
            first.tag = "th"
            first.set("scope", "row")
    for cell in table.iter():
        style = cell.attrib.pop("style", "")
        if "right" in style:
            cell.set("class", "num")


def _is_bold(cell: Element) -> bool:
    inside = list(cell)
    return (
        len(inside) == 1
        and inside[0].tag == "strong"
        and not (cell.text or "").strip()
        and not (inside[0].tail or "").strip()
    )
