"""Rows set down in a file while they are read, so that a job that is stopped goes on where it was.

A line of JSON holds a row. What was written after the last checkpoint is thrown away.
"""

import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pme.reports.datasets.column import Kind, Row, Shape
from pme.reports.files.form import json_cell


class Spool:
    """The rows of one job."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._path, self._shape = path, shape
        self.count = 0
        path.parent.mkdir(parents=True, exist_ok=True)

    def resume(self, *, count: int, size: int) -> Row | None:
        """Go back to a checkpoint; gives the last row that was kept. Without one, begins anew."""
        held = self._path.stat().st_size if self._path.exists() else 0
        self.count = count if count and size <= held else 0
        with self._path.open("ab") as file:
            file.truncate(size if self.count else 0)
        return self._last() if self.count else None

    @property
    def size(self) -> int:
        """How large the file is."""
        return self._path.stat().st_size

    def add(self, rows: list[Row]) -> None:
        """Set rows down for good."""
        with self._path.open("ab") as file:
            file.write("".join(json.dumps([json_cell(cell) for cell in row]) + "\n" for row in rows).encode())
            file.flush()
            os.fsync(file.fileno())
        self.count += len(rows)

    def rows(self) -> Iterator[Row]:
        """Every row, as it was read."""
        kinds = [column.kind for column in self._shape.columns]
        with self._path.open("rb") as file:
            for line in file:
                yield tuple(map(_cell, kinds, json.loads(line)))

    def remove(self) -> None:
        """Take the file away."""
        self._path.unlink(missing_ok=True)

    def _last(self) -> Row:
        last: Row = ()
        with self._path.open("rb") as file:
            file.seek(max(0, self._path.stat().st_size - 65_536))
            for line in file.read().splitlines()[-1:]:
                kinds = [column.kind for column in self._shape.columns]
                last = tuple(map(_cell, kinds, json.loads(line)))
        return last


def as_kept(row: Row) -> list[Any]:
    """A row in the form in which it is set down, to compare it."""
    return [json_cell(cell) for cell in row]


def _cell(kind: Kind, kept: Any) -> Any:
    if kept is None:
        return None
    match kind:
        case Kind.MOMENT:
            return datetime.fromisoformat(kept)
        case Kind.DAY:
            return date.fromisoformat(kept)
        case _:
            return kept
