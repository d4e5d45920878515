"""Whether a membership counts on a day, as a rule for one and as a condition for many."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_

from pme.people.models import Membership, Role, Standing

SPEAKS_FIRST = (Standing.ACTIVE, Standing.INVITED, Standing.SUSPENDED, Standing.EXPIRED, Standing.ERASED)
"""Which of a person's standings is theirs as a whole, where their roles differ."""


def standing_on(standing: Standing, valid_until: date | None, day: date) -> Standing:
    """What a membership is on a day: an active one expires when its last day is over."""
    if standing is Standing.ACTIVE and valid_until is not None and valid_until < day:
        return Standing.EXPIRED
    return standing


class Held(NamedTuple):
    """What lists read of a membership."""

    role: Role
    standing: Standing
    valid_until: date | None


def standing_of(memberships: Iterable[Held | Membership], day: date) -> Standing:
    """What a person is at an academy on a day, by all their memberships there."""
    found = {standing_on(each.standing, each.valid_until, day) for each in memberships}
    return next((one for one in SPEAKS_FIRST if one in found), Standing.EXPIRED)


def counts_on(day: date) -> ColumnElement[bool]:
    """The memberships that count on a day."""
    return and_(
        Membership.standing == Standing.ACTIVE,
        or_(Membership.valid_until.is_(None), Membership.valid_until >= day),
    )


def stands_as(standing: Standing, day: date) -> ColumnElement[bool]:
    """The memberships that are of this standing on a day."""
    if standing is Standing.ACTIVE:
        return counts_on(day)
    if standing is Standing.EXPIRED:
        is_over = and_(Membership.standing == Standing.ACTIVE, Membership.valid_until < day)
        return or_(Membership.standing == Standing.EXPIRED, is_over)
    return Membership.standing == standing
