"""Files of copies: found, asked for, set down. What is in them is decided elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.jobs.models import Job
from pme.jobs.service import enqueue
from pme.offprints.copies import CourseCopy, ModuleCopy
from pme.offprints.models import Offprint

JOB = "offprints"
"""The kind of job that makes files."""


def find(session: Session, academy_id: int, digest: str, *, for_update: bool = False) -> Offprint | None:
    """The files of a copy, or None where nobody has asked for them."""
    found = select(Offprint).where(Offprint.academy_id == academy_id, Offprint.digest == digest)
    return session.scalar(found.with_for_update() if for_update else found)


def made_of(session: Session, academy_id: int, basis: str) -> Offprint | None:
    """The newest files of an edition that an academy has, or None; its own texts may have changed since."""
    made = select(Offprint).where(
        Offprint.academy_id == academy_id, Offprint.basis == basis, Offprint.made_at.is_not(None)
    )
    return session.scalar(made.order_by(Offprint.made_at.desc(), Offprint.id.desc()).limit(1))


def job_of(session: Session, files: Offprint) -> Job | None:
    """The job that makes them, or None where it is gone."""
    if files.job_id is None:
        return None
    return session.scalar(select(Job).where(Job.id == files.job_id, Job.academy_id == files.academy_id))


def hold(session: Session, academy_id: int, copy: ModuleCopy | CourseCopy, *, at: datetime) -> Offprint:
    """The row of a copy, made where there is none."""
    course, module = copy.names
    values: dict[str, Any] = {
        "academy_id": academy_id,
        "digest": copy.digest,
        "basis": copy.basis,
        "course": course,
        "module": module,
        "language": copy.language,
        "files": {},
        "problem": "",
        "asked_at": at,
    }
    keys = [Offprint.academy_id, Offprint.digest]
    session.execute(insert_into(session, Offprint).values(values).on_conflict_do_nothing(index_elements=keys))
    row = find(session, academy_id, copy.digest, for_update=True)
    if row is None:  # pragma: no cover  (it was written in this very transaction)
        raise LookupError(copy.digest)
    return row


def ask(
    session: Session,
    academy_id: int,
    copy: ModuleCopy | CourseCopy,
    *,
    language: str | None,
    modules: tuple[str, ...],
    at: datetime,
) -> Offprint:
    """Let the files of a copy be made: by the job that is at it already, or else by another.

    `language` is what its reader reads in, `modules` those of the course as they take it.
    """
    row = hold(session, academy_id, copy, at=at)
    job = job_of(session, row)
    if job is not None and not job.is_over:
        return row
    course, module = copy.names
    job = enqueue(
        session,
        JOB,
        academy_id=academy_id,
        person_id=None,
        payload={
            "course": course,
            "module": module,
            "modules": list(modules),
            "language": language or "",
        },
        at=at,
        title=f"Files of {copy.title}"[:200],  # not words
    )
    row.job_id, row.asked_at, row.made_at = job.id, at, None
    session.flush()
    return row


def set_down(
    session: Session,
    academy_id: int,
    copy: ModuleCopy | CourseCopy,
    files: Mapping[str, Mapping[str, Any]],
    *,
    problem: str,
    at: datetime,
) -> None:
    """Say that the files of a copy are there."""
    row = hold(session, academy_id, copy, at=at)
    row.files, row.problem, row.made_at = {form: dict(told) for form, told in files.items()}, problem, at
    session.flush()
