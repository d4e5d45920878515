"""The database's schema: brought to the newest form, by one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from pme.config import ROOT
from pme.db import WRITE, Base, Database
from pme.errors import Unavailable
from pme.later import later
from pme.scope import EVERYWHERE, SETTING

if TYPE_CHECKING:
    from alembic import command, config, script
    from alembic.runtime import migration
else:  # a server that only looks whether its schema is the newest needs none of it
    command, config, script = later("alembic.command"), later("alembic.config"), later("alembic.script")
    migration = later("alembic.runtime.migration")

VERSIONS = ROOT / "migrations" / "versions"
ADVISORY_LOCK = 7_305_081  # any number, the same for every process
WAITS_FOR_A_TABLE = 10_000  # milliseconds
HELD = "55P03"
"""PostgreSQL’s name for a lock that was waited for too long."""
ROOMS_WITH_TABLES = (
    "pme.audit",
    "pme.people.models",
    "pme.people.models_history",
    "pme.people.models_links",
    "pme.people.factors_models",
    "pme.content.models",
    "pme.enrolment.models",
    "pme.enrolment.models_admission",
    "pme.assessment.models",
    "pme.judging.models",
    "pme.assessment.models_regrade",
    "pme.marking.models",
    "pme.practice.models",
    "pme.notebook.models",
    "pme.progress.models",
    "pme.progress.models_requalify",
    "pme.progress.models_equal",
    "pme.progress.models_acts",
    "pme.keys.models",
    "pme.certificates.designs.models",
    "pme.certificates.models",
    "pme.trail.models",
    "pme.news.models",
    "pme.privacy.models",
    "pme.overlay.models",
    "pme.undoing.models",
    "pme.authoring.models",
    "pme.authoring.models_removal",
    "pme.authoring.models_review",
    "pme.authoring.models_preview",
    "pme.authoring.models_import",
    "pme.authoring.models_tasks",
    "pme.jobs.models",
    "pme.outbox.models",
    "pme.reports.models",
    "pme.reports.models_kept",
    "pme.offprints.models",
    "pme.reminders.models",
    "pme.rosters.models",
    "pme.returns.models",
    "pme.xapi.models",
)


def every_table() -> type[Base]:
    """The base class after every room's tables are known to it."""
    for room in ROOMS_WITH_TABLES:
        import_module(room)
    return Base


def upgrade(database: Database, *, to: str = "head") -> None:
    """Bring the schema to a revision, waiting for any other process that is doing so.

    One that a newer version brought further is left as it is: migrations only add, so this version runs on it.
    """
    with _alone(database), _bounded(), _connection(database) as connection:
        if is_of_a_newer_version(revision_at(connection)):
            return
        _wait_briefly(connection)
        command.upgrade(_config(connection), to)


def downgrade(database: Database, *, to: str) -> None:
    """Take the schema back to a revision. Raises Unavailable where this version cannot: it does not know the way."""
    with _alone(database), _bounded(), _connection(database) as connection:
        if is_of_a_newer_version(at := revision_at(connection)):
            raise Unavailable(
                f"Nothing was changed: the schema is at {at}, and this version knows the way back from {newest()} "
                f"only. Let the newer version take it back: pme --of NEW migrate --down-to {to}"
            )
        if not (to == "base" or knows(to)):
            raise Unavailable(
                f"Nothing was changed: there is no revision “{to}”. Its name is the number at the beginning of a "
                "file in migrations/versions, such as 0050."
            )
        _wait_briefly(connection)
        command.downgrade(_config(connection), to)


def revision(database: Database) -> str | None:
    """The revision that the database is at, or None before the first."""
    with _connection(database) as connection:
        return revision_at(connection)


def revision_at(connection: Connection) -> str | None:
    """The revision of the database behind a connection, or None before the first."""
    return migration.MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this code expects: that of the last file by number."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def knows(revision: str) -> bool:
    """Whether a revision is one that this code has, so that it can be upgraded."""
    scripts = script.ScriptDirectory(str(ROOT / "migrations"))
    return revision in {each.revision for each in scripts.walk_revisions()}


def is_of_a_newer_version(revision: str | None) -> bool:
    """Whether a newer version than this one brought a database to a revision."""
    return revision is not None and revision > newest() and not knows(revision)


def _config(connection: Connection) -> config.Config:
    given = config.Config()
    given.set_main_option("script_location", str(ROOT / "migrations"))
    given.attributes["connection"] = connection
    return given


def _wait_briefly(connection: Connection) -> None:
    """Whoever waits for a whole table makes everybody wait who comes after, readers too."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {WAITS_FOR_A_TABLE}")


@contextmanager
def _bounded() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != HELD:
            raise
        raise Unavailable(
            "Not migrated, and nothing was changed: a long report or a session that hangs held a table for more than "
            f"{WAITS_FOR_A_TABLE // 1000} seconds. Try again in a minute; if that does not help, see docs/operate.md "
            "(“A session that holds up others”)."
        ) from error


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as plain:
        connection = plain.execution_options(**{WRITE: True})
        with _tables_may_be_rebuilt(database, connection), connection.begin():
            if not database.is_sqlite:  # a migration may change rows of every academy
                connection.exec_driver_sql(f"SELECT set_config('{SETTING}', '{EVERYWHERE}', true)")
            yield connection
            if database.is_sqlite and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            ):
                raise Unavailable(f"The migration would leave {len(broken)} rows without what they refer to.")


@contextmanager
def _tables_may_be_rebuilt(database: Database, connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by building its table anew, which foreign keys would forbid half-way.

    They are off during the migration and checked as a whole at its end (sqlite.org/lang_altertable.html, 7).
    """
    if not database.is_sqlite:
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    if database.is_sqlite:
        path = Path(f"{database.url.database}.migrating")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = path.open("w")
        except OSError as error:
            raise Unavailable(
                f"The SQLite database {database.url.database} cannot be used: its folder cannot be made "
                f"or written ({error.strerror})."
            ) from error
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()
