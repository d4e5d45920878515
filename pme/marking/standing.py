"""Where a script stands, and which points stand for it.

Pure. One finished mark stands where the plan asks for no second. Two within the tolerance: their mean
stands. Two further apart: only a third judgement stands, which both agree on or a moderator decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pme.marking.plan import Plan, Second

FIRST, SECOND, DECIDING = 1, 2, 3
"""The places of marks on a script; the third judgement is the deciding one."""


class ScriptState(StrEnum):
    """What a script waits for, from first to last."""

    WAITING = "waiting"
    SECOND = "second"
    RECONCILE = "reconcile"
    MODERATION = "moderation"
    READY = "ready"
    RELEASED = "released"


class MarkStatus(StrEnum):
    """`proposed`: a deciding judgement that the other marker has still to agree to. `set-aside`: somebody
    else took the place over, or what it settled was opened again; it is kept, and counts for nothing.
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    FINISHED = "finished"
    SET_ASIDE = "set-aside"


class Moderation(StrEnum):
    """Whether a moderator looks at a script before release, and what came of it."""

    NONE = "none"
    WANTED = "wanted"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent-back"


class Rule(StrEnum):
    """Why these points stand."""

    ONE = "one"
    MEAN = "mean"
    DECIDED = "decided"


@dataclass(frozen=True)
class Standing:
    """What a script waits for; `points` and `rule` once something stands."""

    state: ScriptState
    points: Fraction | None = None
    rule: Rule | None = None


def needs_second(plan: Plan, *, is_sampled: bool) -> bool:
    """Whether the plan asks a second marker to read this script."""
    return plan.second is Second.ALL or (plan.second is Second.SAMPLE and is_sampled)


def shows_others(plan: Plan, state: ScriptState) -> bool:
    """Whether finished marks of others may be seen: blind markers wait until both are finished."""
    if state is ScriptState.WAITING:
        return False
    return not (state is ScriptState.SECOND and plan.is_blind)


def standing(
    plan: Plan, finished: Mapping[int, int], *, is_sampled: bool, moderation: Moderation
) -> Standing:
    """Where a script stands, by the points of its finished marks by place."""
    if FIRST not in finished:
        return Standing(ScriptState.WAITING)
    if SECOND not in finished and needs_second(plan, is_sampled=is_sampled):
        return Standing(ScriptState.SECOND)
    points, rule = _that_stand(plan, finished)
    if points is None:
        return Standing(ScriptState.RECONCILE)
    is_checked = moderation in (Moderation.NONE, Moderation.CONFIRMED)
    return Standing(ScriptState.READY if is_checked else ScriptState.MODERATION, points, rule)


def _that_stand(plan: Plan, finished: Mapping[int, int]) -> tuple[Fraction | None, Rule | None]:
    if DECIDING in finished:
        return Fraction(finished[DECIDING]), Rule.DECIDED
    if SECOND not in finished:
        return Fraction(finished[FIRST]), Rule.ONE
    if abs(finished[FIRST] - finished[SECOND]) <= plan.tolerance:
        return Fraction(finished[FIRST] + finished[SECOND], 2), Rule.MEAN
    return None, None
