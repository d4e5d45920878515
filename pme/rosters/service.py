"""Acts on rosters: take one in and look through it, ask for it to be carried out, forget old ones."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import String, cast, or_, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict
from pme.jobs.service import enqueue
from pme.people.memberships import By
from pme.rosters.ground import ground_of
from pme.rosters.models import Roster, RosterStatus
from pme.rosters.plan import Plan, plan
from pme.rosters.rows import Roster as Read
from pme.rosters.rows import read_roster
from pme.words.speech import _

JOB = "roster"
KEPT = timedelta(days=7)
"""How long a roster that is not carried out is kept."""
LONGEST_NAME = 120
MOST_PROBLEMS = 2_000


def take(
    session: Session,
    academy_id: int,
    by: By,
    *,
    table: Sequence[Sequence[str]],
    titles: Mapping[str, str],
    name: str,
    sha256: str,
    encoding: str = "",
    separator: str = "",
) -> Roster:
    """Keep a table with all that it would do and all that is wrong with it; nothing of it is done yet."""
    read, planned = looked_through(session, academy_id, by, table=table, titles=titles)
    problems = (*read.problems, *planned.problems)
    roster = Roster(
        academy_id=academy_id,
        person_id=by.person_id or 0,
        name=name[:LONGEST_NAME],
        sha256=sha256,
        encoding=encoding,
        separator=separator,
        ignored=list(read.ignored),
        table_rows=[list(cells) for cells in table],
        changes=[asdict(change) for change in planned.changes],
        problems=[[p.row, p.column, p.says] for p in sorted(problems, key=lambda each: each.row)][
            :MOST_PROBLEMS
        ],
        counts=planned.counts | {"problems": len(problems)},
        digest=planned.digest,
        status=RosterStatus.LOOKED_THROUGH,
        sent_at=by.at,
    )
    session.add(roster)
    session.flush()
    return roster


def looked_through(
    session: Session, academy_id: int, by: By, *, table: Sequence[Sequence[str]], titles: Mapping[str, str]
) -> tuple[Read, Plan]:
    """What a table says, and what it would change now."""
    read = read_roster(table)
    ground = ground_of(session, academy_id, by, titles=titles, day=by.day)
    return read, plan(read.rows, ground)


def find_roster(
    session: Session, academy_id: int, roster_id: int, *, for_update: bool = False
) -> Roster | None:
    """A roster of an academy, or None."""
    wanted = select(Roster).where(Roster.id == roster_id, Roster.academy_id == academy_id)
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def rosters_of(session: Session, academy_id: int, *, at_most: int) -> Sequence[Roster]:
    """The latest rosters of an academy."""
    return session.scalars(
        select(Roster).where(Roster.academy_id == academy_id).order_by(Roster.id.desc()).limit(at_most)
    ).all()


def order(session: Session, roster: Roster, by: By, *, is_inviting: bool) -> int:
    """Ask for a roster to be carried out; gives the job. Raises Conflict for one that cannot be."""
    if roster.status is not RosterStatus.LOOKED_THROUGH or roster.table_rows is None:
        raise Conflict(_("This spreadsheet has already been carried out or refused. Send it again."))
    if roster.counts["problems"]:
        raise Conflict(_("Nothing was changed: correct the errors in the spreadsheet, and send it again."))
    job = enqueue(
        session,
        JOB,
        academy_id=roster.academy_id,
        person_id=by.person_id,
        payload={
            "roster": roster.id,
            "roles": sorted(role.value for role in by.roles),
            "invites": is_inviting,
        },
        at=by.at,
        key=str(roster.id),
        title=_("People from {roster}", roster=roster.name),
    )
    roster.status, roster.job_id = RosterStatus.UNDER_WAY, job.id
    session.flush()
    audit.record(
        session,
        "spreadsheet of people sent",
        actor=by.actor,
        subject=f"roster {roster.id}",
        at=by.at,
        academy_id=roster.academy_id,
        detail={"sha256": roster.sha256, "counts": roster.counts},
    )
    return job.id


def forget_old(session: Session, *, at: datetime) -> None:
    """Forget what rosters say that were sent days ago; that they were there stays on record."""
    session.execute(
        update(Roster)
        .where(
            Roster.sent_at < at - KEPT,
            or_(Roster.table_rows.is_not(None), cast(Roster.changes, String) != "[]"),
        )
        .values(table_rows=None, changes=[], problems=[])
        .execution_options(synchronize_session=False)
    )


def close(session: Session, roster: Roster, status: RosterStatus, *, at: datetime, says: str = "") -> None:
    """A roster came to its end: what it said of people is forgotten with it."""
    roster.status, roster.says, roster.done_at, roster.table_rows = status, says, at, None
    session.flush()
