"""What comes due by itself: each duty is done by one worker at a time, and is due again some time later."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.db import Database, insert_into
from pme.errors import PmeError
from pme.jobs.models import Duty
from pme.jobs.registry import DUTIES, Periodic
from pme.jobs.tries import SLACK
from pme.jobs.work import Round

LEASE = timedelta(minutes=10)
"""How long a duty may take before another worker believes that the one that does it is dead."""


def lines() -> list[str]:
    """The lines that duties stand in, each of which waits for nobody in another."""
    return sorted({duty.line for duty in DUTIES.values()})


def do_due(given: Round, *, line: str | None = None) -> int:
    """Do every duty that is due, or those of one line; tells how many. One that breaks down is noted, and the others
    are done.
    """
    done = 0
    for duty in _due(given.database, at=given.at()):
        if line is not None and duty.line != line:
            continue
        with given.database.writing() as session:
            is_ours = _taken(session, duty, at=given.at())
        if is_ours:
            problem = _do(duty, given)
            with given.database.writing() as session:
                _note(session, duty, problem=problem, at=given.at())
            done += 1
    return done


def _due(database: Database, *, at: datetime) -> list[Periodic]:
    """A read, so that looking costs nobody anything."""
    with database.session() as session:
        known = {row.name: row for row in session.scalars(select(Duty))}
    return [duty for name, duty in DUTIES.items() if name not in known or _is_due(known[name], duty, at=at)]


def _taken(session: Session, duty: Periodic, *, at: datetime) -> bool:
    session.execute(
        insert_into(session, Duty)
        .values(name=duty.name, due_at=at, problem="")
        .on_conflict_do_nothing(index_elements=[Duty.name])
    )
    row = session.scalar(select(Duty).where(Duty.name == duty.name).with_for_update(skip_locked=True))
    if row is None or not _is_due(row, duty, at=at):
        return False
    row.leased_until = at + LEASE
    return True


def _do(duty: Periodic, given: Round) -> str:
    try:
        duty.act(given)
    except PmeError as error:
        structlog.get_logger().error("duty failed", duty=duty.name, exc_info=error)
        return error.says
    except Exception as error:  # noqa: BLE001  (one duty must not stop the others)
        structlog.get_logger().error("duty failed", duty=duty.name, exc_info=error)
        return f"It broke down ({type(error).__name__}); the log of the worker says where."  # not words
    return ""


def _note(session: Session, duty: Periodic, *, problem: str, at: datetime) -> None:
    row = session.get(Duty, duty.name)
    if row is not None:
        row.due_at, row.ran_at, row.leased_until, row.problem = at + duty.every, at, None, problem


def _is_due(row: Duty, duty: Periodic, *, at: datetime) -> bool:
    """Whether a duty is to be done. One that is due later than it ever could be was noted by a clock put back since."""
    waits = at < row.due_at <= at + duty.every + SLACK
    is_held = row.leased_until is not None and at <= row.leased_until <= at + LEASE + SLACK
    return not waits and not is_held
