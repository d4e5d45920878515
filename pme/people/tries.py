"""How often somebody tried in vain of late: counted in Redis where there is one, else in the database.

What was counted in either counts: while Redis is away the database counts, and nobody gains by it. Subjects are hashes.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from pme.fleeting import counts
from pme.fleeting.counts import Seen
from pme.fleeting.relay import relay_in
from pme.people.models import FailedSignIn

WINDOW = timedelta(minutes=15)
AHEAD = timedelta(minutes=5)
"""What clocks may differ by: a try further in the future was counted before a clock was put back, and is let go."""


def subject_of(text: str) -> str:
    """What tries are counted by: a hash, so that nothing tells an address."""
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()


def seen(session: Session, subject: str, *, at: datetime) -> Seen:
    """How often a subject tried within the window, and when first."""
    count, oldest = session.execute(
        select(func.count(), func.min(FailedSignIn.at)).where(
            FailedSignIn.subject == subject, FailedSignIn.at > at - WINDOW, FailedSignIn.at < at + AHEAD
        )
    ).one()
    return Seen(count, oldest) + counts.seen(relay_in(session), subject, at=at, window=WINDOW, ahead=AHEAD)


def note(session: Session, subjects: Iterable[str], *, at: datetime) -> None:
    """Count one more for each subject, and forget old ones."""
    wanted = list(subjects)
    if counts.note(relay_in(session), wanted, at=at, window=WINDOW, ahead=AHEAD):
        return
    is_outside = or_(FailedSignIn.at < at - WINDOW, FailedSignIn.at > at + AHEAD)
    session.execute(delete(FailedSignIn).where(is_outside))
    session.add_all(FailedSignIn(subject=subject, at=at) for subject in wanted)
    session.flush()


def forget(session: Session, subject: str) -> None:
    """Count a subject from nothing again."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.subject == subject))
    counts.forget(relay_in(session), subject)


def minutes_left(seen: Seen, *, at: datetime) -> int:
    """After how many minutes the oldest try counts no more."""
    return max(1, round(((seen.oldest or at) + WINDOW - at).total_seconds() / 60))
