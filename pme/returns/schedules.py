"""Acts on returns that are made by themselves, and what is read of them: they are the academy's, whoever asked."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Invalid
from pme.people.factors_seal import Seal
from pme.people.models import Personnel
from pme.reports.rhythm import Way
from pme.returns.models import ReturnSchedule
from pme.returns.rhythm import Turn, next_turn
from pme.words.speech import _

MOST = 20
SECRET = 32
"""Bytes of the secret that the pseudonyms of a return are made with."""


@dataclass(frozen=True)
class Wanted:
    """What a return is asked to be: of which courses, whom it names, and what is printed on it."""

    courses: Sequence[str]
    names_nobody: bool
    hides_few: bool
    marking: str


@dataclass(frozen=True)
class Listed:
    """A schedule in a list, with who asked for it."""

    schedule: ReturnSchedule
    asked_by: str


def add(
    session: Session, academy_id: int, wanted: Wanted, *, turn: Turn, way: Way, by_id: int, at: datetime
) -> ReturnSchedule:
    """Let a return be made by itself. Raises Invalid for no course, or for too many of them."""
    if not wanted.courses:
        raise Invalid(_("Choose at least one course."), field="courses")
    if len(schedules_of(session, academy_id)) >= MOST:
        raise Invalid(
            _("Your academy has {most} already. End one that is not needed any more.", most=MOST),
            field="turn",
        )
    made = ReturnSchedule(
        academy_id=academy_id,
        person_id=by_id,
        turn=turn,
        courses=sorted(wanted.courses),
        names_nobody=wanted.names_nobody,
        hides_few=wanted.hides_few,
        marking=wanted.marking.strip()[:60],
        way=way,
        created_at=at,
        next_at=next_turn(turn, after=at),
    )
    session.add(made)
    session.flush()
    _record(session, "return scheduled", made, by_id=by_id, at=at)
    return made


def end(session: Session, made: ReturnSchedule, *, by_id: int, at: datetime) -> None:
    """Let it be made no longer."""
    _record(session, "return schedule ended", made, by_id=by_id, at=at)  # not words
    session.delete(made)


def schedules_of(session: Session, academy_id: int) -> list[Listed]:
    """The schedules of an academy, the next first."""
    found = session.execute(
        select(ReturnSchedule, Personnel.rank, Personnel.name)
        .outerjoin(
            Personnel,
            (Personnel.person_id == ReturnSchedule.person_id) & (Personnel.academy_id == academy_id),
        )
        .where(ReturnSchedule.academy_id == academy_id)
        .order_by(ReturnSchedule.next_at, ReturnSchedule.id)
    )
    return [Listed(schedule, f"{rank or ''} {name or ''}".strip()) for schedule, rank, name in found]


def find_schedule(
    session: Session, academy_id: int, schedule_id: int, *, for_update: bool = False
) -> ReturnSchedule | None:
    """A schedule of an academy, or None."""
    found = select(ReturnSchedule).where(
        ReturnSchedule.id == schedule_id, ReturnSchedule.academy_id == academy_id
    )
    return session.scalar(found.with_for_update() if for_update else found)


def fresh_secret(seal: Seal, academy_id: int) -> str:
    """A secret for the pseudonyms of one return, under the key of the installation."""
    return seal.seal(secrets.token_hex(SECRET), about=f"pseudonyms {academy_id}")


def _record(session: Session, act: str, made: ReturnSchedule, *, by_id: int, at: datetime) -> None:
    audit.record(
        session,
        act,
        actor=f"person {by_id}",
        subject=f"return schedule {made.id}",
        at=at,
        academy_id=made.academy_id,
        detail={"turn": made.turn.value, "way": made.way.value, "courses": list(made.courses)},
    )
