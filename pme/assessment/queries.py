"""Reads about attempts, shaped for pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from pme.assessment.effective import IS_PASSED, MARKED, PERCENT
from pme.assessment.models import Attempt, AttemptStatus, Decision, Reflection, Response, Task
from pme.content.library import Kind
from pme.content.models import ContentVersion
from pme.db import asked
from pme.enrolment.models import Enrolment

# Built once: these run with almost every page of a student.
_attempt = Attempt.__table__.c
STANDINGS = (
    select(
        _attempt.enrolment_id,
        _attempt.task,
        _attempt.slug,
        _attempt.id,
        _attempt.status,
        PERCENT,
        IS_PASSED,
    )
    .select_from(MARKED)
    .where(
        _attempt.academy_id == bindparam("academy_id"),
        _attempt.enrolment_id.in_(bindparam("enrolment_ids", expanding=True)),
    )
    .order_by(_attempt.number)
)
_decision = Decision.__table__.c
OF_DECISION = (
    _decision.sequence,
    _decision.node,
    _decision.choice,
    _decision.taken_back_at,
    _decision.decided_at,
    _decision.key,
)
"""Of a decision, all that says where a path leads."""
DECISIONS = (
    select(*OF_DECISION).where(_decision.attempt_id == bindparam("attempt_id")).order_by(_decision.sequence)
)
ATTEMPT = select(Attempt).where(
    Attempt.id == bindparam("attempt_id"), Attempt.academy_id == bindparam("academy_id")
)
HELD_ATTEMPT = ATTEMPT.with_for_update().execution_options(populate_existing=True)
"""As it is once nobody else holds it, even where it was read before."""
PINNED = (
    select(Attempt, ContentVersion.kind, ContentVersion.sha256)
    .join(ContentVersion, ContentVersion.id == Attempt.version_id)
    .where(Attempt.id == bindparam("attempt_id"), Attempt.academy_id == bindparam("academy_id"))
)
HELD_PINNED = PINNED.with_for_update(of=Attempt).execution_options(populate_existing=True)
TAKEN = (
    select(Enrolment, Attempt, ContentVersion.kind, ContentVersion.sha256)
    .join(Attempt, Attempt.enrolment_id == Enrolment.id)
    .join(ContentVersion, ContentVersion.id == Attempt.version_id)
    .where(
        Attempt.id == bindparam("attempt_id"),
        Attempt.academy_id == bindparam("academy_id"),
        Enrolment.academy_id == bindparam("academy_id"),
    )
    .execution_options(populate_existing=True)
)
TAKEN_HELD = TAKEN.with_for_update(of=Attempt)
TAKEN_BOTH_HELD = TAKEN.with_for_update(of=(Enrolment, Attempt))
"""PostgreSQL holds the rows in the order that is named: the enrolment first, as everywhere."""
_response = Response.__table__.c
RESPONSES = select(
    _response.item, _response.answer, _response.confidence, _response.saved_at, _response.form
).where(_response.attempt_id == bindparam("attempt_id"))


@dataclass(frozen=True)
class TaskStanding:
    """How a student stands with one quiz or scenario, by the results in force. `best_percent` is 0-100, of
    finished attempts.
    """

    task: Task
    slug: str
    attempts: int
    unfinished_id: int | None
    latest_finished_id: int | None
    best_percent: float | None
    is_passed: bool
    is_waiting: bool = False
    """Handed in, and waiting for marks by hand."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The last saved answer of an item, how sure the student said they are (1-3), when it was saved, and by which
    page, where that is known.
    """

    answer: tuple[str, ...]
    confidence: int | None
    at: datetime
    form: str | None = None


def saved_in(session: Session, attempt_id: int) -> dict[str, Saved]:
    """What is saved of an attempt, by item."""
    rows = asked(session, RESPONSES, {"attempt_id": attempt_id})
    return {item: Saved(tuple(answer), *rest) for item, answer, *rest in rows}


def answers_of(session: Session, attempt_id: int) -> dict[str, tuple[str, ...]]:
    """The last saved answer of each item."""
    return {item: saved.answer for item, saved in saved_in(session, attempt_id).items()}


def confidence_of(session: Session, attempt_id: int) -> dict[str, int]:
    """How sure the student said they are, 1-3, for each item where they said so."""
    saved = saved_in(session, attempt_id)
    return {item: one.confidence for item, one in saved.items() if one.confidence is not None}


class Taken(NamedTuple):
    """A decision as it was taken."""

    sequence: int
    node: str
    choice: str
    taken_back_at: datetime | None
    decided_at: datetime
    key: str | None = None


def decisions_of(session: Session, attempt_id: int) -> Sequence[Taken]:
    """Every decision of an attempt in order, those taken back included."""
    session.flush()
    return [Taken(*row) for row in asked(session, DECISIONS, {"attempt_id": attempt_id})]


def path_of(session: Session, attempt_id: int) -> list[tuple[str, str]]:
    """The (node, choice) pairs that count, in order."""
    return path_in(decisions_of(session, attempt_id))


def path_in(decisions: Iterable[Taken]) -> list[tuple[str, str]]:
    """The (node, choice) pairs among these decisions that were not taken back."""
    return [(d.node, d.choice) for d in decisions if d.taken_back_at is None]


def reflections_of(session: Session, attempt_id: int) -> dict[int, str]:
    """What the student wrote, by prompt."""
    rows = session.execute(
        select(Reflection.prompt, Reflection.text).where(Reflection.attempt_id == attempt_id)
    )
    return {row.prompt: row.text for row in rows}


def reflected_at(session: Session, attempt_id: int) -> datetime | None:
    """When the reflection was last saved, or None."""
    return session.scalar(select(func.max(Reflection.saved_at)).where(Reflection.attempt_id == attempt_id))


def standings(
    session: Session, academy_id: int, enrolment_ids: Sequence[int]
) -> dict[int, dict[tuple[Task, str], TaskStanding]]:
    """How each of these enrolments at an academy stands with each task it has attempted, in one query."""
    found: dict[int, dict[tuple[Task, str], TaskStanding]] = {number: {} for number in enrolment_ids}
    rows = asked(session, STANDINGS, {"academy_id": academy_id, "enrolment_ids": enrolment_ids})
    for enrolment_id, task, slug, attempt_id, status, percent, is_passed in rows:
        before, is_finished = found[enrolment_id].get((task, slug)), status is AttemptStatus.FINISHED
        best = before.best_percent if before else None
        found[enrolment_id][task, slug] = TaskStanding(
            task=task,
            slug=slug,
            attempts=before.attempts + 1 if before else 1,
            unfinished_id=attempt_id if not is_finished else before.unfinished_id if before else None,
            latest_finished_id=attempt_id if is_finished else before.latest_finished_id if before else None,
            best_percent=max(best or 0.0, percent or 0.0) if is_finished else best,
            is_passed=(before is not None and before.is_passed) or (is_finished and bool(is_passed)),
            is_waiting=status is AttemptStatus.MARKING,
        )
    return found


@dataclass(frozen=True, slots=True)
class Pin:
    """The version that an attempt was begun on, as content keeps it in memory."""

    version_id: int
    kind: Kind
    sha256: str


def find_pinned(
    session: Session, attempt_id: int, academy_id: int, *, for_update: bool = False
) -> tuple[Attempt, Pin] | None:
    """An attempt at an academy with its version, in one statement. `for_update` holds the attempt."""
    row = session.execute(
        HELD_PINNED if for_update else PINNED, {"attempt_id": attempt_id, "academy_id": academy_id}
    ).one_or_none()
    return None if row is None else (row[0], Pin(row[0].version_id, row[1], row[2]))


def find_taken(
    session: Session, attempt_id: int, academy_id: int, *, holds_enrolment: bool
) -> tuple[Enrolment, Attempt, Pin] | None:
    """An attempt, held until the transaction ends, with its enrolment and its version, in one statement."""
    row = session.execute(
        TAKEN_BOTH_HELD if holds_enrolment else TAKEN_HELD,
        {"attempt_id": attempt_id, "academy_id": academy_id},
    ).one_or_none()
    return None if row is None else (row[0], row[1], Pin(row[1].version_id, row[2], row[3]))


def find_attempt(
    session: Session, attempt_id: int, academy_id: int, *, for_update: bool = False
) -> Attempt | None:
    """An attempt at an academy by id, or None. `for_update` holds it until the transaction ends."""
    return session.scalar(
        HELD_ATTEMPT if for_update else ATTEMPT, {"attempt_id": attempt_id, "academy_id": academy_id}
    )
