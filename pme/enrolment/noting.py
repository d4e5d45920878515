"""How acts on enrolments are put on record: which ids were there before, and which are after. No words of people."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pme import audit

Ids = Mapping[str, object]


def note(
    session: Session,
    act: str,
    *,
    academy_id: int,
    by: int,
    subject: str,
    at: datetime,
    before: Ids | None = None,
    after: Ids | None = None,
) -> None:
    """Record an act of a person at an academy."""
    audit.record(
        session,
        act,
        actor=f"person {by}",
        subject=subject,
        at=at,
        academy_id=academy_id,
        detail={"before": dict(before or {}), "after": dict(after or {})},
    )
