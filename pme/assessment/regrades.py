"""Regrades as they are kept, and the results of attempts worked out anew under all corrections in force.

Attempts are read in batches, columns not entities. Nothing here ever writes to an attempt.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, insert, select, update
from sqlalchemy.orm import Session

from pme.assessment.corrections import Corrected, Correction, by_hand_in, corrected
from pme.assessment.effective import BATCH, IS_PASSED, LEVEL, MARKED, PERCENT
from pme.assessment.grading import Answer, QuizMark
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, AttemptStatus, Response, Task
from pme.assessment.models_regrade import Regrade, Revision
from pme.content.catalogue import pinned
from pme.content.shapes import Quiz
from pme.db import share_line, wait_in_line
from pme.enrolment.models import Enrolment

_revised = Revision.__table__.c


@dataclass(frozen=True)
class Scope:
    """What a regrade reaches: the attempts of one academy at one version of a quiz, in one course."""

    academy_id: int
    course: str
    slug: str
    version_id: int

    @property
    def line(self) -> int:
        """The number of the line in which regrades and closings of these attempts wait for each other."""
        return (self.academy_id << 32) | self.version_id

    def attempts(self) -> ColumnElement[bool]:
        """The attempts it reaches, whatever their state."""
        return and_(
            Attempt.academy_id == self.academy_id,
            Attempt.course == self.course,
            Attempt.task == Task.QUIZ,
            Attempt.version_id == self.version_id,
        )


@dataclass(frozen=True, slots=True)
class Earned:
    """What an attempt has earned, by some set of corrections."""

    percent: float
    is_passed: bool
    level: Level
    result: Mapping[str, Any]

    @classmethod
    def of(cls, marks: QuizMark) -> "Earned":
        """What a mark amounts to, in the form that is kept."""
        return cls(marks.percent, marks.is_passed, marks.level, marks.as_result())


@dataclass(frozen=True, slots=True)
class Sitting:
    """A finished attempt under a set of corrections: the result of the day, in force before, and after."""

    attempt_id: int
    enrolment_id: int
    number: int
    own: Earned
    before: Earned
    after: Earned
    is_left_empty: bool = False
    """Nothing that it was asked would count; it keeps its own result then."""

    @property
    def is_changed(self) -> bool:
        """Whether the result in force would be another."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class NewResult:
    """What an attempt comes to by a set of corrections, small enough to be kept for very many; `result` is JSON."""

    attempt_id: int
    percent: float
    is_passed: bool
    level: Level
    result: str
    is_of_the_day: bool
    """It is what the attempt earned on the day, so that there is nothing to keep beside it."""

    @classmethod
    def of(cls, sitting: Sitting) -> "NewResult":
        """The result after of a sitting."""
        after = sitting.after
        is_own = after == sitting.own
        kept = "" if is_own else json.dumps(after.result)
        return cls(sitting.attempt_id, after.percent, after.is_passed, after.level, kept, is_own)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a student answered, and how sure they were, by item."""

    answers: dict[str, Answer]
    confidence: dict[str, int]


def in_force(session: Session, scope: Scope) -> Sequence[Regrade]:
    """The regrades of a scope that are not undone, in the order in which they were made."""
    return [regrade for regrade in regrades_of(session, scope) if regrade.undone_at is None]


def regrades_of(session: Session, scope: Scope) -> Sequence[Regrade]:
    """Every regrade of a scope, those undone included, oldest first."""
    return session.scalars(
        select(Regrade)
        .where(
            Regrade.academy_id == scope.academy_id,
            Regrade.course == scope.course,
            Regrade.version_id == scope.version_id,
        )
        .order_by(Regrade.id)
    ).all()


def correction_of(regrade: Regrade) -> Correction:
    """What a regrade corrects."""
    return Correction(regrade.item, regrade.kind, regrade.detail)


def scope_of(thing: Attempt | Regrade) -> Scope:
    """The scope that an attempt or a regrade belongs to."""
    return Scope(thing.academy_id, thing.course, thing.slug, thing.version_id)


def corrections_in_force(session: Session, academy_id: int) -> Mapping[tuple[str, int], list[Correction]]:
    """Every correction in force at an academy, by course and version, in the order in which they were made."""
    found: dict[tuple[str, int], list[Correction]] = {}
    kept = select(Regrade).where(Regrade.academy_id == academy_id, Regrade.undone_at.is_(None))
    for regrade in session.scalars(kept.order_by(Regrade.id)):
        found.setdefault((regrade.course, regrade.version_id), []).append(correction_of(regrade))
    return found


def quiz_in_force(session: Session, scope: Scope, quiz: Quiz) -> Quiz:
    """A version of a quiz with the keys that are in force in a scope."""
    regrades = in_force(session, scope)
    return corrected(quiz, map(correction_of, regrades)).quiz if regrades else quiz


def sittings(
    session: Session, scope: Scope, quiz: Quiz, corrections: Iterable[Correction]
) -> Iterator[Sitting]:
    """Every finished attempt of a scope, marked anew from its stored answers under these corrections."""
    marked_by, last = corrected(quiz, corrections), 0
    while rows := _batch(session, scope, after=last):
        last = rows[-1].id
        touched = [row for row in rows if not marked_by.items.isdisjoint(row.draw["items"])]
        sheets = _sheets(session, [row.id for row in touched])
        for row in rows:
            own = Earned(row.own_percent, row.own_is_passed, row.own_level, row.own_result)
            is_revised = row.revised_result is not None
            yield Sitting(
                attempt_id=row.id,
                enrolment_id=row.enrolment_id,
                number=row.number,
                own=own,
                before=Earned(row.percent, row.is_passed, row.level, row.revised_result)
                if is_revised
                else own,
                after=_earned(quiz, marked_by, row.draw["items"], sheets[row.id], own)
                if row.id in sheets
                else own,
                is_left_empty=marked_by.voided.issuperset(row.draw["items"]),
            )


def revise(
    session: Session,
    changed: Sequence[NewResult],
    *,
    regrades: Sequence[int],
    at: datetime,
    told: Callable[[int], object] = lambda _number: None,
) -> None:
    """Put these results in force: a revision each, none where the result of the day is back. `told` hears how many."""
    ids = [one.attempt_id for one in changed]
    for begin in range(0, len(ids), BATCH):
        _revise(session, ids[begin : begin + BATCH], changed[begin : begin + BATCH], regrades, at)
        told(begin + BATCH)


def _revise(
    session: Session,
    ids: Sequence[int],
    changed: Sequence[NewResult],
    regrades: Sequence[int],
    at: datetime,
) -> None:
    numbers = dict(
        session.execute(
            select(Revision.attempt_id, func.max(Revision.number))
            .where(Revision.attempt_id.in_(ids))
            .group_by(Revision.attempt_id)
        ).all()
    )
    if numbers:
        session.execute(
            update(Revision)
            .where(Revision.attempt_id.in_(numbers), Revision.is_current)
            .values(is_current=False)
            .execution_options(synchronize_session=False)
        )
    revisions = [
        {
            "attempt_id": one.attempt_id,
            "number": numbers.get(one.attempt_id, 0) + 1,
            "percent": one.percent,
            "is_passed": one.is_passed,
            "level": one.level,
            "result": json.loads(one.result),
            "regrades": list(regrades),
            "is_current": True,
            "at": at,
        }
        for one in changed
        if not one.is_of_the_day
    ]
    if revisions:
        session.execute(insert(Revision.__table__), revisions)  # type: ignore[arg-type]


def revise_closed(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Mark an attempt that was just closed by the corrections in force, beside its own mark."""
    scope = scope_of(attempt)
    share_line(session, scope.line)
    regrades = in_force(session, scope)
    if not regrades:
        return
    session.flush()
    quiz = pinned(session, attempt.version_id, Quiz).content
    marked_by, asked = corrected(quiz, map(correction_of, regrades)), attempt.draw["items"]
    if marked_by.items.isdisjoint(asked):
        return
    own = Earned(
        attempt.percent or 0.0, bool(attempt.is_passed), attempt.level or Level.FAIL, attempt.result or {}
    )
    after = _earned(quiz, marked_by, asked, _sheets(session, [attempt.id])[attempt.id], own)
    sitting = Sitting(attempt.id, attempt.enrolment_id, attempt.number, own, own, after)
    if sitting.is_changed:
        revise(session, [NewResult.of(sitting)], regrades=[regrade.id for regrade in regrades], at=at)


