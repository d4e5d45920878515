"""Databases as earlier versions left them: the rows of an academy that is lived in, one small file for each revision.

Rows and not files of SQLite or PostgreSQL, since one file then serves both: a database is migrated to the revision,
the rows are put in as they were, and the rest of the migrations are run over them. For a release, store the next:

    .venv/bin/python -m tests.migrations.stored
"""

import base64
import gzip
import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    null,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from pme import schema
from pme.db import Database
from tests.support.belongings import give
from tests.support.cast import START, set_the_stage
from tests.support.graduates import graduate

FOLDER = Path(__file__).parent / "stored"
VERSIONS = "alembic_version"
Rows = dict[str, list[dict[str, Any]]]


def revisions() -> list[str]:
    """The revisions of which rows are stored, oldest first."""
    return sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.json.gz"))


def stored(revision: str) -> Rows:
    """The rows of a revision, by table."""
    packed = (FOLDER / f"{revision}.json.gz").read_bytes()
    tables: dict[str, dict[str, Any]] = json.loads(gzip.decompress(packed))
    return {
        name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        for name, table in tables.items()
    }


def load(database: Database, rows: Rows) -> None:
    """Put stored rows into an empty database of their revision, as they were: without triggers, and with all keys.

    On PostgreSQL by a superuser.
    """
    with database.engine.connect() as connection:
        raw = connection.connection.cursor()  # before any transaction begins
        raw.execute(
            "PRAGMA foreign_keys = OFF" if database.is_sqlite else "SET session_replication_role = replica"
        )
        tables = _reflected(connection)
        assert set(rows) == set(tables), "every table of that revision, and no other"
        for name, found in rows.items():
            for row in found:
                connection.execute(insert(tables[name]).values(_typed(tables[name], row)))
        if not database.is_sqlite:
            for table in tables.values():
                _count_on(connection, table)
        connection.commit()
    database.dispose()


def written(database: Database) -> bytes:
    """Every row of a SQLite database, packed."""
    tables: dict[str, Any] = {}
    with database.engine.connect() as connection:
        for name, table in _reflected(connection).items():
            keys = list(table.primary_key.columns)
            found = connection.execute(select(table).order_by(*keys)).all()
            columns = [column.name for column in table.columns]
            tables[name] = {"columns": columns, "rows": [[_plain(value) for value in row] for row in found]}
    return gzip.compress(json.dumps(tables, sort_keys=True, separators=(",", ":")).encode(), mtime=0)


def _reflected(connection: Any) -> dict[str, Table]:
    kept = MetaData()
    kept.reflect(connection)
    return {table.name: table for table in kept.tables.values() if table.name != VERSIONS}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return null()  # and not the null of JSON
    if isinstance(kind, JSON):
        return value
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if kind.timezone else moment
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value


def _count_on(connection: Any, table: Table) -> None:
    """Let new rows get numbers after those that are there."""
    column = table.c.get("id")
    if column is None or not isinstance(column.type, Integer | BigInteger):
        return
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
    if sequence is not None:
        most = f'SELECT setval(:name, (SELECT coalesce(max(id), 0) + 1 FROM "{table.name}"), false)'
        connection.execute(text(most), {"name": sequence})


def main() -> None:
    """Store the rows of an academy that is lived in, at the newest revision."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/stored.sqlite")
        schema.upgrade(database)
        with database.writing() as session:
            set_the_stage(session)
            graduate(session, "gray", at=START)
        give(database, "adams")
        path = FOLDER / f"{schema.newest()}.json.gz"
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(written(database))
        database.dispose()
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
