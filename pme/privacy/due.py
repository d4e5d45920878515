"""Whose retention has run out: proposed for erasure by the worker, erased when staff approve, kept a year otherwise."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt
from pme.db import UtcDateTime, insert_into
from pme.enrolment.models import Enrolment
from pme.people.models import BrowserSession, Person, Personnel
from pme.privacy.classes import Kept
from pme.privacy.models import Erasure, ErasureProposal, Verdict
from pme.privacy.retention import rules_of
from pme.progress.models import CourseCompletion

YEAR = timedelta(days=365.25)
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Proposed:
    """Somebody whose retention has run out."""

    proposal_id: int
    person_id: int
    name: str
    last_active_at: datetime
    proposed_at: datetime


def propose(session: Session, academy_id: int, *, at: datetime) -> int:
    """Propose who did nothing at an academy for as long as it keeps who somebody is; tells how many are new."""
    before = at - rules_of(session, academy_id)[Kept.IDENTITY].years * YEAR
    last = _last_active(academy_id, session.get_bind().dialect.name)
    declined = (
        select(ErasureProposal.id)
        .where(
            ErasureProposal.academy_id == academy_id,
            ErasureProposal.person_id == Personnel.person_id,
            (ErasureProposal.verdict == Verdict.WAITING)
            | ((ErasureProposal.verdict == Verdict.DECLINED) & (ErasureProposal.decided_at > at - YEAR)),
        )
        .exists()
    )
    erased = (
        select(Erasure.id)
        .where(Erasure.academy_id == academy_id, Erasure.person_id == Personnel.person_id)
        .exists()
    )
    due = session.execute(
        select(Personnel.person_id, last)
        .join(Person, Person.id == Personnel.person_id)
        .where(Personnel.academy_id == academy_id, last < before, ~declined, ~erased)
        .order_by(Personnel.person_id)
        .limit(MOST_AT_ONCE)
    ).all()
    for person_id, active in due:
        session.execute(
            insert_into(session, ErasureProposal)
            .values(
                academy_id=academy_id,
                person_id=person_id,
                last_active_at=active,
                proposed_at=at,
                verdict=Verdict.WAITING,
            )
            .on_conflict_do_nothing()
        )
    return len(due)


def waiting(session: Session, academy_id: int, *, limit: int = 200) -> Sequence[Proposed]:
    """The proposals that wait for staff, the longest idle first."""
    rows = session.execute(
        select(
            ErasureProposal.id,
            ErasureProposal.person_id,
            Personnel.rank,
            Personnel.name,
            ErasureProposal.last_active_at,
            ErasureProposal.proposed_at,
        )
        .join(
            Personnel,
            (Personnel.person_id == ErasureProposal.person_id)
            & (Personnel.academy_id == ErasureProposal.academy_id),
        )
        .where(ErasureProposal.academy_id == academy_id, ErasureProposal.verdict == Verdict.WAITING)
        .order_by(ErasureProposal.last_active_at, ErasureProposal.id)
        .limit(limit)
    )
    return [
        Proposed(row.id, row.person_id, f"{row.rank} {row.name}".strip(), row.last_active_at, row.proposed_at)
        for row in rows
    ]


def decline(
    session: Session, academy_id: int, person_ids: Collection[int], *, by: int, at: datetime
) -> list[int]:
    """Keep those of these people who are proposed for a year more; gives them. The others were decided before."""
    rows = session.scalars(
        select(ErasureProposal)
        .where(
            ErasureProposal.academy_id == academy_id,
            ErasureProposal.person_id.in_(person_ids),
            ErasureProposal.verdict == Verdict.WAITING,
        )
        .order_by(ErasureProposal.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.verdict, row.decided_by, row.decided_at = Verdict.DECLINED, by, at
    session.flush()
    return [row.person_id for row in rows]


def _last_active(academy_id: int, dialect: str) -> ColumnElement[datetime]:
    """The last thing a person did at an academy, or else when their account was made."""
    enrolled = select(func.max(Enrolment.enrolled_at)).where(
        Enrolment.academy_id == academy_id, Enrolment.person_id == Personnel.person_id
    )
    began = select(func.max(func.coalesce(Attempt.latest_at, Attempt.started_at))).where(
        Attempt.academy_id == academy_id, Attempt.person_id == Personnel.person_id
    )
    completed = (
        select(func.max(CourseCompletion.completed_at))
        .join(Enrolment, Enrolment.id == CourseCompletion.enrolment_id)
        .where(CourseCompletion.academy_id == academy_id, Enrolment.person_id == Personnel.person_id)
    )
    signed_in = select(func.max(BrowserSession.renewed_at)).where(
        BrowserSession.academy_id == academy_id, BrowserSession.person_id == Personnel.person_id
    )
    parts = (part.scalar_subquery() for part in (enrolled, began, completed, signed_in))
    latest = func.greatest if dialect == "postgresql" else func.max
    return latest(
        Person.created_at, *(func.coalesce(part, Person.created_at) for part in parts), type_=UtcDateTime
    )
