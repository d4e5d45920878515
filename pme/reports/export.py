"""An export of a report in the background: what is asked for, and the job that makes it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import IO, Any

from sqlalchemy.orm import Session

from pme.db import sqlite_build
from pme.jobs.models import Job
from pme.jobs.registry import Work, handler
from pme.jobs.service import enqueue
from pme.reports.datasets.chart import Chart
from pme.reports.datasets.column import Row
from pme.reports.datasets.filters import Filters, from_kept
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.reports.files.form import Form, Head, file_name, head_from
from pme.reports.files.write import refuse_too_many, write
from pme.reports.keeping import see_to
from pme.reports.spool import Spool, as_kept
from pme.stores.chosen import scratch_of

KIND = "report-export"
PART = 5_000
"""Rows that are set down at a time."""
STRETCH = 50_000
"""Rows that are read at a time where nobody can write while somebody reads."""
TELL_EVERY = 1_000


@dataclass(frozen=True)
class Export:
    """What is asked for: rows of a dataset, narrowed and in an order, in a form."""

    dataset: str
    form: Form
    filters: Filters
    sort: str
    head: Head

    def kept(self) -> dict[str, Any]:
        """The form that travels with a job."""
        return {
            "dataset": self.dataset,
            "form": self.form.value,
            "filters": self.filters.kept(),
            "sort": self.sort,
            "head": self.head.kept(),
        }

    @property
    def title(self) -> str:
        """What the person reads of the job."""
        return f"{self.head.name or DATASETS[self.dataset].shape.title} as {self.form.upper()}"  # not words

    @property
    def file_name(self) -> str:
        """The name of the file."""
        return file_name(self.head, self.dataset, self.form)


def export_from(kept: Mapping[str, Any]) -> Export:
    """The export that `kept` wrote."""
    return Export(
        kept["dataset"],
        Form(kept["form"]),
        from_kept(kept["filters"]),
        kept["sort"],
        head_from(kept["head"]),
    )


def ask(
    session: Session,
    export: Export,
    *,
    academy_id: int,
    person_id: int,
    at: datetime,
    key: str | None = None,
) -> Job:
    """Ask for an export in the background."""
    return enqueue(
        session,
        KIND,
        academy_id=academy_id,
        person_id=person_id,
        payload=export.kept(),
        at=at,
        key=key,
        title=export.title,
    )


@handler(KIND)
def run(work: Work) -> None:
    """Read the rows into a spool, from where an earlier run was, and write the file from it."""
    make(work, export_from(work.payload))


def make(work: Work, export: Export) -> None:
    """Make the file of an export the job's result.

    Raises Invalid where its form cannot hold so many rows.
    """
    spool, found = _spooled(work, export)
    with work.result(export.file_name, export.form.content_type) as file:
        _write(work, export, spool, found, to=file)
    spool.remove()


def make_in(work: Work, export: Export, file: IO[bytes]) -> None:
    """Write the file of an export to another place. Raises Invalid where its form cannot hold so many rows."""
    spool, found = _spooled(work, export)
    _write(work, export, spool, found, to=file)
    spool.remove()


@dataclass(frozen=True)
class _Found:
    """How many rows there are, their picture, and the moment that they are as of where that is not now."""

    total: int
    chart: Chart | None
    as_of: datetime | None


def _spooled(work: Work, export: Export) -> tuple[Spool, _Found]:
    see_to(work, export.dataset, export.filters)
    name = f"{work.job_id}.rows"  # not words
    spool = Spool(scratch_of(work.settings) / name, DATASETS[export.dataset].shape)
    return spool, _read(work, export, spool)


def _write(work: Work, export: Export, spool: Spool, found: _Found, *, to: IO[bytes]) -> None:
    write(
        DATASETS[export.dataset].shape,
        _told(work, spool.rows(), found.total),
        export.form,
        replace(export.head, as_of=found.as_of),
        to=to,
        aside=scratch_of(work.settings),
        chart=found.chart,
        count=spool.count,
    )


def _read(work: Work, export: Export, spool: Spool) -> _Found:
    """Read what is not in the spool yet."""
    last = spool.resume(count=work.state.get("rows", 0), size=work.state.get("size", 0))
    # In a file without a write-ahead log, nobody can tell their progress while somebody reads.
    stretch = STRETCH if work.database.is_sqlite and not sqlite_build().wal_is_safe else None
    while True:
        with work.database.for_reports().session() as session:
            reading = Reading(
                session,
                DATASETS[export.dataset],
                work.academy_id or 0,
                export.filters,
                at=export.head.made_at,
                sort=export.sort,
            )
            total = reading.count()
            refuse_too_many(export.form, total)
            if last is not None and not _goes_on(reading, spool.count, last):
                spool.resume(count=0, size=0)
            last, before = None, spool.count
            with closing(reading.rows(skip=spool.count, at_most=stretch)) as rows:
                for part in _parts(rows):
                    spool.add(part)
                    if stretch is None:
                        _tell(work, spool, total)
            if stretch is None or spool.count - before < stretch:
                return _Found(total, reading.chart(), reading.as_of)
        _tell(work, spool, total)


def _goes_on(reading: Reading, count: int, last: Row) -> bool:
    """Whether the rows before are still those that were read then."""
    found = next(iter(list(reading.rows(skip=count - 1, at_most=1))), None)
    return found is not None and as_kept(found) == as_kept(last)


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while part := list(islice(rows, PART)):
        yield part


def _tell(work: Work, spool: Spool, total: int) -> None:
    work.checkpoint(rows=spool.count, size=spool.size)
    work.progress(spool.count, 2 * max(total, spool.count))


def _told(work: Work, rows: Iterator[Row], total: int) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number % TELL_EVERY == 0:
            work.progress(total + number, 2 * max(total, number))
        yield row
