"""What a report of 100,000 completions costs as a file, beside a plain SELECT of the same cells to a CSV file.

Run in a process of its own, so that its memory is its own: it prints one JSON object.
"""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sqlalchemy import text
from sqlalchemy.orm import Session

from pme.db import Database
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.reports.files.form import Form, Head
from pme.reports.files.spreadsheet import write_xlsx
from pme.reports.files.write import pieces
from tests.bench import people

PEOPLE = int(os.environ.get("PME_BENCH_EXPORT_ROWS", "100000"))
PAGE = 50
FORMS = ("first page", "csv", "json", "xlsx")
PIECE = 1 << 20
PLAIN = """SELECT c.id, e.person_id, w.name, w.rank, w.nation, w.service, w.unit, p.email, w.external_id, c.course,
    substr(v.sha256, 1, 12), h.name, e.enrolled_at, c.completed_at, c.percent, t.number
FROM course_completion c JOIN enrolment e ON e.id = c.enrolment_id JOIN person p ON p.id = e.person_id
JOIN personnel w ON w.person_id = e.person_id AND w.academy_id = e.academy_id
LEFT JOIN cohort h ON h.id = e.cohort_id JOIN content_version v ON v.id = c.version_id
LEFT JOIN certificate t ON t.enrolment_id = e.id
WHERE c.academy_id = :academy ORDER BY c.completed_at, c.id"""
Figures = dict[str, float]
HEAD = Head(academy="Bench Academy", academy_slug="bench", made_at=datetime(2026, 11, 1, tzinfo=UTC))


def measure(rows: int = PEOPLE, forms: Sequence[str] = FORMS) -> dict[str, Figures]:
    """Seconds to the first byte and to the last, MB of the file, and MB of memory beyond what was there before."""
    with TemporaryDirectory(prefix="pme-bench-exports-") as folder:
        database, place = Database(f"sqlite:///{Path(folder) / 'exports.sqlite3'}"), Path(folder)
        began = perf_counter()
        academy = people.build(database, rows)
        found: dict[str, Figures] = {"generator": {"last": perf_counter() - began}}
        acts: dict[str, Callable[[], Iterator[bytes]]] = {
            "first page": lambda: _screen(database, academy),
            "csv": lambda: _streamed(database, academy, Form.CSV),
            "json": lambda: _streamed(database, academy, Form.JSON),
            "xlsx": lambda: _spreadsheet(database, academy, place),
            "plain": lambda: _plain(database, academy, place),
        }
        for name in (*forms, "plain"):
            found[name] = _timed(acts[name](), place)
        database.dispose()
    return found


def describe(found: Mapping[str, Figures], rows: int = PEOPLE) -> str:
    """The figures as some lines of the bench."""
    lines = [
        f"\nReports of {rows:,} completions (the generator wrote them in {found['generator']['last']:.0f} s):",
        f"{'':14}{'first byte':>12}{'last byte':>12}{'processor':>12}{'size MB':>10}{'memory MB':>11}",
    ]
    for name in (*FORMS, "plain"):
        one = found[name]
        told = f"{one['first']:10.3f} s{one['last']:10.1f} s{one['cpu']:10.1f} s"
        told += f"{one['size']:10.1f}{one['memory']:11.1f}"
        lines.append(f"{'plain SELECT' if name == 'plain' else name:14}{told}")
    ratio = found["csv"]["cpu"] / found["plain"]["cpu"]
    lines.append(
        f"CSV takes {ratio:.1f} times the processor time of the plain SELECT to a file. "
        "Aims: CSV first byte under 0.5 s, memory under 100 MB; XLSX under 60 s."
    )
    return "\n".join(lines)


def _timed(sent: Iterator[bytes], place: Path) -> Figures:
    """How long something takes that gives its bytes one after the other, written to a file."""
    before, began, cpu, first = memory("VmRSS"), perf_counter(), process_time(), 0.0
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    with (place / "sent").open("wb") as file:
        for piece in sent:
            first = first or perf_counter() - began
            file.write(piece)
        size = file.tell()
    last = perf_counter() - began
    grown = memory("VmHWM") - before
    return {
        "first": first,
        "last": last,
        "cpu": process_time() - cpu,
        "size": size / 1e6,
        "memory": grown,
    }


def _screen(database: Database, academy: int) -> Iterator[bytes]:
    with database.session() as session:
        reading = _reading(session, academy)
        chart, rows = reading.chart(), list(reading.rows(at_most=PAGE))
        yield f"{reading.count()} {chart} {rows}".encode()


def _streamed(database: Database, academy: int, form: Form) -> Iterator[bytes]:
    with database.session() as session:
        reading = _reading(session, academy)
        yield from pieces(reading.shape, reading.rows(), form, HEAD)


def _spreadsheet(database: Database, academy: int, place: Path) -> Iterator[bytes]:
    path = place / "book.xlsx"
    with database.session() as session, path.open("wb") as file:
        reading = _reading(session, academy)
        write_xlsx(reading.shape, reading.rows(), HEAD, to=file, aside=place)
    yield from _pieces_of(path)


def _plain(database: Database, academy: int, place: Path) -> Iterator[bytes]:
    path = place / "plain.csv"
    with database.engine.connect() as connection, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(connection.execute(text(PLAIN), {"academy": academy}).yield_per(1_000))
    yield from _pieces_of(path)


def _pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _reading(session: Session, academy: int) -> Reading:
    return Reading(session, DATASETS["completions"], academy, at=HEAD.made_at)


def memory(line: str) -> float:
    """What the system says of this process, in MB: VmRSS is its memory now, VmHWM at the most."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = next(each for each in status.splitlines() if each.startswith(f"{line}:"))
    return int(found.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.stdout.write(json.dumps(measure(int(given[0]), given[1:]) if given else measure()))
