"""People who completed a course, written straight into the tables: for stories about reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.catalogue import current
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.people.models import Academy, Person, Personnel
from pme.progress.models import CourseCompletion
from tests.support.cast import HOME, START


@dataclass(frozen=True)
class Learner:
    """Somebody in a course of the tests; `after` is in how many days they completed it, None for not at all."""

    name: str
    rank: str = "Captain"
    nation: str = ""
    service: str = ""
    unit: str = ""
    external_id: str | None = None
    cohort: str = ""
    course: str = "core"
    after: float | None = 1.0
    percent: float = 75.0
    is_withdrawn: bool = False


def bring(session: Session, learners: Sequence[Learner], *, academy: str = HOME) -> list[int]:
    """Enrol them all at an academy; gives the ids of their enrolments."""
    place = session.scalars(select(Academy).where(Academy.slug == academy)).one()
    return [_bring(session, learner, number, place) for number, learner in enumerate(learners)]


def _bring(session: Session, learner: Learner, number: int, place: Academy) -> int:
    person = Person(
        email=f"learner{number}@{place.slug}.example",
        name=f"Account {number}",
        rank="",
        password_hash="none",
        created_at=START,
    )
    session.add(person)
    session.flush()
    session.add(
        Personnel(
            person_id=person.id,
            academy_id=place.id,
            name=learner.name,
            rank=learner.rank,
            nation=learner.nation,
            service=learner.service,
            unit=learner.unit,
            external_id=learner.external_id,
        )
    )
    enrolment = Enrolment(
        person_id=person.id,
        academy_id=place.id,
        course=learner.course,
        cohort_id=_cohort(session, learner, place.id),
        status=EnrolmentStatus.WITHDRAWN if learner.is_withdrawn else EnrolmentStatus.ACTIVE,
        enrolled_at=START,
    )
    session.add(enrolment)
    session.flush()
    if learner.after is not None:
        complete(session, enrolment, START + timedelta(days=learner.after), percent=learner.percent)
    return enrolment.id


def complete(session: Session, enrolment: Enrolment, at: datetime, *, percent: float = 75.0) -> None:
    """Let an enrolment be completed at a moment."""
    version = current(session).courses_by_slug[enrolment.course].version_id
    session.add(
        CourseCompletion(
            enrolment_id=enrolment.id,
            academy_id=enrolment.academy_id,
            course=enrolment.course,
            version_id=version,
            percent=percent,
            completed_at=at,
        )
    )
    session.flush()


def _cohort(session: Session, learner: Learner, academy_id: int) -> int | None:
    if not learner.cohort:
        return None
    found = session.scalar(
        select(Cohort.id).where(
            Cohort.academy_id == academy_id, Cohort.course == learner.course, Cohort.name == learner.cohort
        )
    )
    if found:
        return found
    cohort = Cohort(academy_id=academy_id, course=learner.course, name=learner.cohort, created_at=START)
    session.add(cohort)
    session.flush()
    return cohort.id
