"""How often a new password may be asked for: for an address, and from a network.

Counted beside failed sign-ins, but apart from them: asking never closes signing in.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pme.people import tries
from pme.people.tries import subject_of

PER_ADDRESS = 3
PER_NETWORK = 30


@dataclass(frozen=True)
class Asked:
    """Whether an address and a network have asked too often of late."""

    is_address_tired: bool
    is_network_tired: bool


def may_ask(session: Session, *, email: str, network: str, at: datetime) -> Asked:
    """How an address and a network stand. Of a tired address nothing is told: its letter just does not go out."""
    return Asked(
        tries.seen(session, _of_address(email), at=at).count >= PER_ADDRESS,
        tries.seen(session, _of_network(network), at=at).count >= PER_NETWORK,
    )


def note_asking(session: Session, *, email: str, network: str, at: datetime) -> None:
    """Count that a new password was asked for."""
    tries.note(session, (_of_address(email), _of_network(network)), at=at)


def _of_address(email: str) -> str:
    return subject_of(f"asked for {email}")


def _of_network(network: str) -> str:
    return subject_of(f"asked from {network}")
