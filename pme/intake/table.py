"""A table from outside, as CSV or XLSX: its cells as texts, whatever program wrote them.

Runs in the child of the intake. Finds out what letters and which separator a CSV file is written with; of a
spreadsheet it reads the first sheet, dates as ISO 8601 and whole numbers without a decimal point.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from pme.intake.archive import opened
from pme.intake.made import Made, Refused
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
SEPARATORS = (";", ",", "\t", "|")
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": lazy("Windows-1252 (Western Europe)"),
    "cp1250": lazy("Windows-1250 (Central Europe)"),
    "cp1251": lazy("Windows-1251 (Cyrillic)"),
    "cp1253": lazy("Windows-1253 (Greek)"),
    "cp1254": lazy("Windows-1254 (Turkish)"),
}
"""What a table may be written with, and how people call it."""
CYRILLIC_WORD = re.compile(r"[А-ЯЁЄІЇҐа-яёєіїґ]{3,}")
MIXED_WORD = re.compile(r"[a-z][А-Яа-яёєіїґ]|[А-Яа-яёєіїґ][a-z]")
NOT_A_TABLE = lazy(
    "This file is neither CSV nor an Excel workbook (.xlsx). Save it as one of them and send it again."
)
OLD_EXCEL = lazy("This is an Excel file of the old kind (.xls). Save it as .xlsx or CSV and send it again.")


def take_table(data: Any, options: Mapping[str, Any]) -> Made:
    """The rows of a table, what it was written with and what separates its cells. Raises Refused with a sentence."""
    content = bytes(data)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise Refused(OLD_EXCEL)
    if content[:2] == b"PK":
        return Made({"rows": _sheet(content), "encoding": "", "separator": "", "kind": "xlsx"})
    text, encoding = decoded(content, str(options.get("encoding", "")))
    separator, rows = _separated(text)
    return Made({"rows": rows, "encoding": encoding, "separator": separator, "kind": "csv"})


def decoded(content: bytes, wanted: str = "") -> tuple[str, str]:
    """A text and what it was written with: as wanted, else by its mark, else UTF-8, else by its letters."""
    if wanted in ENCODINGS:
        try:
            text = content.decode("utf-8-sig" if wanted == "utf-8" else wanted)
        except UnicodeDecodeError:
            raise Refused(
                _(
                    "This file is not written in {encoding}. Choose another, or “Detect automatically”.",
                    encoding=ENCODINGS[wanted],
                )
            ) from None
        return _clean(text), wanted
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _clean(content.decode("utf-16", errors="replace")), "utf-16"
    try:
        return _clean(content.decode("utf-8-sig")), "utf-8"
    except UnicodeDecodeError:
        pass
    cyrillic = content.decode("cp1251", errors="replace")
    is_cyrillic = len(CYRILLIC_WORD.findall(cyrillic)) > len(MIXED_WORD.findall(cyrillic))
    encoding = "cp1251" if is_cyrillic else "cp1252"
    return _clean(content.decode(encoding, errors="replace")), encoding


def _clean(text: str) -> str:
    if "\0" in text:
        raise Refused(NOT_A_TABLE)
    return text


def _separated(text: str) -> tuple[str, list[list[str]]]:
    """The separator that makes the most of the first lines, and the rows by it."""
    first, _unused, rest = text.partition("\n")
    if said := re.fullmatch(r'"?sep=(.)"?\s*', first.strip("\r\ufeff ")):
        return said[1], _rows(csv.reader(io.StringIO(rest, newline=""), delimiter=said[1]))
    head = [line for line in text.splitlines() if line.strip()][:20]
    if not head:
        raise Refused(_("This file is empty. Choose another one."))
    separator = max(SEPARATORS, key=lambda each: _agreement(head, each))
    try:
        return separator, _rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Refused(
            _(
                "This file cannot be read as CSV: {error}. Save it again from your spreadsheet program.",
                error=error,
            )
        ) from None


def _agreement(lines: list[str], separator: str) -> tuple[int, int]:
    """How many of the lines have as many cells as the heading, and how many cells that has; one cell is none."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return (0, 0)
    return (sum(count == counts[0] for count in counts) if counts[0] > 1 else 0, counts[0])


def _sheet(content: bytes) -> list[list[str]]:
    """The cells of the first sheet of a workbook."""
    archive = opened(content)  # refuses what unpacks to more than it may
    if "[Content_Types].xml" not in archive.entries:
        raise Refused(NOT_A_TABLE)
    from openpyxl import load_workbook  # noqa: PLC0415  (only where there is a workbook)

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise Refused(_("This workbook has no sheet with cells. Put the table on its first sheet."))
        return _rows(
            [_written(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, zipfile.BadZipFile):
        raise Refused(_("This workbook is damaged. Save it again as .xlsx, or as CSV.")) from None


def _written(cell: object) -> str:
    """A cell as it would be typed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
        )
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _rows(rows: Iterable[list[str]]) -> list[list[str]]:
    return list(_bounded(rows))


def _bounded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows with blanks squeezed and nothing behind their last text. Raises Refused for too many or too long."""
    empty = 0
    for number, row in enumerate(rows, start=1):
        cells = [" ".join(str(cell).split()) for cell in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty += 1
            if empty > MOST_ROWS:
                return  # a sheet that was formatted to its very end
            yield []
            continue
        if number - empty > MOST_ROWS + 1:
            raise Refused(
                _(
                    "This table has more than {most} rows. Divide it into several files.",
                    most=grouped(MOST_ROWS),
                )
            )
        if longest := next((cell for cell in cells if len(cell) > LONGEST_CELL), None):
            raise Refused(
                _(
                    "Row {number}: “{begins}…” is longer than a cell may be ({most} letters).",
                    number=number,
                    begins=longest[:40],
                    most=grouped(LONGEST_CELL),
                )
            )
        yield cells
