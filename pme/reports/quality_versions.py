"""Which versions of which quizzes and scenarios have been taken, for the way to their quality pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.content.models import ContentVersion

COUNTED = {
    Task.QUIZ: (AttemptStatus.FINISHED,),
    Task.SCENARIO: (AttemptStatus.DEBRIEF, AttemptStatus.FINISHED),
}
"""An attempt counts once its marks cannot change any more by anything the student does."""


@dataclass(frozen=True)
class TakenVersion:
    """One version of a task with marked attempts: how many, and how many of them are a student's first.

    Statistics rest on first attempts: who comes again has seen the questions and their feedback.
    """

    task: Task
    slug: str
    version_id: int
    attempts: int
    first_attempts: int
    published_at: datetime
    latest_at: datetime


def is_counted(task: Task) -> ColumnElement[bool]:
    """Attempts at this kind of task that have their marks."""
    return and_(Attempt.task == task, Attempt.status.in_(COUNTED[task]))


def taken_versions(session: Session, scope: ColumnElement[bool]) -> Sequence[TakenVersion]:
    """Every version with marked attempts in scope, the latest taken first."""
    latest = func.max(Attempt.started_at)
    rows = session.execute(
        select(
            Attempt.task,
            Attempt.slug,
            Attempt.version_id,
            func.count(Attempt.id),
            func.sum(case((Attempt.number == 1, 1), else_=0)),
            ContentVersion.published_at,
            latest,
        )
        .join(ContentVersion, ContentVersion.id == Attempt.version_id)
        .where(scope, is_counted(Task.QUIZ) | is_counted(Task.SCENARIO))
        .group_by(Attempt.task, Attempt.slug, Attempt.version_id, ContentVersion.published_at)
        .order_by(latest.desc(), Attempt.version_id.desc())
    )
    return [TakenVersion(*row) for row in rows]
