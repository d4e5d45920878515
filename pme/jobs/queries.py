"""Reads of jobs, for the person who asked for them at an academy."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from pme.jobs.models import Duty, Job, JobStatus

NOTICES = 5
SORTS = ("what", "asked", "state")
"""What a person's jobs can be sorted by."""
MISSED_AFTER = timedelta(minutes=2)
"""A worker does some duty every fifteen seconds."""


def find_job(session: Session, job_id: int, *, academy_id: int, for_update: bool = False) -> Job | None:
    """A job of an academy, or None."""
    found = select(Job).where(Job.id == job_id, Job.academy_id == academy_id)
    return session.scalar(found.with_for_update() if for_update else found)


def jobs_of(
    session: Session,
    person_id: int,
    academy_id: int,
    *,
    status: JobStatus | None = None,
    sort: str = "-asked",
    offset: int,
    limit: int,
) -> Sequence[Job]:
    """What a person asked for at an academy, by one of `SORTS` ("-": the last first); of those alike, newest first."""
    key = sort.removeprefix("-")
    by: dict[str, ColumnElement[Any]] = {
        "what": Job.title.expression,
        "asked": Job.id.expression,
        "state": case({status: place for place, status in enumerate(JobStatus)}, value=Job.status),
    }
    first = by[key].desc() if sort.startswith("-") else by[key].asc()
    own = select(Job).where(*_own(person_id, academy_id, status))
    return session.scalars(own.order_by(first, Job.id.desc()).offset(offset).limit(limit)).all()


def job_counts_of(session: Session, person_id: int, academy_id: int) -> dict[JobStatus, int]:
    """How much of what a person asked for at an academy is in which state."""
    counted = select(Job.status, func.count()).where(*_own(person_id, academy_id)).group_by(Job.status)
    return dict(session.execute(counted).all())


def count_notices(session: Session, person_id: int, academy_id: int) -> int:
    """How much of what is over a person at an academy has not put away yet."""
    is_told = (
        Job.put_away_at.is_(None),
        Job.status.in_((JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)),
    )
    return session.scalar(select(func.count(Job.id)).where(*_own(person_id, academy_id), *is_told)) or 0


def _own(person_id: int, academy_id: int, status: JobStatus | None = None) -> list[ColumnElement[bool]]:
    in_state = [Job.status == status] if status is not None else []
    return [Job.academy_id == academy_id, Job.person_id == person_id, *in_state]


def notices_of(session: Session, person_id: int, academy_id: int) -> Sequence[Job]:
    """What a person at an academy has not put away yet: the last few under way, ready, or failed."""
    own = select(Job).where(
        Job.academy_id == academy_id, Job.person_id == person_id, Job.put_away_at.is_(None)
    )
    return session.scalars(own.order_by(Job.id.desc()).limit(NOTICES)).all()


def duties(session: Session) -> Sequence[Duty]:
    """What comes due by itself, by name."""
    return session.scalars(select(Duty).order_by(Duty.name)).all()


def worker_is_missed(session: Session, *, at: datetime) -> bool:
    """Whether no worker has done anything for a while: then no job begins and no letter goes out."""
    seen_at = session.scalar(select(func.max(Duty.ran_at)))
    return seen_at is None or at - seen_at > MISSED_AFTER


def job_counts(session: Session) -> dict[JobStatus, int]:
    """How many jobs of the whole install are in which state."""
    return dict(session.execute(select(Job.status, func.count()).group_by(Job.status)).all())
