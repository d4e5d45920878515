"""Keeping one answer of an exam: weighed by what was read, and kept where that is still so.

As with decisions, only what has to be written is done within the turn to write of SQLite. Whatever is out of the
ordinary (a break, an end that has passed, an answer that comes late) is for `sitting` and `service`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select, update

from pme.assessment import grading
from pme.assessment.models import Attempt, AttemptStatus, Break, Response
from pme.assessment.service import kept_by
from pme.assessment.stamps import Stamp
from pme.assessment.timing import Sitting, Standing, spell, stand
from pme.assessment.waiting import Waiting
from pme.content.shapes import AnyItem
from pme.db import Base
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.quick import Quick, Ready

_attempt, _enrolment, _break, _response = (
    Base.metadata.tables[model.__tablename__] for model in (Attempt, Enrolment, Break, Response)
)
NOTE_IF_UNCHANGED = Ready(
    update(_attempt)
    .where(
        _attempt.c.id == bindparam("at_attempt"),
        _attempt.c.academy_id == bindparam("at_academy"),
        _attempt.c.status == AttemptStatus.OPEN,
        _attempt.c.ends_at.is_not_distinct_from(bindparam("ended_at", type_=_attempt.c.ends_at.type)),
        _attempt.c.latest_at.is_not_distinct_from(bindparam("before", type_=_attempt.c.latest_at.type)),
        exists(
            select(_enrolment.c.id).where(
                _enrolment.c.id == _attempt.c.enrolment_id,
                _enrolment.c.academy_id == bindparam("at_academy"),
                _enrolment.c.status == EnrolmentStatus.ACTIVE,
            )
        ),
        ~exists(select(_break.c.id).where(_break.c.attempt_id == bindparam("at_attempt"))),
    )
    .values(latest_at=bindparam("moment"))
)
GIVEN = ("attempt_id", "item", "answer", "confidence", "seconds", "saved_at", "form", "turn")
KEEP_NOW = Ready(kept_by("sqlite").values({name: bindparam(name) for name in GIVEN}))


@dataclass(frozen=True)
class Answered:
    """An answer that may be kept, as things stood when it was weighed; `standing` is how they stand once it is."""

    attempt: Waiting
    item: str
    answer: Sequence[str]
    confidence: int | None
    stamp: Stamp | None
    standing: Standing


def weigh_answer(
    attempt: Waiting,
    item: AnyItem,
    answer: Sequence[str],
    *,
    confidence: int | None = None,
    stamp: Stamp | None = None,
    at: datetime,
) -> Answered | None:
    """An answer to an item that was dealt, if nothing about it is out of the ordinary; nothing is written.

    Raises Invalid when it is not one of this item.
    """
    is_late = stamp is not None and stamp.is_late
    if attempt.status is not AttemptStatus.OPEN or attempt.has_breaks or is_late:
        return None
    standing = stand(Sitting(attempt.started_at, attempt.ends_at, attempt.latest_at), at)
    if standing.is_over:
        return None
    kept = grading.check_answer(item, answer)
    return Answered(attempt, item.id, list(kept), confidence, stamp, standing)


def keep_if_unchanged(quick: Quick, answered: Answered) -> bool:
    """Keep an answer that was weighed before this transaction, if nothing has changed; tells whether it was kept."""
    attempt, moment, stamp = answered.attempt, answered.standing.now, answered.stamp
    noted: Mapping[str, object] = {
        "at_attempt": attempt.id,
        "at_academy": attempt.academy_id,
        "ended_at": attempt.ends_at,
        "before": attempt.latest_at,
        "moment": moment,
    }
    if quick.changed(NOTE_IF_UNCHANGED, noted) != 1:
        return False
    given: Mapping[str, object] = {
        "attempt_id": attempt.id,
        "item": answered.item,
        "answer": answered.answer,
        "confidence": answered.confidence,
        "seconds": spell(attempt.latest_at or attempt.started_at, moment),
        "saved_at": moment,
        "form": stamp.form if stamp else None,
        "turn": stamp.turn or None if stamp else None,
    }
    quick.changed(KEEP_NOW, given)
    return True
