"""What time does to quiz attempts, across rooms: answers that come late, ends that pass, time that is added.

Acts run inside one writing transaction that the caller opened, with the enrolment locked before the attempt;
they may be repeated without harm. `close_overdue` opens its own.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pme import audit, journeys
from pme.assessment import allowances, sitting
from pme.assessment import service as assessment
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import find_attempt
from pme.assessment.service import begin as begin_attempt
from pme.assessment.sitting import note_refused, overdue, refusal_of, settle, standing_of
from pme.assessment.stamps import AnsweredElsewhere, Stamp
from pme.assessment.timing import Allowance, Standing
from pme.assessment.waiting import Waiting
from pme.content import catalogue as published
from pme.content.catalogue import Catalogue, Versioned, pinned
from pme.content.shapes import Quiz, Scenario
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.queries import enrolment_by_id
from pme.errors import Invalid, PmeError
from pme.marking.planning import receive
from pme.progress.completion import Place, StepKind
from pme.progress.requalify_queries import is_asked
from pme.quick import Quick

Published = Callable[[], Catalogue]
"""What is published; only asked for where an attempt has to be handed in."""


def begin_task(
    session: Session,
    catalogue: Published,
    enrolment: Enrolment,
    task: Versioned[Quiz] | Versioned[Scenario],
    *,
    module: str,
    at: datetime,
    language: str | None = None,
) -> Attempt:
    """Begin a task or go on with the attempt that is open; one whose time is over is handed in instead."""
    place = Place(StepKind(task.content.kind), module, task.content.slug)
    attempt = begin_attempt(
        session,
        enrolment,
        task,
        module=module,
        at=at,
        language=language,
        is_asked=is_asked(session, enrolment, place),
    )
    if attempt.started_at == at:  # just now: it cannot be over
        return attempt
    if attempt.task is Task.QUIZ and attempt.status is AttemptStatus.OPEN and attempt.ends_at is not None:
        held = find_attempt(session, attempt.id, attempt.academy_id, for_update=True)
        if held is not None:
            end_if_over(session, catalogue, enrolment, held, at=at)
    return attempt


def answer(
    session: Session,
    catalogue: Published,
    enrolment: Enrolment,
    attempt: Attempt,
    quiz: Quiz,
    *,
    item_id: str,
    given: Sequence[str],
    confidence: int | None = None,
    wrong: Invalid | None,
    stamp: Stamp | None = None,
    at: datetime,
) -> PmeError | None:
    """A student sends an answer: it is saved, or refused by the error that this gives back.

    An answer that is too late, comes on a break or is to a question that was not drawn is kept as evidence.
    `wrong` is what is wrong with how the answer is written, if anything; `stamp` says which page sends it.
    """
    standing = settle(session, attempt, at=at) if attempt.status is AttemptStatus.OPEN else None
    end_if_over(session, catalogue, enrolment, attempt, at=at, standing=standing)
    refusal = refusal_of(session, attempt, item_id, at=at, settled=standing)
    if refusal is not None:
        note_refused(session, attempt, item_id=item_id, answer=given, reason=refusal.says, at=at)
        return refusal
    if wrong is not None:
        return wrong
    try:
        assessment.keep_answer(
            session, attempt, quiz, item_id=item_id, answer=given, confidence=confidence, stamp=stamp, at=at
        )
    except (Invalid, AnsweredElsewhere) as error:
        return error
    return None


def pause(session: Session, attempt: Attempt, quiz: Quiz, *, at: datetime) -> None:
    """A student takes a break. Raises Conflict when none is left: only timed quizzes have any."""
    sitting.pause(session, attempt, breaks_of(session, attempt, quiz), at=at)


def breaks_of(asker: Session | Quick, attempt: Attempt | Waiting, quiz: Quiz) -> Allowance:
    """The breaks that a person may take in an attempt: none where no time runs."""
    if quiz.time_limit_minutes is None:
        return Allowance()
    return allowances.allowance_of(asker, attempt.person_id, attempt.academy_id)


def end_if_over(
    session: Session,
    catalogue: Published,
    enrolment: Enrolment,
    attempt: Attempt,
    *,
    at: datetime,
    standing: Standing | None = None,
) -> bool:
    """Hand in an attempt whose time is over, as of its end; tells whether it was. `standing` is how it stands,
    where that is known.
    """
    if attempt.status is not AttemptStatus.OPEN:
        return False
    if not (standing or standing_of(session, attempt, at=at)).is_over:
        return False
    quiz = pinned(session, attempt.version_id, Quiz).content
    if enrolment.status is EnrolmentStatus.ACTIVE:
        journeys.finish_quiz(session, catalogue(), enrolment, attempt, quiz, at=at)
    else:
        assessment.finish_quiz(session, attempt, quiz, at=at)
        receive(session, attempt, quiz)
    return True


def close_overdue(database: Database, *, at: datetime) -> int:
    """Hand in every attempt whose time is over, each in a transaction of its own; tells how many.

    Two processes may do so at once: each attempt is handed in once. One that cannot be is noted and left.
    """
    with database.session() as session:
        waiting = overdue(session, at=at)
    closed = 0
    for attempt_id, academy_id in waiting:
        try:
            with database.writing() as session:
                closed += _close(session, attempt_id, academy_id, at=at)
        except (PmeError, SQLAlchemyError) as error:
            structlog.get_logger().error("overdue attempt left open", attempt=attempt_id, exc_info=error)
    return closed


def arrange(
    session: Session, person_id: int, academy_id: int, *, allowance: Allowance, by: int, at: datetime
) -> None:
    """Set what a person needs in timed tasks: attempts that are over are handed in first, the others
    end later at once. The record names who did it for whom, and no more.
    """
    _settle(session, academy_id, Enrolment.person_id == person_id, at=at)
    allowances.set_accommodation(session, person_id, academy_id, allowance=allowance, by=by, at=at)
    audit.record(
        session,
        "time in tasks arranged",
        actor=f"person {by}",
        subject=f"person {person_id}",
        at=at,
        academy_id=academy_id,
    )


def set_window(
    session: Session,
    cohort: Cohort,
    task: Task,
    slug: str,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    by: int,
    at: datetime,
) -> None:
    """Say when a cohort may begin a task; attempts that are over stay so, and are handed in within the minute.

    Raises Invalid when it would close before it opens.
    """
    _hold(session, cohort.academy_id, Enrolment.cohort_id == cohort.id)
    allowances.set_window(session, cohort, task, slug, opens_at=opens_at, closes_at=closes_at, at=at)
    cohort.changed_at = at
    audit.record(
        session,
        "window set",
        actor=f"person {by}",
        subject=f"cohort {cohort.id}",
        at=at,
        academy_id=cohort.academy_id,
        detail={
            "task": f"{task} {slug}",
            "opens": opens_at.isoformat() if opens_at else None,
            "closes": closes_at.isoformat() if closes_at else None,
        },
    )


def give_further_attempt(
    session: Session,
    enrolment: Enrolment,
    task: Task,
    slug: str,
    *,
    limit: int | None,
    by: int,
    at: datetime,
) -> None:
    """Give a student one more attempt at a task. Raises Conflict while one is left."""
    allowances.give_further_attempt(session, enrolment, task, slug, limit=limit, by=by, at=at)
    audit.record(
        session,
        "further attempt given",
        actor=f"person {by}",
        subject=f"enrolment {enrolment.id}",
        at=at,
        academy_id=enrolment.academy_id,
        detail={"task": f"{task} {slug}"},
    )


def _settle(session: Session, academy_id: int, whose: ColumnElement[bool], *, at: datetime) -> None:
    held = _hold(session, academy_id, whose)
    for attempt_id, _ in overdue(session, at=at, enrolments=(academy_id, held)):
        _close(session, attempt_id, academy_id, at=at)


def _hold(session: Session, academy_id: int, whose: ColumnElement[bool]) -> Sequence[int]:
    """Hold enrolments before anything of theirs is changed; gives their ids."""
    wanted = select(Enrolment.id).where(Enrolment.academy_id == academy_id, whose)
    return session.scalars(wanted.order_by(Enrolment.id).with_for_update()).all()


def _close(session: Session, attempt_id: int, academy_id: int, *, at: datetime) -> bool:
    enrolment_id = session.scalar(
        select(Attempt.enrolment_id).where(Attempt.id == attempt_id, Attempt.academy_id == academy_id)
    )
    enrolment = enrolment_by_id(session, enrolment_id or 0, academy_id, for_update=True)
    attempt = find_attempt(session, attempt_id, academy_id, for_update=True)
    if enrolment is None or attempt is None:
        return False
    return end_if_over(session, lambda: published.current(session), enrolment, attempt, at=at)
