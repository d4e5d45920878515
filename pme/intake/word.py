"""A Word document becomes pages in Markdown: headings, lists, tables, notes, links and pictures are kept.

Everything else is counted and told. Nothing in the document is run, loaded or followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pme.intake.archive import Archive
from pme.intake.draft_pages import Pages
from pme.intake.made import Made, Refused
from pme.intake.word_runs import LEFT_OUT, Inside, Reader
from pme.intake.word_styles import PLAIN, Styles, read_styles
from pme.intake.word_text import joined, paragraph
from pme.intake.word_xml import DAMAGED, W, local, part_of, value
from pme.words.speech import _

PICTURE_LIMIT = 20_000_000
_MAIN = "word/document.xml"


@dataclass
class _Document:
    archive: Archive
    styles: Styles
    reader: Reader
    pages: Pages
    notes: dict[str, str] = field(default_factory=dict)
    marked: dict[int, list[str]] = field(default_factory=dict)
    last_figure: tuple[str, str] | None = None
    unknown: dict[str, int] = field(default_factory=dict)
    list_lines: list[str] = field(default_factory=list)


def from_word(archive: Archive) -> Made:
    """The pages of a Word document. Raises Refused when it cannot be read."""
    main = part_of(archive, _MAIN)
    body = main.root.find(f"{W}body") if main else None  # not words
    if main is None or body is None:
        raise Refused(DAMAGED)
    pages = Pages(Made({}))
    styles = read_styles(part_of(archive, "word/styles.xml"), part_of(archive, "word/numbering.xml"))
    document = _Document(archive, styles, Reader(main, pages.notes), pages)
    _read_notes(document, "word/footnotes.xml", "fn")
    _read_notes(document, "word/endnotes.xml", "en")
    for each in _blocks(body):
        _block(document, each)
    _end_list(document)
    _place_notes(document)
    for name, count in document.unknown.items():
        pages.notes[_("paragraphs in the style “{name}”, read as plain text", name=name[:60])] += count
    if any(name.startswith(("word/header", "word/footer")) for name in archive.entries):
        pages.notes[_("headers and footers, left out")] += 1
    return pages.done("")


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in their order, also those within content controls."""
    for child in parent:
        if local(child) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _blocks(child)
        else:
            yield child


def _block(document: _Document, block: Element) -> None:
    name = local(block)
    if name == "p":
        _paragraph(document, block)
    elif name == "tbl":
        _end_list(document)
        _table(document, block)
    elif name in LEFT_OUT:
        document.pages.notes[str(LEFT_OUT[name])] += 1


def _paragraph(document: _Document, block: Element) -> None:
    properties = block.find(f"{W}pPr")
    style_id, own = _property(properties, "pStyle"), _property(properties, "outlineLvl")
    style = document.styles.name(style_id)
    if style.startswith("toc") or style == "table of figures":
        return
    level = document.styles.level(style_id, own)
    inside = document.reader.read(block)
    listed = document.styles.list_of(properties, style_id) if level is None else None
    if listed is None:
        _end_list(document)
    if level is not None:
        document.pages.heading(level, _plain(inside))
    elif style == "title":
        document.pages.title = document.pages.title or _plain(inside)
    elif text := joined(inside.runs):
        _text(document, style, text, listed, inside)
    _pictures(document, inside)
    for box in inside.boxes:
        for each in _blocks(box):
            _block(document, each)


def _property(properties: Element | None, name: str) -> str:
    return value(properties.find(f"{W}{name}")) if properties is not None else ""


def _text(
    document: _Document, style: str, text: str, listed: tuple[int, bool] | None, inside: Inside
) -> None:
    if listed is not None:
        depth, is_counting = listed
        sign = "1. " if is_counting else "- "
        document.list_lines.append("    " * depth + sign + text.replace("\n", "\n" + "    " * (depth + 1)))
    elif style == "caption":
        _caption(document, _plain(inside))
    elif style in ("quote", "intense quote"):
        _put(document, "> " + paragraph(text).replace("\n", "\n> "))
    else:
        if style not in PLAIN:
            document.unknown[style] = document.unknown.get(style, 0) + 1
        _put(document, paragraph(text))


