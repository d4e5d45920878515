"""The work on a roster: hold it against the academy once more, carry it out whole or not at all, invite who is new."""

from datetime import timedelta

from sqlalchemy.orm import Session

from pme.content import catalogue as published
from pme.errors import PmeError
from pme.inviting import held, key_of, post, waiting_change
from pme.jobs.registry import Round, Work, handler, periodic
from pme.people.links import Made, invite
from pme.people.members import Member, find_member
from pme.people.memberships import By
from pme.people.models import Role, Standing
from pme.rosters.carrying_out import carry_out
from pme.rosters.keeping import before_it, keep_it
from pme.rosters.models import RosterStatus
from pme.rosters.service import JOB, close, find_roster, forget_old, looked_through
from pme.undoing.letters import note_letters
from pme.undoing.models import Change
from pme.words.lazily import lazy

CHANGED = lazy(
    "Your academy's people have changed since you checked this spreadsheet. It changed nothing: send it "
    "again, and check it once more."
)
STEPS = 4
AT_ONCE = 50
"""How many people are invited in one transaction."""


@handler(JOB)
def run(work: Work) -> None:
    """Carry out a roster."""
    roles = frozenset(Role(role) for role in work.payload["roles"])
    academy_id, roster_id = work.academy_id or 0, int(work.payload["roster"])
    work.progress(1, STEPS)
    if not work.state.get("done"):
        try:
            with work.writing() as session:
                by = By(work.person_id, roles, work.at())
                roster = find_roster(session, academy_id, roster_id, for_update=True)
                if roster is None or roster.table_rows is None:
                    return
                titles = {c.content.slug: c.content.title for c in published.current(session).courses}
                read, planned = looked_through(
                    session, academy_id, by, table=roster.table_rows, titles=titles
                )
                work.progress(2, STEPS)
                if read.problems or planned.problems or planned.digest != roster.digest:
                    close(session, roster, RosterStatus.REFUSED, at=by.at, says=CHANGED)
                    work.checkpoint(done=True, added=[])
                    return
                before = before_it(session, academy_id, planned.changes)
                added = carry_out(session, academy_id, planned.changes, by)
                work.progress(3, STEPS)
                close(session, roster, RosterStatus.DONE, at=by.at)
                kept = keep_it(session, before, sorted(added.values()), by)
                roster.change_id = kept.id if kept is not None else None
                is_inviting = work.payload["invites"] and work.settings.mail.is_set
                wait = work.settings.mail.many_wait if is_inviting else 0
                change = held(session, academy_id, by, people=len(added), wait=wait)
                work.checkpoint(
                    done=True, added=sorted(added.values()), change=change.id if change is not None else None
                )
        except PmeError as error:
            with work.writing() as session:
                roster = find_roster(session, academy_id, roster_id, for_update=True)
                if roster is not None:
                    close(session, roster, RosterStatus.REFUSED, at=work.at(), says=error.says)
                work.checkpoint(done=True, added=[])
    if work.payload["invites"] and work.settings.mail.is_set:
        _invite(work, roles)
    else:
        work.progress(STEPS, STEPS)


def _invite(work: Work, roles: frozenset[Role]) -> None:
    """Invite who was added, some in each transaction: a run that was cut short goes on where it was."""
    academy_id, people = work.academy_id or 0, list(work.state.get("added", []))
    of = STEPS + len(people)
    for start in range(int(work.state.get("invited", 0)), len(people), AT_ONCE):
        with work.writing() as session:
            by = By(work.person_id, roles, work.at())
            change = waiting_change(session, academy_id, work.state.get("change"))
            if change is not None and change.undone_at is not None:
                break
            keys = []
            for person_id in people[start : start + AT_ONCE]:
                member = find_member(session, academy_id, person_id)
                if member is not None and member.standing(by.day) is Standing.INVITED:
                    keys.append(_write(session, invite(session, member, by), member, work, change))
            if change is not None:
                note_letters(session, change, keys)
            work.progress(STEPS + start, of)
            work.checkpoint(invited=start + AT_ONCE)
    work.progress(of, of)


def _write(session: Session, made: Made, member: Member, work: Work, change: Change | None) -> str:
    """Write the letter of an invitation; gives what it is known by."""
    address = f"{work.settings.public_url.rstrip('/')}/activate/{made.token}"
    until = change.until if change is not None else None
    post(session, made, called=member.called, address=address, at=work.at(), not_before=until)
    return key_of(made)


@periodic("forget old spreadsheets of people", every=timedelta(hours=6))
def forget(given: Round) -> None:
    """What was sent and not carried out is forgotten after some days."""
    with given.database.writing() as session:
        forget_old(session, at=given.at())
