"""A report as CSV or JSON: pieces of bytes, the first as soon as the first rows are read. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from pme.reports.datasets.column import Row, Shape
from pme.reports.files.form import Head, csv_cell, json_cell, moment

BYTE_ORDER_MARK = "\ufeff"
PIECE = 32 * 1024


def csv_pieces(shape: Shape, rows: Iterable[Row], *, has_mark: bool) -> Iterator[bytes]:
    """The rows as CSV in UTF-8 under the keys of the columns (RFC 4180)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    if has_mark:
        buffer.write(BYTE_ORDER_MARK)
    writer.writerow(shape.keys)
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def json_pieces(shape: Shape, rows: Iterable[Row], head: Head) -> Iterator[bytes]:
    """The rows as one JSON object: what the file is, its columns, the rows as objects, and how many there were.

    The count comes last, so that a file that was cut short can be told from a whole one.
    """
    opening = {
        "dataset": shape.name,
        "schema_version": shape.version,
        "academy": head.academy,
        "made_at": moment(head.made_at),
        **({"figures_as_of": moment(head.as_of)} if head.as_of else {}),
        "marking": head.marking,
        "filters": dict(head.filters),
        "sort": head.sort or shape.sort,
        "columns": [asdict(column) | {"kind": column.kind.value} for column in shape.columns],
    }
    keys, count = shape.keys, 0
    parts = [json.dumps(opening, ensure_ascii=False)[:-1] + ', "rows": [']
    size = len(parts[0])
    for count, row in enumerate(rows, start=1):
        line = json.dumps(dict(zip(keys, map(json_cell, row), strict=True)), ensure_ascii=False)
        parts.append(("\n" if count == 1 else ",\n") + line)
        size += len(line)
        if size > PIECE:
            yield "".join(parts).encode()
            parts, size = [], 0
    yield ("".join(parts) + f'\n], "count": {count}}}\n').encode()


def dictionary_rows(shape: Shape) -> Iterator[tuple[str, ...]]:
    """The data dictionary: a line a column."""
    for column in shape.columns:
        yield (
            shape.name,
            str(shape.version),
            column.key,
            column.title,
            column.kind.value,
            column.unit,
            "yes" if column.may_lack else "no",
            "yes" if column.is_personal else "no",
            column.means,
        )


DICTIONARY = (
    "dataset",
    "schema_version",
    "column",
    "title",
    "type",
    "unit",
    "may_be_empty",
    "personal",
    "meaning",
)
"""The columns of a data dictionary."""
