"""All certificates of a cohort that are in force: which they are, and asking for them as one file."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme import audit
from pme.certificates.models import Certificate
from pme.certificates.queries import state_column
from pme.certificates.state import State
from pme.enrolment.models import Cohort, Enrolment
from pme.errors import Conflict
from pme.jobs.models import Job
from pme.jobs.service import enqueue
from pme.words.lazily import lazy

JOB = "cohort-certificates"
NONE_IN_FORCE = lazy(
    "Nobody in this cohort holds a certificate that is in force, so there is nothing to put together. "
    "One appears when a student completes the course."
)


def count_in_force(session: Session, academy_id: int, cohort_id: int, *, at: datetime) -> int:
    """How many certificates of a cohort are in force."""
    wanted = select(func.count(Certificate.id)).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    return session.scalar(wanted.where(*_fits(academy_id, cohort_id, at))) or 0


def ids_in_force(session: Session, academy_id: int, cohort_id: int, *, at: datetime) -> Sequence[int]:
    """The certificates of a cohort that are in force, the first issued first."""
    wanted = select(Certificate.id).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    return session.scalars(wanted.where(*_fits(academy_id, cohort_id, at)).order_by(Certificate.id)).all()


def find_in_force(
    session: Session, academy_id: int, cohort_id: int, certificate_id: int, *, at: datetime
) -> Certificate | None:
    """One of them, or None where it is in force no more."""
    wanted = select(Certificate).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    own = Certificate.id == certificate_id
    return session.scalar(wanted.where(own, *_fits(academy_id, cohort_id, at)))


def ask(session: Session, cohort: Cohort, *, by_id: int, at: datetime) -> Job:
    """Ask for the certificates of a cohort, in the background and on record. Raises Conflict where there is none."""
    count = count_in_force(session, cohort.academy_id, cohort.id, at=at)
    if not count:
        raise Conflict(NONE_IN_FORCE)
    job = enqueue(
        session,
        JOB,
        academy_id=cohort.academy_id,
        person_id=by_id,
        payload={"cohort": cohort.id},
        at=at,
        title=f"Certificates of {cohort.name}",  # not words
    )
    detail = {"count": count}
    note(session, "certificates asked for", job.academy_id or 0, cohort.id, by_id, at, detail)  # not words
    return job


def note(
    session: Session,
    act: str,
    academy_id: int,
    cohort_id: int,
    by_id: int | None,
    at: datetime,
    detail: dict[str, int],
) -> None:
    """Put on record what is done with the certificates of a cohort."""
    audit.record(
        session,
        act,
        actor=f"person {by_id}",
        subject=f"cohort {cohort_id}",
        at=at,
        academy_id=academy_id,
        detail=detail,
    )


def _fits(academy_id: int, cohort_id: int, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Certificate.academy_id == academy_id,
        Enrolment.academy_id == academy_id,
        Enrolment.cohort_id == cohort_id,
        Certificate.course == Enrolment.course,
        state_column(at) == State.VALID.value,
    )
