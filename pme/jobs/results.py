"""The files that jobs make: named by their job, kept in the store, and deleted after some days."""

import contextlib
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from pme.db import Database
from pme.jobs.models import Job
from pme.jobs.service import KEPT
from pme.stores.home import JOBS, PROBES, Store

OLD = timedelta(days=1)
"""After so long nobody writes any more to what no job names."""
TRIED = (".doctor-*", ".clock-*")
"""What the doctor writes into the instance folder, and takes away in the same moment."""


def name_of(file: str) -> str:
    """The name in the store of a result, as its job has it."""
    return JOBS + file


def purge(database: Database, store: Store, scratch: Path, *, at: datetime) -> int:
    """Delete results whose days are over, jobs that ended long ago, and files that nobody owns; tells how many.

    What this machine has half-done and forgotten goes too, and what a look at the installation left that was killed.
    """
    with database.writing() as session:
        session.execute(delete(Job).where(Job.ended_at < at - KEPT))
        expired = select(Job).where(Job.result_file.is_not(None), Job.result_expires_at < at)
        for job in session.scalars(expired.with_for_update()).all():
            job.result_file = None
        session.flush()
        wanted = set(session.scalars(select(Job.result_file).where(Job.result_file.is_not(None))))
    # One that a run has just put there is not written down yet.
    gone = [
        each.name
        for each in store.list(JOBS)
        if each.at < at - OLD and each.name.removeprefix(JOBS) not in wanted
    ]
    gone += [each.name for each in store.list(PROBES) if each.at < at - OLD]
    for name in gone:
        store.delete(name)
    young = (at - OLD).timestamp()
    for path in (*scratch.glob("*"), *(path for kind in TRIED for path in scratch.parent.glob(kind))):
        if path.name not in wanted:
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < young:
                    path.unlink()
    return len(gone)
