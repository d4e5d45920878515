"""Reads about the people of one academy: a person with all that the academy knows of them, and the list of all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from pme.people.counting import SPEAKS_FIRST, Held, standing_of, stands_as
from pme.people.models import Membership, Person, Personnel, Role, Standing, Teaching
from pme.people.models_history import PersonnelChange

LONGEST_WORDS = 120


@dataclass(frozen=True)
class Member:
    """A person at an academy: account, record, roles. `holder` is the account; its secrets are nobody's business."""

    academy_id: int
    person_id: int
    holder: Person
    record: Personnel
    memberships: tuple[Membership, ...]
    teaches: frozenset[str]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, whether they count or not."""
        return frozenset(each.role for each in self.memberships)

    @property
    def is_erased(self) -> bool:
        """Whether the academy has erased the person: nothing about them changes any more."""
        standings = {each.standing for each in self.memberships}
        return standings == {Standing.ERASED}

    @property
    def called(self) -> str:
        """Rank and name, as the academy writes them."""
        return f"{self.record.rank} {self.record.name}".strip()

    @property
    def valid_until(self) -> date | None:
        """The last day, if there is one."""
        return last_day_of(self.memberships)

    def standing(self, day: date) -> Standing:
        """What the person is here on a day."""
        return standing_of(self.memberships, day)


SORTS = ("name", "unit", "number", "address", "newest")
"""What a list of people can be sorted by; with "-" before it, the last stands first."""


@dataclass(frozen=True)
class Search:
    """Which people are asked for: words in name, address, number or unit; a role; a standing."""

    words: str = ""
    role: Role | None = None
    standing: Standing | None = None
    sort: str = "name"


@dataclass(frozen=True)
class Line:
    """One person in a list."""

    person_id: int
    called: str
    email: str
    unit: str
    external_id: str
    roles: tuple[Role, ...] = ()
    standing: Standing = Standing.EXPIRED
    valid_until: date | None = None


@dataclass(frozen=True)
class Found:
    """One page of a list of people, and how many there are in all."""

    total: int
    lines: list[Line] = field(default_factory=list)


def find_member(
    session: Session, academy_id: int, person_id: int, *, for_update: bool = False
) -> Member | None:
    """A person of an academy, or None. `for_update` holds their record until the transaction ends."""
    wanted = (
        select(Personnel, Person)
        .join(Person, Person.id == Personnel.person_id)
        .where(Personnel.academy_id == academy_id, Personnel.person_id == person_id)
    )
    if for_update:
        wanted = wanted.with_for_update(of=Personnel).execution_options(populate_existing=True)
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    memberships = session.scalars(
        select(Membership)
        .where(Membership.academy_id == academy_id, Membership.person_id == person_id)
        .order_by(Membership.id)
        .execution_options(populate_existing=for_update)
    )
    courses = session.scalars(
        select(Teaching.course).where(Teaching.academy_id == academy_id, Teaching.person_id == person_id)
    )
    return Member(academy_id, person_id, row[1], row[0], tuple(memberships), frozenset(courses))


def people_found(
    session: Session, academy_id: int, search: Search, *, day: date, page: int, at_most: int
) -> Found:
    """One page (from 1) of the people of an academy that a search asks for."""
    scope = scope_of(academy_id, search, day)
    total = session.scalar(
        select(func.count(Personnel.id)).join(Person, Person.id == Personnel.person_id).where(scope)
    )
    rows = session.execute(
        select(
            Personnel.person_id,
            Personnel.rank,
            Personnel.name,
            Person.email,
            Personnel.unit,
            Personnel.external_id,
        )
        .join(Person, Person.id == Personnel.person_id)
        .where(scope)
        .order_by(*_order(search.sort))
        .limit(at_most)
        .offset((page - 1) * at_most)
    ).all()
    held = memberships_of(session, academy_id, [row[0] for row in rows])
    return Found(
        total or 0,
        [
            Line(
                person_id=person_id,
                called=f"{rank} {name}".strip(),
                email=email,
                unit=unit,
                external_id=external_id or "",
                roles=tuple(
                    role for role in Role if any(one.role is role for one in held.get(person_id, []))
                ),
                standing=standing_of(held.get(person_id, []), day),
                valid_until=last_day_of(held.get(person_id, [])),
            )
            for person_id, rank, name, email, unit, external_id in rows
        ],
    )


def _order(sort: str) -> list[ColumnElement[Any]]:
    """People without what they are sorted by stand last, whichever way; of those alike, by name."""
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    by: dict[str, ColumnElement[Any]] = {
        "name": Personnel.name.expression,
        "unit": func.nullif(Personnel.unit, ""),
        "number": func.nullif(Personnel.external_id, ""),
        "address": Person.email.expression,
        "newest": -Personnel.id,
    }
    first = by[key].desc() if is_down else by[key].asc()
    return [first.nulls_last(), Personnel.name.expression, Personnel.id.expression]


def ids_found(session: Session, academy_id: int, search: Search, *, day: date) -> list[int]:
    """All the people of an academy that a search asks for."""
    wanted = select(Personnel.person_id).join(Person, Person.id == Personnel.person_id)
    return list(session.scalars(wanted.where(scope_of(academy_id, search, day)).order_by(Personnel.id)))


def standings_counted(session: Session, academy_id: int, day: date) -> dict[Standing, int]:
    """How many people of an academy are of each standing."""
    whole = _whole_standings(academy_id, day).subquery()
    rows = session.execute(select(whole.c.place, func.count()).group_by(whole.c.place))
    counts = {SPEAKS_FIRST[place]: count for place, count in rows if place is not None}
    return {standing: counts.get(standing, 0) for standing in SPEAKS_FIRST}


def teachers_of(session: Session, academy_id: int, day: date) -> dict[str, list[tuple[int, str]]]:
    """Who teaches each course of an academy: (person, rank and name) by name, whose role counts on a day."""
    rows = session.execute(
        select(Teaching.course, Personnel.person_id, Personnel.rank, Personnel.name)
        .join(Personnel, Personnel.person_id == Teaching.person_id)
        .where(
            Teaching.academy_id == academy_id,
            Personnel.academy_id == academy_id,
            _holds(academy_id, and_(Membership.role == Role.INSTRUCTOR, stands_as(Standing.ACTIVE, day))),
        )
        .order_by(Personnel.name, Personnel.id)
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for course, person_id, rank, name in rows:
        found.setdefault(course, []).append((person_id, f"{rank} {name}".strip()))
    return found


def history_of(
    session: Session, academy_id: int, person_id: int, *, at_most: int
) -> Sequence[tuple[PersonnelChange, str]]:
    """What changed about a person at an academy and the name of who changed it, newest first."""
    rows = session.execute(
        select(PersonnelChange, func.coalesce(Personnel.name, ""))
        .outerjoin(
            Personnel,
            and_(Personnel.person_id == PersonnelChange.by_id, Personnel.academy_id == academy_id),
        )
        .where(PersonnelChange.academy_id == academy_id, PersonnelChange.person_id == person_id)
        .order_by(PersonnelChange.id.desc())
        .limit(at_most)
    )
    return [(change, name) for change, name in rows]


def scope_of(academy_id: int, search: Search, day: date) -> ColumnElement[bool]:
    """The people of an academy that a search asks for, where `Personnel` is joined with `Person`."""
    conditions = [Personnel.academy_id == academy_id]
    texts = (
        Personnel.name,
        Personnel.rank,
        Person.email,
        func.coalesce(Personnel.external_id, ""),
        Personnel.unit,
    )
    everything = reduce(lambda so_far, text: so_far + " " + text, texts)
    for word in search.words[:LONGEST_WORDS].split():
        # SQLite folds the case of ASCII only; other letters are tried as they are written most often
        spelt = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
        conditions.append(or_(*(everything.icontains(one, autoescape=True) for one in spelt)))
    if search.role is not None:
        conditions.append(_holds(academy_id, Membership.role == search.role))
    if search.standing is not None:
        conditions.append(_is_of(academy_id, search.standing, day))
    else:
        conditions.append(~_is_of(academy_id, Standing.ERASED, day))
    return and_(*conditions)


def _is_of(academy_id: int, standing: Standing, day: date) -> ColumnElement[bool]:
    """People of this standing, by all their memberships."""
    whole = _whole_standings(academy_id, day).subquery()
    these = select(whole.c.person_id).where(whole.c.place == SPEAKS_FIRST.index(standing))
    return Personnel.person_id.in_(these)


def _whole_standings(academy_id: int, day: date) -> Select[int, int]:
    """Each person with the place, in `SPEAKS_FIRST`, of the standing that speaks for all their memberships."""
    places = case(*((stands_as(one, day), place) for place, one in enumerate(SPEAKS_FIRST)))
    return (
        select(Membership.person_id, func.min(places).label("place"))
        .where(Membership.academy_id == academy_id)
        .group_by(Membership.person_id)
    )


def _holds(academy_id: int, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Membership.academy_id == academy_id, Membership.person_id == Personnel.person_id, condition
    )


def memberships_of(session: Session, academy_id: int, people: list[int]) -> dict[int, list[Held]]:
    """The memberships that these people hold at an academy."""
    held: dict[int, list[Held]] = {}
    for person_id, role, standing, until in session.execute(
        select(Membership.person_id, Membership.role, Membership.standing, Membership.valid_until).where(
            Membership.academy_id == academy_id, Membership.person_id.in_(people)
        )
    ):
        held.setdefault(person_id, []).append(Held(role, standing, until))
    return held


def last_day_of(held: Sequence[Held | Membership]) -> date | None:
    """The last day of all memberships together; None where one of them has no end."""
    days = [each.valid_until for each in held]
    return None if None in days or not days else max(one for one in days if one)
