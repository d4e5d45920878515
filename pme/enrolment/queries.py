"""Reads about enrolments."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pme.enrolment.models import Enrolment

ENROLMENT = select(Enrolment).where(
    Enrolment.person_id == bindparam("person_id"),
    Enrolment.academy_id == bindparam("academy_id"),
    Enrolment.course == bindparam("course"),
)


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
    wanted = ENROLMENT.with_for_update() if for_update else ENROLMENT
    return session.scalar(wanted, {"person_id": person_id, "academy_id": academy_id, "course": course})


def enrolment_by_id(session: Session, enrolment_id: int) -> Enrolment | None:
    """The enrolment of this id, or None."""
    return session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id))
