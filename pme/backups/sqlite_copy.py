"""A copy of a SQLite database that is in use, and what is in it.

`VACUUM INTO` reads in one transaction, so the copy is the database as it was at one moment, while others read and
write on; unlike a copy of the pages it holds nothing that was deleted (sqlite.org/lang_vacuum.html).
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from pme.db import BUSY_MILLISECONDS, Database, sqlite_build
from pme.errors import Invalid

FAULTS = 3


def copy(database: Database, to: Path) -> None:
    """Write the database as it is now to a file that is empty or not there yet."""
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(to),))
        cursor.close()


def rows_in(path: Path) -> dict[str, int]:
    """How many rows each table of a database file has. Raises Invalid where the file is not sound."""
    with _reading(path) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
        if found != ["ok"]:
            raise Invalid(f"The database is not sound: {'; '.join(found[:FAULTS])}.")
        if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
            raise Invalid(f"The database is not sound: {len(broken)} rows refer to rows that are not there.")
        named = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        tables = [row[0] for row in connection.execute(named)]
        return {name: _count(connection, name) for name in tables}


def revision_in(path: Path) -> str:
    """The revision of the schema in a database file, "" where it has none."""
    with _reading(path) as connection:
        has_any = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if not connection.execute(has_any).fetchone():
            return ""
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found[0]) if found else ""


def is_empty(path: Path) -> bool:
    """Whether nobody and no academy is in a database file, or there is no file. What cannot be read is not empty."""
    if not path.exists():
        return True
    driver = sqlite_build().driver
    try:
        with _reading(path) as connection:
            named = "SELECT name FROM sqlite_master WHERE name IN ('person', 'academy')"
            tables = [row[0] for row in connection.execute(named)]
            return not any(_count(connection, name) for name in tables)
    except driver.Error:
        return False


def settle(path: Path) -> None:
    """Bring what stands in the write-ahead log into the file itself, so that it can be moved. Best effort."""
    driver = sqlite_build().driver
    try:
        with closing(driver.connect(path, timeout=BUSY_MILLISECONDS / 1000)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except driver.Error:  # whoever restores may do so because it cannot be read: its log is kept beside it
        return


@contextmanager
def _reading(path: Path) -> Iterator[Any]:
    driver = sqlite_build().driver
    with closing(driver.connect(path, timeout=BUSY_MILLISECONDS / 1000)) as connection:
        yield connection


def _count(connection: Any, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 (quoted)
