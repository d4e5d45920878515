"""The rows that acts on many rows change: read as facts, held while they are changed, and put back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from pme.assessment.models import Accommodation
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus, Extension
from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus
from pme.outbox.models import Letter
from pme.people.models import Membership, Personnel, Standing
from pme.undoing.cohorts import arrangements, put_cohorts_back
from pme.undoing.letters import call_back, facts_of_letter
from pme.undoing.models import ChangedRow, Thing
from pme.undoing.requests import let_wait_again
from pme.undoing.verdict import Facts

AT_ONCE = 500
Query = Any
"""A select of the id, the person and the facts of rows."""
RECORD = ("name", "rank", "nation", "service", "unit", "external_id", "language")


@dataclass(frozen=True)
class Row:
    """One row as it stands: whose it is, and what an act may change of it."""

    thing_id: int
    person_id: int | None
    facts: Facts


def rows_of(
    session: Session,
    thing: Thing,
    academy_id: int,
    ids: Collection[Any],
    *also: ColumnElement[bool],
    column: Any = None,
    is_held: bool = True,
) -> dict[int, Row]:
    """The rows of an academy with these ids (or these values of another column), held until the transaction ends."""
    found: dict[int, Row] = {}
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), AT_ONCE):
        some = wanted[begin : begin + AT_ONCE]
        model = MODELS[thing]
        query = _READ[thing](academy_id).where((model.id if column is None else column).in_(some), *also)
        query = query.order_by(model.id)
        rows = session.execute(query.with_for_update(of=model) if is_held else query).all()
        for row in _told(session, thing, academy_id, rows):
            found[row.thing_id] = row
    return found


def put_back(session: Session, academy_id: int, thing: Thing, rows: Iterable[ChangedRow], *, at: Any) -> None:
    """Give rows the facts that they had, and take away those that the act made."""
    if thing is Thing.COHORT:
        put_cohorts_back(session, academy_id, rows)
        return
    if thing is Thing.LETTER:
        call_back(session, academy_id, rows, at=at)
        return
    if thing is Thing.REQUEST:
        let_wait_again(session, academy_id, [row.thing_id for row in rows])
        return
    groups: dict[tuple[tuple[str, Any], ...] | None, list[int]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row.was.items())) if row.was is not None else None].append(row.thing_id)
    model = MODELS[thing]
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


def _enrolments(academy_id: int) -> Query:
    return select(Enrolment.id, Enrolment.person_id, Enrolment.status, Enrolment.cohort_id).where(
        Enrolment.academy_id == academy_id
    )


def _extensions(academy_id: int) -> Query:
    return (
        select(Extension.id, Enrolment.person_id, Extension.due_on)
        .join(Enrolment, Enrolment.id == Extension.enrolment_id)
        .where(Extension.academy_id == academy_id, Enrolment.academy_id == academy_id)
    )


def _memberships(academy_id: int) -> Query:
    return select(Membership.id, Membership.person_id, Membership.standing, Membership.valid_until).where(
        Membership.academy_id == academy_id
    )


def _records(academy_id: int) -> Query:
    columns = (getattr(Personnel, name) for name in RECORD)
    return select(Personnel.id, Personnel.person_id, *columns).where(Personnel.academy_id == academy_id)


def _allowances(academy_id: int) -> Query:
    return select(Accommodation.id, Accommodation.person_id, Accommodation.time_percent).where(
        Accommodation.academy_id == academy_id
    )


def _cohorts(academy_id: int) -> Query:
    return select(Cohort.id).where(Cohort.academy_id == academy_id)


def _letters(academy_id: int) -> Query:
    return select(Letter.id, Letter.person_id, Letter.state, Letter.unsure, Letter.key).where(
        Letter.academy_id == academy_id
    )


def _requests(academy_id: int) -> Query:
    return select(EnrolmentRequest.id, EnrolmentRequest.person_id, EnrolmentRequest.status).where(
        EnrolmentRequest.academy_id == academy_id
    )


def _told(session: Session, thing: Thing, academy_id: int, rows: Sequence[Any]) -> Iterable[Row]:
    """Rows as they were read, as facts."""
    if thing is Thing.COHORT:
        ids = [row.id for row in rows]
        for number, facts in arrangements(session, academy_id, ids).items():
            yield Row(number, None, facts)
        return
    for row in rows:
        if thing is Thing.LETTER:
            yield Row(row.id, row.person_id, facts_of_letter(row.state, row.unsure, row.key))
            continue
        told = {name: _plain(value) for name, value in row._asdict().items() if name not in NOT_FACTS}
        yield Row(row.id, row.person_id, told)


NOT_FACTS = ("id", "person_id")
_READ = {
    Thing.ENROLMENT: _enrolments,
    Thing.EXTENSION: _extensions,
    Thing.MEMBERSHIP: _memberships,
    Thing.RECORD: _records,
    Thing.ALLOWANCE: _allowances,
    Thing.COHORT: _cohorts,
    Thing.LETTER: _letters,
    Thing.REQUEST: _requests,
}
MODELS: dict[Thing, Any] = {
    Thing.ENROLMENT: Enrolment,
    Thing.EXTENSION: Extension,
    Thing.MEMBERSHIP: Membership,
    Thing.RECORD: Personnel,
    Thing.ALLOWANCE: Accommodation,
    Thing.COHORT: Cohort,
    Thing.LETTER: Letter,
    Thing.REQUEST: EnrolmentRequest,
}
"""Which table each thing is of."""


def _plain(value: Any) -> object:
    """A value as JSON has it."""
    if isinstance(value, EnrolmentStatus | RequestStatus | Standing):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "status":
        return EnrolmentStatus(value)
    if name == "standing":
        return Standing(value)
    return date.fromisoformat(value) if name in ("valid_until", "due_on") else value
