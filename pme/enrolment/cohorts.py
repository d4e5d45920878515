"""How a cohort is arranged: its dates, who teaches it, and what it does with optional modules.

Acts expect the cohort locked in a writing transaction; they flush and put themselves on record, never commit.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.content.shapes import Course
from pme.enrolment.models import Cohort, CohortInstructor, CohortModule, Enrolment
from pme.enrolment.noting import note
from pme.enrolment.plan import Arranged, Plan, arranged_for
from pme.enrolment.taking import Taking
from pme.errors import Invalid
from pme.people.models import Academy, Membership, Person, Role, Standing, Teaching
from pme.words.lazily import lazy
from pme.words.speech import _

YEARS = range(2000, 2101)
ORDER = lazy("The due date has to be on or after the start date.")


def set_dates(
    session: Session, cohort: Cohort, *, starts_on: date | None, due_on: date | None, by: int, at: datetime
) -> None:
    """Say when a cohort starts and until when it has time. Raises Invalid when it would end before it starts."""
    if starts_on and due_on and due_on < starts_on:
        raise Invalid(ORDER, field="due")
    before = _dates(cohort)
    cohort.starts_on, cohort.due_on = starts_on, due_on
    if _dates(cohort) == before:
        return
    cohort.changed_at = at
    session.flush()
    _note(session, cohort, "cohort dates set", by, at, before, _dates(cohort))  # not words


def instructors_of(session: Session, academy_id: int, cohort_ids: Collection[int]) -> dict[int, list[int]]:
    """Who teaches each cohort, as ids of persons; a cohort without anybody is left out."""
    rows = session.execute(
        select(CohortInstructor.cohort_id, CohortInstructor.person_id)
        .where(CohortInstructor.academy_id == academy_id, CohortInstructor.cohort_id.in_(cohort_ids))
        .order_by(CohortInstructor.cohort_id, CohortInstructor.person_id)
    )
    found: dict[int, list[int]] = {}
    for cohort_id, person_id in rows:
        found.setdefault(cohort_id, []).append(person_id)
    return found


def teachers_of(session: Session, academy_id: int, course: str) -> list[tuple[int, str]]:
    """Who may teach a cohort of a course: (person, rank and name) of those appointed to it, by name."""
    rows = session.execute(
        select(Person.id, Person.rank, Person.name)
        .join(Teaching, Teaching.person_id == Person.id)
        .join(
            Membership,
            (Membership.person_id == Person.id) & (Membership.academy_id == Teaching.academy_id),
        )
        .where(
            Teaching.academy_id == academy_id,
            Teaching.course == course,
            Membership.academy_id == academy_id,
            Membership.role == Role.INSTRUCTOR,
            Membership.standing.in_((Standing.ACTIVE, Standing.INVITED)),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{rank} {name}".strip()) for person_id, rank, name in rows]


def set_instructors(
    session: Session, cohort: Cohort, person_ids: Collection[int], *, by: int, at: datetime
) -> None:
    """Say who teaches a cohort: these, and nobody else. Who is not appointed to the course is passed over."""
    may = {person_id for person_id, _unused in teachers_of(session, cohort.academy_id, cohort.course)}
    wanted = sorted(may.intersection(person_ids))
    before = instructors_of(session, cohort.academy_id, [cohort.id]).get(cohort.id, [])
    if wanted == before:
        return
    session.execute(
        delete(CohortInstructor).where(
            CohortInstructor.academy_id == cohort.academy_id, CohortInstructor.cohort_id == cohort.id
        )
    )
    session.add_all(
        CohortInstructor(academy_id=cohort.academy_id, cohort_id=cohort.id, person_id=person_id)
        for person_id in wanted
    )
    session.flush()
    detail = {"instructors": before}, {"instructors": wanted}
    _note(session, cohort, "cohort instructors set", by, at, *detail)  # not words


def plans_of(
    session: Session, academy_id: int, cohort_ids: Collection[int | None]
) -> Mapping[int | None, Plan]:
    """What each cohort arranged about optional modules; a cohort that arranged nothing is left out."""
    wanted = {cohort_id for cohort_id in cohort_ids if cohort_id is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(CohortModule.cohort_id, CohortModule.module, CohortModule.arranged).where(
            CohortModule.academy_id == academy_id, CohortModule.cohort_id.in_(wanted)
        )
    )
    found: dict[int | None, dict[str, Arranged]] = {}
    for cohort_id, module, arranged in rows:
        found.setdefault(cohort_id, {})[module] = arranged
    return found


def course_for(session: Session, enrolment: Enrolment | Taking, course: Course) -> Course:
    """A course as the cohort of an enrolment takes it."""
    if not course.optional:  # then there is nothing to arrange
        return course
    plans = plans_of(session, enrolment.academy_id, [enrolment.cohort_id])
    return arranged_for(course, plans.get(enrolment.cohort_id, {}))


def set_plan(session: Session, cohort: Cohort, course: Course, plan: Plan, *, by: int, at: datetime) -> None:
    """Say what a cohort does with the optional modules of its course; those not named stay optional.

    Raises Invalid for a module that the published course requires, or does not have.
    """
    fixed = sorted(set(plan) - course.optional)
    if fixed:
        raise Invalid(
            _(
                "What completes the course cannot be arranged by a cohort: only modules that the course itself "
                "leaves optional can be asked for or left out."
            ),
            field="modules",
        )
    kept = plans_of(session, cohort.academy_id, [cohort.id]).get(cohort.id, {})
    if dict(kept) == dict(plan):
        return
    session.execute(
        delete(CohortModule).where(
            CohortModule.academy_id == cohort.academy_id, CohortModule.cohort_id == cohort.id
        )
    )
    session.add_all(
        CohortModule(academy_id=cohort.academy_id, cohort_id=cohort.id, module=module, arranged=arranged)
        for module, arranged in plan.items()
    )
    session.flush()
    _note(session, cohort, "cohort modules set", by, at, _words(kept), _words(plan))  # not words


def every_cohort(session: Session, academy_id: int) -> Sequence[Cohort]:
    """Every cohort of an academy, by course and name."""
    return session.scalars(
        select(Cohort).where(Cohort.academy_id == academy_id).order_by(Cohort.course, Cohort.name, Cohort.id)
    ).all()


def set_time_zone(session: Session, academy_id: int, zone: str, *, by: int, at: datetime) -> None:
    """Say where the days of an academy end. The caller knows that there is such a zone."""
    academy = session.scalars(select(Academy).where(Academy.id == academy_id).with_for_update()).one()
    before, academy.time_zone = academy.time_zone, zone
    if before == zone:
        return
    session.flush()
    note(
        session,
        "time zone set",  # not words
        academy_id=academy_id,
        by=by,
        subject=f"academy {academy_id}",
        at=at,
        before={"zone": before},
        after={"zone": zone},
    )


def in_cohort(session: Session, cohort: Cohort) -> Sequence[Enrolment]:
    """Every enrolment in a cohort, held until the transaction ends."""
    wanted = select(Enrolment).where(
        Enrolment.academy_id == cohort.academy_id, Enrolment.cohort_id == cohort.id
    )
    return session.scalars(wanted.order_by(Enrolment.id).with_for_update()).all()


def _dates(cohort: Cohort) -> dict[str, object]:
    return {
        "starts": cohort.starts_on.isoformat() if cohort.starts_on else None,
        "due": cohort.due_on.isoformat() if cohort.due_on else None,
    }


def _words(plan: Plan) -> dict[str, object]:
    return {module: arranged.value for module, arranged in sorted(plan.items())}


def _note(
    session: Session,
    cohort: Cohort,
    act: str,
    by: int,
    at: datetime,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    note(
        session,
        act,
        academy_id=cohort.academy_id,
        by=by,
        subject=f"cohort {cohort.id}",
        at=at,
        before=before,
        after=after,
    )
