"""A quiz attempt under time: where it stands, breaks, and what came too late.

Acts expect the attempt locked in a writing transaction; they flush, never commit. The rules are in `timing`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Break, RefusedResponse, Task
from pme.assessment.timing import NO_TIME, Allowance, Pause, Sitting, Standing, break_left, stand
from pme.errors import Conflict, Invalid
from pme.words.lazily import lazy
from pme.words.speech import _

REFUSED_KEPT, PARTS_KEPT, LONGEST_PART = 20, 20, 2_000
"""Of one attempt's refused answers: how many are kept, how many parts of each, how many characters of a part."""
FINISHED = lazy("This attempt is finished. Your answers are as you left them.")
FOREIGN = lazy("This question is not part of your attempt. Your answers are as you left them.")
BREAKS = select(Break).where(Break.attempt_id == bindparam("attempt_id")).order_by(Break.id)
ON_A_BREAK = lazy(
    "You are on a break, so this answer was not saved. Go on with the questions, then send it again."
)


def sitting_of(session: Session, attempt: Attempt) -> Sitting:
    """The facts of an attempt under time."""
    return _sitting(attempt, _breaks(session, attempt))


def standing_of(session: Session, attempt: Attempt, *, at: datetime) -> Standing:
    """How an attempt stands when the clock says `at`."""
    return stand(sitting_of(session, attempt), at)


def settle(session: Session, attempt: Attempt, *, at: datetime) -> Standing:
    """How an attempt stands, after a break that has ended by itself is written down."""
    breaks = _breaks(session, attempt)
    standing, running = stand(_sitting(attempt, breaks), at), _running(breaks)
    if running is not None and standing.break_until is None:
        _end(attempt, running, running.until)
        session.flush()
    return standing


def pause(session: Session, attempt: Attempt, allowance: Allowance, *, at: datetime) -> None:
    """Begin a break; on a break already, nothing changes.

    Raises Conflict when the attempt is closed or has no end, or when no break is left.
    """
    standing = _open(session, attempt, at=at)
    if standing.break_until is not None:
        return
    left = break_left(sitting_of(session, attempt).pauses, allowance, standing.now)
    if attempt.ends_at is None or left == NO_TIME:
        raise Conflict(_("There is no break left in this attempt. You can go on with the questions."))
    session.add(Break(attempt_id=attempt.id, began_at=standing.now, until=standing.now + left))
    attempt.latest_at = standing.now
    session.flush()


def resume(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """Go on after a break: the end moves by what it took. Without a break, nothing changes."""
    if attempt.status is not AttemptStatus.OPEN:
        return
    standing, running = settle(session, attempt, at=at), _running(_breaks(session, attempt))
    if running is not None:
        _end(attempt, running, standing.now)
        session.flush()


def refusal_of(
    session: Session, attempt: Attempt, item_id: str, *, at: datetime, settled: Standing | None = None
) -> Conflict | Invalid | None:
    """Why an answer to this question cannot be accepted at this moment, or None when it can.

    `settled` is how the attempt stands, where that was settled just before.
    """
    try:
        standing = _open(session, attempt, at=at, settled=settled)
    except Conflict as error:
        return error
    if standing.break_until is not None:
        return Conflict(ON_A_BREAK)
    if item_id not in Draw.from_json(attempt.draw).items:
        return Invalid(FOREIGN)
    return None


def note_refused(
    session: Session, attempt: Attempt, *, item_id: str, answer: Sequence[str], reason: str, at: datetime
) -> None:
    """Keep an answer that was not accepted as evidence, in bounds; it is never scored."""
    kept = session.scalar(
        select(func.count(RefusedResponse.id)).where(RefusedResponse.attempt_id == attempt.id)
    )
    if (kept or 0) >= REFUSED_KEPT:
        return
    parts = [part[:LONGEST_PART] for part in answer[:PARTS_KEPT]]
    session.add(
        RefusedResponse(attempt_id=attempt.id, item=item_id[:80], answer=parts, reason=reason[:200], at=at)
    )
    session.flush()


def overdue(
    session: Session, *, at: datetime, enrolments: tuple[int, Sequence[int]] | None = None
) -> list[tuple[int, int]]:
    """(attempt, academy) of what is open and whose end may have passed; a break may still move it. Of these
    enrolments at one academy, (academy, ids), or of all academies, for the server itself.
    """
    wanted = select(Attempt.id, Attempt.academy_id).where(
        Attempt.task == Task.QUIZ, Attempt.status == AttemptStatus.OPEN, Attempt.ends_at <= at
    )
    if enrolments is not None:
        academy_id, ids = enrolments
        wanted = wanted.where(Attempt.academy_id == academy_id, Attempt.enrolment_id.in_(ids))
    return [(row[0], row[1]) for row in session.execute(wanted.order_by(Attempt.ends_at, Attempt.id))]


def time_of(moment: datetime) -> str:
    """A moment of today, to the second, as students are told it."""
    return f"{moment:%H:%M:%S} UTC"  # not words


def _open(session: Session, attempt: Attempt, *, at: datetime, settled: Standing | None = None) -> Standing:
    if attempt.status is not AttemptStatus.OPEN:
        ended_by_time = attempt.ends_at is not None and attempt.handed_in_at == attempt.ends_at
        raise Conflict(_too_late(attempt.ends_at) if ended_by_time and attempt.ends_at else FINISHED)
    standing = settled or settle(session, attempt, at=at)
    if standing.is_over and standing.ends_at is not None:
        raise Conflict(_too_late(standing.ends_at))
    return standing


def _too_late(ends_at: datetime) -> str:
    return _(
        "The time of this attempt was over at {time}. The answers saved by then count; what came later does not.",
        time=time_of(ends_at),
    )


def _breaks(session: Session, attempt: Attempt) -> Sequence[Break]:
    if attempt.ends_at is None:  # then there is nothing that a break could move, and none was given
        return ()
    return session.scalars(BREAKS, {"attempt_id": attempt.id}).all()


def _sitting(attempt: Attempt, breaks: Sequence[Break]) -> Sitting:
    pauses = tuple(Pause(each.began_at, each.until, each.ended_at) for each in breaks)
    return Sitting(attempt.started_at, attempt.ends_at, attempt.latest_at, pauses)


def _running(breaks: Sequence[Break]) -> Break | None:
    return next((each for each in breaks if each.ended_at is None), None)


def _end(attempt: Attempt, running: Break, at: datetime) -> None:
    running.ended_at = at
    if attempt.ends_at is not None:
        attempt.ends_at += Pause(running.began_at, running.until, at).taken(at)
    attempt.latest_at = max(attempt.latest_at or attempt.started_at, at)
