"""The students of a course as rows, with progress and scores, for its instructors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    column,
    exists,
    func,
    or_,
    select,
    true,
    union,
    values,
)
from sqlalchemy.orm import Session

from pme.assessment.effective import IS_PASSED, MARKED, PERCENT
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.queries import TaskStanding, standings
from pme.content.catalogue import Versioned
from pme.content.shapes import Module
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.people.models import Person, Personnel
from pme.people.queries import NAME_THERE, RANK_THERE, known_at
from pme.progress.completion import ModuleProgress, StepKind, module_progress, places
from pme.progress.models import CourseCompletion, ModuleCompletion, PageRead
from pme.progress.models_equal import EqualWork
from pme.progress.queries import facts_of
from pme.reports.enrolled import sought

SORTS = ("name", "steps", "modules", "passed", "marks", "cohort", "completed")
"""What the students of a course can be sorted by; `marks` is the mean of the best marks."""

Whatever = Select[*tuple[Any, ...]]


class Stands(StrEnum):
    """How a student stands in a course, in one word."""

    NOT_BEGUN = "not-begun"
    UNDER_WAY = "under-way"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"


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
    is_withdrawn: bool = False

    @property
    def done(self) -> int:
        """Steps done over all modules."""
        return sum(module.of if module.is_complete else module.done for module in self.modules)

    @property
    def of(self) -> int:
        """Steps of all modules."""
        return sum(module.of for module in self.modules)


def stands(which: Stands) -> ColumnElement[bool]:
    """The enrolments that stand so: whoever is withdrawn is that, whatever they have done."""
    is_active = Enrolment.status == EnrolmentStatus.ACTIVE
    is_complete = (
        exists()
        .where(
            CourseCompletion.enrolment_id == Enrolment.id, CourseCompletion.academy_id == Enrolment.academy_id
        )
        .correlate(Enrolment)
    )
    has_begun = or_(
        exists().where(PageRead.enrolment_id == Enrolment.id),
        exists().where(Attempt.enrolment_id == Enrolment.id, Attempt.academy_id == Enrolment.academy_id),
    )
    return {
        Stands.NOT_BEGUN: and_(is_active, ~is_complete, ~has_begun),
        Stands.UNDER_WAY: and_(is_active, ~is_complete, has_begun),
        Stands.COMPLETE: and_(is_active, is_complete),
        Stands.WITHDRAWN: Enrolment.status == EnrolmentStatus.WITHDRAWN,
    }[which]


def count_students(session: Session, scope: ColumnElement[bool], *, text: str = "") -> int:
    """How many enrolments are in scope and found."""
    wanted = select(func.count(Enrolment.id)).where(scope)
    if (found := sought(text)) is not None:
        wanted = _whose(wanted).where(found)
    return session.scalar(wanted) or 0


def student_ids(session: Session, scope: ColumnElement[bool], *, text: str = "") -> list[int]:
    """All the enrolments that are in scope and found."""
    wanted = select(Enrolment.id).where(scope)
    if (found := sought(text)) is not None:
        wanted = _whose(wanted).where(found)
    return list(session.scalars(wanted.order_by(Enrolment.id)))


def student_rows(
    session: Session,
    scope: ColumnElement[bool],
    modules: Sequence[Versioned[Module]],
    *,
    text: str = "",
    sort: str = "name",
    offset: int,
    limit: int,
) -> list[StudentRow]:
    """A page of students by one of `SORTS`, in three queries whatever their number.

    With "-" before it, the last stands first.
    """
    wanted = _whose(
        select(
            Enrolment.id,
            Enrolment.academy_id,
            NAME_THERE.label("name"),
            RANK_THERE.label("rank"),
            Cohort.name.label("cohort"),
            Enrolment.enrolled_at,
            Enrolment.status,
            CourseCompletion.completed_at,
            CourseCompletion.percent,
        )
    )
    wanted = wanted.outerjoin(Cohort, Cohort.id == Enrolment.cohort_id).outerjoin(
        CourseCompletion, CourseCompletion.enrolment_id == Enrolment.id
    )
    if (found := sought(text)) is not None:
        wanted = wanted.where(found)
    taken = [module.content for module in modules]
    rows = session.execute(_sorted(wanted.where(scope), scope, taken, sort).offset(offset).limit(limit)).all()
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
            is_withdrawn=row.status is EnrolmentStatus.WITHDRAWN,
        )
        for row in rows
    ]


def _whose(wanted: Whatever) -> Whatever:
    """With the people whose enrolments they are."""
    return wanted.join(Person, Person.id == Enrolment.person_id).outerjoin(
        Personnel, known_at(Enrolment.academy_id, Enrolment.person_id)
    )


def _sorted(wanted: Whatever, scope: ColumnElement[bool], modules: Sequence[Module], sort: str) -> Whatever:
    """Rows without what they are sorted by stand last, whichever way; of those alike, by name."""
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    by: dict[str, ColumnElement[Any]] = {
        "name": NAME_THERE,
        "modules": _modules_complete([module.slug for module in modules]),
        "cohort": Cohort.name.expression,
        "completed": CourseCompletion.completed_at.expression,
    }
    if key == "steps":
        steps = _steps_done(scope, modules)
        wanted = wanted.outerjoin(steps, steps.c.enrolment_id == Enrolment.id)
        by["steps"] = func.coalesce(steps.c.done, 0)
    elif key not in by:
        marks = _marks_of(scope)
        wanted = wanted.outerjoin(marks, marks.c.enrolment_id == Enrolment.id)
        by = {"marks": marks.c.mean, "passed": func.coalesce(marks.c.passed, 0)}
    first = by[key].desc() if is_down else by[key].asc()
    return wanted.order_by(first.nulls_last(), NAME_THERE, Enrolment.id)


def _modules_complete(modules: Sequence[str]) -> ColumnElement[int]:
    """How many of these modules each has completed."""
    return (
        select(func.count(ModuleCompletion.id))
        .where(ModuleCompletion.enrolment_id == Enrolment.id, ModuleCompletion.module.in_(modules))
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _steps_done(scope: ColumnElement[bool], modules: Sequence[Module]) -> CTE:
    """How many steps of these modules each has done: what `module_progress` counts, for all at once.

    A step that was done twice over counts once, and every step of a module that was completed once is done.
    """
    rows = [(step.module, step.kind.value, step.slug) for module in modules for step in places(module)]
    steps = (
        values(column("module", String), column("kind", String), column("slug", String), name="steps")
        .data(rows or [("", "", "")])
        .cte("step")
    )
    step, ours = steps.c, select(Enrolment.id).where(scope)
    read, complete, equal = PageRead.__table__.c, ModuleCompletion.__table__.c, EqualWork.__table__.c
    tasks = _tasks_of(scope)
    by_read = (step.kind == StepKind.PAGE.value) & (step.module == read.module) & (step.slug == read.page)
    by_equal = (step.kind == StepKind.SCENARIO.value) & (step.slug == equal.scenario)
    by_task = (step.kind == tasks.c.task) & (step.slug == tasks.c.slug) & (tasks.c.is_passed == 1)
    done = union(
        *(
            select(whose, step.module, step.kind, step.slug).where(whose.in_(ours), is_it)
            for whose, is_it in (
                (read.enrolment_id, by_read),
                (complete.enrolment_id, step.module == complete.module),
                (equal.enrolment_id, by_equal),
                (tasks.c.enrolment_id, by_task),
            )
        )
    ).subquery()
    counted = select(done.c.enrolment_id, func.count().label("done")).group_by(done.c.enrolment_id)
    # Counted once, also where PostgreSQL takes thousands of students for one and would count anew for each.
    return counted.cte("done").prefix_with("MATERIALIZED", dialect="postgresql")


def _marks_of(scope: ColumnElement[bool]) -> Subquery:
    """How many tasks each has passed, and the mean of the best marks, by the results in force."""
    best = _tasks_of(scope)
    return (
        select(
            best.c.enrolment_id,
            func.avg(best.c.percent).label("mean"),
            func.sum(best.c.is_passed).label("passed"),
        )
        .group_by(best.c.enrolment_id)
        .subquery()
    )


def _tasks_of(scope: ColumnElement[bool]) -> Subquery:
    """The best mark of each task that was finished, and whether it was ever passed (1 or 0)."""
    attempt = Attempt.__table__.c
    return (
        select(
            attempt.enrolment_id,
            attempt.task,
            attempt.slug,
            func.max(func.coalesce(PERCENT, 0.0)).label("percent"),
            func.max(case((IS_PASSED.is_(true()), 1), else_=0)).label("is_passed"),
        )
        .select_from(MARKED)
        .where(
            attempt.status == AttemptStatus.FINISHED,
            attempt.enrolment_id.in_(select(Enrolment.id).where(scope)),
        )
        .group_by(attempt.enrolment_id, attempt.task, attempt.slug)
        .subquery()
    )
