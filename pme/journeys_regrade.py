"""The acts of a regrade, which cross rooms: apply a correction, undo it.

Each runs inside one writing transaction that the caller opened, and may be repeated without harm. What very many
have earned by it is completed by a job of its own.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.corrections import Correction
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Scope, find_by_seal, hold, regrades_of, revise, scope_of
from pme.completing import complete_each
from pme.content.catalogue import Catalogue
from pme.content.shapes import Quiz
from pme.errors import Conflict
from pme.progress.corrections import amend_after_regrade
from pme.reports.kept import outdate
from pme.reports.regrade_dry_run import DryRun, Told, anew, nobody, try_correction, try_undoing
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
    told: Told = nobody,
    prepared: DryRun | None = None,
) -> Regrade:
    """Carry a dry run out; doing it again gives the regrade that is there. `prepared` is one of a moment ago: while
    nothing has come in since, nothing is marked again here, where others may have to wait.

    Raises Moved when the dry run is no longer what would happen.
    """
    hold(session, scope)
    kept = find_by_seal(session, scope.academy_id, seal)
    if kept is not None:
        return kept
    dry = anew(session, catalogue, scope, prepared) if prepared else None
    dry = dry or try_correction(session, catalogue, scope, quiz, new, told=told)
    if dry.seal != seal:
        raise Moved(dry)
    regrade = Regrade(
        **asdict(scope), **asdict(new), reason=reason, seal=seal, effects=dry.kept(), by=by, at=at
    )
    session.add(regrade)
    session.flush()
    _carry_out(session, catalogue, regrade, dry, at=at, told=told)
    _record(session, "question corrected", regrade, dry, by=by, at=at)
    return regrade


def undo_correction(
    session: Session,
    catalogue: Catalogue,
    regrade: Regrade,
    quiz: Quiz,
    *,
    seal: str,
    by: int,
    at: datetime,
    told: Told = nobody,
    prepared: DryRun | None = None,
) -> None:
    """Take a correction back. What was completed meanwhile stays. Again changes nothing. `prepared`: see above.

    Raises Moved when the dry run is no longer what would happen.
    """
    hold(session, scope_of(regrade))
    session.refresh(regrade)
    if regrade.undone_at is not None:
        return
    dry = anew(session, catalogue, scope_of(regrade), prepared, regrade=regrade) if prepared else None
    dry = dry or try_undoing(session, catalogue, regrade, quiz, told=told)
    if dry.seal != seal:
        raise Moved(dry)
    regrade.undone_at, regrade.undone_by, regrade.undone_effects = at, by, dry.kept()
    session.flush()
    _carry_out(session, catalogue, regrade, dry, at=at, told=told)
    _record(session, "correction undone", regrade, dry, by=by, at=at)


def completions_of(regrade: Regrade) -> tuple[str, str]:
    """What a job is asked for under that completes what was earned by a correction, or by undoing it."""
    return f"regrade {regrade.id}", f"regrade {regrade.id} undone"


def _carry_out(
    session: Session, catalogue: Catalogue, regrade: Regrade, dry: DryRun, *, at: datetime, told: Told
) -> None:
    applied, undone = completions_of(regrade)
    outdate(session, regrade.academy_id)
    ids = [each.id for each in regrades_of(session, scope_of(regrade)) if each.undone_at is None]
    revise(session, dry.results, regrades=ids, at=at, told=told)
    before = {e.enrolment_id: {line.attempt_id: line.percent_before for line in e.lines} for e in dry.effects}
    amend_after_regrade(
        session, catalogue, before, regrade_id=regrade.id, academy_id=regrade.academy_id, at=at
    )
    complete_each(
        session,
        catalogue,
        regrade.academy_id,
        [e.enrolment_id for e in dry.effects if e.rises and (e.completes or e.course)],
        about=undone if regrade.undone_at else applied,
        at=at,
    )


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
