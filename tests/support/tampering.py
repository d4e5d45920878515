"""Somebody who has the database in their hands, and takes away what guards its record before they change it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Within the block nothing is refused."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        session.flush()
        session.execute(text("SET LOCAL session_replication_role = origin"))
        return
    triggers = session.execute(text(TRIGGERS)).all()
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    session.flush()
    for _, sql in triggers:
        session.execute(text(sql))
