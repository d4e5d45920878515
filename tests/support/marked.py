"""Acts of marking as its stories need them: a script is marked, marks are released, a result is read."""

from sqlalchemy import select

from pme.assessment.models import Attempt
from pme.audit import AuditEntry, first_broken
from pme.db import Database
from tests.support.client import Page, Visit
from tests.support.essays import (
    Desk,
    home,
    person_of,
)

NEXT, FINISH, SAVE = "Finish this mark and take the next", "Finish this mark", "Save and stay"


def mark(visit: Visit, address: str, **fields: str) -> Page:
    """Take a script into hand and finish its mark."""
    return visit.get(address).press("Mark this script").press(FINISH, **fields)


def release(visit: Visit, desk: Desk) -> Page:
    return visit.get(f"{desk.address}/release").press("Release marks")


def attempt_of(database: Database, name: str) -> Attempt:
    with database.session() as session:
        person = person_of(session, name)
        return session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()


def result_of(visit: Visit, database: Database, name: str) -> Page:
    return visit.get(f"/attempts/quiz/{attempt_of(database, name).id}/result")


def audited(database: Database) -> list[str]:
    with database.session() as session:
        assert first_broken(session, academy_id=home(session).id) is None
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
