"""How a certificate stands: valid, expired, superseded or revoked. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum


class State(StrEnum):
    """What becomes of a certificate. What was revoked stays so, even when it is replaced or has ended."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What decides it: the last valid day (None for no end), and since when it is replaced or revoked."""

    valid_until: date | None = None
    superseded_at: datetime | None = None
    revoked_at: datetime | None = None


def state_of(facts: StateFacts, at: datetime) -> State:
    """How a certificate stands at a moment. Its last valid day is one in UTC, and still valid."""
    if facts.revoked_at is not None and facts.revoked_at <= at:
        return State.REVOKED
    if facts.superseded_at is not None and facts.superseded_at <= at:
        return State.SUPERSEDED
    if facts.valid_until is not None and at.astimezone(UTC).date() > facts.valid_until:
        return State.EXPIRED
    return State.VALID
