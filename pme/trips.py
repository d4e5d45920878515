"""Fewer trips to PostgreSQL: what a transaction says of itself goes with its first statement, and statements that
PostgreSQL has prepared stay prepared after a transaction that only read.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event

from pme.later import later

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq import TransactionStatus
else:  # where SQLite is used, nobody loads it
    psycopg = later("psycopg")

NOTHING: Mapping[str, str] = MappingProxyType({})


def begin_telling(connection: Connection, told: dict[str, str]) -> None:
    """At the start of a transaction: settings that end with it, to be said with its first statement."""
    _driver(connection).untold = told


def tell(connection: Connection, told: dict[str, str]) -> None:
    """Settings for the rest of this transaction, to be said with its next statement."""
    driver = _driver(connection)
    driver.untold = driver.untold | told


def fewer_trips(engine: Engine, *, is_pooled: bool) -> None:
    """Let an engine of PostgreSQL say what is untold, and connect so that what is prepared lasts.

    `is_pooled`: through a pooler, each goes by itself, as poolers know it best.
    """
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "do_execute", _say_before if is_pooled else _say_with)
    event.listen(engine, "do_execute_no_params", _say_before if is_pooled else _say_with_bare)
    event.listen(engine, "do_executemany", _say_before)


def _connect(_dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> Any:
    return _lasting().connect(*given, **named)


@cache
def _lasting() -> "type[psycopg.Connection[Any]]":
    """The driver's connection, but for what it does after a transaction that was given up without any fault.

    It would forget there which statements are prepared, and as every page ends so, nothing would ever be prepared.
    What PostgreSQL prepares does not depend on the transaction in which it was.
    """
    within = psycopg.pq.TransactionStatus.INTRANS

    class Lasting(psycopg.Connection[Any]):
        untold: Mapping[str, str] = NOTHING  # what it says with its next statement

        def rollback(self) -> None:
            self.untold = NOTHING
            if _status(self) is within and self.pgconn.pipeline_status == psycopg.pq.PipelineStatus.OFF:
                self.pgconn.exec_(b"ROLLBACK")
            if _status(self) is not psycopg.pq.TransactionStatus.IDLE:  # in any other case, as ever
                super().rollback()

    return Lasting


def _status(connection: "psycopg.Connection[Any]") -> "TransactionStatus":
    return psycopg.pq.TransactionStatus(connection.pgconn.transaction_status)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _untold(cursor: Any) -> Mapping[str, str]:
    told: Mapping[str, str] = cursor.connection.untold
    if told:
        cursor.connection.untold = NOTHING
    return told


def _say_with(cursor: Any, statement: str, given: Any, _context: Any) -> bool:
    """Send what is untold and a statement together, and wait once for the answers of both."""
    if not (told := _untold(cursor)):
        return False
    if isinstance(
        cursor, psycopg.ServerCursor
    ):  # its answers come in parts, which cannot be together with others
        _say(cursor.connection, told)
        return False
    with cursor.connection.pipeline():
        _say(cursor.connection, told)
        cursor.execute(statement, given)
    return True


def _say_with_bare(cursor: Any, statement: str, context: Any) -> bool:
    return _say_with(cursor, statement, None, context)


def _say_before(cursor: Any, *_statement: Any) -> None:
    if told := _untold(cursor):
        _say(cursor.connection, told)


def _say(connection: Any, told: Mapping[str, str]) -> None:
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in told)
    connection.execute(f"SELECT {calls}", tuple(told.values()))
