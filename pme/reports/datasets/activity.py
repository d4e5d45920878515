"""Activity: what a person did in a week of a course, as counts. Never when in the day, how long or how often
they paused: that is theirs.
"""

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlalchemy.sql.selectable import Subquery

from pme.enrolment.models import Enrolment
from pme.progress.models_acts import ActsOfDay
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
    """The weeks in which the people of an academy did something: its days, as the database has counted them."""
    week = monday(ActsOfDay.day)
    mine = [ActsOfDay.academy_id == ask.academy_id, *ask.on_days(ActsOfDay.day)]
    # Added up before people are looked up, so that fewer rows are put together.
    weeks = (
        select(
            ActsOfDay.enrolment_id,
            week.label("week"),
            *(
                func.sum(count).label(count.key)
                for count in (ActsOfDay.pages, ActsOfDay.begun, ActsOfDay.finished)
            ),
        )
        .where(*mine)
        .group_by(ActsOfDay.enrolment_id, week)
        .subquery("weeks")
    )
    there = select(ActsOfDay.enrolment_id, week.label("week")).where(*mine).distinct().subquery("there")
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
        source=with_person(weeks.join(Enrolment, _whose(ask, weeks)), ask.academy_id),
        where=(Enrolment.academy_id == ask.academy_id, *among),
        ties=(Enrolment.id, weeks.c.week),
        bare=None if among else there.join(Enrolment, _whose(ask, there)),
        bare_columns={"week": there.c.week, "person": Enrolment.person_id},
    )


def _whose(ask: Ask, weeks: Subquery) -> ColumnElement[bool]:
    return and_(Enrolment.id == weeks.c.enrolment_id, Enrolment.academy_id == ask.academy_id)


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
