"""Links to accounts as letters: one to its person, or invitations to all who wait for one, in the background."""

from datetime import datetime

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

KIND = "invitations"
TITLE = "Invitations to all who wait for one"  # not words
AT_ONCE = 50


def post(session: Session, made: Made, *, called: str, address: str, at: datetime) -> None:
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
        key=f"link {link.id}",
        not_after=link.expires_at,
    )


def ask_for_all(session: Session, academy_id: int, by: By) -> Job:
    """Ask for invitations to everybody at an academy who waits for one."""
    return enqueue(
        session,
        KIND,
        academy_id=academy_id,
        person_id=by.person_id,
        payload={},
        at=by.at,
        title=TITLE,
    )


@handler(KIND)
def invite_all(work: Work) -> None:
    """Invite everybody who waits, as far as the one who asked may; those who were invited meanwhile are left out."""
    academy_id, done = work.academy_id or 0, int(work.state.get("done", 0))
    with work.database.session() as session:
        total = done + links.count_waiting(session, academy_id, work.at())
    while True:
        with work.writing() as session:
            waiting = links.waiting(
                session, academy_id, work.at(), after=int(work.state.get("after", 0)), at_most=AT_ONCE
            )
            for person_id in waiting:
                done += _invite(session, work, academy_id, person_id)
            if waiting:
                work.checkpoint(after=waiting[-1], done=done)
            work.progress(done, max(total, done))
        if not waiting:
            return


def _invite(session: Session, work: Work, academy_id: int, person_id: int) -> bool:
    by = _asker(session, work, academy_id)
    member = find_member(session, academy_id, person_id, for_update=True)
    if member is None or not may_change(by.roles, member.roles):
        return False
    made = links.invite(session, member, by)
    address = f"{work.settings.public_url.rstrip('/')}/activate/{made.token}"
    post(session, made, called=member.called, address=address, at=by.at)
    return True


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
