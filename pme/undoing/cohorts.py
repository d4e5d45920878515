"""How cohorts are arranged, as facts: who teaches each, and what it does with optional modules; and putting it back."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from pme.content import catalogue as published
from pme.db import Base
from pme.enrolment.cohorts import instructors_of, plans_of, teachers_of
from pme.enrolment.models import Cohort, CohortInstructor, CohortModule
from pme.enrolment.plan import Arranged
from pme.undoing.models import ChangedRow
from pme.undoing.verdict import Facts, Why

INSTRUCTORS, MODULES = "instructors", "modules"


def arrangements(session: Session, academy_id: int, ids: Sequence[int]) -> dict[int, Facts]:
    """How these cohorts are arranged now."""
    taught, plans = instructors_of(session, academy_id, ids), plans_of(session, academy_id, ids)
    return {
        number: {
            INSTRUCTORS: taught.get(number, []),
            MODULES: {name: arranged.value for name, arranged in sorted(plans.get(number, {}).items())},
        }
        for number in ids
    }


def unfit(session: Session, academy_id: int, rows: Iterable[ChangedRow]) -> set[int]:
    """The cohorts that cannot be as they were: an instructor or an optional module of theirs is so no longer."""
    found = set()
    for row in rows:
        cohort = session.scalar(
            select(Cohort).where(Cohort.academy_id == academy_id, Cohort.id == row.thing_id)
        )
        if cohort is None or row.was is None:
            continue
        course = published.current(session).course(cohort.course)
        optional = course.content.optional if course is not None else frozenset()
        may = {person_id for person_id, _called in teachers_of(session, academy_id, cohort.course)}
        if not may.issuperset(row.was.get(INSTRUCTORS, ())) or not set(optional).issuperset(
            row.was.get(MODULES, ())
        ):
            found.add(row.thing_id)
    return found


def in_use(session: Session, academy_id: int, cohort_id: int) -> bool:
    """Whether something refers to a cohort."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is not Cohort.__table__.c.id:
                continue
            refers = key.parent == cohort_id
            if "academy_id" in table.c:
                refers = refers & (table.c.academy_id == academy_id)
            if session.scalar(select(exists().where(refers))):
                return True
    return False


def put_cohorts_back(session: Session, academy_id: int, rows: Iterable[ChangedRow]) -> None:
    """Arrange cohorts as they were; take away those that the act made, and say of those in use that they stay."""
    for row in rows:
        if row.was is None:
            if in_use(session, academy_id, row.thing_id):
                row.why = Why.BEGUN
                continue
            session.execute(delete(Cohort).where(Cohort.academy_id == academy_id, Cohort.id == row.thing_id))
            continue
        if INSTRUCTORS in row.was:
            _replace(
                session,
                CohortInstructor,
                academy_id,
                row.thing_id,
                [{"person_id": person_id} for person_id in row.was[INSTRUCTORS]],
            )
        if MODULES in row.was:
            plan = row.was[MODULES].items()
            kept = [{"module": module, "arranged": Arranged(arranged)} for module, arranged in plan]
            _replace(session, CohortModule, academy_id, row.thing_id, kept)
    session.flush()


def _replace(
    session: Session, model: Any, academy_id: int, cohort_id: int, kept: Iterable[dict[str, Any]]
) -> None:
    session.execute(delete(model).where(model.academy_id == academy_id, model.cohort_id == cohort_id))
    session.add_all(model(academy_id=academy_id, cohort_id=cohort_id, **values) for values in kept)
