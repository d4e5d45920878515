"""Who is enrolled in what, and who could be: rows for the pages of an academy's staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from pme.enrolment.due import due_column
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.people.counting import counts_on
from pme.people.models import Membership, Person, Personnel, Role, Standing
from pme.progress.models import CourseCompletion

SORTS = ("name", "course", "cohort", "due", "state")
"""What a list of enrolments can be sorted by; `state` is by the day of the completion."""


@dataclass(frozen=True)
class EnrolledRow:
    """One enrolment. `cohort` is its name or ""; `completed_at` None while the course is not complete."""

    enrolment_id: int
    person_id: int
    name: str
    unit: str
    course: str
    cohort_id: int | None
    cohort: str
    status: EnrolmentStatus
    enrolled_at: datetime
    completed_at: datetime | None


def sought(text: str) -> ColumnElement[bool] | None:
    """Whose name, unit, external id or address begins with, or has a word that begins with, what is looked for."""
    wanted = " ".join(text.split()).lower()
    if not wanted:
        return None
    sign = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
    first, within = f"{wanted.translate(sign)}%", f"% {wanted.translate(sign)}%"
    return or_(
        *(func.lower(column).like(first, escape="\\") for column in (Personnel.name, Personnel.unit)),
        func.lower(Personnel.name).like(within, escape="\\"),
        func.lower(func.coalesce(Personnel.external_id, "")).like(first, escape="\\"),
        Person.email.like(first, escape="\\"),
    )


def enrolled(
    session: Session,
    academy_id: int,
    scope: ColumnElement[bool],
    *,
    text: str = "",
    sort: str = "name",
    offset: int,
    limit: int,
) -> tuple[int, list[EnrolledRow]]:
    """How many enrolments at an academy are in scope and found, and some of them by one of `SORTS`.

    With "-" before it, the last stands first.
    """
    where = [Enrolment.academy_id == academy_id, Personnel.academy_id == academy_id, scope]
    if (found := sought(text)) is not None:
        where.append(found)
    total = session.scalar(
        select(func.count(Enrolment.id))
        .join(Personnel, Personnel.person_id == Enrolment.person_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*where)
    )
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Personnel.rank,
            Personnel.name,
            Personnel.unit,
            Enrolment.course,
            Enrolment.cohort_id,
            Cohort.name.label("cohort"),
            Enrolment.status,
            Enrolment.enrolled_at,
            CourseCompletion.completed_at,
        )
        .join(Personnel, Personnel.person_id == Enrolment.person_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Cohort, and_(Cohort.id == Enrolment.cohort_id, Cohort.academy_id == academy_id))
        .outerjoin(
            CourseCompletion,
            and_(CourseCompletion.enrolment_id == Enrolment.id, CourseCompletion.academy_id == academy_id),
        )
        .where(*where)
        .order_by(*_order(academy_id, sort))
        .offset(offset)
        .limit(limit)
    )
    return total or 0, [
        EnrolledRow(
            row.id,
            row.person_id,
            f"{row.rank} {row.name}".strip(),
            row.unit,
            row.course,
            row.cohort_id,
            row.cohort or "",
            row.status,
            row.enrolled_at,
            row.completed_at,
        )
        for row in rows
    ]


def _order(academy_id: int, sort: str) -> list[ColumnElement[Any]]:
    """Rows without what they are sorted by stand last, whichever way; of those alike, by name."""
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    by: dict[str, ColumnElement[Any]] = {
        "name": Personnel.name.expression,
        "course": Enrolment.course.expression,
        "cohort": Cohort.name.expression,
        "due": due_column(academy_id),
        "state": CourseCompletion.completed_at.expression,
    }
    first = by[key].desc() if is_down else by[key].asc()
    return [first.nulls_last(), Personnel.name.expression, Enrolment.id.expression]


def enrolled_ids(
    session: Session, academy_id: int, scope: ColumnElement[bool], *, text: str = ""
) -> list[int]:
    """All the enrolments at an academy that are in scope and found."""
    where = [Enrolment.academy_id == academy_id, Personnel.academy_id == academy_id, scope]
    if (found := sought(text)) is not None:
        where.append(found)
    wanted = (
        select(Enrolment.id)
        .join(Personnel, Personnel.person_id == Enrolment.person_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*where)
    )
    return list(session.scalars(wanted.order_by(Enrolment.id)))


def could_be_enrolled(
    session: Session, academy_id: int, course: str, *, at: datetime, text: str = "", offset: int, limit: int
) -> tuple[int, list[tuple[int, str, str]]]:
    """How many students of an academy do not take a course (or no longer), and some of them: (person, name, unit)."""
    takes = select(Enrolment.person_id).where(
        Enrolment.academy_id == academy_id,
        Enrolment.course == course,
        Enrolment.status == EnrolmentStatus.ACTIVE,
    )
    where = [
        Personnel.academy_id == academy_id,
        Membership.academy_id == academy_id,
        Membership.role == Role.STUDENT,
        or_(counts_on(at.date()), Membership.standing == Standing.INVITED),
        Personnel.person_id.not_in(takes),
    ]
    if (found := sought(text)) is not None:
        where.append(found)
    wanted = (
        select(Personnel.person_id, Personnel.rank, Personnel.name, Personnel.unit)
        .join(Membership, Membership.person_id == Personnel.person_id)
        .join(Person, Person.id == Personnel.person_id)
        .where(*where)
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery()))
    page = wanted.order_by(Personnel.name, Personnel.person_id).offset(offset).limit(limit)
    return total or 0, [
        (person_id, f"{rank} {name}".strip(), unit) for person_id, rank, name, unit in session.execute(page)
    ]


def names_at(session: Session, academy_id: int, person_ids: list[int]) -> Mapping[int, str]:
    """Rank and name of these persons, as an academy knows them."""
    rows = session.execute(
        select(Personnel.person_id, Personnel.rank, Personnel.name).where(
            Personnel.academy_id == academy_id, Personnel.person_id.in_(person_ids)
        )
    )
    return {person_id: f"{rank} {name}".strip() for person_id, rank, name in rows}


def students_of_cohort(session: Session, academy_id: int, cohort_id: int) -> list[int]:
    """The persons who take part in a cohort, active ones only."""
    return list(
        session.scalars(
            select(Enrolment.person_id)
            .where(
                Enrolment.academy_id == academy_id,
                Enrolment.cohort_id == cohort_id,
                Enrolment.status == EnrolmentStatus.ACTIVE,
            )
            .order_by(Enrolment.person_id)
        )
    )
