"""An attempt at a scenario as it waits for a decision: who takes it, on which version, and what was decided so far.

Read in one statement, on columns: nothing of it is changed here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, cast, exists, select

from pme.assessment.models import Attempt, AttemptStatus, Break, Decision, Task
from pme.assessment.queries import OF_DECISION, RESPONSES, Pin, Saved, Taken
from pme.content.models import ContentVersion
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.quick import Quick, Ready

_attempt, _enrolment, _decision = Attempt.__table__.c, Enrolment.__table__.c, Decision.__table__.c
_version, _break = ContentVersion.__table__.c, Break.__table__.c
HELD = (
    _enrolment.person_id,
    _enrolment.status,
    _attempt.person_id,
    _attempt.task,
    _attempt.status,
    _attempt.version_id,
    _version.kind,
    _version.sha256,
    _attempt.language,
    cast(_attempt.draw, Text),  # it stands in each row: unfolded once
    _attempt.started_at,
    _attempt.ends_at,
    _attempt.latest_at,
)
"""Of an attempt, its enrolment and its version."""
OF_ATTEMPT = (
    select(*HELD)
    .join_from(Attempt.__table__, Enrolment.__table__, _enrolment.id == _attempt.enrolment_id)
    .join(ContentVersion.__table__, _version.id == _attempt.version_id)
    .where(
        _attempt.id == bindparam("attempt_id"),
        _attempt.academy_id == bindparam("academy_id"),
        _enrolment.academy_id == bindparam("academy_id"),
    )
)
WITH_DECISIONS = (
    OF_ATTEMPT.add_columns(*OF_DECISION)
    .outerjoin(Decision.__table__, _decision.attempt_id == _attempt.id)
    .order_by(_decision.sequence)
)
HAS_BREAKS = exists(select(_break.id).where(_break.attempt_id == _attempt.id))
READY, READY_WITH_DECISIONS = Ready(OF_ATTEMPT.add_columns(HAS_BREAKS)), Ready(WITH_DECISIONS)
READY_RESPONSES = Ready(RESPONSES)


@dataclass(frozen=True, slots=True)
class Held:
    """The enrolment of an attempt, as far as it says who may go on."""

    person_id: int
    academy_id: int
    status: EnrolmentStatus


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open attempt, or one that is not open any more, when something was sent to it."""

    id: int
    academy_id: int
    enrolment: Held
    person_id: int
    task: Task
    status: AttemptStatus
    version_id: int
    pin: Pin
    language: str | None
    draw: Mapping[str, Any]
    started_at: datetime
    ends_at: datetime | None
    latest_at: datetime | None
    decisions: Sequence[Taken] = ()
    has_breaks: bool = False


def saved_before(quick: Quick, attempt_id: int) -> dict[str, Saved]:
    """What is saved of an attempt, by item."""
    rows = quick.asked(READY_RESPONSES, {"attempt_id": attempt_id})
    return {item: Saved(tuple(answer), *rest) for item, answer, *rest in rows}


def find_waiting(
    quick: Quick, attempt_id: int, academy_id: int, *, with_decisions: bool = False
) -> Waiting | None:
    """An attempt at an academy, with its enrolment and its version; with the decisions taken, or else with whether
    there was a break.
    """
    wanted = READY_WITH_DECISIONS if with_decisions else READY
    rows = quick.asked(wanted, {"attempt_id": attempt_id, "academy_id": academy_id}, same=len(HELD))
    if not rows:
        return None
    holder, standing, person_id, task, status, version_id, kind, sha256, language, draw = rows[0][:10]
    started_at, ends_at, latest_at = rows[0][10 : len(HELD)]
    taken = [Taken(*row[len(HELD) :]) for row in rows if with_decisions and row[len(HELD)] is not None]
    return Waiting(
        attempt_id,
        academy_id,
        Held(holder, academy_id, standing),
        person_id,
        task,
        status,
        version_id,
        Pin(version_id, kind, sha256),
        language,
        json.loads(draw),
        started_at,
        ends_at,
        latest_at,
        decisions=taken,
        has_breaks=not with_decisions and bool(rows[0][len(HELD)]),
    )
