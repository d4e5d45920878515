"""Whose rows a transaction may see: the second net under every query, kept by PostgreSQL (see `pme.policies`).

A session says it at the start of each of its transactions, by a setting that ends with the transaction. In the
web a session sees nothing until somebody is known to be signed in, then their academy. Commands, workers and
signing in look everywhere, and say so. SQLite has no such net: there the queries alone keep academies apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

SETTING = "pme.academy"
EVERYWHERE, NOWHERE = "*", ""
SEES = "pme_sees"
"""Where a session keeps what it sees: EVERYWHERE, NOWHERE, or the id of an academy as text."""


def announce(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """At the start of a transaction: tell PostgreSQL what it may see. Unset means nothing."""
    sees = session.info.get(SEES, NOWHERE)
    if sees != NOWHERE:
        _set(connection, sees)


def see_academy(session: Session, academy_id: int) -> None:
    """From now on a session sees the rows of one academy and of no other."""
    _see(session, str(academy_id))


def see_everywhere(session: Session) -> None:
    """From now on a session sees every academy's rows: for doors that nobody is signed in at."""
    _see(session, EVERYWHERE)


@contextmanager
def everywhere(session: Session) -> Iterator[None]:
    """Look at every academy's rows for a while: to find who signs in, or what a code or a secret link opens."""
    before = session.info.get(SEES, NOWHERE)
    _see(session, EVERYWHERE)
    try:
        yield
    except DBAPIError:
        session.info[SEES] = before  # this transaction can do nothing more, and the next begins as before
        raise
    except BaseException:
        _see(session, before)
        raise
    else:
        _see(session, before)


def _see(session: Session, sees: str) -> None:
    if session.info.get(SEES, NOWHERE) == sees:
        return
    session.info[SEES] = sees
    if session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        _set(session.connection(), sees)


def _set(connection: Connection, sees: str) -> None:
    connection.exec_driver_sql(f"SELECT set_config('{SETTING}', %s, true)", (sees,))
