"""Reads about people: who is behind a cookie, and who belongs to an academy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pme.db import asked
from pme.people.factors import has_second_factor
from pme.people.models import (
    Academy,
    BrowserSession,
    Membership,
    Person,
    Personnel,
    Role,
    Standing,
    Teaching,
)
from pme.people.service import token_digest
from pme.quick import Quick, Ready

LEARNING = frozenset({Role.STUDENT})
RUNNING = frozenset({Role.REGISTRAR, Role.DIRECTOR, Role.ADMINISTRATOR})
"""The roles that run an academy."""


@dataclass(frozen=True)
class Visitor:
    """The signed-in person as every page and every rule sees them, at one academy.

    `teaches` holds the slugs of the courses that the person is appointed to; `renewed_at` is
    when the browser session was last noted to be in use. `reading_language` is that of content where it is
    translated, None for that of its source; `interface_language` is that of the pages around it, None where the
    person has chosen none: `academy_language` may tell more. `owes_second_factor` holds for staff who have set
    up none though their academy asks for one.
    """

    person_id: int
    name: str
    rank: str
    email: str
    academy_id: int
    academy_name: str
    academy_slug: str
    roles: frozenset[Role]
    renewed_at: datetime
    teaches: frozenset[str] = frozenset()
    reading_language: str | None = None
    interface_language: str | None = None
    academy_language: str | None = None
    look: str | None = None
    tour_is_over: bool = False
    session_id: int = 0
    owes_second_factor: bool = False
    time_zone: str = "UTC"

    @property
    def is_student(self) -> bool:
        """Whether the person learns here."""
        return Role.STUDENT in self.roles

    @property
    def is_instructor(self) -> bool:
        """Whether the person teaches here."""
        return Role.INSTRUCTOR in self.roles

    @property
    def is_reviewer(self) -> bool:
        """Whether the person reads and approves content before it is published."""
        return Role.REVIEWER in self.roles

    @property
    def is_registrar(self) -> bool:
        """Whether the person keeps the academy's people and their enrolments."""
        return Role.REGISTRAR in self.roles

    @property
    def is_director(self) -> bool:
        """Whether the person directs the academy's courses."""
        return Role.DIRECTOR in self.roles

    @property
    def is_auditor(self) -> bool:
        """Whether the person reads all of the academy and writes nothing."""
        return Role.AUDITOR in self.roles

    @property
    def is_administrator(self) -> bool:
        """Whether the person administers the academy."""
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_install(self) -> bool:
        """Whether the person runs the installation."""
        return Role.INSTALL in self.roles

    @property
    def runs_academy(self) -> bool:
        """Whether the person runs the academy: as registrar, course director or administrator."""
        return not self.roles.isdisjoint(RUNNING)

    @property
    def reads_academy(self) -> bool:
        """Whether the person sees the academy's own pages: who runs it, and its auditor."""
        return self.runs_academy or self.is_auditor


_person, _academy = Person.__table__.c, Academy.__table__.c
_membership, _browser = Membership.__table__.c, BrowserSession.__table__.c
_personnel = Personnel.__table__.c

# Built once, on columns of tables: this statement runs with every request of a person who is signed in.
VISITOR = (
    select(
        _person.id,
        _personnel.name,
        _personnel.rank,
        _person.email,
        _academy.id,
        _academy.name,
        _academy.slug,
        _browser.renewed_at,
        _membership.role,
        _person.reading_language,
        _person.interface_language,
        _person.look,
        _person.tour_is_over,
        _academy.language,
        _browser.id.label("session_id"),
        _academy.asks_second_step,
        _academy.time_zone,
    )
    .join_from(BrowserSession.__table__, Person.__table__, _person.id == _browser.person_id)
    .join(Academy.__table__, _academy.id == _browser.academy_id)
    .join(
        Membership.__table__,
        (_membership.person_id == _person.id) & (_membership.academy_id == _academy.id),
    )
    .join(
        Personnel.__table__,
        (_personnel.person_id == _person.id) & (_personnel.academy_id == _academy.id),
    )
    .where(
        _browser.token_sha256 == bindparam("digest"),
        _browser.ended_at.is_(None),
        _browser.renewed_at > bindparam("renewed_after"),
        _browser.started_at > bindparam("started_after"),
        _membership.standing == Standing.ACTIVE,
        or_(_membership.valid_until.is_(None), _membership.valid_until >= bindparam("day")),
    )
)
READY_VISITOR = Ready(VISITOR)

