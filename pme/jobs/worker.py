"""Whoever works: does the duties that are due, then one job after the other."""

import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from pme.config import Settings
from pme.db import Database
from pme.errors import PmeError, Unavailable, is_for_memory
from pme.jobs import registry, service
from pme.jobs.calls import Ear
from pme.jobs.duties import do_due, lines
from pme.jobs.models import Job
from pme.jobs.tries import NO_MEMORY, NOT_KNOWN, is_without_room
from pme.jobs.work import Cancelled, Clock, Interrupted, LostLease, Round, Work
from pme.scope import EVERYWHERE
from pme.stores.home import Away
from pme.words.speech import speaking

LOOK_EVERY, LISTENING_EVERY, WHEN_AWAY = 2.0, 10.0, 10.0
"""Seconds between two looks when there is nothing to do, when calls are heard, and when the database is away."""
PATIENCE = 5.0
"""Seconds that duties have to come to their end when the worker does."""


class Worker:
    """Works until it is told to end; jobs that it cannot finish by then wait for the next.

    With `raises`, what breaks down is raised again once it is noted: for tests.
    """

    def __init__(self, database: Database, settings: Settings, at: Clock, *, raises: bool = False) -> None:
        registry.load()
        self._raises = raises
        self._database, self._settings, self._at = database.seeing(EVERYWHERE), settings, at
        self._ended, self._ear = Event(), Ear(self._database)

    def end(self) -> None:
        """Stop at the next progress that a job tells."""
        self._ended.set()
        self._ear.end()

    def run(self) -> None:
        """Work, and look again every so often, until told to end; no job, however long, holds up the duties, and no
        line of duties another.
        """
        duties = [
            Thread(target=self._stand, args=(line,), name=f"duties {line}", daemon=True) for line in lines()
        ]
        for each in duties:
            each.start()
        self._ear.start()
        self._repeat(self.work_on_a_job, self._wait_for_a_call)
        until = time.monotonic() + PATIENCE
        for each in duties:
            each.join(max(0.0, until - time.monotonic()))

    def _stand(self, line: str) -> None:
        self._repeat(partial(self._do_duties, line), lambda: self._ended.wait(LOOK_EVERY))

    def _wait_for_a_call(self) -> None:
        self._ear.wait(LISTENING_EVERY if self._ear.is_listening else LOOK_EVERY)

    def _repeat(self, act: Callable[[], bool], wait: Callable[[], object]) -> None:
        while not self._ended.is_set():
            try:
                is_busy = act()
            except (
                PmeError,
                SQLAlchemyError,
                OSError,
                MemoryError,
                RuntimeError,
            ) as error:  # it may be mended soon
                structlog.get_logger().error("the worker could not go on", exc_info=error)
                self._ended.wait(WHEN_AWAY)
            else:
                if not is_busy:
                    wait()

    def drain(self) -> int:
        """Do what is due now, and end; tells how many jobs were worked on."""
        do_due(self._round())
        jobs = 0
        while not self._ended.is_set() and self.work_on_a_job():
            jobs += 1
        return jobs

    def _do_duties(self, line: str) -> bool:
        do_due(self._round(), line=line)
        return False

    def work_on_a_job(self) -> bool:
        """Take the job that waits longest; tells whether there was one."""
        with self._database.session() as session:
            if not service.is_any_due(session, at=self._at()):
                return False
        with self._database.writing() as session:
            job = service.claim(session, at=self._at())
        if job is not None:
            self._do(job)
        return job is not None

    def _do(self, job: Job) -> None:
        with structlog.contextvars.bound_contextvars(job=job.id, kind=job.kind), speaking(job.language):
            self._act(job)

    def _act(self, job: Job) -> None:
        database, at, lease = self._database, self._at, str(job.lease)
        says: str | None = None
        work = Work(database, self._settings, at, job, must_stop=self._ended.is_set)
        act = registry.HANDLERS.get(job.kind)
        try:
            if act is None:
                says = str(NOT_KNOWN)
            else:
                act(work)
        except Cancelled:
            with database.writing() as session:
                service.finish_cancelled(session, job.id, lease, at=at())
        except Interrupted:
            with database.writing() as session:
                service.give_back(session, job.id, lease)
        except LostLease:
            structlog.get_logger().warning("another worker has taken this job")
        except Exception as error:  # noqa: BLE001  (whatever it is, the person is told and others go on)
            self._broke(job, lease, error)
        else:
            with database.writing() as session:
                if says:
                    service.fail(session, job.id, lease, at=at(), says=says)
                else:
                    service.finish(session, job.id, lease, at=at())

    def _broke(self, job: Job, lease: str, error: Exception) -> None:
        if isinstance(error, Away) or is_without_room(error):
            why = error.why if isinstance(error, Away) else str(error)
            structlog.get_logger().error("a job waits for what it stands on", why=why)
            with self._database.writing() as session:
                service.put_off(session, job.id, lease, at=self._at())
            return
        is_final = isinstance(error, PmeError) and not isinstance(error, Unavailable)
        told = str(NO_MEMORY) if is_for_memory(error) else ""
        if isinstance(error, PmeError):
            told = error.says
        says = told if is_final else None
        if not is_final:
            structlog.get_logger().error("job broke down", exc_info=error)
        with self._database.writing() as session:
            service.fail(session, job.id, lease, at=self._at(), says=says, why=told)
        if self._raises and not is_final:
            raise error

    def _round(self) -> Round:
        return Round(self._database, self._settings, self._at)
