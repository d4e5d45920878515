"""Somebody who has the database in their hands, and takes away what guards its record before they change it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Within the block nothing is refused."""
    if session.get_bind().dialect.name == "postgresql":
        guarded = session.scalars(text(GUARDED)).all()
        for table in guarded:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        session.flush()
        for table in guarded:
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    triggers = session.execute(text(TRIGGERS)).all()
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    session.flush()
    for _, sql in triggers:
        session.execute(text(sql))
