"""The dry run of a regrade: what it would do to results, standings, completions and certificates.

It changes nothing, and is sealed: the seal names exactly what was shown, so that nothing else is applied.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from pme.assessment.corrections import Correction, CorrectionKind, check_new
from pme.assessment.effective import BATCH
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import (
    Digest,
    NewResult,
    Scope,
    basis_of,
    correction_of,
    in_force,
    regrades_of,
    scope_of,
    sittings,
    written,
)
from pme.content.catalogue import Catalogue
from pme.content.shapes import Quiz
from pme.errors import Invalid
from pme.reports.regrade_effects import Effect, Line, effects_of, line_of, seal_of
from pme.words.lazily import lazy

LEFT_EMPTY = lazy(
    "With this, some attempts would have no question left that counts. Give full credit for the question "
    "instead."
)

Told = Callable[[int], object]
"""Is told now and then how many attempts were looked at."""


@dataclass(frozen=True)
class DryRun:
    """What a regrade would do. `seen` counts the finished attempts, `before` and `after` are the hashes of
    their results, `seal` names all of it, `results` are those that become others.
    """

    corrections: tuple[Correction, ...]
    seen: int
    effects: tuple[Effect, ...]
    before: str
    after: str
    seal: str
    results: tuple[NewResult, ...] = ()
    basis: str = ""
    """The name of what the results were worked out from (`basis_of`)."""

    @property
    def changed(self) -> int:
        """Students whose result changes."""
        return len(self.effects)

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
            "changed": self.changed,
            "before": self.before,
            "after": self.after,
            "crossing": [asdict(e) for e in self.effects if e.rises or e.falls],
        }


def nobody(_seen: int) -> None:
    """Nobody waits to be told."""


def check_correction(session: Session, scope: Scope, quiz: Quiz, new: Correction) -> None:
    """Refuse a correction that could not be applied now, whatever it would do. Raises Invalid with what to do."""
    check_new(quiz, list(map(correction_of, in_force(session, scope))), new)


def try_correction(
    session: Session,
    catalogue: Catalogue,
    scope: Scope,
    quiz: Quiz,
    new: Correction,
    *,
    told: Told = nobody,
) -> DryRun:
    """What a new correction would do. Raises Invalid when it does not fit, or changes nothing about the key."""
    known = regrades_of(session, scope)
    before = [correction_of(one) for one in known if one.undone_at is None]
    check_new(quiz, before, new)
    void = new.kind is CorrectionKind.VOID
    every = (*before, new)
    return _try(session, catalogue, scope, quiz, known, every, act=asdict(new), is_new_void=void, told=told)


def try_undoing(
    session: Session, catalogue: Catalogue, regrade: Regrade, quiz: Quiz, *, told: Told = nobody
) -> DryRun:
    """What undoing a correction would do."""
    known = regrades_of(session, scope_of(regrade))
    left = tuple(correction_of(r) for r in known if r.undone_at is None and r.id != regrade.id)
    return _try(session, catalogue, scope_of(regrade), quiz, known, left, act=regrade.id, told=told)


def _try(
    session: Session,
    catalogue: Catalogue,
    scope: Scope,
    quiz: Quiz,
    known: Sequence[Regrade],
    corrections: tuple[Correction, ...],
    *,
    act: object,
    told: Told,
    is_new_void: bool = False,
) -> DryRun:
    basis = basis_of(session, scope)  # first, so that what comes in between shows
    before, after, seen, lines, results = Digest(), Digest(), 0, [], []
    for sitting in sittings(session, scope, quiz, corrections):
        seen += 1
        if sitting.is_left_empty and is_new_void:
            raise Invalid(LEFT_EMPTY)
        line = written(sitting.attempt_id, sitting.before)
        before.add(line)
        if sitting.is_changed:
            lines.append(line_of(sitting))
            results.append(NewResult.of(sitting))
            line = written(sitting.attempt_id, sitting.after)
        after.add(line)
        if seen % BATCH == 0:
            told(seen)
    run = DryRun(corrections, seen, (), before.hex(), after.hex(), "", tuple(results), basis)
    return _sealed(session, catalogue, scope, run, known, lines, act=act)


def anew(
    session: Session, catalogue: Catalogue, scope: Scope, run: DryRun, *, regrade: Regrade | None = None
) -> DryRun | None:
    """A dry run of a while ago as it would be now, without marking anything again: what it means for the students is
    looked up once more. None where attempts were finished or questions corrected since.

    Of undoing `regrade`; without one, of the correction that it tried last.
    """
    if basis_of(session, scope) != run.basis:
        return None
    act = asdict(run.corrections[-1]) if regrade is None else regrade.id
    lines = [line for effect in run.effects for line in effect.lines]
    return _sealed(session, catalogue, scope, run, regrades_of(session, scope), lines, act=act)


def _sealed(
    session: Session,
    catalogue: Catalogue,
    scope: Scope,
    run: DryRun,
    known: Sequence[Regrade],
    lines: Sequence[Line],
    *,
    act: object,
) -> DryRun:
    effects = effects_of(session, catalogue, scope, lines)
    state = [[regrade.id, regrade.undone_at is None] for regrade in known]
    seal = seal_of(effects, asdict(scope), act, state, run.before, run.after)
    return replace(run, effects=effects, seal=seal)
