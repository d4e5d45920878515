"""A reading becomes a file: sent piece by piece where its form allows, else whole."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO

from pme.errors import Invalid
from pme.reports.datasets.chart import Chart
from pme.reports.datasets.column import Row, Shape
from pme.reports.datasets.read import Reading
from pme.reports.files import pdf
from pme.reports.files.form import Form, Head
from pme.reports.files.paper import sheet
from pme.reports.files.spreadsheet import write_xlsx
from pme.reports.files.text_files import csv_pieces, json_pieces
from pme.words.numbers import grouped
from pme.words.speech import _


def refuse_too_many(form: Form, count: int) -> None:
    """Raises Invalid where a form cannot hold so many rows."""
    if form.most is not None and count > form.most:
        raise Invalid(
            _(
                "A PDF holds up to {most} rows, and this report has {count}. Filter it, or download "
                "it as a spreadsheet.",
                most=grouped(form.most),
                count=grouped(count),
            ),
            field="form",
        )


def pieces(shape: Shape, rows: Iterable[Row], form: Form, head: Head) -> Iterator[bytes]:
    """The file of a form that is sent while it is written."""
    if form is Form.JSON:
        return json_pieces(shape, rows, head)
    return csv_pieces(shape, rows, has_mark=head.has_mark)


def whole(reading: Reading, form: Form, head: Head, *, aside: Path, count: int) -> bytes:
    """The file of a form that is sent whole. Raises Invalid or Unavailable when it cannot be printed."""
    head = replace(head, as_of=reading.as_of)
    if form is Form.PDF:
        refuse_too_many(form, count)
        return pdf.render(sheet(reading.shape, reading.rows(), head, reading.chart(), count=count))
    held = BytesIO()
    write_xlsx(reading.shape, reading.rows(), head, to=held, aside=aside)
    return held.getvalue()


def write(
    shape: Shape,
    rows: Iterable[Row],
    form: Form,
    head: Head,
    *,
    to: IO[bytes],
    aside: Path,
    chart: Chart | None,
    count: int,
) -> None:
    """Write the file of any form, in the background."""
    match form:
        case Form.PDF:
            to.write(pdf.render(sheet(shape, rows, head, chart, count=count), within=pdf.PATIENT))
        case Form.XLSX:
            write_xlsx(shape, rows, head, to=to, aside=aside)
        case _:
            to.writelines(pieces(shape, rows, form, head))
