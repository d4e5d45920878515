"""What a handler is given: its job, the means to do it, and ways to tell how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from pme.config import Settings
from pme.db import Database
from pme.errors import Unavailable
from pme.jobs.models import Job
from pme.jobs.results import name_of
from pme.jobs.service import note_result, renew
from pme.jobs.tries import TELL_EVERY, TELL_LATER
from pme.scope import EVERYWHERE
from pme.stores.chosen import store_of

Clock = Callable[[], datetime]


class Cancelled(Exception):
    """The person cancelled the job: let it pass, and what is not committed is rolled back."""


class Interrupted(Exception):
    """The worker has to stop: the job waits again, with its checkpoint."""


class LostLease(Exception):
    """Another run has taken the job, since this one was silent for too long: nothing of it may be committed."""


@dataclass(frozen=True)
class Round:
    """What a duty is given when it is due."""

    database: Database
    settings: Settings
    at: Clock


class Work:
    """One run of a job. Its database shows it the rows of its own academy alone, or all where it has none.

    What it writes, it writes in `writing()`: then its checkpoint and its effects are kept together, and a run
    that has lost its lease keeps nothing.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        at: Clock,
        job: Job,
        *,
        must_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        sees = EVERYWHERE if job.academy_id is None else str(job.academy_id)
        self.database, self.settings, self.at = database.seeing(sees), settings, at
        self.job_id, self.kind, self.title = job.id, job.kind, job.title
        self.academy_id, self.person_id = job.academy_id, job.person_id
        self.payload: dict[str, Any] = dict(job.payload)
        self.state: dict[str, Any] = dict(job.state)
        self.tries = job.tries
        self._lease, self._must_stop = str(job.lease), must_stop
        self._done, self._total, self._told_at = job.done, job.total, at()
        self._is_writing = False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A write transaction of this run: committed at the end of the block with the checkpoint and progress.

        Raises Cancelled or LostLease at its end, and keeps nothing, where the job is not to go on.
        """
        with self.database.writing() as session:
            self._is_writing = True
            try:
                yield session
            finally:
                self._is_writing = False
            self._renew(session)

    def progress(self, done: int, of: int) -> None:
        """Tell how far the job is, as often as you like; this renews the lease.

        Raises Cancelled, Interrupted or LostLease where it is not to go on. Within `writing()` it is told with
        the transaction's end.
        """
        self._done, self._total = done, of
        if self._must_stop():
            raise Interrupted
        if not self._is_writing and self.at() - self._told_at >= TELL_EVERY:
            try:
                self._tell()
            except (OperationalError, Unavailable):  # somebody writes for long: the lease holds for longer
                self._told_at = self.at() + TELL_LATER

    def meanwhile(self, done: int, of: int) -> None:
        """Tell how far a long step within `writing()` is, beside its transaction, which keeps the lease, too.

        SQLite has one writer at a time: there it only looks whether the run is to stop. Raises like `progress`.
        """
        self._done, self._total = done, of
        if self._must_stop():
            raise Interrupted
        now = self.at()
        if self.database.is_sqlite or now - self._told_at < TELL_EVERY:
            return
        with self.database.writing() as session:  # no state: what that speaks of is not committed yet
            self._heed(renew(session, self.job_id, self._lease, at=now, done=done, total=of))
        self._told_at = now

    def checkpoint(self, **state: Any) -> None:
        """Keep what a later run goes on from, in `.state`; within `writing()`, with what is written there."""
        self.state = self.state | state
        if not self._is_writing:
            self._tell()

    @contextmanager
    def result(self, name: str, content_type: str) -> Iterator[IO[bytes]]:
        """A binary file whose content becomes the job's result when the block ends without an error."""
        file = f"{self.job_id}-{self._lease}"
        store = store_of(self.settings)
        with store.written(name_of(file)) as written:
            yield written.file
        with self.database.writing() as session:
            is_kept = note_result(
                session,
                self.job_id,
                self._lease,
                name=name,
                content_type=content_type,
                file=file,
                size=written.size,
                sha256=written.sha256,
                expires_at=self.at() + timedelta(days=self.settings.result_days),
            )
        if not is_kept:
            store.delete(name_of(file))
            raise LostLease

    def _tell(self) -> None:
        with self.database.writing() as session:
            self._renew(session)

    def _renew(self, session: Session) -> None:
        now = self.at()
        told = {"done": self._done, "total": self._total, "state": self.state}
        self._heed(renew(session, self.job_id, self._lease, at=now, **told))
        self._told_at = now

    def _heed(self, asked: datetime | bool | None) -> None:
        if asked is False:
            raise LostLease
        if asked is not None:
            raise Cancelled
