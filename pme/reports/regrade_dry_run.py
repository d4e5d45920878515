"""The dry run of a regrade: what it would do to results, standings, completions and certificates.

It changes nothing, and is sealed: the seal names exactly what was shown, so that nothing else is applied.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind, check_new
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Digest, Scope, correction_of, regrades_of, scope_of, sittings
from pme.content.catalogue import Catalogue
from pme.content.shapes import Quiz
from pme.errors import Invalid
from pme.reports.regrade_effects import Effect, effects_of, line_of, seal_of
from pme.words.lazily import lazy

LEFT_EMPTY = lazy(
    "With this, some attempts would have no question left that counts. Give its whole credit instead."
)


@dataclass(frozen=True)
class DryRun:
    """What a regrade would do. `seen` counts the finished attempts, `before` and `after` are the hashes of
    their results, `seal` names all of it.
    """

    corrections: tuple[Correction, ...]
    seen: int
    effects: tuple[Effect, ...]
    before: str
    after: str
    seal: str

    @property
    def rising(self) -> int:
        """Students who pass by it."""
        return sum(effect.rises for effect in self.effects)

    @property
    def falling(self) -> int:
        """Students who no longer pass by it."""
        return sum(effect.falls for effect in self.effects)

    def kept(self) -> dict[str, Any]:
        """What is kept of it with the regrade: how many, and everybody who crosses the pass line."""
        return {
            "seen": self.seen,
            "changed": len(self.effects),
            "before": self.before,
            "after": self.after,
            "crossing": [asdict(e) for e in self.effects if e.rises or e.falls],
        }


def try_correction(
    session: Session, catalogue: Catalogue, scope: Scope, quiz: Quiz, new: Correction
) -> DryRun:
    """What a new correction would do. Raises Invalid when it does not fit, or changes nothing about the key."""
    known = regrades_of(session, scope)
    in_force = [correction_of(one) for one in known if one.undone_at is None]
    check_new(quiz, in_force, new)
    void = new.kind is CorrectionKind.VOID
    return _try(session, catalogue, scope, quiz, known, (*in_force, new), act=asdict(new), is_new_void=void)


def try_undoing(session: Session, catalogue: Catalogue, regrade: Regrade, quiz: Quiz) -> DryRun:
    """What undoing a correction would do."""
    known = regrades_of(session, scope_of(regrade))
    left = tuple(correction_of(r) for r in known if r.undone_at is None and r.id != regrade.id)
    return _try(session, catalogue, scope_of(regrade), quiz, known, left, act=regrade.id)


def _try(
    session: Session,
    catalogue: Catalogue,
    scope: Scope,
    quiz: Quiz,
    known: Sequence[Regrade],
    corrections: tuple[Correction, ...],
    *,
    act: object,
    is_new_void: bool = False,
) -> DryRun:
    before, after, seen, lines = Digest(), Digest(), 0, []
    for sitting in sittings(session, scope, quiz, corrections):
        seen += 1
        before.add(sitting.attempt_id, sitting.before)
        after.add(sitting.attempt_id, sitting.after)
        if sitting.is_left_empty and is_new_void:
            raise Invalid(LEFT_EMPTY)
        if sitting.is_changed:
            lines.append(line_of(sitting))
    effects = effects_of(session, catalogue, scope, lines)
    state = [[regrade.id, regrade.undone_at is None] for regrade in known]
    seal = seal_of(effects, asdict(scope), act, state, before.hex(), after.hex())
    return DryRun(corrections, seen, effects, before.hex(), after.hex(), seal)
