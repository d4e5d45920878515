"""Reads of jobs, for the person who asked for them at an academy."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.jobs.models import Job

LISTED = 100


def find_job(session: Session, job_id: int, *, academy_id: int, for_update: bool = False) -> Job | None:
    """A job of an academy, or None."""
    found = select(Job).where(Job.id == job_id, Job.academy_id == academy_id)
    return session.scalar(found.with_for_update() if for_update else found)


def jobs_of(session: Session, person_id: int, academy_id: int) -> Sequence[Job]:
    """What a person asked for at an academy, newest first."""
    own = select(Job).where(Job.academy_id == academy_id, Job.person_id == person_id)
    return session.scalars(own.order_by(Job.id.desc()).limit(LISTED)).all()


def notices_of(session: Session, person_id: int, academy_id: int) -> Sequence[Job]:
    """What a person at an academy has not put away yet: under way, ready, or failed."""
    own = select(Job).where(
        Job.academy_id == academy_id, Job.person_id == person_id, Job.put_away_at.is_(None)
    )
    return session.scalars(own.order_by(Job.id.desc()).limit(LISTED)).all()