def _plain(inside: Inside) -> str:
    text = joined([run for run in inside.runs if not run.raw or not run.text.startswith("[^")])
    return text.replace("**", "").replace("  \n", " ")


def _put(document: _Document, text: str) -> None:
    document.last_figure = None
    document.pages.block(text)


def _end_list(document: _Document) -> None:
    if document.list_lines:
        _put(document, "\n".join(document.list_lines))
        document.list_lines = []


def _pictures(document: _Document, inside: Inside) -> None:
    for shown in dict.fromkeys((picture.part, picture.alt) for picture in inside.pictures):
        part, alt = shown
        if part not in document.archive.entries:
            document.pages.notes[_("pictures that the document only refers to, left out")] += 1
            continue
        address = document.pages.picture(part, document.archive.read(part, PICTURE_LIMIT), alt)
        if address:
            _end_list(document)
            _put(document, document.pages.figure(address, alt))
            document.last_figure = (address, alt)


def _caption(document: _Document, text: str) -> None:
    """A caption goes to the figure before it, else before the table that follows."""
    if document.last_figure is None:
        document.pages.block(f"Table: {text}")  # not words
        return
    blocks = document.pages.pages[-1].blocks if document.pages.pages else document.pages.intro
    before = document.pages.todo[:]
    blocks[-1] = document.pages.figure(*document.last_figure, caption=text)
    document.pages.todo = before  # said already
    document.last_figure = None


def _table(document: _Document, table: Element) -> None:
    rows, merged = [], 0
    for row in table.iter(f"{W}tr"):  # not words
        cells = []
        for cell in _blocks(row):
            if local(cell) != "tc":
                continue
            span = value(cell.find(f"{W}tcPr/{W}gridSpan"))
            if cell.find(f"{W}tcPr/{W}vMerge") is not None or (span.isdigit() and int(span) > 1):
                merged += 1
            cells.append(_cell(document, cell))
            cells += [""] * (min(int(span), 60) - 1 if span.isdigit() else 0)
        if cells:
            rows.append(cells)
    if not rows:
        return
    if merged:
        document.pages.notes[_("tables with merged cells, which are split now: look at each")] += 1
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * width)
    blocks = document.pages.pages[-1].blocks if document.pages.pages else document.pages.intro
    caption = blocks.pop() + "\n" if blocks and blocks[-1].startswith("Table: ") else ""
    _put(document, caption + "\n".join(lines))


def _cell(document: _Document, cell: Element) -> str:
    if cell.find(f".//{W}tbl") is not None:
        document.pages.notes[_("tables within tables, read as plain text")] += 1
    texts = []
    for block in cell.iter(f"{W}p"):
        inside = document.reader.read(block)
        if inside.pictures:
            document.pages.notes[_("pictures within tables, left out")] += 1
        texts.append(joined(inside.runs).replace("  \n", " "))
    return " ".join(text for text in texts if text)


def _read_notes(document: _Document, name: str, kind: str) -> None:
    part = part_of(document.archive, name)
    if part is None:
        return
    reader = Reader(part, document.pages.notes)
    for note in part.root:
        texts = [joined(reader.read(block).runs) for block in note.iter(f"{W}p")]
        document.notes[f"{kind}{value(note, 'id')}"] = "\n\n    ".join(text for text in texts if text)


def _place_notes(document: _Document) -> None:
    """Each note goes to the page that has its mark."""
    for blocks in [document.pages.intro, *(page.blocks for page in document.pages.pages)]:
        keys = [
            key
            for key in dict.fromkeys(document.reader.footnotes)
            if any(f"[^{key}]" in block for block in blocks)
        ]
        blocks += [f"[^{key}]: {document.notes.get(key, '')}" for key in keys]
