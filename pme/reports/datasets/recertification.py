"""Recertification due: completions that end, by what the academy holds them to be valid, and what is asked anew."""

from sqlalchemy import Date, and_, case, func, literal, or_

from pme.certificates.models import Certificate
from pme.certificates.queries import IS_LATEST
from pme.certificates.queries import IS_REVOKED as CERTIFICATE_IS_REVOKED
from pme.content.models import CourseEdition
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.progress.in_force import EDITION_ID, IS_REVOKED, SINCE
from pme.progress.models import CourseCompletion
from pme.progress.models_requalify import CourseValidity, Requalification
from pme.progress.validity import RENEWABLE
from pme.reports.datasets import tables
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

SOON = 90
"""Days before its end from which a completion is due."""
STATUSES = (
    ("overdue", lazy("Validity ended")),
    ("due", lazy("Due within 90 days")),
    ("asked", lazy("Asked for what changed")),
    ("valid", lazy("Valid for more than 90 days")),
)
SHAPE = Shape(
    name="recertification",
    title=lazy("Recertification due"),
    says=lazy(
        "Completions that expire after the period that the academy has set, or for which people are asked "
        "to do something new."
    ),
    version=2,
    columns=(
        *WHO,
        *COURSE,
        COHORT,
        Column(
            "edition",
            lazy("Edition"),
            Kind.WHOLE,
            lazy(
                "Number of the edition of the course that the person is qualified in; empty where it is not known."
            ),
            may_lack=True,
        ),
        Column("since", lazy("Since"), Kind.MOMENT, lazy("When it was earned, or last renewed.")),
        Column(
            "valid_until",
            lazy("Valid until"),
            Kind.DAY,
            lazy(
                "Last day on which it is valid: as its certificate says, or by the academy's period of "
                "validity; empty: no end."
            ),
            may_lack=True,
        ),
        Column(
            "days_left",
            lazy("Days left"),
            Kind.WHOLE,
            lazy("Days until then, below 0 once it has passed; empty: no end."),
            unit="days",
            may_lack=True,
        ),
        Column(
            "certificate",
            lazy("Certificate"),
            Kind.TEXT,
            lazy("Number of the certificate in force; empty where there is none."),
            may_lack=True,
        ),
        Column(
            "asked_by",
            lazy("Asked by"),
            Kind.DAY,
            lazy(
                "Day by which the person is asked to do what changed in a new edition; empty: nothing is asked."
            ),
            may_lack=True,
        ),
        Column(
            "status",
            lazy("Status"),
            Kind.TEXT,
            lazy("One of: overdue, due (within 90 days), asked (to do what changed), valid."),
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE, By.STATUS, By.WITHIN),
    sort="valid_until",
    period="valid until",
    statuses=STATUSES,
)


def query(ask: Ask) -> Query:
    """The completions of an academy that end or are asked anew; not the revoked, nor of those who left."""
    until = func.coalesce(
        Certificate.valid_until,
        tables.after_months(SINCE, CourseValidity.months),
        tables.every_year(
            SINCE, CourseValidity.until_month, CourseValidity.until_day, after=RENEWABLE.days + 1
        ),
        type_=Date(),
    )
    today = ask.at.date()
    left = tables.days_between(literal(today, Date), until)
    status = case(
        (until < today, "overdue"),
        (left <= SOON, "due"),
        (Requalification.id.is_not(None), "asked"),
        else_="valid",
    )
    validity = and_(
        CourseValidity.academy_id == ask.academy_id, CourseValidity.course == CourseCompletion.course
    )
    in_force = and_(
        Certificate.enrolment_id == CourseCompletion.enrolment_id,
        tables.unsought(Certificate.academy_id) == ask.academy_id,
        IS_LATEST,
        ~CERTIFICATE_IS_REVOKED,
    )
    asked = and_(
        Requalification.enrolment_id == CourseCompletion.enrolment_id,
        Requalification.academy_id == ask.academy_id,
        Requalification.closed_at.is_(None),
    )
    return Query(
        columns={
            **who(),
            **course_columns(ask),
            "edition": CourseEdition.number,
            "since": SINCE,
            "valid_until": until,
            "days_left": left,
            "certificate": Certificate.number,
            "asked_by": Requalification.due_on,
            "status": status,
        },
        source=whose(CourseCompletion, ask.academy_id)
        .outerjoin(CourseValidity, validity)
        .outerjoin(Certificate.__table__, in_force)
        .outerjoin(Requalification, asked)
        .outerjoin(CourseEdition, CourseEdition.id == EDITION_ID),
        where=(
            CourseCompletion.academy_id == ask.academy_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            or_(
                CourseValidity.id.is_not(None),
                Certificate.valid_until.is_not(None),
                Requalification.id.is_not(None),
            ),
            ~IS_REVOKED,
            *([until >= ask.filters.since] if ask.filters.since else []),
            *([until <= ask.filters.until] if ask.filters.until else []),
            *ask.among(),
            *([status == ask.filters.status] if ask.filters.status else []),
            *([left.between(0, ask.filters.within)] if ask.filters.within is not None else []),
        ),
        ties=(CourseCompletion.id,),
    )


RECERTIFICATION = Dataset(
    SHAPE,
    query=query,
    chart=Counted(
        lazy("Completions that end, by status"),
        (lazy("Status"), lazy("Completions")),
        along=lambda columns: (columns["status"], func.count()),
        names=dict(STATUSES),
    ),
)