def hold(session: Session, scope: Scope) -> None:
    """Let no attempt of a scope be closed, and no other regrade of it begin, until the transaction ends.

    Enrolments come before the line, as in every act of a student, so that nobody waits in a circle.
    """
    students = select(Attempt.enrolment_id).where(scope.attempts())
    session.execute(
        select(Enrolment.id)
        .where(Enrolment.academy_id == scope.academy_id, Enrolment.id.in_(students))
        .order_by(Enrolment.id)
        .with_for_update(key_share=True)
    ).all()
    wait_in_line(session, scope.line)


def find_regrade(session: Session, regrade_id: int, academy_id: int) -> Regrade | None:
    """The regrade of this id at an academy, or None."""
    return session.scalar(select(Regrade).where(Regrade.id == regrade_id, Regrade.academy_id == academy_id))


def find_by_seal(session: Session, academy_id: int, seal: str) -> Regrade | None:
    """The regrade that was applied from the dry run of this seal, or None."""
    return session.scalar(select(Regrade).where(Regrade.academy_id == academy_id, Regrade.seal == seal))


class Digest:
    """The hash of a row of results, so that two of them can be told apart in the audit trail."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """Take one more result in, as `written` has it."""
        self._sha.update(line)

    def hex(self) -> str:
        """The hash of all that was taken in."""
        return self._sha.hexdigest()


_WRITTEN = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def written(attempt_id: int, earned: Earned) -> bytes:
    """The result of an attempt as it goes into a digest."""
    return _WRITTEN([attempt_id, earned.percent, earned.is_passed, earned.level, earned.result]).encode()


def finished_in(session: Session, scope: Scope) -> int:
    """How many finished attempts a regrade of this scope looks at."""
    wanted = select(func.count(Attempt.id)).where(scope.attempts(), Attempt.status == AttemptStatus.FINISHED)
    return session.scalar(wanted) or 0


def basis_of(session: Session, scope: Scope) -> str:
    """The name of what a scope's results are worked out from: its finished attempts, their results in force, and its
    regrades. A finished attempt and a revision are never written again, so that their numbers say enough.
    """
    rows = session.execute(
        select(Attempt.id, _revised.id)
        .select_from(MARKED)
        .where(scope.attempts(), Attempt.status == AttemptStatus.FINISHED)
        .order_by(Attempt.id)
    ).all()
    known = [(regrade.id, regrade.undone_at is None) for regrade in regrades_of(session, scope)]
    return hashlib.sha256(repr((known, [tuple(row) for row in rows])).encode()).hexdigest()


def _batch(session: Session, scope: Scope, *, after: int) -> Sequence[Any]:
    return session.execute(
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Attempt.number,
            Attempt.draw,
            Attempt.percent.label("own_percent"),
            Attempt.is_passed.label("own_is_passed"),
            Attempt.level.label("own_level"),
            Attempt.result.label("own_result"),
            PERCENT.label("percent"),
            IS_PASSED.label("is_passed"),
            LEVEL.label("level"),
            _revised.result.label("revised_result"),
        )
        .select_from(MARKED)
        .where(scope.attempts(), Attempt.status == AttemptStatus.FINISHED, Attempt.id > after)
        .order_by(Attempt.id)
        .limit(BATCH)
    ).all()


def _sheets(session: Session, attempt_ids: Sequence[int]) -> dict[int, _Sheet]:
    found = {number: _Sheet({}, {}) for number in attempt_ids}
    rows = session.execute(
        select(Response.attempt_id, Response.item, cast(Response.answer, Text), Response.confidence).where(
            Response.attempt_id.in_(found)
        )
    )
    for attempt_id, item, answer, confidence in rows:
        found[attempt_id].answers[item] = _answer(answer)
        if confidence is not None:
            found[attempt_id].confidence[item] = confidence
    return found


@lru_cache(maxsize=4096)
def _answer(kept: str) -> Answer:
    """An answer as it is kept; the same few are given again and again."""
    return tuple(json.loads(kept))


def _earned(quiz: Quiz, marked_by: Corrected, asked: Sequence[str], sheet: _Sheet, own: Earned) -> Earned:
    """The mark under the corrections; an attempt that was asked nothing else keeps its own."""
    if marked_by.voided.issuperset(asked):
        return own
    by_hand = by_hand_in(quiz, own.result)
    return Earned.of(marked_by.mark(asked, sheet.answers, confidence=sheet.confidence, by_hand=by_hand))
