"""Reads for the page on an academy's LRS, for commands, and for whoever erases somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme.xapi.models import Lrs, LrsActor, LrsState, LrsStatement, StatementState

SORTS = ("when", "what", "why", "id")
"""What refused statements can be sorted by."""


@dataclass(frozen=True)
class Standing:
    """How an academy's statements stand."""

    waiting: int
    delivered: int
    refused: int
    oldest_waiting: datetime | None
    """When the oldest that waits was written into the outbox."""

    @property
    def written(self) -> int:
        """How many there are."""
        return self.waiting + self.delivered + self.refused


@dataclass(frozen=True)
class Delivered:
    """What an LRS has of a person: under which pseudonym, and how many statements are noted as delivered. These are
    fewer than it has, once all is told anew.
    """

    url: str
    name: str
    statements: int


def find_lrs(session: Session, academy_id: int, *, for_update: bool = False) -> Lrs | None:
    """The LRS of an academy, or None."""
    found = select(Lrs).where(Lrs.academy_id == academy_id)
    return session.scalar(found.with_for_update() if for_update else found)


def is_stopped(session: Session, academy_id: int) -> bool:
    """Whether somebody has to correct the sign-in before anything is sent."""
    found = select(Lrs.id).where(Lrs.academy_id == academy_id, Lrs.state == LrsState.STOPPED)
    return session.scalar(found) is not None


def standing_of(session: Session, academy_id: int) -> Standing:
    """How many statements of an academy wait, are delivered, were refused."""
    found = session.execute(
        select(LrsStatement.state, func.count(), func.min(LrsStatement.written_at))
        .where(LrsStatement.academy_id == academy_id)
        .group_by(LrsStatement.state)
    ).all()
    counts = {state: (count, oldest) for state, count, oldest in found}
    waiting, oldest = counts.get(StatementState.WAITING, (0, None))
    return Standing(
        waiting,
        counts.get(StatementState.DELIVERED, (0, None))[0],
        counts.get(StatementState.REFUSED, (0, None))[0],
        oldest,
    )


def refused_of(
    session: Session, academy_id: int, *, sort: str = "when", offset: int = 0, limit: int
) -> Sequence[LrsStatement]:
    """Statements that the LRS did not take, by one of `SORTS` ("-": the last first); those alike, the oldest first."""
    by: dict[str, ColumnElement[Any]] = {
        "when": LrsStatement.occurred_at.expression,
        "what": LrsStatement.verb.expression,
        "why": LrsStatement.problem.expression,
        "id": LrsStatement.statement_id.expression,
    }
    column = by[sort.removeprefix("-")]
    return session.scalars(
        select(LrsStatement)
        .where(LrsStatement.academy_id == academy_id, LrsStatement.state == StatementState.REFUSED)
        .order_by(column.desc() if sort.startswith("-") else column.asc(), LrsStatement.id)
        .offset(offset)
        .limit(limit)
    ).all()


def delivered_of(session: Session, academy_id: int, person_id: int) -> Delivered | None:
    """What an LRS has of a person who is to be erased here; None where it can have nothing."""
    count = select(func.count()).where(
        LrsStatement.academy_id == academy_id,
        LrsStatement.person_id == person_id,
        LrsStatement.state == StatementState.DELIVERED,
    )
    named = session.execute(
        select(Lrs.url, LrsActor.name)
        .join(LrsActor, LrsActor.academy_id == Lrs.academy_id)
        .where(
            Lrs.academy_id == academy_id,
            Lrs.succeeded_at.is_not(None),
            LrsActor.academy_id == academy_id,
            LrsActor.person_id == person_id,
        )
    ).one_or_none()
    return Delivered(named.url, named.name, session.scalar(count) or 0) if named else None
