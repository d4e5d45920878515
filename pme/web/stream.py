"""Rows become a CSV download: streamed, safe for spreadsheets, with a session of its own, in the page's language."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from flask import Response
from sqlalchemy.orm import Session

from pme.reports.files.form import safe_cell
from pme.reports.files.text_files import BYTE_ORDER_MARK
from pme.scope import SEES
from pme.web.session import database, db_session
from pme.words import speech

__all__ = ["BYTE_ORDER_MARK", "Cell", "csv_response", "safe_cell", "streamed"]

CHUNK = 32 * 1024
Piece = TypeVar("Piece", str, bytes)
Cell = str | float | None
"""Text is made safe; a number cannot be a formula and stays one, minus sign included; None is an empty cell."""


def csv_response(
    name: str, headings: Sequence[str], rows: Callable[[Session], Iterable[Sequence[Cell]]]
) -> Response:
    """A CSV file that is sent while it is read, so that its size costs no memory."""
    owner = database().seeing(db_session().info[SEES])

    def lines() -> Iterator[str]:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        buffer.write(BYTE_ORDER_MARK)
        writer.writerow(headings)
        with owner.session() as session:
            for row in rows(session):
                writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
                if buffer.tell() > CHUNK:
                    yield buffer.getvalue()
                    buffer.seek(0)
                    buffer.truncate()
        yield buffer.getvalue()

    response = Response(in_this_language(lines()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def streamed(name: str, content_type: str, pieces: Callable[[Session], Iterable[bytes]]) -> Response:
    """A report that is sent while it is written, from a session of its own, by a replica where there is one."""
    owner = database().seeing(db_session().info[SEES]).for_reports()

    def sent() -> Iterator[bytes]:
        with owner.session() as session:
            yield from pieces(session)

    response = Response(in_this_language(sent()), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def in_this_language(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces, made in the language of this request, which is over when they are sent."""
    language = speech.current()

    def spoken() -> Iterator[Piece]:
        speech.speak(language)
        try:
            yield from pieces
        finally:
            speech.speak(None)

    return spoken()
