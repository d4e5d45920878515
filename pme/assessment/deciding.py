"""Taking one decision of a scenario: weighed by what was read, and taken where that is still so.

Whoever holds the only turn to write of SQLite holds up everybody else. So a decision is read and weighed before the
turn comes, and in it one statement takes it, on the condition that nothing has changed meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Decision
from pme.assessment.queries import decisions_of, path_in
from pme.assessment.scenario import waiting_choice
from pme.content.play import follow
from pme.content.shapes import Scenario
from pme.db import Base, asked
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.errors import Conflict, Invalid
from pme.words.speech import _

_attempt, _enrolment, _decision = (
    Base.metadata.tables[model.__tablename__] for model in (Attempt, Enrolment, Decision)
)
_of_attempt = _decision.c.attempt_id == bindparam("attempt_id")
TAKE = insert(_decision)
TAKE_WEIGHED = insert(_decision).from_select(
    ["attempt_id", "sequence", "node", "choice", "decided_at"],
    select(
        _attempt.c.id,
        *(
            bindparam(name, type_=_decision.c[name].type)
            for name in ("sequence", "node", "choice", "decided_at")
        ),
    )
    .join(_enrolment, _enrolment.c.id == _attempt.c.enrolment_id)
    .where(
        _attempt.c.id == bindparam("attempt_id"),
        _attempt.c.academy_id == bindparam("academy_id"),
        _attempt.c.status == AttemptStatus.OPEN,
        _enrolment.c.academy_id == bindparam("academy_id"),
        _enrolment.c.status == EnrolmentStatus.ACTIVE,
        select(func.count()).where(_of_attempt).scalar_subquery() == bindparam("taken"),
        select(func.count()).where(_of_attempt, _decision.c.taken_back_at.is_not(None)).scalar_subquery()
        == bindparam("taken_back"),
    ),
)


@dataclass(frozen=True)
class Weighed:
    """A decision that may be taken, as things stood when it was weighed: how many were taken before it, how many of
    these were taken back, and whether it closes the path.
    """

    attempt_id: int
    academy_id: int
    sequence: int
    node: str
    choice: str
    taken: int
    taken_back: int
    closes: bool


def weigh(session: Session, attempt: Attempt, scenario: Scenario, *, sequence: int, position: int) -> Weighed:
    """What the choice at `position` (from 1) would decide, as things stand; nothing is written.

    Raises Conflict when `sequence` is not the next one, Invalid when there is no such choice.
    """
    if attempt.status is not AttemptStatus.OPEN:
        raise Conflict(_("The last decision of this scenario is already taken."))
    decisions = decisions_of(session, attempt.id)
    if sequence != (decisions[-1].sequence if decisions else 0) + 1:
        raise Conflict(_("This decision was already taken. You are where it led."))
    path = path_in(decisions)
    waiting = follow(scenario, path).waiting
    if waiting is None:
        raise Conflict(_("The last decision of this scenario is already taken."))
    dealt = Draw.from_json(attempt.draw).options[waiting.id]
    if not 1 <= position <= len(dealt):
        raise Invalid(_("Choose one of the answers shown."), field="choice")
    choice = waiting_choice(waiting, dealt[position - 1])
    further = [*path, (waiting.id, choice.id)]
    return Weighed(
        attempt_id=attempt.id,
        academy_id=attempt.academy_id,
        sequence=sequence,
        node=waiting.id,
        choice=choice.id,
        taken=len(decisions),
        taken_back=len(decisions) - len(path),
        closes=scenario.mode == "summative" and follow(scenario, further).ending is not None,
    )


def take(session: Session, weighed: Weighed, *, at: datetime) -> None:
    """Take a decision that was weighed in this transaction, its attempt held."""
    session.execute(
        TAKE,
        {
            "attempt_id": weighed.attempt_id,
            "sequence": weighed.sequence,
            "node": weighed.node,
            "choice": weighed.choice,
            "decided_at": at,
        },
    )


def take_if_unchanged(session: Session, weighed: Weighed, *, at: datetime) -> bool:
    """Take a decision that was weighed before this transaction, if nothing has changed; tells whether it was taken.

    Decisions are only added, and taken back once: where as many were taken and taken back as before, they are the
    same. That holds where nobody else writes meanwhile, as in SQLite.
    """
    kept = asked(
        session,
        TAKE_WEIGHED,
        {
            "attempt_id": weighed.attempt_id,
            "academy_id": weighed.academy_id,
            "sequence": weighed.sequence,
            "node": weighed.node,
            "choice": weighed.choice,
            "decided_at": at,
            "taken": weighed.taken,
            "taken_back": weighed.taken_back,
        },
    )
    return kept.rowcount == 1
