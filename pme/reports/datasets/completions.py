"""The completions of courses: one row each, as it was earned, with the certificate that was issued for it."""

from typing import cast

from sqlalchemy import ColumnElement, Table, and_, case, func

from pme.certificates.models import Certificate
from pme.certificates.queries import IS_LATEST
from pme.content.models import ContentVersion, CourseEdition
from pme.enrolment.models import Enrolment
from pme.progress.in_force import IS_REVOKED, PERCENT
from pme.progress.models import CourseCompletion
from pme.reports.datasets import tables
from pme.reports.datasets.chart import Counted, next_month
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

SHAPE = Shape(
    name="completions",
    title=lazy("Completions"),
    says=lazy("One row for each course that somebody completed."),
    version=1,
    columns=(
        Column(
            "record",
            lazy("Record"),
            Kind.WHOLE,
            lazy("Number of the completion in this installation: it never changes."),
            in_files_only=True,
        ),
        *WHO,
        *COURSE,
        Column(
            "edition",
            lazy("Edition"),
            Kind.WHOLE,
            lazy("Number of the edition of the course that was completed; empty where it is not known."),
            may_lack=True,
        ),
        Column(
            "version",
            lazy("Version"),
            Kind.TEXT,
            lazy("Fingerprint of the course as it was completed: the first 12 characters of its SHA-256."),
            in_files_only=True,
        ),
        COHORT,
        Column("enrolled_at", lazy("Enrolled"), Kind.MOMENT, lazy("When the course was begun.")),
        Column("completed_at", lazy("Completed"), Kind.MOMENT, lazy("When the course was completed.")),
        Column(
            "percent",
            lazy("Result"),
            Kind.NUMBER,
            lazy("Mean of the best marks in the quizzes and scenarios of the course, after any regrades."),
            unit="percent",
        ),
        Column(
            "percent_on_the_day",
            lazy("Result on the day"),
            Kind.NUMBER,
            lazy("The result on the day of completion, as the certificate gives it."),
            unit="percent",
            in_files_only=True,
        ),
        Column("status", lazy("Status"), Kind.TEXT, lazy("One of: in force, revoked.")),
        Column(
            "certificate",
            lazy("Certificate"),
            Kind.TEXT,
            lazy("Number of the latest certificate; empty where none was issued."),
            may_lack=True,
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE, By.STATUS),
    sort="completed_at",
    period="completed",
    statuses=(
        ("in force", lazy("In force")),
        ("revoked", lazy("Revoked")),
        ("certified", lazy("With a certificate")),
        ("uncertified", lazy("Without a certificate")),
    ),
)


def query(ask: Ask) -> Query:
    """The completions of an academy."""
    narrowed = (*ask.among(), *_standing(ask.filters.status))
    source = (
        whose(CourseCompletion, ask.academy_id)
        .outerjoin(ContentVersion.__table__, ContentVersion.id == CourseCompletion.version_id)
        .outerjoin(CourseEdition, CourseEdition.id == CourseCompletion.edition_id)
        .outerjoin(
            Certificate.__table__,
            and_(
                Certificate.enrolment_id == Enrolment.id,
                tables.unsought(Certificate.academy_id) == ask.academy_id,
                IS_LATEST,
            ),
        )
    )
    return Query(
        columns={
            "record": CourseCompletion.id,
            **who(),
            **course_columns(ask),
            "edition": CourseEdition.number,
            "version": func.substr(ContentVersion.sha256, 1, 12),
            "enrolled_at": Enrolment.enrolled_at,
            "completed_at": CourseCompletion.completed_at,
            "percent": PERCENT,
            "percent_on_the_day": CourseCompletion.percent,
            "status": case((IS_REVOKED, "revoked"), else_="in force"),
            "certificate": Certificate.number,
        },
        source=source,
        where=(
            CourseCompletion.academy_id == ask.academy_id,
            *ask.during(CourseCompletion.completed_at),
            *narrowed,
        ),
        ties=(CourseCompletion.id,),
        bare=None if narrowed else cast("Table", CourseCompletion.__table__),
    )


def _standing(status: str) -> list[ColumnElement[bool]]:
    match status:
        case "in force":
            return [~IS_REVOKED]
        case "revoked":
            return [IS_REVOKED]
        case "certified":
            return [Certificate.number.is_not(None)]
        case "uncertified":
            return [Certificate.number.is_(None)]
        case _:
            return []


COMPLETIONS = Dataset(
    SHAPE,
    query=query,
    chart=Counted(
        lazy("Completions by month"),
        (lazy("Month"), lazy("Completions")),
        along=lambda columns: (tables.month(columns["completed_at"]), func.count()),
        step=next_month,
        is_bare=True,
    ),
)
