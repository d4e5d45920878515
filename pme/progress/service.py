"""Acts that record progress: a page is read, a module or course is complete."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module
from pme.db import insert_into
from pme.enrolment.models import Enrolment
from pme.progress.completion import Facts, StepKind, course_percent, is_course_complete, module_progress
from pme.progress.models import CourseCompletion, ModuleCompletion, PageRead


def mark_read(
    session: Session, enrolment: Enrolment, module: Versioned[Module], *, page: str, at: datetime
) -> None:
    """Record that a page is read; the first time counts."""
    session.execute(
        insert_into(session, PageRead)
        .values(
            enrolment_id=enrolment.id,
            module=module.content.slug,
            page=page,
            version_id=module.version_id,
            read_at=at,
        )
        .on_conflict_do_nothing()
    )


def complete_modules(
    session: Session,
    enrolment: Enrolment,
    modules: Sequence[Versioned[Module]],
    facts: Facts,
    *,
    at: datetime,
) -> frozenset[str]:
    """Record every module that the facts complete; gives the slugs of all completed ones."""
    complete = set(facts.modules)
    for module in modules:
        slug = module.content.slug
        if slug not in complete and module_progress(module.content, facts).is_complete:
            session.execute(
                insert_into(session, ModuleCompletion)
                .values(enrolment_id=enrolment.id, module=slug, version_id=module.version_id, completed_at=at)
                .on_conflict_do_nothing()
            )
            complete.add(slug)
    return frozenset(complete)


def complete_course(
    session: Session,
    enrolment: Enrolment,
    course: Versioned[Course],
    modules: Sequence[Module],
    facts: Facts,
    *,
    best: Mapping[tuple[StepKind, str], float],
    at: datetime,
) -> CourseCompletion | None:
    """Record that a course is complete, once; None while it is not."""
    optional = course.content.optional
    kept = session.scalar(select(CourseCompletion).where(CourseCompletion.enrolment_id == enrolment.id))
    if kept is not None or not is_course_complete(modules, facts, optional=optional):
        return kept
    completion = CourseCompletion(
        enrolment_id=enrolment.id,
        academy_id=enrolment.academy_id,
        course=course.content.slug,
        version_id=course.version_id,
        percent=course_percent([each for each in modules if each.slug not in optional], best),
        completed_at=at,
    )
    session.add(completion)
    session.flush()
    return completion
