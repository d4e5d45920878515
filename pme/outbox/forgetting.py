"""What is left of a person's letters when an academy erases them: that they were written, so that none is again."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pme.outbox.models import Letter, LetterState

GONE = "The person was erased before it went out."


def forget_letters(session: Session, academy_id: int, person_id: int) -> int:
    """Empty every letter of an academy to a person, and send none of those that wait; tells how many."""
    own = (Letter.academy_id == academy_id, Letter.person_id == person_id)
    waits = Letter.state.in_((LetterState.WAITING, LetterState.SENDING))
    session.execute(update(Letter).where(*own, waits).values(state=LetterState.LATE, problem=GONE))
    numbers = session.scalars(select(Letter.id).where(*own)).all()
    empty: dict[str, object] = {"address": "", "subject": "", "body": "", "secrets": {}, "person_id": None}
    session.execute(update(Letter).where(*own).values(**empty))
    return len(numbers)
