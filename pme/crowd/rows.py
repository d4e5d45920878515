"""Writing many rows at once: collected as plain values, numbered together, and sent in one go for each table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from itertools import count
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from pme.db import Base

AT_ONCE = 20_000


@dataclass
class Rows:
    """Rows of one table. Values stand in the order of `columns`, JSON as text; `id` is given when they are added."""

    table: Table
    columns: tuple[str, ...]
    values: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    def add(self, *values: Any) -> int:
        """Add one row and give it its id."""
        number = next(self.numbers)
        self.values.append((number, *values))
        return number


class Ledger:
    """The rows to write, by table, in the order in which tables were named."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[str, Rows] = {}

    def of(self, model: type[Base], *columns: str) -> Rows:
        """The rows of a table, begun when first asked for: ids go on from the highest there is."""
        table = model.__table__
        assert isinstance(table, Table)  # noqa: S101  (to the type checker)
        if table.name not in self._rows:
            highest = self._session.scalar(select(func.max(table.c.id))) or 0
            self._rows[table.name] = Rows(table, ("id", *columns), numbers=count(highest + 1))
        return self._rows[table.name]

    def write(self) -> int:
        """Send what was collected; tells how many rows. The order of tables is that of their foreign keys."""
        connection, sent = self._session.connection(), 0
        for table in Base.metadata.sorted_tables:
            rows = self._rows.get(table.name)
            if rows is None or not rows.values:
                continue
            send = _copy if connection.dialect.name == "postgresql" else _execute
            send(self._session, rows.table, rows.columns, rows.values)
            sent += len(rows.values)
            rows.values = []
        return sent

    def finish(self) -> None:
        """Let PostgreSQL number the next rows after these."""
        if self._session.get_bind().dialect.name != "postgresql":
            return
        for name in self._rows:
            highest = f'SELECT max(id) FROM "{name}"'  # noqa: S608  (a table of ours)
            self._session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), ({highest}))"))


def _execute(session: Session, table: Table, columns: Sequence[str], values: list[tuple[Any, ...]]) -> None:
    """SQLite: the driver's own bulk insert, since every value is already in the form in which it is kept."""
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608  (names of ours)
    for first in range(0, len(values), AT_ONCE):
        some = [tuple(map(_plain, row)) for row in values[first : first + AT_ONCE]]
        session.connection().exec_driver_sql(statement, some)


def _copy(session: Session, table: Table, columns: Sequence[str], values: list[tuple[Any, ...]]) -> None:
    """PostgreSQL: copied to a table beside, since a table with row-level security takes no COPY."""
    beside, names = f"new_{table.name}", ", ".join(f'"{name}"' for name in columns)
    connection = session.connection()
    connection.exec_driver_sql(
        f'CREATE TEMPORARY TABLE "{beside}" ON COMMIT DROP AS SELECT {names} FROM "{table.name}" LIMIT 0'  # noqa: S608
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{beside}" ({names}) FROM STDIN') as copy:
        for row in values:
            copy.write_row([value.value if isinstance(value, Enum) else value for value in row])
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "{beside}"')  # noqa: S608
    connection.exec_driver_sql(f'DROP TABLE "{beside}"')


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
