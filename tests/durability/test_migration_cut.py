"""The database goes away in the middle of a migration: nothing of it is kept, and begun again it comes to its end."""

import os
import signal
import warnings
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from pme import schema
from pme.db import Database, sqlite_build
from pme.errors import PmeError
from tests.durability.test_kill import new_postgres_database
from tests.support import postgres

BEFORE = "0036"
"""A revision from which the later ones make tables, add columns, and change rows."""
CUT_AT = 12
"""Statements that change something, after which it goes away."""


def people_in(database: Database) -> int:
    """How many people there are."""
    with database.seeing("*").session() as session:
        return int(session.scalar(text("SELECT count(*) FROM person")) or 0)


@pytest.mark.database("postgresql")
def test_postgresql_that_is_restarted_in_the_middle_of_a_migration_keeps_nothing_of_it(database: Database):
    people = people_in(database)
    database.dispose()
    own = Database(new_postgres_database("cut", template="template"))
    schema.downgrade(own, to=BEFORE)
    own.dispose()
    seen = 0

    def restart(connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        seen += statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
        if seen == CUT_AT:
            seen += 1
            raw = connection.connection.dbapi_connection  # type: ignore[attr-defined]
            server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
            with server.connect() as beside:
                beside.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": raw.info.backend_pid})
            server.dispose()

    event.listen(own.engine, "before_cursor_execute", restart)
    with pytest.raises(Exception, match=r"terminat|closed|lost"):
        schema.upgrade(own)
    event.remove(own.engine, "before_cursor_execute", restart)
    assert seen > CUT_AT
    assert schema.revision(own) == BEFORE
    schema.upgrade(own)
    assert schema.revision(own) == schema.newest()
    assert people_in(own) == people
    own.dispose()


@pytest.mark.database("sqlite")
def test_a_process_that_is_killed_in_the_middle_of_a_migration_leaves_the_file_as_it_was(
    database: Database, tmp_path: Path
):
    people, driver = people_in(database), sqlite_build().driver
    source, copy = driver.connect(str(database.url.database)), driver.connect(tmp_path / "own.sqlite")
    source.backup(copy)
    source.close()
    copy.close()
    own = Database(f"sqlite:///{tmp_path / 'own.sqlite'}")
    schema.downgrade(own, to=BEFORE)
    own.dispose()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child has one thread
        pid = os.fork()
    if pid == 0:
        seen = 0

        def die(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            nonlocal seen
            seen += statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
            if seen == CUT_AT:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(own.engine, "before_cursor_execute", die)
        try:
            schema.upgrade(own)
        except (PmeError, OSError):
            os._exit(1)
        finally:
            os._exit(0)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    assert schema.revision(own) == BEFORE
    schema.upgrade(own)
    assert schema.revision(own) == schema.newest()
    assert people_in(own) == people
    own.dispose()
