"""Whether this process can answer: what a load balancer asks before it sends anybody here."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pme.content.models import Publication
from pme.db import Database
from pme.schema import newest

OK, AWAY, OTHER, EMPTY = "ok", "away", "another version", "not published"


@dataclass(frozen=True)
class Readiness:
    """How each thing stands that a page needs."""

    database: str
    schema: str
    content: str

    @property
    def is_ready(self) -> bool:
        """Whether people may be sent here."""
        return self.database == self.schema == self.content == OK


@cache
def _expected() -> str:
    return newest()


def _revision(session: Session) -> str | None:
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    at: str | None = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return at


def readiness(database: Database) -> Readiness:
    """Ask the database for itself, for its schema's version and for the published content.

    A newer schema than this code's is fine: while an installation is upgraded, old processes go on beside it.
    """
    try:
        with database.session() as session:
            at = _revision(session)
            schema = OK if at is not None and at >= _expected() else OTHER
            if at is None:
                return Readiness(OK, OTHER, EMPTY)
            is_published = session.scalar(select(Publication.id).limit(1)) is not None
            return Readiness(OK, schema, OK if is_published else EMPTY)
    except SQLAlchemyError:
        return Readiness(AWAY, AWAY, AWAY)
