"""The acts of a regrade, which cross rooms: apply a correction, undo it.

Each runs inside one writing transaction that the caller opened, and may be repeated without harm.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.corrections import Correction
from pme.assessment.effective import BATCH
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Scope, find_by_seal, hold, regrades_of, revise, scope_of, sittings
from pme.content.catalogue import Catalogue
from pme.content.shapes import Quiz
from pme.enrolment.queries import enrolment_by_id
from pme.errors import Conflict
from pme.journeys import complete_if_earned
from pme.progress.corrections import amend_after_regrade
from pme.reports.kept import outdate
from pme.reports.regrade_dry_run import DryRun, try_correction, try_undoing
from pme.words.lazily import lazy

MOVED = lazy(
    "Since you looked, attempts were finished or questions corrected. Nothing was changed: look again."
)


class Moved(Conflict):
    """What a dry run showed has changed since; `fresh` shows how it stands now."""

    def __init__(self, fresh: DryRun) -> None:
        super().__init__(MOVED)
        self.fresh = fresh


def apply_correction(
    session: Session,
    catalogue: Catalogue,
    scope: Scope,
    quiz: Quiz,
    new: Correction,
    *,
    reason: str,
    seal: str,
    by: int,
    at: datetime,
) -> Regrade:
    """Carry a dry run out; doing it again gives the regrade that is there.

    Raises Moved when the dry run is no longer what would happen.
    """
    hold(session, scope)
    kept = find_by_seal(session, scope.academy_id, seal)
    if kept is not None:
        return kept
    dry = try_correction(session, catalogue, scope, quiz, new)
    if dry.seal != seal:
        raise Moved(dry)
    regrade = Regrade(
        **asdict(scope), **asdict(new), reason=reason, seal=seal, effects=dry.kept(), by=by, at=at
    )
    session.add(regrade)
    session.flush()
    _carry_out(session, catalogue, regrade, quiz, dry, at=at)
    _record(session, "question corrected", regrade, dry, by=by, at=at)
    return regrade


def undo_correction(
    session: Session, catalogue: Catalogue, regrade: Regrade, quiz: Quiz, *, seal: str, by: int, at: datetime
) -> None:
    """Take a correction back. What was completed meanwhile stays. Again changes nothing.

    Raises Moved when the dry run is no longer what would happen.
    """
    hold(session, scope_of(regrade))
    session.refresh(regrade)
    if regrade.undone_at is not None:
        return
    dry = try_undoing(session, catalogue, regrade, quiz)
    if dry.seal != seal:
        raise Moved(dry)
    regrade.undone_at, regrade.undone_by, regrade.undone_effects = at, by, dry.kept()
    session.flush()
    _carry_out(session, catalogue, regrade, quiz, dry, at=at)
    _record(session, "correction undone", regrade, dry, by=by, at=at)


def _carry_out(
    session: Session, catalogue: Catalogue, regrade: Regrade, quiz: Quiz, dry: DryRun, *, at: datetime
) -> None:
    scope = scope_of(regrade)
    outdate(session, regrade.academy_id)
    ids = [regrade.id for regrade in regrades_of(session, scope) if regrade.undone_at is None]
    every: Iterator[Any] = sittings(session, scope, quiz, dry.corrections)
    while batch := list(islice(every, BATCH)):
        revise(session, batch, regrades=ids, at=at)
    before = {e.enrolment_id: {line.attempt_id: line.percent_before for line in e.lines} for e in dry.effects}
    amend_after_regrade(
        session, catalogue, before, regrade_id=regrade.id, academy_id=regrade.academy_id, at=at
    )
    for effect in dry.effects:
        enrolment = (
            enrolment_by_id(session, effect.enrolment_id, regrade.academy_id)
            if effect.completes or effect.course
            else None
        )
        if enrolment is not None and effect.rises:
            complete_if_earned(session, catalogue, enrolment, at=at)


def _record(session: Session, act: str, regrade: Regrade, dry: DryRun, *, by: int, at: datetime) -> None:
    audit.record(
        session,
        act,
        actor=f"person {by}",
        subject=f"regrade {regrade.id}: {regrade.slug}, {regrade.item}",
        at=at,
        academy_id=regrade.academy_id,
        detail={
            "course": regrade.course,
            "version": regrade.version_id,
            "kind": regrade.kind,
            "detail": regrade.detail,
            "attempts": dry.seen,
            "changed": len(dry.effects),
            "before": dry.before,
            "after": dry.after,
        },
    )
