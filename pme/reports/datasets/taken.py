"""What the datasets about content rest on: the first marked attempts of the people asked for, and titles.

Who comes again has seen the questions and their feedback, so only first attempts count.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, FromClause, and_, or_
from sqlalchemy.orm import Session

from pme.assessment.effective import MARKED
from pme.assessment.models import Attempt, Task
from pme.content.catalogue import pinned
from pme.content.shapes import Quiz, Scenario
from pme.enrolment.models import Enrolment
from pme.reports.datasets.column import Column, Kind
from pme.reports.datasets.query import COURSE, Ask, with_person
from pme.reports.quality_versions import is_counted

SHAPES: Mapping[Task, type[Quiz] | type[Scenario]] = {Task.QUIZ: Quiz, Task.SCENARIO: Scenario}

TASK = (
    *COURSE,
    Column("kind", "Kind", Kind.TEXT, "What the task is: quiz or scenario."),
    Column(
        "task",
        "Task",
        Kind.TEXT,
        "Name of the quiz or scenario in addresses; it never changes.",
        in_files_only=True,
    ),
    Column(
        "task_title", "Task title", Kind.TEXT, "Title of the quiz or scenario, in the latest edition taken."
    ),
)
"""The columns about a task, the same in every dataset about content."""


def attempts(ask: Ask) -> FromClause:
    """Marked attempts with what is in force of them, and with whose they are."""
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


def content_of(session: Session, task: Task, version_id: int) -> Quiz | Scenario:
    """The edition of a quiz or scenario that was taken."""
    return pinned(session, version_id, SHAPES[task]).content


def course_title(ask: Ask, slug: str) -> str:
    """The title of a course as it is published now; its name where it is not."""
    course = ask.catalogue.course(slug)
    return course.content.title if course else slug
