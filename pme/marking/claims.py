"""Who may take a script into hand now: a claim keeps others away softly, and runs out by itself.

Pure. A place that is finished, or drafted under a claim that still lasts, is taken; any other is free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pme.marking.plan import Plan
from pme.marking.standing import FIRST, SECOND, needs_second

CLAIM = timedelta(minutes=30)
"""How long a script is kept for its marker after the last thing that was saved."""


@dataclass(frozen=True)
class Held:
    """One place of a script that somebody has."""

    place: int
    marker_id: int
    is_finished: bool
    claimed_until: datetime

    def is_free(self, at: datetime) -> bool:
        """Whether another marker may take it over."""
        return not self.is_finished and self.claimed_until <= at


def place_for(
    plan: Plan, held: Sequence[Held], *, marker_id: int, is_sampled: bool, at: datetime
) -> int | None:
    """The place a marker has or may take, the first before the second; None where nothing is left for them.

    Markers who may see each other's marks read one after the other; blind ones may read at the same time.
    """
    by_place = {one.place: one for one in held}
    for place, one in by_place.items():
        if one.marker_id == marker_id and place in (FIRST, SECOND):
            return place
    first = by_place.get(FIRST)
    if first is None or first.is_free(at):
        return FIRST
    if not needs_second(plan, is_sampled=is_sampled) or not (plan.is_blind or first.is_finished):
        return None
    second = by_place.get(SECOND)
    return SECOND if second is None or second.is_free(at) else None