SUPPORT = select(_academy.support).where(_academy.id == bindparam("academy_id"))


def find_visitor(
    session: Session,
    token: str,
    statement: Select[*tuple[Any, ...]],
    *,
    at: datetime,
    idle: timedelta,
    longest: timedelta,
) -> tuple[Visitor, Row[*tuple[Any, ...]]] | None:
    """The person behind a session's secret, unless it ended, idled out or grew too old; and the row that told it.

    `statement` is VISITOR, with whatever columns the request needs beside.
    """
    rows = asked(session, statement, _secret(token, at=at, idle=idle, longest=longest)).all()
    if not rows:
        return None
    first = rows[0]
    person_id, academy_id = first[0], first[4]
    roles = frozenset(row[8] for row in rows)
    teaches: frozenset[str] = frozenset()
    if Role.INSTRUCTOR in roles:
        teaches = frozenset(
            session.scalars(
                select(Teaching.course).where(
                    Teaching.person_id == person_id, Teaching.academy_id == academy_id
                )
            )
        )
    owes = first.asks_second_step and bool(roles - LEARNING) and not has_second_factor(session, person_id)
    return _visitor(first, roles, teaches=teaches, owes_second_factor=owes), first


def find_student(
    quick: Quick, token: str, statement: Ready, *, at: datetime, idle: timedelta, longest: timedelta
) -> tuple[Visitor, tuple[Any, ...]] | None:
    """The same by the short way, of somebody who only learns; None for anybody else, and for nobody."""
    rows = quick.asked(statement, _secret(token, at=at, idle=idle, longest=longest))
    if not rows or any(row[8] is not Role.STUDENT for row in rows):
        return None
    return _visitor(rows[0], LEARNING), rows[0]


def _secret(token: str, *, at: datetime, idle: timedelta, longest: timedelta) -> dict[str, Any]:
    return {
        "digest": token_digest(token),
        "renewed_after": at - idle,
        "started_after": at - longest,
        "day": at.date(),
    }


def _visitor(
    row: Sequence[Any],
    roles: frozenset[Role],
    *,
    teaches: frozenset[str] = frozenset(),
    owes_second_factor: bool = False,
) -> Visitor:
    return Visitor(
        person_id=row[0],
        name=row[1],
        rank=row[2],
        email=row[3],
        academy_id=row[4],
        academy_name=row[5],
        academy_slug=row[6],
        roles=roles,
        renewed_at=row[7],
        teaches=teaches,
        reading_language=row[9],
        interface_language=row[10],
        academy_language=row[13],
        look=row[11],
        tour_is_over=row[12],
        session_id=row[14],
        time_zone=row[16],
        owes_second_factor=owes_second_factor,
    )


def known_at(
    academy_id: InstrumentedAttribute[int], person_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Joins what an academy knows of a person to a row about both."""
    return and_(Personnel.person_id == person_id, Personnel.academy_id == academy_id)


NAME_THERE = func.coalesce(Personnel.name, Person.name)
RANK_THERE = func.coalesce(Personnel.rank, Person.rank)
"""A person's name and rank as an academy writes them, else as their account does; outer-join by `known_at`."""


def academy_by_slug(session: Session, slug: str) -> Academy | None:
    """The academy of this slug, or None."""
    return session.scalar(select(Academy).where(Academy.slug == slug))


def support_of(session: Session, academy_id: int) -> str:
    """Whom the people of an academy can turn to, in its own words."""
    support: str = session.execute(SUPPORT, {"academy_id": academy_id}).scalar_one()
    return support


def get_academy(session: Session, academy_id: int) -> Academy:
    """The academy of this id, which is known to exist."""
    return session.scalars(select(Academy).where(Academy.id == academy_id)).one()


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, or None."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def get_person(session: Session, person_id: int) -> Person:
    """The person of this id, which is known to exist."""
    return session.scalars(select(Person).where(Person.id == person_id)).one()
