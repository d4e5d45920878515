"""What somebody has done in a preview, kept in a row of its own: read, saved, forgotten.

Acts expect a writing transaction and flush, never commit.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.authoring.models_preview import PreviewState
from pme.authoring.trial import Trial, as_text, from_text
from pme.db import insert_into

KEPT = timedelta(days=2)
"""How long a preview remembers after it was last used."""


def owner_of(
    *, person_id: int | None, link_id: int | None = None, draft_id: int | None = None, is_tour: bool = False
) -> str:
    """Whose preview it is, and of what."""
    who = f"link {link_id}" if link_id is not None else f"person {person_id}"
    if is_tour:
        return f"{who}, tour"  # not words
    return f"{who}, {'published' if draft_id is None else f'draft {draft_id}'}"


def trial_of(session: Session, owner: str, *, at: datetime, for_update: bool = False) -> Trial:
    """What was done in a preview so far; nothing where it is too long ago."""
    wanted = select(PreviewState.state).where(PreviewState.owner == owner, PreviewState.used_at > at - KEPT)
    text = session.scalar(wanted.with_for_update() if for_update else wanted)
    return Trial() if text is None else from_text(text)


def keep(session: Session, owner: str, trial: Trial, *, at: datetime) -> None:
    """Keep what was done. Raises Invalid when it is more than a preview may hold."""
    kept = {"state": as_text(trial), "used_at": at}
    session.execute(
        insert_into(session, PreviewState)
        .values(owner=owner, **kept)
        .on_conflict_do_update(index_elements=["owner"], set_=kept)
    )


def forget(session: Session, owner: str) -> None:
    """Begin a preview anew. Again changes nothing."""
    session.execute(delete(PreviewState).where(PreviewState.owner == owner))


def purge(session: Session, *, at: datetime) -> None:
    """Forget every preview that nobody has used for a while."""
    session.execute(delete(PreviewState).where(PreviewState.used_at <= at - KEPT))
