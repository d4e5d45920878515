"""Acts that change who takes a course, and in which cohort."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.enrolment.models import AcademyCourse, Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.queries import find_cohort
from pme.errors import Invalid
from pme.words.speech import _

LONGEST_NAME = 80


def enrol(session: Session, person_id: int, academy_id: int, *, course: str, at: datetime) -> Enrolment:
    """Enrol a student in a course; enrolling again gives the enrolment that is there."""
    session.execute(
        insert_into(session, Enrolment)
        .values(
            person_id=person_id,
            academy_id=academy_id,
            course=course,
            status=EnrolmentStatus.ACTIVE,
            enrolled_at=at,
        )
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person_id,
            Enrolment.academy_id == academy_id,
            Enrolment.course == course,
        )
    ).one()


def choose_course(session: Session, academy_id: int, *, course: str, by_id: int | None, at: datetime) -> None:
    """Let an academy offer a course; choosing it again changes nothing."""
    session.execute(
        insert_into(session, AcademyCourse)
        .values(academy_id=academy_id, course=course, chosen_by=by_id, chosen_at=at)
        .on_conflict_do_nothing()
    )


def drop_course(session: Session, academy_id: int, *, course: str) -> None:
    """Let an academy offer a course no longer; who is enrolled already goes on."""
    session.execute(
        delete(AcademyCourse).where(AcademyCourse.academy_id == academy_id, AcademyCourse.course == course)
    )


def add_cohort(session: Session, academy_id: int, *, course: str, name: str, at: datetime) -> Cohort:
    """Add a cohort to a course at an academy. Raises Invalid without a name, or when the name is taken."""
    cohort = Cohort(academy_id=academy_id, course=course, name=_name(name), created_at=at)
    _keep(session, cohort)
    return cohort


def cohort_of_name(session: Session, academy_id: int, *, course: str, name: str, at: datetime) -> Cohort:
    """The cohort of this name, added if it is not there. Raises Invalid without a name."""
    there = find_cohort(session, academy_id, course, _name(name))
    return there or add_cohort(session, academy_id, course=course, name=name, at=at)


def rename_cohort(session: Session, cohort: Cohort, *, name: str) -> None:
    """Give a cohort another name. Raises Invalid without a name, or when the name is taken."""
    cohort.name = _name(name)
    _keep(session, cohort)


def move(
    session: Session, enrolment_ids: Sequence[int], scope: ColumnElement[bool], *, cohort: Cohort | None
) -> list[int]:
    """Put those of the enrolments that are in scope into a cohort (None: into none); tells who moved."""
    wanted = select(Enrolment).where(scope, Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)
    to = cohort.id if cohort else None
    moved = [one for one in session.scalars(wanted.with_for_update()) if one.cohort_id != to]
    for enrolment in moved:
        enrolment.cohort_id = to
    session.flush()
    return [enrolment.id for enrolment in moved]


def _name(name: str) -> str:
    given = " ".join(name.split())
    if not given:
        raise Invalid(_("Give the cohort a name, for example “Spring 2026”."), field="name")
    if len(given) > LONGEST_NAME:
        raise Invalid(
            _("Keep the name under {longest_name} characters.", longest_name=LONGEST_NAME), field="name"
        )
    return given


def _keep(session: Session, cohort: Cohort) -> None:
    name = cohort.name
    try:
        with session.begin_nested():
            session.add(cohort)
    except IntegrityError as error:
        raise Invalid(
            _("There is already a cohort “{name}” in this course. Choose another name.", name=name),
            field="name",
        ) from error
