"""The rows that acts on many rows change: read as facts, held while they are changed, and put back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from pme.db import Base
from pme.enrolment.models import Enrolment, EnrolmentStatus, Extension
from pme.people.models import Membership, Standing
from pme.progress.models import CourseCompletion
from pme.undoing.models import ChangedRow, Thing
from pme.undoing.verdict import Facts

AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """One row as it stands: whose it is, and what an act may change of it."""

    thing_id: int
    person_id: int
    facts: Facts


def rows_of(
    session: Session,
    thing: Thing,
    academy_id: int,
    ids: Collection[int],
    *also: ColumnElement[bool],
    column: Any = None,
) -> dict[int, Row]:
    """The rows of an academy with these ids (or these values of another column), held until the transaction ends."""
    found: dict[int, Row] = {}
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), AT_ONCE):
        some = wanted[begin : begin + AT_ONCE]
        for row in _READ[thing](session, academy_id, some, also, column):
            found[row.thing_id] = row
    return found


def put_back(session: Session, academy_id: int, thing: Thing, rows: Iterable[ChangedRow]) -> None:
    """Give rows the facts that they had, and take away those that the act made."""
    groups: dict[tuple[tuple[str, Any], ...] | None, list[int]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row.was.items())) if row.was is not None else None].append(row.thing_id)
    model = _MODELS[thing]
    for was, ids in groups.items():
        for begin in range(0, len(ids), AT_ONCE):
            these = (model.academy_id == academy_id, model.id.in_(ids[begin : begin + AT_ONCE]))
            if was is None:
                session.execute(delete(model).where(*these).execution_options(synchronize_session=False))
            else:
                values = {name: _typed(name, value) for name, value in was}
                act = update(model).where(*these).values(values)
                session.execute(act.execution_options(synchronize_session=False))
    for kept in list(session.identity_map.values()):
        if isinstance(kept, model):
            session.expire(kept)


def completed_since(session: Session, academy_id: int, ids: Sequence[int], at: datetime) -> set[int]:
    """The enrolments that completed their course at this moment or later."""
    found: set[int] = set()
    for begin in range(0, len(ids), AT_ONCE):
        wanted = select(CourseCompletion.enrolment_id).where(
            CourseCompletion.academy_id == academy_id,
            CourseCompletion.enrolment_id.in_(ids[begin : begin + AT_ONCE]),
            CourseCompletion.completed_at >= at,
        )
        found |= set(session.scalars(wanted))
    return found


def used(session: Session, academy_id: int, ids: Sequence[int]) -> set[int]:
    """The enrolments that some other row of the database refers to, whichever table it is of."""
    found: set[int] = set()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is not Enrolment.__table__.c.id:
                continue
            for begin in range(0, len(ids), AT_ONCE):
                wanted = select(key.parent).where(key.parent.in_(ids[begin : begin + AT_ONCE]))
                if "academy_id" in table.c:
                    wanted = wanted.where(table.c.academy_id == academy_id)
                found |= set(session.scalars(wanted.distinct()))
    return found


def newest_extensions(session: Session, academy_id: int, ids: Sequence[int]) -> set[int]:
    """Those of these extensions after which their enrolment was given none."""
    mine = select(Extension.enrolment_id).where(Extension.academy_id == academy_id, Extension.id.in_(ids))
    newest = (
        select(func.max(Extension.id))
        .where(Extension.academy_id == academy_id, Extension.enrolment_id.in_(mine))
        .group_by(Extension.enrolment_id)
    )
    return set(session.scalars(newest)) & set(ids)


def _enrolments(
    session: Session, academy_id: int, ids: list[int], also: Sequence[ColumnElement[bool]], column: Any
) -> Iterable[Row]:
    wanted = select(Enrolment.id, Enrolment.person_id, Enrolment.status, Enrolment.cohort_id).where(
        Enrolment.academy_id == academy_id, (Enrolment.id if column is None else column).in_(ids), *also
    )
    for row in session.execute(wanted.order_by(Enrolment.id).with_for_update()):
        yield Row(row.id, row.person_id, {"status": row.status.value, "cohort_id": row.cohort_id})


def _extensions(
    session: Session, academy_id: int, ids: list[int], also: Sequence[ColumnElement[bool]], column: Any
) -> Iterable[Row]:
    wanted = (
        select(Extension.id, Enrolment.person_id, Extension.due_on)
        .join(Enrolment, Enrolment.id == Extension.enrolment_id)
        .where(
            Extension.academy_id == academy_id,
            Enrolment.academy_id == academy_id,
            (Extension.id if column is None else column).in_(ids),
            *also,
        )
    )
    for row in session.execute(wanted.order_by(Extension.id).with_for_update(of=Extension)):
        yield Row(row.id, row.person_id, {"due_on": row.due_on.isoformat()})


def _memberships(
    session: Session, academy_id: int, ids: list[int], also: Sequence[ColumnElement[bool]], column: Any
) -> Iterable[Row]:
    wanted = select(Membership.id, Membership.person_id, Membership.standing, Membership.valid_until).where(
        Membership.academy_id == academy_id, (Membership.id if column is None else column).in_(ids), *also
    )
    for row in session.execute(wanted.order_by(Membership.id).with_for_update()):
        until = row.valid_until.isoformat() if row.valid_until else None
        yield Row(row.id, row.person_id, {"standing": row.standing.value, "valid_until": until})


_READ = {
    Thing.ENROLMENT: _enrolments,
    Thing.EXTENSION: _extensions,
    Thing.MEMBERSHIP: _memberships,
}
_MODELS: dict[Thing, Any] = {
    Thing.ENROLMENT: Enrolment,
    Thing.EXTENSION: Extension,
    Thing.MEMBERSHIP: Membership,
}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "status":
        return EnrolmentStatus(value)
    if name == "standing":
        return Standing(value)
    return date.fromisoformat(value) if name in ("valid_until", "due_on") else value
