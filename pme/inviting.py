"""Links to accounts as letters: one to its person, or invitations to all who wait for one, in the background."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.jobs.models import Job
from pme.jobs.registry import Work, handler
from pme.jobs.service import enqueue
from pme.outbox.service import queue
from pme.people import links
from pme.people.counting import counts_on
from pme.people.granting import may_change
from pme.people.links import Made
from pme.people.members import find_member
from pme.people.memberships import By
from pme.people.models import Membership
from pme.people.queries import get_academy
from pme.undoing.letters import WRITES, hold, note_letters
from pme.undoing.models import Change
from pme.undoing.service import find_change

KIND = WRITES
TITLE = "Invitations to all who wait for one"  # not words
AT_ONCE = 50
MANY = 2
"""From how many people on letters wait."""


def post(
    session: Session,
    made: Made,
    *,
    called: str,
    address: str,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """Write the letter that a link goes out with, in the transaction in which it was made."""
    link = made.link
    queue(
        session,
        academy_id=link.academy_id,
        person_id=link.person_id,
        to=link.email,
        template=str(link.purpose),
        values={
            "called": called,
            "academy": get_academy(session, link.academy_id).name if link.academy_id else "",
            "link": address,
            "until": link.expires_at,
        },
        language=None,
        at=at,
        key=key_of(made),
        not_before=not_before,
        not_after=link.expires_at,
    )


def key_of(made: Made) -> str:
    """What the letter that a link goes out with is known by."""
    return f"link {made.link.id}"


def held(session: Session, academy_id: int, by: By, *, people: int, wait: int) -> Change | None:
    """Letters to so many people wait for `wait` seconds and can be called back until then; a single one does not."""
    if people < MANY or not wait or by.person_id is None:
        return None
    return hold(session, academy_id, people=people, by=by.person_id, at=by.at, wait=timedelta(seconds=wait))


def ask_for_all(session: Session, academy_id: int, by: By, *, wait: int) -> tuple[Job, Change | None]:
    """Ask for invitations to everybody at an academy who waits for one; with what they can be called back by."""
    people = links.count_waiting(session, academy_id, by.at)
    change = held(session, academy_id, by, people=people, wait=wait)
    job = enqueue(
        session,
        KIND,
        academy_id=academy_id,
        person_id=by.person_id,
        payload={"change": change.id if change else None},
        at=by.at,
        title=TITLE,
    )
    return job, change


@handler(KIND)
def invite_all(work: Work) -> None:
    """Invite everybody who waits, as far as the one who asked may; those who were invited meanwhile are left out."""
    academy_id, done = work.academy_id or 0, int(work.state.get("done", 0))
    with work.database.session() as session:
        total = done + links.count_waiting(session, academy_id, work.at())
    while True:
        with work.writing() as session:
            change = waiting_change(session, academy_id, work.payload.get("change"))
            if change is not None and change.undone_at is not None:
                return
            waiting = links.waiting(
                session, academy_id, work.at(), after=int(work.state.get("after", 0)), at_most=AT_ONCE
            )
            made = [_invite(session, work, academy_id, person_id, change) for person_id in waiting]
            keys = [key for key in made if key]
            done += len(keys)
            if change is not None:
                note_letters(session, change, keys)
                change.people = done if not waiting else max(change.people, done)
            if waiting:
                work.checkpoint(after=waiting[-1], done=done)
            work.progress(done, max(total, done))
        if not waiting:
            return


def waiting_change(session: Session, academy_id: int, change_id: int | None) -> Change | None:
    """What letters can be called back by, held: whoever calls them back waits for us, or we see that they did."""
    return find_change(session, academy_id, change_id, for_update=True) if change_id else None


def _invite(session: Session, work: Work, academy_id: int, person_id: int, change: Change | None) -> str:
    """Invite somebody; gives what their letter is known by, or "" where they may not be invited."""
    by = _asker(session, work, academy_id)
    member = find_member(session, academy_id, person_id, for_update=True)
    if member is None or not may_change(by.roles, member.roles):
        return ""
    made = links.invite(session, member, by)
    address = f"{work.settings.public_url.rstrip('/')}/activate/{made.token}"
    until = change.until if change is not None else None
    post(session, made, called=member.called, address=address, at=by.at, not_before=until)
    return key_of(made)


def _asker(session: Session, work: Work, academy_id: int) -> By:
    """Who asked, with the roles that they hold now."""
    roles = session.scalars(
        select(Membership.role).where(
            Membership.academy_id == academy_id,
            Membership.person_id == work.person_id,
            counts_on(work.at().date()),
        )
    )
    return By(work.person_id, frozenset(roles), work.at())
