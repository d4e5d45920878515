"""Acts of markers and moderators: claim, save, finish, reopen, decide, agree, moderate.

Every act on a script expects it locked in a writing transaction (`find_script(for_update=True)`),
flushes and never commits. Rows are locked in one order: scripts, attempts, enrolments, audit trail.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.content.shapes import EssayItem, Quiz
from pme.errors import Conflict, Invalid
from pme.marking import rubric
from pme.marking.claims import CLAIM, place_for
from pme.marking.models import Mark, Script
from pme.marking.planning import essay_of, sample_if_borderline, settle
from pme.marking.queries import group_of, held_in, own_mark, plan_of, scripts_of
from pme.marking.rubric import Judgement
from pme.marking.standing import DECIDING, MarkStatus, Moderation, ScriptState
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST_REASON = 2_000
TAKEN = lazy("Somebody else is marking this script now. Take another one; nothing of theirs was changed.")
RELEASED = lazy("The marks of this script are released and can no longer be changed.")


def claim(session: Session, script: Script, *, by: int, at: datetime) -> Mark:
    """Take a script into hand, or go on with it. Raises Conflict where no place is left for this marker.

    What a marker wrote before their claim ran out is kept for them, also when another took the place.
    """
    if script.state is ScriptState.RELEASED:
        raise Conflict(RELEASED)
    plan = plan_of(session, group_of(session, script))
    held = held_in(session, [script.id]).get(script.id, [])
    place = place_for(plan, held, marker_id=by, is_sampled=script.is_sampled, at=at)
    if place is None:
        raise Conflict(TAKEN)
    mark = own_mark(session, script.id, by)
    if mark is not None and mark.place == place:
        mark.claimed_until = max(mark.claimed_until, at + CLAIM)
        session.flush()
        return mark
    for other in session.scalars(select(Mark).where(Mark.script_id == script.id, Mark.place == place)):
        _set_aside(other)
    session.flush()
    if mark is None:
        mark = Mark(script_id=script.id, marker_id=by, judgement=rubric.as_json(Judgement()))
        session.add(mark)
    mark.place, mark.status, mark.claimed_until = place, MarkStatus.DRAFT, at + CLAIM
    session.flush()
    return mark


def let_go(session: Session, script: Script, *, by: int, at: datetime) -> None:
    """Leave a script to others; what was written stays with it for its marker."""
    mark = own_mark(session, script.id, by)
    if mark is not None and mark.status is MarkStatus.DRAFT:
        mark.claimed_until = at
        session.flush()


def save(
    session: Session,
    script: Script,
    item: EssayItem,
    judgement: Judgement,
    *,
    by: int,
    seen_at: datetime | None,
    at: datetime,
) -> Mark:
    """Keep a marker's own judgement; the last one saved counts, and nobody else's is touched.

    `seen_at` is when what the form showed was saved (None: nothing was). Raises Conflict when the mark is
    finished or never begun, Invalid for what the rubric does not have.
    """
    mark = own_mark(session, script.id, by)
    if mark is None or script.state is ScriptState.RELEASED:
        raise Conflict(RELEASED if mark else _("Take this script first."))
    if mark.status is MarkStatus.FINISHED:
        raise Conflict(_("You have finished this mark. Open it again to change it."))
    rubric.check(judgement, item)
    is_older = mark.saved_at is not None and (seen_at is None or mark.saved_at > seen_at)
    kept = rubric.kept_over(judgement, rubric.from_json(mark.judgement), is_older=is_older)
    mark.judgement, mark.saved_at = rubric.as_json(kept), at
    mark.claimed_until = max(mark.claimed_until, at + CLAIM)
    session.flush()
    return mark


def finish(session: Session, script: Script, quiz: Quiz, *, by: int, at: datetime) -> Mark:
    """Finish a marker's own mark as it is saved. Raises Invalid while a criterion has no level,
    Conflict when somebody else has taken the place.
    """
    item = essay_of(quiz, script.item)
    mark = own_mark(session, script.id, by)
    if mark is None or mark.place is None:
        raise Conflict(TAKEN)
    if mark.status is MarkStatus.FINISHED:
        return mark
    judgement = rubric.from_json(mark.judgement)
    if missing := rubric.unjudged(judgement, item):
        raise Invalid(_("Choose a level before you finish this mark."), field=missing[0].id)
    mark.status, mark.points, mark.finished_at = MarkStatus.FINISHED, rubric.points_of(judgement, item), at
    mark.first_levels = mark.first_levels or dict(judgement.levels)
    session.flush()
    group = group_of(session, script)
    plan = plan_of(session, group)
    sample_if_borderline(session, script, quiz, plan)
    settle(session, scripts_of(session, script.attempt_id, script.academy_id), plan)
    return mark


def reopen(session: Session, script: Script, *, by: int, at: datetime) -> None:
    """Open one's own finished mark again, before release only; the act is recorded."""
    mark = own_mark(session, script.id, by)
    if script.state is ScriptState.RELEASED:
        raise Conflict(RELEASED)
    if mark is None or mark.status is not MarkStatus.FINISHED:
        raise Conflict(_("There is no finished mark of yours to open again."))
    group = group_of(session, script)
    others = [one for one in _finished(session, script) if one.id != mark.id]
    detail = {"points": mark.points, "had seen the other mark": bool(others)}
    _open_again(mark, at)
    _undo_what_followed(session, script)
    settle(session, [script], plan_of(session, group))
    _record(session, "mark reopened", script, by=by, at=at, **detail)


