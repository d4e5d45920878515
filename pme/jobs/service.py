"""Acts on jobs: ask for one, cancel it, put it away; and what a worker does to its row."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.errors import Conflict
from pme.jobs.calls import call_workers
from pme.jobs.models import Job, JobStatus
from pme.jobs.tries import BROKE_DOWN, LEASE, NEVER_ENDED, SLACK, WHILE_AWAY, is_given_up, wait_after
from pme.words.speech import _, current


def enqueue(
    session: Session,
    kind: str,
    *,
    academy_id: int | None,
    person_id: int | None,
    payload: dict[str, Any],
    at: datetime,
    key: str | None = None,
    not_before: datetime | None = None,
    title: str = "",
) -> Job:
    """Ask for a job in the caller's transaction; it is begun once that is committed.

    The same key twice, for one academy and kind, is the same job, whatever became of it. `title` is what the
    person reads, by default the kind in words.
    """
    values = {
        "academy_id": academy_id,
        "person_id": person_id,
        "kind": kind,
        "title": title or in_words(kind),
        "key": None if key is None else f"{academy_id or 0} {kind} {key}",
        "language": current(),
        "payload": payload,
        "state": {},
        "status": JobStatus.WAITING,
        "done": 0,
        "total": 0,
        "tries": 0,
        "failure": "",
        "created_at": at,
        "not_before": not_before or at,
    }
    added = insert_into(session, Job).values(values).on_conflict_do_nothing(index_elements=[Job.key])
    job_id = session.scalar(added.returning(Job.id))
    if job_id is not None:
        call_workers(session)
    chosen = Job.key == values["key"] if job_id is None else Job.id == job_id
    return session.scalars(select(Job).where(chosen, Job.academy_id == academy_id)).one()


def in_words(kind: str) -> str:
    """A kind of job as it may be read: "report-export" is "Report export"."""
    words = re.sub("[-_]+", " ", kind)
    return words[:1].upper() + words[1:]


def cancel(session: Session, job: Job, *, at: datetime) -> None:
    """Cancel a job: at once while it waits, and when the run that works on it next tells its progress."""
    if job.is_over:
        raise Conflict(_("This is already finished."))
    job.cancel_asked_at = at
    if job.status is JobStatus.WAITING:
        job.status, job.ended_at = JobStatus.CANCELLED, at
    session.flush()


def put_away(session: Session, job: Job, *, at: datetime) -> None:
    """Take a job that is over off its person's notices."""
    if not job.is_over:
        raise Conflict(_("This is still being worked on. Cancel it first, or wait for its end."))
    job.put_away_at = at
    session.flush()


