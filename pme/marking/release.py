"""Release: what is fully marked is closed with its marks, all of a group in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.service import close_marked
from pme.content.catalogue import pinned
from pme.content.shapes import Quiz
from pme.enrolment.models import Enrolment
from pme.errors import Conflict
from pme.marking.models import Release, Script
from pme.marking.planning import essay_of, mark_attempt
from pme.marking.queries import Group, last_release, plan_of, scripts_in
from pme.marking.standing import ScriptState
from pme.words.speech import _


def goes_at_once(session: Session, group: Group) -> bool:
    """Whether marks of this group that are finished from now on need no further release."""
    return plan_of(session, group).is_prompt and last_release(session, group) is not None


def release(
    session: Session, group: Group, *, by: int, at: datetime, attempt_id: int | None = None
) -> Sequence[Enrolment]:
    """Close every fully marked attempt of a group (or the one asked for), never the releasing person's own.

    Gives the enrolments that this may complete, locked. Raises Conflict where nothing is ready.
    """
    wanted = scripts_in(group).where(Script.state != ScriptState.RELEASED, Script.person_id != by)
    if attempt_id is not None:
        wanted = wanted.where(Script.attempt_id == attempt_id)
    locked = wanted.with_for_update(of=Script).execution_options(populate_existing=True)
    by_attempt: dict[int, list[Script]] = {}
    for script in session.scalars(locked):
        by_attempt.setdefault(script.attempt_id, []).append(script)
    ready = {
        number: scripts
        for number, scripts in by_attempt.items()
        if all(script.state is ScriptState.READY for script in scripts)
    }
    waiting = (
        Attempt.academy_id == group.academy_id,
        Attempt.id.in_(ready),
        Attempt.status == AttemptStatus.MARKING,
    )
    # Enrolments first, then attempts: everybody who holds both takes them in this order.
    enrolments = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.academy_id == group.academy_id,
            Enrolment.id.in_(select(Attempt.enrolment_id).where(*waiting)),
        )
        .order_by(Enrolment.id)
        .with_for_update()
    ).all()
    attempts = session.scalars(select(Attempt).where(*waiting).order_by(Attempt.id).with_for_update()).all()
    closed = [attempt for attempt in attempts if _close(session, attempt, ready[attempt.id], at=at)]
    if not closed:
        raise Conflict(_("No attempt is fully marked, so there is nothing to release yet."))
    session.add(Release(**asdict(group), attempts=len(closed), released_by=by, released_at=at))
    audit.record(
        session,
        "marks released",
        actor=f"person {by}",
        subject=group.name,
        at=at,
        academy_id=group.academy_id,
        detail={"attempts": [attempt.id for attempt in closed]},
    )
    return enrolments


def _close(session: Session, attempt: Attempt, scripts: Sequence[Script], *, at: datetime) -> bool:
    quiz = pinned(session, attempt.version_id, Quiz).content
    by_hand = {
        script.item: Fraction(script.points or 0) / essay_of(quiz, script.item).most_points
        for script in scripts
    }
    marks = mark_attempt(session, attempt, quiz, by_hand)
    if marks.unmarked:
        return False
    close_marked(attempt, marks, at=at)
    for script in scripts:
        script.state = ScriptState.RELEASED
    session.flush()
    return True
