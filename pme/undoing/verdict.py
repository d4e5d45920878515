"""Whether one row of an act may be put back as it was: decided from what stood, what became of it and what is now.

Pure: no database, no clock. Whoever undoes an act never overwrites what somebody did since.
"""

from collections.abc import Mapping
from enum import StrEnum

Facts = Mapping[str, object]
"""The columns of a row that an act may change, as JSON has them."""


class Why(StrEnum):
    """Why a row was left as it is."""

    CHANGED = "changed"
    """Somebody changed it since."""
    GONE = "gone"
    """It is not there any more."""
    COMPLETED = "completed"
    """The course was completed meanwhile, or by the act itself: a completion is never taken back."""
    BEGUN = "begun"
    """Something rests on it by now, such as pages read."""
    ABOVE = "above"
    """It is about somebody whom the one who undoes may not change."""
    ENTERED = "entered"
    """They have signed in, or have done something at the academy."""
    SENT = "sent"
    """The letter is on its way."""
    UNFIT = "unfit"
    """What stood before is possible no longer."""


def verdict(
    became: Facts | None,
    stands: Facts | None,
    *,
    is_completed: bool = False,
    is_used: bool = False,
    is_above: bool = False,
    is_sent: bool = False,
    is_unfit: bool = False,
    has_entered: bool = False,
) -> Why | None:
    """Why a row stays as it is, or None where it may be put back. Only the facts that the act changed are compared."""
    if stands is None:
        return Why.GONE
    if is_sent:
        return Why.SENT
    if has_entered:
        return Why.ENTERED
    if became is None or any(stands.get(name) != value for name, value in became.items()):
        return Why.CHANGED
    if is_above:
        return Why.ABOVE
    if is_unfit:
        return Why.UNFIT
    if is_completed:
        return Why.COMPLETED
    return Why.BEGUN if is_used else None
