"""What stayed of somebody without a name goes when the years of its class are over: their erasure said so."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme import audit
from pme.privacy.classes import CLASSES
from pme.privacy.due import YEAR
from pme.privacy.finding import count_of, known, theirs
from pme.privacy.models import Erasure
from pme.privacy.retention import rules_of


def let_go(session: Session, academy_id: int, *, at: datetime) -> int:
    """Delete what an academy keeps of those whom it erased longer ago than it keeps that class; tells of how many."""
    rules, gone = rules_of(session, academy_id), 0
    limited = [kept for kept, about in CLASSES.items() if about.outlives and not about.always]
    erasures = session.scalars(select(Erasure).where(Erasure.academy_id == academy_id)).all()
    for erasure in erasures:
        over = {kept for kept in limited if erasure.at + rules[kept].years * YEAR < at}
        rows = 0
        for table, holding in known():
            if holding.kept in over and (many := count_of(session, table, erasure.person_id, academy_id)):
                session.execute(delete(table).where(theirs(table, erasure.person_id, academy_id)))
                rows += many
        if rows:
            gone += 1
            audit.record(
                session,
                "kept data let go",
                actor="platform",
                subject=f"erasure {erasure.id}",
                at=at,
                academy_id=academy_id,
                detail={"classes": sorted(over), "rows": rows},
            )
    return gone
