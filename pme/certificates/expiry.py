"""Until when completions are valid, and whose is about to end: by the day that their certificate says, and where it
says none by the term that the academy holds now (`pme.progress.validity`).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.certificates.queries import IS_LATEST, IS_REVOKED
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.progress.in_force import IS_REVOKED as COMPLETION_IS_REVOKED
from pme.progress.in_force import InForce
from pme.progress.models import CourseCompletion
from pme.progress.validity import Due, due_for_recertification, validity_of

SAYS_AN_END = (IS_LATEST, ~IS_REVOKED, Certificate.valid_until.is_not(None))
"""A certificate in force that names its last valid day."""


def ends_of(session: Session, academy_id: int, standings: Sequence[InForce]) -> dict[int, date]:
    """By enrolment, the last valid day of each of these completions that has one."""
    terms = validity_of(session, academy_id)
    found = {
        each.enrolment_id: terms[each.course].end(each.since) for each in standings if each.course in terms
    }
    said = session.execute(
        select(Certificate.enrolment_id, Certificate.valid_until).where(
            Certificate.academy_id == academy_id,
            Certificate.enrolment_id.in_([each.enrolment_id for each in standings]),
            *SAYS_AN_END,
        )
    )
    return found | {enrolment_id: day for enrolment_id, day in said if day is not None}


def end_of(session: Session, standing: InForce | None) -> date | None:
    """The last day on which a completion is valid; None where there is none, or no end."""
    if standing is None:
        return None
    return ends_of(session, standing.academy_id, [standing]).get(standing.enrolment_id)


def due_by(session: Session, academy_id: int, *, by: date) -> list[Due]:
    """The completions of an academy whose last valid day is `by` or before, earliest end first.

    Revoked ones and those of students who left are not among them.
    """
    said = session.execute(
        select(
            Certificate.enrolment_id,
            Certificate.person_id,
            Certificate.course,
            Certificate.edition_id,
            Certificate.earned_on,
            Certificate.valid_until,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(CourseCompletion, CourseCompletion.enrolment_id == Certificate.enrolment_id)
        .where(
            Certificate.academy_id == academy_id,
            CourseCompletion.academy_id == academy_id,
            Enrolment.academy_id == academy_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Certificate.valid_until <= by,
            *SAYS_AN_END,
            ~COMPLETION_IS_REVOKED,
        )
    )
    found = [
        Due(enrolment, person, course, edition, datetime.combine(earned, time(), UTC), until)
        for enrolment, person, course, edition, earned, until in said
        if until is not None
    ]
    others = due_for_recertification(session, academy_id, by=by)
    told = set(
        session.scalars(
            select(Certificate.enrolment_id).where(
                Certificate.academy_id == academy_id,
                Certificate.enrolment_id.in_([each.enrolment_id for each in others]),
                *SAYS_AN_END,
            )
        )
    )
    found += [each for each in others if each.enrolment_id not in told]
    return sorted(found, key=lambda each: (each.valid_until, each.enrolment_id))
