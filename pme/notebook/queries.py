"""Reads about notebooks, always of one person at one academy: nobody else's are ever listed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from pme.notebook.models import Entry
from pme.notebook.service import STAYS

HAS_ENTRIES = exists().where(
    Entry.person_id == bindparam("person_id"),
    Entry.academy_id == bindparam("academy_id"),
    Entry.module == bindparam("module"),
)
"""Whether a person kept anything in a module: a part of the statement that a page is read with anyway."""

# Built once: it runs with every page of a module where somebody kept something.
IN_MODULE = (
    select(Entry)
    .where(
        Entry.person_id == bindparam("person_id"),
        Entry.academy_id == bindparam("academy_id"),
        Entry.module == bindparam("module"),
    )
    .order_by(Entry.begins, Entry.id)
)


def entries_in(session: Session, academy_id: int, person_id: int, module: str) -> Sequence[Entry]:
    """All that a person kept in a module, with what was deleted of late, in the order of the text."""
    given = {"academy_id": academy_id, "person_id": person_id, "module": module}
    return session.scalars(IN_MODULE, given).all()


def entries_of(
    session: Session,
    academy_id: int,
    person_id: int,
    *,
    course: str = "",
    deleted_since: datetime | None = None,
) -> Sequence[Entry]:
    """All that a person keeps at an academy, or in one course; with what was deleted since, where it is asked for."""
    stays: ColumnElement[bool] = Entry.deleted_at.is_(None)
    if deleted_since is not None:
        stays = or_(stays, Entry.deleted_at >= deleted_since)
    wanted = select(Entry).where(Entry.academy_id == academy_id, Entry.person_id == person_id, stays)
    if course:
        wanted = wanted.where(Entry.course == course)
    return session.scalars(
        wanted.order_by(Entry.course, Entry.module, Entry.page, Entry.begins, Entry.id)
    ).all()


def own_entry(
    session: Session,
    academy_id: int,
    person_id: int,
    entry_id: int,
    *,
    at: datetime,
    for_update: bool = False,
) -> Entry | None:
    """An entry of a person's own that is there or can still be put back, or None."""
    wanted = select(Entry).where(
        Entry.id == entry_id,
        Entry.academy_id == academy_id,
        Entry.person_id == person_id,
        or_(Entry.deleted_at.is_(None), Entry.deleted_at >= at - STAYS),
    )
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)
