"""Taking one decision of a scenario: weighed by what was read, and taken where that is still so.

Whoever holds the only turn to write of SQLite holds up everybody else. So a decision is read and weighed before the
turn comes, and in it one statement takes it, on the condition that nothing has changed meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from pme.assessment.draw import Draw
from pme.assessment.levels import Level
from pme.assessment.models import Attempt, AttemptStatus, Decision
from pme.assessment.queries import Taken, decisions_of, path_in, path_of
from pme.assessment.scenario import debrief, waiting_choice
from pme.assessment.stamps import AlreadyTaken, SentAgain
from pme.assessment.waiting import Waiting
from pme.content.play import remembered
from pme.content.shapes import Scenario
from pme.db import Base
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.errors import Conflict, Invalid
from pme.quick import Quick, Ready
from pme.words.lazily import lazy
from pme.words.speech import _

LAST_TAKEN = lazy("The last decision of this scenario is already taken.")
ALREADY = lazy("This decision was already taken. You are where it led.")

_attempt, _enrolment, _decision = (
    Base.metadata.tables[model.__tablename__] for model in (Attempt, Enrolment, Decision)
)
_of_attempt = _decision.c.attempt_id == bindparam("attempt_id")
TAKE = insert(_decision)
_take_weighed = insert(_decision).from_select(
    ["attempt_id", "sequence", "node", "choice", "decided_at", "key"],
    select(
        _attempt.c.id,
        *(
            bindparam(name, type_=_decision.c[name].type)
            for name in ("sequence", "node", "choice", "decided_at", "key")
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
TAKE_WEIGHED = Ready(_take_weighed)
CLOSE = Ready(
    update(_attempt)
    .where(_attempt.c.id == bindparam("at_attempt"), _attempt.c.academy_id == bindparam("at_academy"))
    .values({name: bindparam(name) for name in ("status", "percent", "is_passed", "level", "result")})
)


@dataclass(frozen=True)
class Weighed:
    """A decision that may be taken, as things stood when it was weighed: how many were taken before it, how many of
    these were taken back, and the path that it closes, if it does.
    """

    attempt_id: int
    academy_id: int
    sequence: int
    node: str
    choice: str
    taken: int
    taken_back: int
    closes: Sequence[tuple[str, str]] = ()
    key: str | None = None


def weigh(
    session: Session,
    attempt: Attempt,
    scenario: Scenario,
    *,
    sequence: int,
    position: int,
    key: str | None = None,
) -> Weighed:
    """What the choice at `position` (from 1) would decide, as things stand; nothing is written.

    Raises Conflict when `sequence` is not the next one (AlreadyTaken where it is known what was decided, SentAgain
    where it was this, on the page of this `key`), Invalid when there is no such choice.
    """
    decisions = decisions_of(session, attempt.id)
    return weigh_beside(decisions, attempt, scenario, sequence=sequence, position=position, key=key)


def weigh_beside(
    decisions: Sequence[Taken],
    attempt: Attempt | Waiting,
    scenario: Scenario,
    *,
    sequence: int,
    position: int,
    key: str | None = None,
) -> Weighed:
    """The same beside the decisions of the attempt, where these are known."""
    stored = next((each for each in decisions if each.sequence == sequence), None)
    deals = Draw.from_json(attempt.draw).options
    is_open = attempt.status is AttemptStatus.OPEN
    if stored is not None and key is not None and stored.key == key:
        dealt = deals[stored.node]
        if 1 <= position <= len(dealt) and dealt[position - 1] == stored.choice:
            raise SentAgain(ALREADY, stored)
    if stored is not None:
        raise AlreadyTaken(ALREADY if is_open else LAST_TAKEN, stored)
    if not is_open:
        raise Conflict(LAST_TAKEN)
    if sequence != (decisions[-1].sequence if decisions else 0) + 1:
        raise Conflict(ALREADY)
    path = path_in(decisions)
    waiting = remembered(scenario, path).waiting
    if waiting is None:
        raise Conflict(LAST_TAKEN)
    dealt = deals[waiting.id]
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
        closes=further if scenario.mode == "summative" and remembered(scenario, further).ending else (),
        key=key,
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
            "key": weighed.key,
        },
    )


def take_if_unchanged(quick: Quick, weighed: Weighed, *, at: datetime) -> bool:
    """Take a decision that was weighed before this transaction, if nothing has changed; tells whether it was taken.

    Decisions are only added, and taken back once: where as many were taken and taken back as before, they are the
    same. That holds where nobody else writes meanwhile, as in SQLite.
    """
    given = {
        "attempt_id": weighed.attempt_id,
        "academy_id": weighed.academy_id,
        "sequence": weighed.sequence,
        "node": weighed.node,
        "choice": weighed.choice,
        "decided_at": at,
        "key": weighed.key,
        "taken": weighed.taken,
        "taken_back": weighed.taken_back,
    }
    return quick.changed(TAKE_WEIGHED, given) == 1


def close_weighed(quick: Quick, weighed: Weighed, closing: Mapping[str, Any]) -> None:
    """Close the path of a decision that was just taken, with what it comes to (`closing_of`)."""
    own = {"at_attempt": weighed.attempt_id, "at_academy": weighed.academy_id}
    quick.changed(CLOSE, {**closing, **own})


def decide(
    session: Session,
    attempt: Attempt,
    scenario: Scenario,
    *,
    sequence: int,
    position: int,
    key: str | None = None,
    at: datetime,
) -> datetime:
    """Take one decision: the choice at `position` (from 1) of the order that was dealt; tells when it was taken.

    The same decision of the same page (`key`) sent again changes nothing. Raises Conflict when `sequence` is not
    the next one: a double click, a second tab, the back button; AlreadyTaken where it is known what was decided.
    """
    try:
        weighed = weigh(session, attempt, scenario, sequence=sequence, position=position, key=key)
    except SentAgain as again:
        return again.stored.decided_at
    take(session, weighed, at=at)
    if weighed.closes:
        close_path(session, attempt, scenario)
    return at


def take_back(
    session: Session, attempt: Attempt, scenario: Scenario, *, sequence: int | None = None, at: datetime
) -> None:
    """Take back the last decision of a formative scenario; where `sequence` names it, doing so again is harmless.

    Raises Conflict where choices are final, when there is none to take back, or another was taken since.
    """
    if scenario.mode != "formative" or attempt.status is not AttemptStatus.OPEN:
        raise Conflict(_("In this scenario your choices are final, as they would be in real life."))
    decisions = decisions_of(session, attempt.id)
    last = next((each for each in reversed(decisions) if each.taken_back_at is None), None)
    if sequence is not None:
        named = next((each for each in decisions if each.sequence == sequence), None)
        if named is not None and named.taken_back_at is not None:
            return
        if named is None or named is not last:
            raise Conflict(_("Another decision was taken since. You are where it led."))
    if last is None:
        raise Conflict(_("There is no decision to take back yet."))
    session.execute(
        update(Decision)
        .where(Decision.attempt_id == attempt.id, Decision.sequence == last.sequence)
        .values(taken_back_at=at)
    )


def close_path(session: Session, attempt: Attempt, scenario: Scenario) -> None:
    """Mark a path that has reached its ending and open the debrief. Again changes nothing.

    Raises Conflict while decisions are still to be taken.
    """
    if attempt.status is not AttemptStatus.OPEN:
        return
    for name, value in closing_of(scenario, path_of(session, attempt.id)).items():
        setattr(attempt, name, value)
    session.flush()


def closing_of(scenario: Scenario, path: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What an attempt comes to by a path that has reached its ending. Raises Conflict for any other path."""
    review = debrief(scenario, path)
    return {
        "status": AttemptStatus.DEBRIEF,
        "percent": review.score.percent,
        "is_passed": review.score.passed,
        "level": Level.ACCEPTABLE if review.score.passed else Level.FAIL,
        "result": {
            "ending": review.ending.id,
            "outcomes": [asdict(outcome) for outcome in review.outcomes],
            "broken": list(review.score.broken),
            "missed": list(review.score.missed),
        },
    }
