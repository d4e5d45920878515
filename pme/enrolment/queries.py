"""Reads about enrolments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.enrolment.models import Enrolment


def enrolments_of(session: Session, person_id: int, academy_id: int) -> Sequence[Enrolment]:
    """A student's enrolments at an academy, oldest first."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.academy_id == academy_id)
        .order_by(Enrolment.enrolled_at, Enrolment.id)
    ).all()


def find_enrolment(
    session: Session, person_id: int, academy_id: int, course: str, *, for_update: bool = False
) -> Enrolment | None:
    """A student's enrolment in a course, or None. `for_update` holds it until the transaction ends."""
    wanted = select(Enrolment).where(
        Enrolment.person_id == person_id,
        Enrolment.academy_id == academy_id,
        Enrolment.course == course,
    )
    return session.scalar(wanted.with_for_update() if for_update else wanted)
