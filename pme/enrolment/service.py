"""Acts that change who takes a course."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.enrolment.models import Enrolment, EnrolmentStatus


def enrol(session: Session, person_id: int, academy_id: int, *, course: str, at: datetime) -> Enrolment:
    """Enrol a student in a course; enrolling again gives the enrolment that is there."""
    session.execute(
        insert_into(session, Enrolment)
        .values(
            person_id=person_id,
            academy_id=academy_id,
            course=course,
            status=EnrolmentStatus.ACTIVE,
            enrolled_at=at,
        )
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person_id,
            Enrolment.academy_id == academy_id,
            Enrolment.course == course,
        )
    ).one()
