"""Carrying out a plan: everything in one transaction, by few statements for thousands of people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from pme import audit, invigilation
from pme.assessment.allowances import allowance_of
from pme.audit import Act
from pme.db import Base
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.service import cohort_of_name
from pme.people.memberships import By, administrators_stay
from pme.people.models import BrowserSession, Membership, Person, Personnel, Role, Standing
from pme.people.models_history import Fact, PersonnelChange
from pme.people.personnel import UNUSABLE
from pme.rosters.plan import FACTS, Change
from pme.scope import everywhere

T = TypeVar("T")
AT_ONCE = 500
"""How many values stand in one list of a statement."""


def carry_out(session: Session, academy_id: int, changes: Sequence[Change], by: By) -> dict[str, int]:
    """Do what a plan says, in the caller's transaction; gives the person of each address that was new.

    Raises Conflict where the academy would be left without an administrator.
    """
    touched = [change for change in changes if not change.is_nothing]
    with administrators_stay(session, academy_id):
        added = _add(session, academy_id, [change for change in touched if change.is_new], by)
        ids = {change.email: change.person_id or added[change.email] for change in touched}
        known = [change for change in touched if not change.is_new]
        history = _History(academy_id, by)
        _correct(session, academy_id, [change for change in known if change.facts], history)
        _give_roles(session, academy_id, [change for change in known if change.roles], history)
        _set_last_days(session, academy_id, touched, ids, history)
        _stand(session, academy_id, known, by, history)
        session.flush()
        if history.rows:
            session.execute(insert(PersonnelChange), history.rows)
    _take_courses(session, academy_id, touched, ids, by)
    _give_time(session, academy_id, touched, ids, by)
    _put_on_record(session, academy_id, touched, ids, by)
    return added


class _History:
    """Changes of records on their way to being kept."""

    def __init__(self, academy_id: int, by: By) -> None:
        self.rows: list[dict[str, object]] = []
        self._always = {"academy_id": academy_id, "by_id": by.person_id, "at": by.at, "why": ""}

    def note(self, person_id: int, fact: Fact, was: str, became: str) -> None:
        """One fact of one person changed."""
        self.rows.append({**self._always, "person_id": person_id, "fact": fact, "was": was, "became": became})


def _add(session: Session, academy_id: int, new: Sequence[Change], by: By) -> dict[str, int]:
    """Accounts where there are none, records and memberships; the person of each address."""
    if not new:
        return {}
    emails = [change.email for change in new]
    with everywhere(session):
        accounts = _accounts(session, emails)
        missing = [
            {
                "email": change.email,
                "name": change.facts["name"][1],
                "rank": change.facts.get("rank", ["", ""])[1],
                "password_hash": UNUSABLE,
                "created_at": by.at,
            }
            for change in new
            if change.email not in accounts
        ]
        if missing:
            session.execute(insert(Person), missing)
            accounts |= _accounts(session, [str(each["email"]) for each in missing])
    session.execute(
        insert(Personnel),
        [
            {
                "person_id": accounts[change.email],
                "academy_id": academy_id,
                **{key: _kept(key, change.facts.get(key, ["", ""])[1]) for key in FACTS},
            }
            for change in new
        ],
    )
    session.execute(
        insert(Membership),
        [
            {
                "person_id": accounts[change.email],
                "academy_id": academy_id,
                "role": Role(role),
                "standing": Standing.INVITED,
            }
            for change in new
            for role in change.roles
        ],
    )
    return accounts


def _accounts(session: Session, emails: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _portions(emails):
        rows = session.execute(select(Person.email, Person.id).where(Person.email.in_(some)))
        found |= {row[0]: row[1] for row in rows}
    return found


def _correct(session: Session, academy_id: int, changes: Sequence[Change], history: _History) -> None:
    """Facts of records; the account bears the name by which its one academy knows the person."""
    people = [change.person_id or 0 for change in changes]
    records: dict[int, int] = {}
    elsewhere: set[int] = set()
    for some in _portions(people):
        rows = session.execute(
            select(Personnel.person_id, Personnel.id).where(
                Personnel.academy_id == academy_id, Personnel.person_id.in_(some)
            )
        )
        records |= {row[0]: row[1] for row in rows}
        elsewhere |= _known_elsewhere(session, academy_id, some)
    corrected, renamed = [], []
    for change in changes:
        person_id = change.person_id or 0
        became = {key: _kept(key, values[1]) for key, values in change.facts.items()}
        corrected.append((records[person_id], became))
        account = {key: values[1] for key, values in change.facts.items() if key in ("name", "rank")}
        if account and person_id not in elsewhere:
            renamed.append((person_id, account))
        for key, (was, now) in change.facts.items():
            history.note(person_id, Fact(key), was, now)
    _update(session, Personnel, corrected, (Personnel.academy_id == academy_id,))
    _update(session, Person, renamed)


def _known_elsewhere(session: Session, academy_id: int, people: Sequence[int]) -> set[int]:
    with everywhere(session):
        return set(
            session.scalars(
                select(Personnel.person_id).where(
                    Personnel.person_id.in_(people), Personnel.academy_id != academy_id
                )
            )
        )


def _update(
    session: Session,
    model: type[Base],
    rows: Iterable[tuple[int, Mapping[str, object]]],
    scope: Sequence[ColumnElement[bool]] = (),
) -> None:
    """Set values of many rows by their ids: one statement for each set of columns, prepared once."""
    table = cast("Table", model.__table__)
    by_columns: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for number, values in rows:
        told = {f"new_{name}": value for name, value in values.items()}
        by_columns.setdefault(tuple(sorted(values)), []).append({"of_id": number, **told})
    for columns, given in by_columns.items():
        new: dict[str, object] = {name: bindparam(f"new_{name}") for name in columns}
        statement = update(table).where(table.c.id == bindparam("of_id"), *scope).values(new)
        session.connection().execute(statement, given)


def _give_roles(session: Session, academy_id: int, changes: Sequence[Change], history: _History) -> None:
    """Further roles, which stand as those that are held already."""
    held: dict[int, list[Membership]] = {}
    for some in _portions([change.person_id or 0 for change in changes]):
        for each in session.scalars(
            select(Membership)
            .where(Membership.academy_id == academy_id, Membership.person_id.in_(some))
            .order_by(Membership.id)
        ):
            held.setdefault(each.person_id, []).append(each)
    for change in changes:
        person_id = change.person_id or 0
        theirs = held.get(person_id, [])
        like = theirs[0] if theirs else None
        session.add_all(
            Membership(
                person_id=person_id,
                academy_id=academy_id,
                role=Role(role),
                standing=like.standing if like else Standing.ACTIVE,
                valid_until=like.valid_until if like else None,
            )
            for role in change.roles
        )
        before = {each.role for each in theirs}
        history.note(person_id, Fact.ROLES, _listed(before), _listed({*before, *map(Role, change.roles)}))
    session.flush()


def _set_last_days(
    session: Session, academy_id: int, changes: Sequence[Change], ids: dict[str, int], history: _History
) -> None:
    """Last days; who had expired counts again when the new one is still to come."""
    by_day: dict[str, list[int]] = {}
    for change in changes:
        if change.until is not None:
            by_day.setdefault(change.until, []).append(ids[change.email])
            history.note(ids[change.email], Fact.ENDS, change.was_until, change.until)
    for text, people in by_day.items():
        day = date.fromisoformat(text) if text else None
        for some in _portions(people):
            theirs = (Membership.academy_id == academy_id) & Membership.person_id.in_(some)
            session.execute(
                update(Membership)
                .where(theirs, Membership.standing == Standing.EXPIRED)
                .values(standing=Standing.ACTIVE)
                .execution_options(synchronize_session=False)
            )
            session.execute(
                update(Membership)
                .where(theirs)
                .values(valid_until=day)
                .execution_options(synchronize_session=False)
            )


def _stand(session: Session, academy_id: int, changes: Sequence[Change], by: By, history: _History) -> None:
    """Suspended people are signed out; reinstated ones may sign in again."""
    steps = {
        "suspend": (Standing.ACTIVE, Standing.SUSPENDED),
        "reinstate": (Standing.SUSPENDED, Standing.ACTIVE),
    }
    for act, (was, becomes) in steps.items():
        people = [change.person_id or 0 for change in changes if change.standing == act]
        for some in _portions(people):
            session.execute(
                update(Membership)
                .where(Membership.academy_id == academy_id, Membership.person_id.in_(some))
                .values(standing=becomes)
                .execution_options(synchronize_session=False)
            )
            if becomes is Standing.SUSPENDED:
                session.execute(
                    update(BrowserSession)
                    .where(
                        BrowserSession.academy_id == academy_id,
                        BrowserSession.person_id.in_(some),
                        BrowserSession.ended_at.is_(None),
                    )
                    .values(ended_at=by.at)
                    .execution_options(synchronize_session=False)
                )
        for person_id in people:
            history.note(person_id, Fact.STANDING, was.value, becomes.value)


def _take_courses(
    session: Session, academy_id: int, changes: Sequence[Change], ids: dict[str, int], by: By
) -> None:
    """Enrolments, moves between cohorts, withdrawals; who comes back finds all that they had."""
    cohorts: dict[tuple[str, str], int] = {}

    def cohort(course: str, name: str) -> int | None:
        if not name:
            return None
        if (course, name) not in cohorts:
            there: Cohort = cohort_of_name(session, academy_id, course=course, name=name, at=by.at)
            cohorts[course, name] = there.id
        return cohorts[course, name]

    takes = [
        (ids[change.email], act, course, name) for change in changes for act, course, name in change.takes
    ]
    held: dict[tuple[int, str], int] = {}
    for some in _portions(sorted({person for person, *_ in takes})):
        rows = session.execute(
            select(Enrolment.person_id, Enrolment.course, Enrolment.id).where(
                Enrolment.academy_id == academy_id, Enrolment.person_id.in_(some)
            )
        )
        held |= {(person, course): number for person, course, number in rows}
    fresh, changed = [], []
    for person, act, course, name in takes:
        values: dict[str, object] = (
            {"status": EnrolmentStatus.WITHDRAWN}
            if act == "withdraw"
            else {"status": EnrolmentStatus.ACTIVE, "cohort_id": cohort(course, name)}
        )
        number = held.get((person, course))
        if number is None:
            fresh.append(
                values
                | {"person_id": person, "academy_id": academy_id, "course": course, "enrolled_at": by.at}
            )
            continue
        changed.append((number, values))
    _update(session, Enrolment, changed, (Enrolment.academy_id == academy_id,))
    if fresh:
        session.execute(insert(Enrolment), fresh)


def _give_time(
    session: Session, academy_id: int, changes: Sequence[Change], ids: dict[str, int], by: By
) -> None:
    for change in changes:
        if change.time_percent:
            person_id = ids[change.email]
            kept = allowance_of(session, person_id, academy_id)
            wanted = type(kept)(change.time_percent, kept.break_minutes)
            invigilation.arrange(
                session, person_id, academy_id, allowance=wanted, by=by.person_id or 0, at=by.at
            )


def _put_on_record(
    session: Session, academy_id: int, changes: Sequence[Change], ids: dict[str, int], by: By
) -> None:
    """One entry for each person: which kinds of things changed, never their names or what they are given for."""
    acts = []
    for change in changes:
        facts = sorted(change.facts) if not change.is_new else []
        detail: dict[str, object] = {
            "facts": facts,
            "roles": change.roles,
            "standing": change.standing,
            "courses": [take[:2] for take in change.takes],
        }
        told = {name: value for name, value in detail.items() if value}
        if told or change.is_new or change.until is not None:
            done = "added" if change.is_new else "changed"
            act = f"person {done} by spreadsheet"  # not words
            acts.append(Act(act, actor=by.actor, subject=f"person {ids[change.email]}", detail=told))
    if acts:
        audit.record_all(session, acts, at=by.at, academy_id=academy_id)


def _kept(key: str, text: str) -> str | None:
    return text or None if key in ("external_id", "language") else text


def _listed(roles: Iterable[Role]) -> str:
    return ", ".join(role.value for role in Role if role in set(roles))


def _portions(all_of: Sequence[T]) -> Iterator[Sequence[T]]:
    return (all_of[start : start + AT_ONCE] for start in range(0, len(all_of), AT_ONCE))
