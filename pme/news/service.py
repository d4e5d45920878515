"""Acts on news: say that one has seen them. Flushes, never commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from pme.db import insert_into
from pme.news.models import NewsSeen


def mark_seen(session: Session, academy_id: int, person_id: int, *, at: datetime) -> None:
    """Show a person nothing any more that was new before this moment."""
    session.execute(
        insert_into(session, NewsSeen)
        .values(academy_id=academy_id, person_id=person_id, seen_at=at)
        .on_conflict_do_update(index_elements=[NewsSeen.academy_id, NewsSeen.person_id], set_={"seen_at": at})
    )