def decide(
    session: Session,
    script: Script,
    item: EssayItem,
    judgement: Judgement,
    *,
    reason: str,
    by: int,
    at: datetime,
) -> Mark:
    """Settle two marks that are too far apart: a marker proposes, anybody else decides, both with a reason."""
    if script.state is not ScriptState.RECONCILE:
        raise Conflict(_("These two marks are settled already, or one of them is open again."))
    rubric.check(judgement, item)
    if missing := rubric.unjudged(judgement, item):
        raise Invalid(_("Choose a level before you settle this mark."), field=missing[0].id)
    if not reason.strip():
        raise Invalid(_("Say in a sentence why this is the mark."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {most} characters.", most=grouped(LONGEST_REASON)),
            field="reason",
        )
    markers = {one.marker_id for one in _finished(session, script)}
    for earlier in session.scalars(select(Mark).where(Mark.script_id == script.id, Mark.place == DECIDING)):
        _set_aside(earlier)
    session.flush()
    mark = Mark(
        script_id=script.id,
        marker_id=by,
        place=DECIDING,
        status=MarkStatus.PROPOSED if by in markers else MarkStatus.FINISHED,
        judgement=rubric.as_json(judgement),
        points=rubric.points_of(judgement, item),
        reason=reason.strip(),
        claimed_until=at,
        saved_at=at,
        finished_at=at,
    )
    session.add(mark)
    session.flush()
    if by not in markers:
        _decided(session, script, mark, by=by, at=at)
    return mark


def agree(session: Session, script: Script, *, mark_id: int, by: int, at: datetime) -> None:
    """The other marker agrees to the judgement that was proposed. Raises Conflict when it is no longer that one."""
    mark = session.scalar(select(Mark).where(Mark.script_id == script.id, Mark.place == DECIDING))
    markers = {one.marker_id for one in _finished(session, script) if one.place != DECIDING}
    if mark is None or mark.id != mark_id or mark.status is not MarkStatus.PROPOSED:
        raise Conflict(_("This proposal was replaced or settled. Look at the present state."))
    if by not in markers or by == mark.marker_id:
        raise Conflict(_("Only the other marker can agree to this proposal."))
    mark.status, mark.agreed_by = MarkStatus.FINISHED, by
    session.flush()
    _decided(session, script, mark, by=by, at=at)


def moderate(
    session: Session, script: Script, *, is_confirmed: bool, note: str, by: int, at: datetime
) -> None:
    """A moderator, who marked nothing here, confirms a script or sends it back to its markers with a note."""
    if script.state is not ScriptState.MODERATION:
        raise Conflict(_("This script does not wait for a moderator any more."))
    marks = _finished(session, script)
    if by in {one.marker_id for one in marks} | {one.agreed_by for one in marks}:
        raise Conflict(_("You marked this script. Another instructor of the course moderates it."))
    if not is_confirmed and not note.strip():
        raise Invalid(_("Say what the markers should look at again."), field="note")
    if len(note) > LONGEST_REASON:
        raise Invalid(
            _("Keep the note under {most} characters.", most=grouped(LONGEST_REASON)),
            field="note",
        )
    script.moderator_id, script.moderation_note = by, note.strip()
    script.moderation = Moderation.CONFIRMED if is_confirmed else Moderation.SENT_BACK
    if not is_confirmed:
        for mark in marks:
            if mark.place == DECIDING:
                _set_aside(mark)
            else:
                _open_again(mark, at)
    session.flush()
    settle(session, [script], plan_of(session, group_of(session, script)))
    act = "mark confirmed" if is_confirmed else "mark sent back"  # not words
    _record(session, act, script, by=by, at=at)


def _finished(session: Session, script: Script) -> Sequence[Mark]:
    return session.scalars(
        select(Mark)
        .where(Mark.script_id == script.id, Mark.status == MarkStatus.FINISHED)
        .order_by(Mark.place)
    ).all()


def _open_again(mark: Mark, at: datetime) -> None:
    mark.status, mark.points, mark.finished_at = MarkStatus.DRAFT, None, None
    mark.claimed_until = at + CLAIM


def _set_aside(mark: Mark) -> None:
    mark.place, mark.status = None, MarkStatus.SET_ASIDE


def _undo_what_followed(session: Session, script: Script) -> None:
    """A mark is open again: what decided over it counts no more, and a moderator looks again."""
    for mark in session.scalars(select(Mark).where(Mark.script_id == script.id, Mark.place == DECIDING)):
        _set_aside(mark)
    if script.moderation is Moderation.CONFIRMED:
        script.moderation = Moderation.WANTED
    session.flush()


def _decided(session: Session, script: Script, mark: Mark, *, by: int, at: datetime) -> None:
    settle(session, [script], plan_of(session, group_of(session, script)))
    detail = {"points": mark.points, "agreed": mark.agreed_by is not None}
    _record(session, "marks reconciled", script, by=by, at=at, **detail)


def _record(session: Session, act: str, script: Script, *, by: int, at: datetime, **detail: Any) -> None:
    audit.record(
        session,
        act,
        actor=f"person {by}",
        subject=f"script {script.code}",
        at=at,
        academy_id=script.academy_id,
        detail={"course": script.course, "quiz": script.slug, **detail},
    )
