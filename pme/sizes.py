"""What is counted of the tables, so that queries are planned by it. SQLite has to be told to; PostgreSQL counts by
itself, and is asked here only after very much was written at once.
"""

from sqlalchemy import Connection, text

EVERY_TABLE = "0x10002"
"""Of `PRAGMA optimize`: every table, not only those that this connection has read."""
HAS_SAMPLES = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'"


def count_what_has_grown(connection: Connection) -> None:
    """In a transaction that may write: let SQLite count again the tables that have grown much."""
    _count(connection, f"PRAGMA optimize = {EVERY_TABLE}")


def count_all(connection: Connection) -> None:
    """In a transaction that may write: let either database count every table."""
    _count(connection, "ANALYZE")


def _count(connection: Connection, asked: str) -> None:
    """Count, and drop the samples that SQLite takes of values before any other connection reads them.

    With samples SQLite plans a statement anew each time that one of its values is another (its documentation,
    "The SQLite Query Optimizer Overview", of SQLITE_ENABLE_STAT4), which costs more than most statements do.
    """
    connection.exec_driver_sql(asked)
    if connection.dialect.name != "sqlite" or not connection.exec_driver_sql(HAS_SAMPLES).first():
        return
    if connection.execute(text("DELETE FROM sqlite_stat4")).rowcount:
        connection.exec_driver_sql(
            "ANALYZE sqlite_schema"
        )  # counts nothing: this connection forgets them, too
