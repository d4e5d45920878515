"""A report as XLSX: typed cells, a header that stays, widths, dates as dates; a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pme.later import later
from pme.reports.datasets.coded import UNITS
from pme.reports.datasets.column import Column, Kind, Row, Shape
from pme.reports.files.form import DIGITS, Head
from pme.reports.files.text_files import DICTIONARY, dictionary_rows
from pme.words.speech import _, _p

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet
else:
    xlsxwriter = later("xlsxwriter")

MOST_ROWS = 1_048_575
"""Rows of a sheet beside its header; what is more goes on another sheet."""
WIDTHS = {Kind.TEXT: 22, Kind.WHOLE: 10, Kind.NUMBER: 10, Kind.DAY: 12, Kind.MOMENT: 19, Kind.YES: 10}
WIDEST = 40
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
DAY, DAY_ZERO = timedelta(days=1), date(1899, 12, 30)
MOMENT_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
"""What spreadsheets count days from."""
Write = Callable[[int, int, Any], Any]


def write_xlsx(
    shape: Shape, rows: Iterable[Row], head: Head, *, to: IO[bytes], aside: Path, most: int = MOST_ROWS
) -> int:
    """Write the workbook, row by row with parts in a folder `aside`; tells how many rows there were."""
    book = xlsxwriter.Workbook(to, OPTIONS | {"tmpdir": str(aside)})
    book.set_properties(
        {"title": shape.title, "company": head.academy, "created": head.made_at.replace(tzinfo=None)}
    )
    looks = _Looks(book)
    left, count = iter(rows), 0
    for number, first in enumerate(_peeked(left), start=1):
        sheet = book.add_worksheet(_("Data") if number == 1 else _("Data {number}", number=number))
        count += _write_rows(sheet, shape, chain(first, islice(left, most - len(first))), head, looks)
    _write_about(book.add_worksheet(_("About")), shape, head, count, looks)
    book.close()
    return count


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.header: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.by_kind: dict[Kind, Format] = {
            Kind.WHOLE: book.add_format({"num_format": "0"}),
            Kind.NUMBER: book.add_format({"num_format": "0.0###"}),
            Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }


def _peeked(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """The first row of each sheet, as a list; one empty list where there is no row at all."""
    first = list(islice(rows, 1))
    yield first
    while following := list(islice(rows, 1)):
        yield following


def _write_rows(sheet: Worksheet, shape: Shape, rows: Iterable[Row], head: Head, looks: _Looks) -> int:
    _prepare(sheet, shape, head, looks)
    writes = [_writer(sheet, column, looks) for column in shape.columns]
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value is not None:
                writes[place](last, place, value)
    if last:
        sheet.autofilter(0, 0, last, len(shape.columns) - 1)
    return last


def _prepare(sheet: Worksheet, shape: Shape, head: Head, looks: _Looks) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    marking = head.marking.replace("&", "&&")
    sheet.set_header(f"&C{marking}")
    sheet.set_footer(f"&L{shape.title.replace('&', '&&')}&C{marking}&RPage &P of &N")
    for place, column in enumerate(shape.columns):
        sheet.set_column(place, place, max(WIDTHS[column.kind], min(WIDEST, len(column.title) + 2)))
    for place, column in enumerate(shape.columns):
        counted = UNITS.get(column.unit, column.unit) if column.unit else ""
        unit = f" ({counted})" if counted else " (UTC)" if column.kind is Kind.MOMENT else ""
        sheet.write_string(0, place, f"{column.title}{unit}", looks.header)


def _writer(sheet: Worksheet, column: Column, looks: _Looks) -> Write:
    look, put = looks.by_kind.get(column.kind), sheet.write_number
    match column.kind:
        case Kind.TEXT:
            write: Write = sheet.write_string
        case Kind.YES:
            write = sheet.write_boolean
        case Kind.WHOLE:
            write = lambda row, place, value: put(row, place, value, look)  # noqa: E731
        case Kind.NUMBER:
            write = lambda row, place, value: put(row, place, round(value, DIGITS), look)  # noqa: E731
        case Kind.DAY:
            write = lambda row, place, value: put(row, place, (value - DAY_ZERO).days, look)  # noqa: E731
        case _:
            write = lambda row, place, value: put(row, place, _serial(value), look)  # noqa: E731
    return write


def _serial(value: datetime) -> float:
    """A moment as spreadsheets count it, in UTC, to the second."""
    return (value.replace(microsecond=0) - MOMENT_ZERO) / DAY


def _write_about(sheet: Worksheet, shape: Shape, head: Head, count: int, looks: _Looks) -> None:
    facts = (
        (_("Report"), shape.title),
        (_("Dataset"), _("{name}, schema version {version}", name=shape.name, version=shape.version)),
        (_("Academy"), head.academy),
        (_("Made"), f"{head.made_at:%Y-%m-%d %H:%M} UTC"),
        (_("Rows"), str(count)),
        *head.facts,
        *([(_p("on a document", "Marking"), head.marking)] if head.marking else []),
    )
    for place, width in enumerate((20, 16, 18, 24, 16, 12, 14, 10, 70)):
        sheet.set_column(place, place, width)
    for row, (name, text) in enumerate(facts):
        sheet.write_string(row, 0, name, looks.header)
        sheet.write_string(row, 1, text)
    start = len(facts) + 1
    lines = (DICTIONARY, *dictionary_rows(shape))
    for row, line in enumerate(lines, start=start):
        for place, text in enumerate(line):
            sheet.write_string(row, place, text, looks.header if row == start else looks.wrapped)
