"""What the datasets about content rest on: the first marked attempts of the people asked for, and titles.

Who comes again has seen the questions and their feedback, so only first attempts count.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from sqlalchemy import ColumnElement, FromClause, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from pme.assessment.effective import MARKED
from pme.assessment.models import Attempt, Task
from pme.content.catalogue import contents
from pme.content.shapes import Quiz, Scenario
from pme.enrolment.models import Enrolment
from pme.reports.datasets.column import Column, Kind
from pme.reports.datasets.query import COURSE, Ask, with_person
from pme.reports.quality_versions import is_counted
from pme.words.lazily import lazy

TASK = (
    *COURSE,
    Column("kind", lazy("Kind"), Kind.TEXT, lazy("What the task is: quiz or scenario.")),
    Column(
        "task",
        lazy("Task"),
        Kind.TEXT,
        lazy("Name of the quiz or scenario in addresses; it never changes."),
        in_files_only=True,
    ),
    Column(
        "task_title",
        lazy("Task title"),
        Kind.TEXT,
        lazy("Title of the quiz or scenario, in the latest edition taken."),
    ),
)
"""The columns about a task, the same in every dataset about content."""


def attempts(ask: Ask) -> FromClause:
    """Marked attempts with what is in force of them; with whose they are, where that narrows them."""
    if not ask.among():
        return MARKED
    mine = and_(Enrolment.id == Attempt.enrolment_id, Enrolment.academy_id == ask.academy_id)
    return with_person(MARKED.join(Enrolment, mine), ask.academy_id)


def counted(ask: Ask, *tasks: Task) -> tuple[ColumnElement[bool], ...]:
    """First attempts at these kinds of task that were begun in the period by the people asked for."""
    return (
        Attempt.academy_id == ask.academy_id,
        Attempt.number == 1,
        or_(*map(is_counted, tasks)),
        *ask.during(Attempt.started_at),
        *ask.among(),
    )


def first_attempts(ask: Ask, *tasks: Task) -> list[ColumnElement[bool]]:
    """The same in words that need no other table than that of attempts."""
    among = ask.among()
    people = with_person(cast("Table", Enrolment.__table__), ask.academy_id)
    narrowed = select(Enrolment.id).select_from(people).where(Enrolment.academy_id == ask.academy_id, *among)
    return [
        Attempt.academy_id == ask.academy_id,
        Attempt.number == 1,
        or_(*map(is_counted, tasks)),
        *ask.during(Attempt.started_at),
        *([Attempt.enrolment_id.in_(narrowed)] if among else []),
    ]


def basis_of(session: Session, ask: Ask, tasks: Iterable[Task]) -> Mapping[str, int]:
    """How many first attempts the lines of a dataset rest on, by course."""
    found = select(Attempt.course, func.count()).where(*first_attempts(ask, *tasks)).group_by(Attempt.course)
    return dict(session.execute(found).all())


def contents_of(session: Session, version_ids: Iterable[int]) -> Mapping[int, Quiz | Scenario]:
    """The editions of quizzes and scenarios that were taken, all at once."""
    found = contents(session, version_ids)
    return {number: each for number, each in found.items() if isinstance(each, Quiz | Scenario)}


def scenarios_of(session: Session, version_ids: Iterable[int]) -> Mapping[int, Scenario]:
    """The editions of scenarios that were taken, all at once."""
    found = contents(session, version_ids)
    return {number: each for number, each in found.items() if isinstance(each, Scenario)}


def course_title(ask: Ask, slug: str) -> str:
    """The title of a course as it is published now; its name where it is not."""
    course = ask.catalogue.course(slug)
    return course.content.title if course else slug
