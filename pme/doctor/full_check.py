"""The full check, asked for in the browser: a job does it, and what it found is kept with the job.

It is kept in the database and not in the store of files, since that may be what is wrong.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pme.doctor.examining import Patient, examine
from pme.doctor.finding import Finding, Level
from pme.jobs.models import Job, JobStatus
from pme.jobs.registry import Work, handler
from pme.jobs.service import enqueue
from pme.words.speech import _

KIND = "full-check"


def ask(session: Session, *, by: int | None, at: datetime) -> Job:
    """Ask for it; while one is under way that is the one, whoever asked."""
    before = newest(session)
    if before is not None and not before.is_over:
        return before
    return enqueue(
        session,
        KIND,
        academy_id=None,
        person_id=by,
        payload={},
        at=at,
        key=f"after {before.id if before else 0}",  # two who ask at once ask for the same
        title=_("Full check of the installation"),
    )


def newest(session: Session) -> Job | None:
    """The one that was asked for last, or None."""
    return session.scalar(_checks().order_by(Job.id.desc()).limit(1))


def find(session: Session, job_id: int) -> Job | None:
    """One of them, or None."""
    return session.scalar(_checks().where(Job.id == job_id))


def found_by(job: Job) -> list[Finding]:
    """What it found; nothing before its end."""
    if job.status is not JobStatus.DONE:
        return []
    return [Finding(**{**each, "level": Level(each["level"])}) for each in job.state["found"]]


@handler(KIND)
def check(work: Work) -> None:
    """Examine the installation as the worker sees it; changes nothing."""
    patient = Patient(work.settings, work.database, work.at())
    work.checkpoint(found=[asdict(each) for each in examine(patient, told=work.progress)])


def _checks() -> Select[Job]:
    return select(Job).where(Job.academy_id.is_(None), Job.kind == KIND)
