"""Reads about acts that can be undone: the newest of an academy, and the rows of one."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme.undoing.models import Change, ChangedRow


def recent(
    session: Session, academy_id: int, scope: ColumnElement[bool], *, offset: int, limit: int
) -> tuple[int, list[Change]]:
    """How many acts at an academy are in scope, and some of them, the newest first."""
    where = (Change.academy_id == academy_id, scope)
    total = session.scalar(select(func.count(Change.id)).where(*where))
    rows = session.scalars(
        select(Change).where(*where).order_by(Change.id.desc()).offset(offset).limit(limit)
    )
    return total or 0, list(rows)


def rows_in(
    session: Session, change: Change, *, at_most: int, first: Collection[int] = ()
) -> Sequence[ChangedRow]:
    """The rows of an act, those that undoing left, or would leave (`first`), before the others."""
    would = [ChangedRow.id.not_in(sorted(first)[:at_most])] if first else []
    return session.scalars(
        select(ChangedRow)
        .where(ChangedRow.academy_id == change.academy_id, ChangedRow.change_id == change.id)
        .order_by(ChangedRow.why.is_(None), *would, ChangedRow.id)
        .limit(at_most)
    ).all()


def count_rows(session: Session, change: Change) -> int:
    """How many rows an act changed."""
    wanted = select(func.count(ChangedRow.id)).where(
        ChangedRow.academy_id == change.academy_id, ChangedRow.change_id == change.id
    )
    return session.scalar(wanted) or 0
