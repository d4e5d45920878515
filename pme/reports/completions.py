"""The latest course completions, for the first page of staff; reports tell all of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.certificates.queries import IS_LATEST
from pme.enrolment.models import Enrolment
from pme.people.models import Person, Personnel
from pme.people.queries import NAME_THERE, RANK_THERE, known_at
from pme.progress.models import CourseCompletion


@dataclass(frozen=True)
class CompletionRow:
    """One completed course. `percent` is 0-100; `number` is "" where no certificate was issued."""

    name: str
    rank: str
    email: str
    course: str
    enrolled_at: datetime
    completed_at: datetime
    percent: float
    number: str


def latest_completions(session: Session, scope: ColumnElement[bool], *, at_most: int) -> list[CompletionRow]:
    """The latest completions in scope, for a screen."""
    newest = (
        _rows(scope).order_by(None).order_by(CourseCompletion.completed_at.desc(), CourseCompletion.id.desc())
    )
    return [_row(row) for row in session.execute(newest.limit(at_most))]


def count_completions(session: Session, scope: ColumnElement[bool]) -> int:
    """How many completions are in scope."""
    return session.scalar(select(func.count(CourseCompletion.id)).where(scope)) or 0


def _row(row: Row[str, str, str, str, datetime, datetime, float, str]) -> CompletionRow:
    name, rank, email, course, enrolled_at, completed_at, percent, number = row
    return CompletionRow(name, rank, email, course, enrolled_at, completed_at, percent, number or "")


def _rows(
    scope: ColumnElement[bool],
) -> Select[str, str, str, str, datetime, datetime, float, str]:
    return (
        select(
            NAME_THERE,
            RANK_THERE,
            Person.email,
            CourseCompletion.course,
            Enrolment.enrolled_at,
            CourseCompletion.completed_at,
            CourseCompletion.percent,
            Certificate.number,
        )
        .join(Enrolment, Enrolment.id == CourseCompletion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Personnel, known_at(Enrolment.academy_id, Enrolment.person_id))
        .outerjoin(Certificate, and_(Certificate.enrolment_id == Enrolment.id, IS_LATEST))
        .where(scope)
        .order_by(CourseCompletion.completed_at, CourseCompletion.id)
    )
