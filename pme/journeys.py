"""The acts that cross rooms, each told once, in order.

Each runs inside one writing transaction that the caller opened, and may be repeated without harm.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pme import audit
from pme.assessment import service as assessment
from pme.assessment.models import Attempt
from pme.assessment.queries import standings
from pme.certificates.models import Cause, Certificate
from pme.certificates.service import issue, renew
from pme.content.catalogue import Catalogue, Versioned
from pme.content.shapes import Module, Quiz, Scenario
from pme.enrolment.cohorts import course_for
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.marking.planning import receive
from pme.marking.queries import Group
from pme.marking.release import release
from pme.people.queries import get_academy, get_person
from pme.progress import equal, requalify
from pme.progress import service as progress
from pme.progress.completion import Place, StepKind
from pme.progress.queries import best_marks, facts_of

Marks = Mapping[tuple[StepKind, str], float]


def read_page(
    session: Session,
    catalogue: Catalogue,
    enrolment: Enrolment,
    module: Versioned[Module],
    *,
    page: str,
    at: datetime,
) -> Certificate | None:
    """A student marks a page as read, which may complete a module, a course, and earn a certificate."""
    progress.mark_read(session, enrolment, module, page=page, at=at)
    requalify.note_part(session, enrolment, Place(StepKind.PAGE, module.content.slug, page), at=at)
    return complete_if_earned(session, catalogue, enrolment, at=at)


def finish_quiz(
    session: Session,
    catalogue: Catalogue,
    enrolment: Enrolment,
    attempt: Attempt,
    quiz: Quiz,
    *,
    at: datetime,
) -> Certificate | None:
    """A student hands in a quiz: mark it, pass essays on to markers, then complete and certify what is earned."""
    assessment.finish_quiz(session, attempt, quiz, at=at)
    receive(session, attempt, quiz)
    return complete_if_earned(session, catalogue, enrolment, at=at)


def finish_scenario(
    session: Session,
    catalogue: Catalogue,
    enrolment: Enrolment,
    attempt: Attempt,
    scenario: Scenario,
    *,
    texts: Mapping[int, str],
    seen_at: datetime | None,
    at: datetime,
) -> Certificate | None:
    """A student ends a debrief with a reflection, then complete and certify what is earned."""
    assessment.reflect(session, attempt, scenario, texts=texts, seen_at=seen_at, at=at)
    assessment.finish_debrief(session, attempt, at=at)
    return complete_if_earned(session, catalogue, enrolment, at=at)


def release_marks(
    session: Session,
    catalogue: Catalogue,
    group: Group,
    *,
    by: int,
    at: datetime,
    attempt_id: int | None = None,
) -> None:
    """An instructor releases marks: close what is fully marked, then complete and certify what is earned."""
    for enrolment in release(session, group, by=by, at=at, attempt_id=attempt_id):
        if enrolment.status is EnrolmentStatus.ACTIVE:
            complete_if_earned(session, catalogue, enrolment, at=at)


def confirm_equal_work(
    session: Session,
    catalogue: Catalogue,
    enrolment: Enrolment,
    module: Versioned[Module],
    *,
    scenario: str = "",
    by: int,
    at: datetime,
) -> None:
    """An instructor confirms work of equal value, then complete and certify what is earned, as ever."""
    equal.confirm_equal_work(session, enrolment, module, scenario=scenario, by=by, at=at)
    requalify.note_work(session, enrolment, module.content.slug, scenario=scenario, at=at)
    if enrolment.status is EnrolmentStatus.ACTIVE:
        complete_if_earned(session, catalogue, enrolment, at=at)


def complete_if_earned(
    session: Session, catalogue: Catalogue, enrolment: Enrolment, *, at: datetime
) -> Certificate | None:
    """Record what the student's work completes by now; gives the course's certificate, if earned.

    The course is the one that the student's cohort takes (`pme.enrolment.plan`).
    """
    course = catalogue.course(enrolment.course)
    if course is None:
        return None
    taken = course_for(session, enrolment, course.content)
    modules = [m for slug in taken.modules if (m := catalogue.module(slug)) is not None]
    standing = standings(session, enrolment.academy_id, [enrolment.id])
    facts = facts_of(session, enrolment.academy_id, standing)[enrolment.id]
    complete = progress.complete_modules(session, enrolment, modules, facts, at=at)
    facts = facts.with_modules(complete)
    completion = progress.complete_course(
        session,
        enrolment,
        catalogue,
        [module.content for module in modules],
        facts,
        optional=taken.optional,
        best=_marks_that_count(catalogue, best_marks(standing[enrolment.id])),
        at=at,
    )
    if completion is None:
        return None
    renewed = requalify.requalify_if_done(session, enrolment, at=at)
    person, academy = (
        get_person(session, enrolment.person_id),
        get_academy(session, enrolment.academy_id),
    )
    certificate = issue(session, completion, course, person=person, academy=academy, at=at)
    if renewed is not None and certificate.issued_at < at:
        certificate = renew(session, certificate, renewed, person=person, academy=academy, at=at)
    if certificate.issued_at == at:
        audit.record(
            session,
            "certificate renewed" if certificate.cause is Cause.RENEWED else "certificate issued",
            actor="platform",
            subject=certificate.number,
            at=at,
            academy_id=academy.id,
            detail={"course": certificate.course, "version": certificate.course_sha256},
        )
    return certificate


def _marks_that_count(catalogue: Catalogue, best: Marks) -> Marks:
    """Practice (formative scenarios, where choices can be taken back) completes a module but earns no mark."""

    def is_practice(kind: StepKind, slug: str) -> bool:
        scenario = catalogue.scenario(slug) if kind is StepKind.SCENARIO else None
        return scenario is not None and scenario.content.mode == "formative"

    return {task: mark for task, mark in best.items() if not is_practice(*task)}
