"""Progress: one row an enrolment, whether it is finished or not; how far, and when something was last done."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, case, func, literal, or_, select

from pme.assessment.models import Attempt
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.progress.in_force import IS_REVOKED, PERCENT
from pme.progress.models import CourseCompletion, ModuleCompletion, PageRead
from pme.reports.datasets.chart import Counted
from pme.reports.datasets.column import WHOSE, By, Column, Kind, Shape
from pme.reports.datasets.query import (
    COHORT,
    COURSE,
    WHO,
    Ask,
    Dataset,
    Query,
    course_columns,
    only,
    who,
    whose,
)
from pme.words.lazily import lazy

STATUSES = (
    ("waiting", lazy("Not begun")),
    ("under way", lazy("Under way")),
    ("completed", lazy("Completed")),
    ("revoked", lazy("Revoked")),
    ("withdrawn", lazy("Withdrawn")),
)
SHAPE = Shape(
    name="progress",
    title=lazy("Progress"),
    says=lazy("Everybody who was enrolled in a course: how far they are, and when they were last active."),
    version=1,
    columns=(
        Column(
            "enrolment",
            lazy("Enrolment"),
            Kind.WHOLE,
            lazy("Number of the enrolment in this installation: it never changes."),
            in_files_only=True,
        ),
        *WHO,
        *COURSE,
        COHORT,
        Column("enrolled_at", lazy("Enrolled"), Kind.MOMENT, lazy("When the person was enrolled.")),
        Column(
            "status",
            lazy("Status"),
            Kind.TEXT,
            lazy(
                "One of: waiting (nothing done yet), under way, completed, revoked (the completion), withdrawn."
            ),
        ),
        Column(
            "modules_done",
            lazy("Modules done"),
            Kind.WHOLE,
            lazy("Modules that the course asks for and that are complete."),
        ),
        Column(
            "modules",
            lazy("Modules"),
            Kind.WHOLE,
            lazy("Modules that the course asks for, as it is published now."),
        ),
        Column(
            "percent_done",
            lazy("Done"),
            Kind.NUMBER,
            lazy("Modules done of those asked for."),
            unit="percent",
        ),
        Column(
            "last_active_at",
            lazy("Last active"),
            Kind.MOMENT,
            lazy(
                "When a page was last read, a task last worked on or a module completed; empty where nothing was."
            ),
            may_lack=True,
        ),
        Column(
            "completed_at",
            lazy("Completed"),
            Kind.MOMENT,
            lazy("When the course was completed; empty where it is not."),
            may_lack=True,
        ),
        Column(
            "percent",
            lazy("Result"),
            Kind.NUMBER,
            lazy("Result of the completed course, after any regrades; empty where it is not complete."),
            unit="percent",
            may_lack=True,
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE, By.STATUS),
    sort="course",
    period="enrolled",
    statuses=STATUSES,
)


def query(ask: Ask) -> Query:
    """The enrolments of an academy."""
    mine = and_(CourseCompletion.enrolment_id == Enrolment.id, CourseCompletion.academy_id == ask.academy_id)
    needed = {
        each.content.slug: [slug for slug in each.content.modules if slug not in each.content.optional]
        for each in ask.catalogue.courses
    }
    done, last = _modules_done(needed), _last_active(ask.academy_id)
    modules = _by_course({course: len(slugs) for course, slugs in needed.items()})
    status = case(
        (IS_REVOKED, "revoked"),
        (CourseCompletion.id.is_not(None), "completed"),
        (Enrolment.status == EnrolmentStatus.WITHDRAWN, "withdrawn"),
        (last.is_not(None), "under way"),
        else_="waiting",
    )
    narrowed = (*ask.among(), *([status == ask.filters.status] if ask.filters.status else []))
    return Query(
        columns={
            "enrolment": Enrolment.id,
            **who(),
            **course_columns(ask),
            "enrolled_at": Enrolment.enrolled_at,
            "status": status,
            "modules_done": done,
            "modules": modules,
            "percent_done": case(
                (CourseCompletion.id.is_not(None), 100.0), else_=100.0 * done / func.nullif(modules, 0)
            ),
            "last_active_at": last,
            "completed_at": CourseCompletion.completed_at,
            "percent": PERCENT,
        },
        source=whose(Enrolment, ask.academy_id).outerjoin(CourseCompletion, mine),
        where=(
            Enrolment.academy_id == ask.academy_id,
            *ask.during(Enrolment.enrolled_at),
            *narrowed,
        ),
        ties=(Enrolment.id,),
        bare=None if narrowed else cast("Table", Enrolment.__table__),
    )


def _by_course(numbers: dict[str, int]) -> ColumnElement[int]:
    if not numbers:
        return literal(0)
    return case(numbers, value=Enrolment.course, else_=0)


def _modules_done(needed: dict[str, list[str]]) -> ColumnElement[int]:
    """How many of the modules that the course asks for now are complete."""
    wanted = [
        and_(Enrolment.course == course, ModuleCompletion.module.in_(slugs))
        for course, slugs in needed.items()
        if slugs
    ]
    if not wanted:
        return literal(0)
    return (
        select(func.count())
        .select_from(ModuleCompletion)
        .where(ModuleCompletion.enrolment_id == Enrolment.id, or_(*wanted))
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _last_active(academy_id: int) -> ColumnElement[Any]:
    read = select(PageRead.read_at.label("at")).where(PageRead.enrolment_id == Enrolment.id)
    tried = select(func.coalesce(Attempt.latest_at, Attempt.started_at).label("at")).where(
        Attempt.enrolment_id == Enrolment.id, Attempt.academy_id == academy_id
    )
    done = select(ModuleCompletion.completed_at.label("at")).where(
        ModuleCompletion.enrolment_id == Enrolment.id
    )
    both = (
        read.correlate(Enrolment).union_all(tried.correlate(Enrolment), done.correlate(Enrolment)).subquery()
    )
    return select(func.max(both.c.at)).scalar_subquery()


PROGRESS = Dataset(
    SHAPE,
    query=query,
    chart=Counted(
        lazy("Enrolments by status"),
        (lazy("Status"), lazy("Enrolments")),
        along=lambda columns: (columns["status"], func.count()),
        names=dict(STATUSES),
    ),
)
