"""What comes due by itself: each duty is done by one worker at a time, and is due again some time later."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from pme.db import Database, insert_into
from pme.errors import PmeError
from pme.jobs.models import Duty
from pme.jobs.registry import DUTIES, Periodic
from pme.jobs.work import Round

LEASE = timedelta(minutes=10)
"""How long a duty may take before another worker believes that the one that does it is dead."""


def do_due(given: Round) -> int:
    """Do every duty that is due; tells how many. One that breaks down is noted, and the others are done."""
    done = 0
    for duty in _due(given.database, at=given.at()):
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
        later = set(session.scalars(select(Duty.name).where(~_is_due(at))))
    return [duty for name, duty in DUTIES.items() if name not in later]


def _taken(session: Session, duty: Periodic, *, at: datetime) -> bool:
    session.execute(
        insert_into(session, Duty)
        .values(name=duty.name, due_at=at, problem="")
        .on_conflict_do_nothing(index_elements=[Duty.name])
    )
    found = select(Duty).where(Duty.name == duty.name, _is_due(at)).with_for_update(skip_locked=True)
    row = session.scalar(found)
    if row is not None:
        row.leased_until = at + LEASE
    return row is not None


def _do(duty: Periodic, given: Round) -> str:
    try:
        duty.act(given)
    except PmeError as error:
        structlog.get_logger().error("duty failed", duty=duty.name, exc_info=error)
        return error.says
    except Exception as error:  # noqa: BLE001  (one duty must not stop the others)
        structlog.get_logger().error("duty failed", duty=duty.name, exc_info=error)
        return f"It broke down ({type(error).__name__}); the log of the worker says where."
    return ""


def _note(session: Session, duty: Periodic, *, problem: str, at: datetime) -> None:
    row = session.get(Duty, duty.name)
    if row is not None:
        row.due_at, row.ran_at, row.leased_until, row.problem = at + duty.every, at, None, problem


def _is_due(at: datetime) -> ColumnElement[bool]:
    return (Duty.due_at <= at) & or_(Duty.leased_until.is_(None), Duty.leased_until < at)
