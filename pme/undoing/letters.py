"""Letters to many: they wait for a short while before they go out, and are called back with the links in them."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pme.jobs.models import Job, JobStatus
from pme.jobs.service import cancel
from pme.outbox.models import Letter, LetterState
from pme.people.models_links import AccountLink
from pme.undoing.models import Change, ChangedRow, Did, Thing
from pme.undoing.verdict import Facts

LINK = re.compile(r" link (\d+)$")
AT_ONCE = 500
WRITES = "invitations"
"""The kind of job that writes letters to many."""


def hold(session: Session, academy_id: int, *, people: int, by: int, at: datetime, wait: timedelta) -> Change:
    """Begin an act whose letters wait until they go out, as long as which they can be called back."""
    change = Change(
        academy_id=academy_id, did=Did.INVITED, course="", people=people, by_id=by, at=at, until=at + wait
    )
    session.add(change)
    session.flush()
    return change


def note_letters(session: Session, change: Change, keys: Sequence[str]) -> None:
    """Say which letters belong to an act, by the keys that they were queued with."""
    wanted = [f"{change.academy_id} {key}" for key in keys]
    found = session.execute(
        select(Letter.id, Letter.person_id, Letter.state, Letter.unsure, Letter.key)
        .where(Letter.academy_id == change.academy_id, Letter.key.in_(wanted))
        .order_by(Letter.id)
    ).all()
    if found:
        session.execute(
            insert(ChangedRow),
            [
                {
                    "academy_id": change.academy_id,
                    "change_id": change.id,
                    "person_id": row.person_id,
                    "thing": Thing.LETTER,
                    "thing_id": row.id,
                    "was": None,
                    "became": dict(facts_of_letter(row.state, row.unsure, row.key)),
                }
                for row in found
            ],
        )


def facts_of_letter(state: LetterState, unsure: int, key: str) -> Facts:
    """How far a letter is, and which link stands in it. What may have arrived counts as sent."""
    is_gone = unsure > 0 or state is LetterState.SENDING
    link = LINK.search(key)
    return {
        "state": (LetterState.SENT if is_gone else state).value,
        "link": int(link.group(1)) if link else None,
    }


def call_back(session: Session, academy_id: int, rows: Iterable[ChangedRow], *, at: datetime) -> None:
    """Send letters no more, and end the links in them."""
    kept = [(row.thing_id, row.became.get("link")) for row in rows]
    for begin in range(0, len(kept), AT_ONCE):
        some = kept[begin : begin + AT_ONCE]
        session.execute(
            update(Letter)
            .where(Letter.academy_id == academy_id, Letter.id.in_([number for number, _link in some]))
            .values(state=LetterState.CALLED_BACK, secrets={}, problem="", awaits_server=False)
            .execution_options(synchronize_session=False)
        )
        end_links(session, academy_id, [link for _number, link in some if link], at=at)


def call_off(session: Session, change: Change, *, at: datetime) -> None:
    """The job that would still write letters of an act that was called back is cancelled with it."""
    under_way = select(Job).where(
        Job.academy_id == change.academy_id,
        Job.kind == WRITES,
        Job.status.in_((JobStatus.WAITING, JobStatus.RUNNING)),
    )
    for job in session.scalars(under_way.order_by(Job.id).with_for_update()).all():
        if job.payload.get("change") == change.id:
            cancel(session, job, at=at)


def end_links(session: Session, academy_id: int, ids: Sequence[int], *, at: datetime) -> None:
    """These links open nothing any more."""
    session.execute(
        update(AccountLink)
        .where(
            AccountLink.academy_id == academy_id,
            AccountLink.id.in_(ids),
            AccountLink.used_at.is_(None),
            AccountLink.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at)
        .execution_options(synchronize_session=False)
    )
