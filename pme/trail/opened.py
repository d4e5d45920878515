"""Who opened the attempts of a student: noted once for each sitting before a page, and told to the student."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, Task
from pme.people.models import Personnel
from pme.trail.models import Opened, Part
from pme.words.speech import _

SITTING = timedelta(minutes=15)
"""Opening the same page again within this time is still the same look."""


@dataclass(frozen=True)
class Look:
    """What is about to be shown to somebody."""

    academy_id: int
    attempt_id: int
    person_id: int
    by_id: int
    part: Part


@dataclass(frozen=True)
class OpenedLine:
    """One look at something of a student, in the words of their academy."""

    at: datetime
    by: str
    part: Part
    task: Task
    course: str
    slug: str
    number: int
    attempt_id: int


def is_noted(session: Session, look: Look, *, at: datetime) -> bool:
    """Whether this look is on record already, so that a reload costs no write."""
    noted = select(Opened.id).where(
        Opened.academy_id == look.academy_id,
        Opened.attempt_id == look.attempt_id,
        Opened.by_id == look.by_id,
        Opened.part == look.part,
        Opened.at > at - SITTING,
    )
    return session.scalar(noted.limit(1)) is not None


def note(session: Session, look: Look, *, at: datetime) -> None:
    """Keep that somebody opened something of a student."""
    session.add(Opened(**vars(look), at=at))
    session.flush()


def opened_by(session: Session, academy_id: int, person_id: int, *, limit: int = 200) -> Sequence[OpenedLine]:
    """Who opened the attempts, reflections and named essays of a person at an academy, the latest look first."""
    rows = session.execute(
        select(
            Opened.at,
            Personnel.rank,
            Personnel.name,
            Opened.part,
            Attempt.task,
            Attempt.course,
            Attempt.slug,
            Attempt.number,
            Attempt.id,
        )
        .join(Attempt, Attempt.id == Opened.attempt_id)
        .outerjoin(
            Personnel, (Personnel.person_id == Opened.by_id) & (Personnel.academy_id == Opened.academy_id)
        )
        .where(
            Opened.academy_id == academy_id, Opened.person_id == person_id, Attempt.academy_id == academy_id
        )
        .order_by(Opened.at.desc(), Opened.id.desc())
        .limit(limit)
    )
    return [
        OpenedLine(
            row.at,
            f"{row.rank or ''} {row.name or _('Somebody who is no longer here')}".strip(),
            row.part,
            row.task,
            row.course,
            row.slug,
            row.number,
            row.id,
        )
        for row in rows
    ]
