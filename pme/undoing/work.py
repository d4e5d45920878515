"""Undoing in the background what an act did to very many: all in one step, as everywhere."""

from sqlalchemy.orm import Session

from pme.errors import NotFound
from pme.jobs.models import Job
from pme.jobs.registry import Work, handler
from pme.jobs.service import enqueue
from pme.people.memberships import By
from pme.people.models import Role
from pme.undoing.models import Change
from pme.undoing.service import find_change, undo
from pme.words.speech import _

KIND = "undo"
AT_ONCE = 500
"""How many rows are put back while somebody waits for the page."""


def ask(session: Session, change: Change, by: By) -> Job:
    """Ask for an act to be undone; asking twice within a minute is asking once."""
    return enqueue(
        session,
        KIND,
        academy_id=change.academy_id,
        person_id=by.person_id,
        payload={"change": change.id, "roles": sorted(role.value for role in by.roles)},
        at=by.at,
        key=f"{change.id} {by.at:%Y-%m-%dT%H:%M}",
        title=_("Undoing what was done to many"),
    )


@handler(KIND)
def run(work: Work) -> None:
    """Undo an act. What cannot be put back stands on its page, as does that somebody was faster."""
    work.progress(0, 2)
    if work.state.get("done"):
        return  # a run that was cut short had undone it
    with work.writing() as session:
        change = find_change(session, work.academy_id or 0, int(work.payload["change"]), for_update=True)
        if change is None:
            raise NotFound(_("This is no longer kept."))
        roles = frozenset(Role(role) for role in work.payload["roles"])
        work.progress(1, 2)
        undo(session, change, By(work.person_id, roles, work.at()))
        work.checkpoint(done=True)
    work.progress(2, 2)