def put_all_away(session: Session, person_id: int, academy_id: int, *, at: datetime) -> int:
    """Take all of a person's jobs at an academy that are over off their notices; tells how many."""
    over = (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)
    put = session.scalars(
        update(Job)
        .where(
            Job.academy_id == academy_id,
            Job.person_id == person_id,
            Job.put_away_at.is_(None),
            Job.status.in_(over),
        )
        .values(put_away_at=at)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return len(put.all())


def is_any_due(session: Session, *, at: datetime) -> bool:
    """Whether a worker would find a job: a read, so that looking costs nobody anything."""
    return bool(session.scalar(select(exists().where(_due(at)))))


def claim(session: Session, *, at: datetime) -> Job | None:
    """Lease the job that waits longest, or one whose worker died. None where there is none to work on now.

    One that was cancelled or begun too often is ended instead.
    """
    waits = select(Job).where(_due(at)).order_by(Job.not_before, Job.id).limit(1)
    while (job := session.scalar(waits.with_for_update(skip_locked=True))) is not None:
        if job.cancel_asked_at is not None:
            _end(job, JobStatus.CANCELLED, at=at)
        elif is_given_up(job.tries):
            job.failure = NEVER_ENDED.format(tries=job.tries)
            _end(job, JobStatus.FAILED, at=at)
        else:
            job.status, job.lease, job.leased_until = JobStatus.RUNNING, uuid4().hex, at + LEASE
            job.tries += 1
            job.started_at = job.started_at or at
            session.flush()
            return job
        session.flush()
    return None


def renew(session: Session, job_id: int, lease: str, *, at: datetime, **told: Any) -> datetime | bool | None:
    """Keep a job for longer and write down what is told of it.

    False where another run has the job; otherwise when it was asked to be cancelled, if it was.
    """
    kept = update(Job).where(Job.id == job_id, Job.lease == lease, Job.status == JobStatus.RUNNING)
    row = session.execute(
        kept.values(leased_until=at + LEASE, **told).returning(Job.cancel_asked_at)
    ).one_or_none()
    return False if row is None else row[0]


def finish(session: Session, job_id: int, lease: str, *, at: datetime) -> None:
    """The run came to its end."""
    if (job := _held(session, job_id, lease)) is not None:
        job.done = job.total = max(job.total, job.done)
        _end(job, JobStatus.DONE, at=at)
        session.flush()


def finish_cancelled(session: Session, job_id: int, lease: str, *, at: datetime) -> None:
    """The run stopped because its person cancelled it."""
    if (job := _held(session, job_id, lease)) is not None:
        _end(job, JobStatus.CANCELLED, at=at)
        session.flush()


def fail(
    session: Session, job_id: int, lease: str, *, at: datetime, says: str | None = None, why: str = ""
) -> None:
    """The run broke down: the job is tried again after a while, or given up, which is told with `why`.

    With `says`, a sentence for its person, trying again would not help.
    """
    job = _held(session, job_id, lease)
    if job is None:
        return
    if says is None and not is_given_up(job.tries):
        job.status, job.lease, job.leased_until = JobStatus.WAITING, None, None
        job.not_before = at + wait_after(job.tries)
    else:
        job.failure = says or f"{why} {BROKE_DOWN.format(tries=job.tries)}".strip()
        _end(job, JobStatus.FAILED, at=at)
    session.flush()


def give_back(session: Session, job_id: int, lease: str) -> None:
    """The worker has to stop: the job waits again as if this run had not begun, with its checkpoint."""
    if (job := _held(session, job_id, lease)) is not None:
        job.status, job.lease, job.leased_until = JobStatus.WAITING, None, None
        job.tries -= 1
        session.flush()


def put_off(session: Session, job_id: int, lease: str, *, at: datetime) -> None:
    """What the run needs is away for everybody: the job waits, however long, and none of its tries is used up."""
    if (job := _held(session, job_id, lease)) is not None:
        job.status, job.lease, job.leased_until = JobStatus.WAITING, None, None
        job.tries -= 1
        job.not_before = at + WHILE_AWAY
        session.flush()


def note_result(
    session: Session,
    job_id: int,
    lease: str,
    *,
    name: str,
    content_type: str,
    file: str,
    size: int,
    sha256: str,
    expires_at: datetime,
) -> bool:
    """Say which file is the job's result; False where another run has the job."""
    job = _held(session, job_id, lease)
    if job is None:
        return False
    job.result_name, job.result_type, job.result_file = name, content_type, file
    job.result_size, job.result_sha256, job.result_expires_at = size, sha256, expires_at
    session.flush()
    return True


def _due(at: datetime) -> ColumnElement[bool]:
    """What waits and is to begin, and what was begun and left. The second in each: before a clock was put back."""
    waits = or_(Job.not_before <= at, Job.created_at > at + SLACK)
    is_left = or_(Job.leased_until < at, Job.leased_until > at + LEASE + SLACK)
    return or_(and_(Job.status == JobStatus.WAITING, waits), and_(Job.status == JobStatus.RUNNING, is_left))


def _held(session: Session, job_id: int, lease: str) -> Job | None:
    held = select(Job).where(Job.id == job_id, Job.lease == lease, Job.status == JobStatus.RUNNING)
    return session.scalar(held.with_for_update())


def _end(job: Job, status: JobStatus, *, at: datetime) -> None:
    job.status, job.ended_at = status, at
    job.lease, job.leased_until = None, None


KEPT = timedelta(days=90)
"""How long the row of a job that is over is kept."""
