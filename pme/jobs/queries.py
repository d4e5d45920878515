"""Reads of jobs, for the person who asked for them at an academy."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.jobs.models import Duty, Job, JobStatus

LISTED, NOTICES = 100, 5
MISSED_AFTER = timedelta(minutes=2)
"""A worker does some duty every fifteen seconds."""


def find_job(session: Session, job_id: int, *, academy_id: int, for_update: bool = False) -> Job | None:
    """A job of an academy, or None."""
    found = select(Job).where(Job.id == job_id, Job.academy_id == academy_id)
    return session.scalar(found.with_for_update() if for_update else found)


def jobs_of(session: Session, person_id: int, academy_id: int) -> Sequence[Job]:
    """What a person asked for at an academy, newest first."""
    own = select(Job).where(Job.academy_id == academy_id, Job.person_id == person_id)
    return session.scalars(own.order_by(Job.id.desc()).limit(LISTED)).all()


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
