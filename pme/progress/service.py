"""Acts that record progress: a page is read, a module or course is complete."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.catalogue import Catalogue, Versioned
from pme.content.editions import current_edition
from pme.content.shapes import Module
from pme.db import insert_into
from pme.enrolment.models import Enrolment
from pme.progress.completion import Facts, StepKind, course_percent, is_course_complete, module_progress
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind, ModuleCompletion, PageRead


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
    catalogue: Catalogue,
    modules: Sequence[Module],
    facts: Facts,
    *,
    optional: frozenset[str],
    best: Mapping[tuple[StepKind, str], float],
    at: datetime,
) -> CourseCompletion | None:
    """Record that a course is complete, once, in the edition that is published; None while it is not.

    `modules` are those that the student's cohort takes, of which the `optional` ones need not be complete.
    """
    kept = session.scalar(
        select(CourseCompletion).where(
            CourseCompletion.academy_id == enrolment.academy_id,
            CourseCompletion.enrolment_id == enrolment.id,
        )
    )
    course = catalogue.course(enrolment.course)
    if kept is not None or course is None:
        return kept
    if not is_course_complete(modules, facts, optional=optional):
        return None
    edition = current_edition(session, catalogue, enrolment.course)
    completion = CourseCompletion(
        enrolment_id=enrolment.id,
        academy_id=enrolment.academy_id,
        course=enrolment.course,
        version_id=course.version_id,
        edition_id=edition.id if edition else None,
        percent=course_percent([each for each in modules if each.slug not in optional], best),
        completed_at=at,
    )
    return record_completion(session, completion)


def record_completion(session: Session, completion: CourseCompletion) -> CourseCompletion:
    """Keep a completion with the event that begins its history."""
    session.add_all(
        [
            completion,
            CompletionEvent(
                academy_id=completion.academy_id,
                enrolment_id=completion.enrolment_id,
                course=completion.course,
                kind=EventKind.EARNED,
                edition_id=completion.edition_id,
                percent=completion.percent,
                at=completion.completed_at,
            ),
        ]
    )
    session.flush()
    return completion
