"""The files that jobs make: written aside, hashed, named by their job, and deleted after some days."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from sqlalchemy import delete, select

from pme.db import Database
from pme.jobs.models import Job
from pme.jobs.service import KEPT

PART = ".part"
OLD_SECONDS = 24 * 3600
"""After so long nobody writes to a part any more."""


def folder_in(instance_dir: Path) -> Path:
    """Where results lie."""
    return instance_dir / "jobs"


class Written:
    """A result that is being written: counts and hashes what goes through it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.sha256 = ""

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file to write to, which may be read and sought in; kept only when nothing is raised."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(self.path.name + PART)
        try:
            with part.open("w+b") as file:
                yield cast("IO[bytes]", file)
                file.flush()
                os.fsync(file.fileno())
                self.size = os.fstat(file.fileno()).st_size
            with part.open("rb") as file:
                self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)


def purge(database: Database, instance_dir: Path, *, at: datetime) -> int:
    """Delete results whose days are over, jobs that ended long ago, and files that nobody owns; tells how many."""
    folder = folder_in(instance_dir)
    with database.writing() as session:
        session.execute(delete(Job).where(Job.ended_at < at - KEPT))
        expired = select(Job).where(Job.result_file.is_not(None), Job.result_expires_at < at)
        for job in session.scalars(expired.with_for_update()).all():
            job.result_file = None
        session.flush()
        wanted = set(session.scalars(select(Job.result_file).where(Job.result_file.is_not(None))))
    young = at.timestamp() - OLD_SECONDS
    # One that a run has just put there is not written down yet.
    gone = [each for each in folder.glob("*") if each.name not in wanted and each.stat().st_mtime < young]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
