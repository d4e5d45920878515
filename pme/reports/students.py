"""The students of a course as rows, with progress and scores, for its instructors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme.assessment.queries import TaskStanding, standings
from pme.content.catalogue import Versioned
from pme.content.shapes import Module
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Person, Personnel
from pme.people.queries import NAME_THERE, RANK_THERE, known_at
from pme.progress.completion import ModuleProgress, module_progress
from pme.progress.models import CourseCompletion
from pme.progress.queries import facts_of


@dataclass(frozen=True)
class StudentRow:
    """One student of a course. `cohort` is its name or ""; `percent` is the result of the completed course
    (0-100), or None.
    """

    enrolment_id: int
    name: str
    rank: str
    cohort: str
    enrolled_at: datetime
    completed_at: datetime | None
    percent: float | None
    modules: tuple[ModuleProgress, ...]
    standings: tuple[TaskStanding, ...]

    @property
    def done(self) -> int:
        """Steps done over all modules."""
        return sum(module.of if module.is_complete else module.done for module in self.modules)

    @property
    def of(self) -> int:
        """Steps of all modules."""
        return sum(module.of for module in self.modules)


def count_students(session: Session, scope: ColumnElement[bool]) -> int:
    """How many enrolments are in scope."""
    return session.scalar(select(func.count(Enrolment.id)).where(scope)) or 0


def student_rows(
    session: Session,
    scope: ColumnElement[bool],
    modules: Sequence[Versioned[Module]],
    *,
    offset: int,
    limit: int,
) -> list[StudentRow]:
    """A page of students by name, in three queries whatever their number."""
    rows = session.execute(
        select(
            Enrolment.id,
            Enrolment.academy_id,
            NAME_THERE.label("name"),
            RANK_THERE.label("rank"),
            Cohort.name.label("cohort"),
            Enrolment.enrolled_at,
            CourseCompletion.completed_at,
            CourseCompletion.percent,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Personnel, known_at(Enrolment.academy_id, Enrolment.person_id))
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(CourseCompletion, CourseCompletion.enrolment_id == Enrolment.id)
        .where(scope)
        .order_by(NAME_THERE, Enrolment.id)
        .offset(offset)
        .limit(limit)
    ).all()
    if not rows:
        return []
    standing = standings(session, rows[0].academy_id, [row.id for row in rows])
    facts = facts_of(session, rows[0].academy_id, standing)
    return [
        StudentRow(
            enrolment_id=row.id,
            name=row.name,
            rank=row.rank,
            cohort=row.cohort or "",
            enrolled_at=row.enrolled_at,
            completed_at=row.completed_at,
            percent=row.percent,
            modules=tuple(module_progress(module.content, facts[row.id]) for module in modules),
            standings=tuple(standing[row.id].values()),
        )
        for row in rows
    ]
