"""Activity: what a person did in a week of a course, as counts. Never when in the day, how long or how often
they paused: that is theirs.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, func, literal, select
from sqlalchemy.sql.selectable import Subquery

from pme.assessment.models import Attempt, AttemptStatus
from pme.enrolment.models import Enrolment
from pme.progress.models import PageRead
from pme.reports.datasets.chart import Counted, next_week
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
    with_person,
)
from pme.reports.datasets.tables import monday
from pme.words.lazily import lazy

SHAPE = Shape(
    name="activity",
    title=lazy("Activity"),
    says=lazy(
        "What people did week by week: one row for a person, a course and a week in which they did something."
    ),
    version=1,
    columns=(
        Column("week", lazy("Week from"), Kind.DAY, lazy("Monday on which the week begins, in UTC.")),
        *WHO,
        *COURSE,
        COHORT,
        Column(
            "pages_read", lazy("Pages read"), Kind.WHOLE, lazy("Pages that were marked as read in the week.")
        ),
        Column(
            "tasks_begun",
            lazy("Tasks begun"),
            Kind.WHOLE,
            lazy("Attempts at quizzes and scenarios begun in the week."),
        ),
        Column(
            "tasks_finished",
            lazy("Tasks finished"),
            Kind.WHOLE,
            lazy("Attempts at quizzes and scenarios finished in the week."),
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE),
    sort="-week",
    period="active",
)


def query(ask: Ask) -> Query:
    """The weeks in which the people of an academy did something."""
    did = (
        _read(ask)
        .union_all(
            _tasks(ask, Attempt.started_at, begun=func.count(), finished=literal(0)),
            _tasks(ask, Attempt.finished_at, begun=literal(0), finished=func.count()).where(
                Attempt.status == AttemptStatus.FINISHED
            ),
        )
        .subquery("did")
    )
    counted = [func.sum(did.c[name]).label(name) for name in ("pages", "begun", "finished")]
    # Added up before people are looked up: hundreds of thousands of acts become tens of thousands of weeks.
    weeks = (
        select(did.c.enrolment_id, did.c.week, *counted)
        .group_by(did.c.week, did.c.enrolment_id)
        .subquery("weeks")
    )
    mine = and_(Enrolment.id == weeks.c.enrolment_id, Enrolment.academy_id == ask.academy_id)
    there = _weeks_of_acts(ask)
    present = and_(Enrolment.id == there.c.enrolment_id, Enrolment.academy_id == ask.academy_id)
    among = ask.among()
    return Query(
        columns={
            "week": weeks.c.week,
            **who(),
            **course_columns(ask),
            "pages_read": weeks.c.pages,
            "tasks_begun": weeks.c.begun,
            "tasks_finished": weeks.c.finished,
        },
        source=with_person(weeks.join(Enrolment, mine), ask.academy_id),
        where=(Enrolment.academy_id == ask.academy_id, *among),
        ties=(Enrolment.id, weeks.c.week),
        bare=None if among else there.join(Enrolment, present),
        bare_columns={"week": there.c.week, "person": Enrolment.person_id},
    )


def _weeks_of_acts(ask: Ask) -> Subquery:
    """Each week in which something was done for an enrolment, once: nothing has to be added up to know that."""
    read = (
        select(Enrolment.id.label("enrolment_id"), monday(PageRead.read_at).label("week"))
        .select_from(PageRead)
        .join(Enrolment, _reads_of(ask))
        .where(*ask.during(PageRead.read_at))
    )
    begun, finished = (
        select(Attempt.enrolment_id, monday(moment)).where(
            Attempt.academy_id == ask.academy_id, moment.is_not(None), *ask.during(moment), *more
        )
        for moment, more in (
            (Attempt.started_at, ()),
            (Attempt.finished_at, (Attempt.status == AttemptStatus.FINISHED,)),
        )
    )
    return read.union(begun, finished).subquery("there")


def _reads_of(ask: Ask) -> ColumnElement[bool]:
    return and_(Enrolment.id == PageRead.enrolment_id, Enrolment.academy_id == ask.academy_id)


def _read(ask: Ask) -> Select[Any, Any, Any, Any, Any]:
    week = monday(PageRead.read_at)
    return (
        _weekly(Enrolment.id, week, pages=func.count(), begun=literal(0), finished=literal(0))
        .select_from(PageRead)
        .join(Enrolment, _reads_of(ask))
        .where(*ask.during(PageRead.read_at))
    )


def _tasks(ask: Ask, moment: Any, **counted: ColumnElement[int]) -> Select[Any, Any, Any, Any, Any]:
    found = _weekly(Attempt.enrolment_id, monday(moment), pages=literal(0), **counted)
    return found.where(Attempt.academy_id == ask.academy_id, moment.is_not(None), *ask.during(moment))


def _weekly(
    enrolment: Any, week: ColumnElement[Any], **counted: ColumnElement[int]
) -> Select[Any, Any, Any, Any, Any]:
    """Acts counted by enrolment and week at once, so that few rows are put together with those of other acts."""
    numbers = [counted[name].label(name) for name in ("pages", "begun", "finished")]
    return select(enrolment.label("enrolment_id"), week.label("week"), *numbers).group_by(enrolment, week)


ACTIVITY = Dataset(
    SHAPE,
    query=query,
    chart=Counted(
        lazy("People active in each week"),
        (lazy("Week from"), lazy("People")),
        along=lambda columns: (columns["week"], func.count(distinct(columns["person"]))),
        step=next_week,
        is_bare=True,
        days=7,
    ),
)
