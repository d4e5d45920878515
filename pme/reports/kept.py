"""Kept figures: found, asked for, set down, and told to be out of date. What they are is worked out elsewhere."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.jobs.models import Job
from pme.jobs.service import enqueue
from pme.reports.models_kept import KeptFigures

KIND = "figures"
"""The kind of job that works figures out."""
Basis = Mapping[str, int]
"""How many first attempts figures rest on, by course."""


@dataclass(frozen=True)
class Subject:
    """Which figures of an academy: of what, and narrowed to what."""

    academy_id: int
    name: str
    asked: Mapping[str, Any]

    @property
    def narrowed(self) -> str:
        """The same narrowing has the same hash."""
        return hashlib.sha256(json.dumps(self.asked, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Standing:
    """How figures stand that are kept and not worked out while somebody waits.

    `as_of` is None while there are none. `rest_on` is how many first attempts they would rest on now, `came` how
    many of those are new, `is_changed` whether a regrade or an erasure, or an attempt that went, changed the others.
    """

    subject: Subject
    figures: Any
    as_of: datetime | None
    rest_on: int
    came: int
    is_changed: bool
    job: Job | None

    @property
    def is_there(self) -> bool:
        """Whether there is anything to show."""
        return self.as_of is not None

    @property
    def is_under_way(self) -> bool:
        """Whether they are being worked out now, or wait for it."""
        return self.job is not None and not self.job.is_over

    @property
    def is_stale(self) -> bool:
        """Whether they would be others now."""
        return not self.is_there or self.came > 0 or self.is_changed


def standing(session: Session, subject: Subject, basis: Basis, *, wanted: tuple[str, ...] = ()) -> Standing:
    """How the figures of a subject stand beside what they would rest on now, in the courses that are wanted."""
    row = find(session, subject)
    then: Basis = row.basis if row else {}
    courses = [course for course in basis.keys() | then.keys() if not wanted or course in wanted]
    more = [basis.get(course, 0) - then.get(course, 0) for course in courses]
    is_changed = row is not None and row.changes != row.changes_seen
    return Standing(
        subject=subject,
        figures=row.figures if row else None,
        as_of=row.as_of if row else None,
        rest_on=sum(basis.get(course, 0) for course in courses),
        came=sum(number for number in more if number > 0),
        is_changed=is_changed or any(number < 0 for number in more),
        job=_job_of(session, row) if row else None,
    )


def find(session: Session, subject: Subject, *, for_update: bool = False) -> KeptFigures | None:
    """What is kept of a subject, or None."""
    found = select(KeptFigures).where(
        KeptFigures.academy_id == subject.academy_id,
        KeptFigures.name == subject.name,
        KeptFigures.narrowed == subject.narrowed,
    )
    return session.scalar(found.with_for_update() if for_update else found)


def hold(session: Session, subject: Subject, *, at: datetime) -> KeptFigures:
    """The row of a subject, made where there is none: from now on it is told what changes."""
    session.execute(
        insert_into(session, KeptFigures)
        .values(
            academy_id=subject.academy_id,
            name=subject.name,
            narrowed=subject.narrowed,
            asked=dict(subject.asked),
            asked_at=at,
            basis={},
            changes=0,
            changes_seen=0,
        )
        .on_conflict_do_nothing(
            index_elements=[KeptFigures.academy_id, KeptFigures.name, KeptFigures.narrowed]
        )
    )
    row = find(session, subject, for_update=True)
    if row is None:  # pragma: no cover  (it was written in this very transaction)
        raise LookupError(subject)
    return row


def ask(session: Session, subject: Subject, *, title: str, person_id: int | None, at: datetime) -> Job:
    """Let figures be worked out in the background: by the job that is at it already, or else by another."""
    row = hold(session, subject, at=at)
    job = _job_of(session, row)
    if job is None or job.is_over:
        job = enqueue(
            session,
            KIND,
            academy_id=subject.academy_id,
            person_id=person_id,
            payload={"name": subject.name, "asked": dict(subject.asked)},
            at=at,
            title=title,
        )
        row.job_id, row.asked_at = job.id, at
        session.flush()
    return job


def set_down(
    session: Session, subject: Subject, figures: Any, basis: Basis, *, changes: int, as_of: datetime
) -> None:
    """Keep what was worked out from what stood there at a moment, unless later figures are there already."""
    row = hold(session, subject, at=as_of)
    if row.as_of is None or row.as_of <= as_of:
        row.figures, row.basis, row.changes_seen, row.as_of = figures, dict(basis), changes, as_of
        session.flush()


def outdate(session: Session, academy_id: int) -> None:
    """Say that something which figures of an academy rest on was changed, in the transaction that changes it."""
    session.execute(
        update(KeptFigures)
        .where(KeptFigures.academy_id == academy_id)
        .values(changes=KeptFigures.changes + 1)
    )


def _job_of(session: Session, row: KeptFigures) -> Job | None:
    if row.job_id is None:
        return None
    return session.scalar(select(Job).where(Job.id == row.job_id, Job.academy_id == row.academy_id))
