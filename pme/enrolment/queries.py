"""Reads about enrolments and cohorts."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from pme.enrolment.models import AcademyCourse, Cohort, Enrolment
from pme.people.models import Person, Personnel
from pme.people.queries import NAME_THERE, RANK_THERE, known_at

ENROLMENT = select(Enrolment).where(
    Enrolment.person_id == bindparam("person_id"),
    Enrolment.academy_id == bindparam("academy_id"),
    Enrolment.course == bindparam("course"),
)

HELD_ENROLMENT = ENROLMENT.with_for_update().execution_options(populate_existing=True)
"""As it is once nobody else holds it, even where it was read before."""

ENROLMENTS = (
    select(Enrolment)
    .where(
        Enrolment.person_id == bindparam("person_id"),
        Enrolment.academy_id == bindparam("academy_id"),
    )
    .order_by(Enrolment.enrolled_at, Enrolment.id)
)


def enrolments_of(session: Session, person_id: int, academy_id: int) -> Sequence[Enrolment]:
    """A student's enrolments at an academy, oldest first."""
    return session.scalars(ENROLMENTS, {"person_id": person_id, "academy_id": academy_id}).all()


def find_enrolment(
    session: Session, person_id: int, academy_id: int, course: str, *, for_update: bool = False
) -> Enrolment | None:
    """A student's enrolment in a course, or None. `for_update` holds it until the transaction ends."""
    return session.scalar(
        HELD_ENROLMENT if for_update else ENROLMENT,
        {"person_id": person_id, "academy_id": academy_id, "course": course},
    )


def enrolment_by_id(
    session: Session, enrolment_id: int, academy_id: int, *, for_update: bool = False
) -> Enrolment | None:
    """The enrolment of this id at an academy, or None. `for_update` holds it until the transaction ends."""
    wanted = select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.academy_id == academy_id)
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def courses_chosen(session: Session, academy_id: int) -> frozenset[str]:
    """The slugs of the courses that an academy offers."""
    return frozenset(
        session.scalars(select(AcademyCourse.course).where(AcademyCourse.academy_id == academy_id))
    )


def cohorts_of(session: Session, academy_id: int, course: str) -> Sequence[Cohort]:
    """The cohorts of a course at an academy: those that begin last first, and then, by name, those without dates."""
    return session.scalars(
        select(Cohort)
        .where(Cohort.academy_id == academy_id, Cohort.course == course)
        .order_by(Cohort.starts_on.desc().nulls_last(), Cohort.name, Cohort.id)
    ).all()


def find_cohort(session: Session, academy_id: int, course: str, name: str) -> Cohort | None:
    """The cohort of this name, or None."""
    return session.scalar(
        select(Cohort).where(Cohort.academy_id == academy_id, Cohort.course == course, Cohort.name == name)
    )


def cohort_by_id(
    session: Session, cohort_id: int, academy_id: int, *, for_update: bool = False
) -> Cohort | None:
    """The cohort of this id at an academy, or None. `for_update` holds it until the transaction ends."""
    wanted = select(Cohort).where(Cohort.id == cohort_id, Cohort.academy_id == academy_id)
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def cohort_sizes(session: Session, scope: ColumnElement[bool]) -> dict[int | None, int]:
    """How many enrolments in scope each cohort has; None counts those in no cohort."""
    rows = session.execute(
        select(Enrolment.cohort_id, func.count(Enrolment.id)).where(scope).group_by(Enrolment.cohort_id)
    )
    return {row[0]: row[1] for row in rows}


def names_in(
    session: Session, scope: ColumnElement[bool], *, at_most: int
) -> list[tuple[int, str, int | None]]:
    """(enrolment, rank and name, cohort) of the first enrolments in scope by name."""
    rows = session.execute(
        select(Enrolment.id, RANK_THERE, NAME_THERE, Enrolment.cohort_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Personnel, known_at(Enrolment.academy_id, Enrolment.person_id))
        .where(scope)
        .order_by(NAME_THERE, Enrolment.id)
        .limit(at_most)
    )
    return [(number, f"{rank} {name}".strip(), cohort_id) for number, rank, name, cohort_id in rows]
