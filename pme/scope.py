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

from pme.config_limits import NO_LIMITS, Limits
from pme.trips import begin_telling, tell

SETTING = "pme.academy"
EVERYWHERE, NOWHERE = "*", ""
SEES = "pme_sees"
"""Where a session keeps what it sees: EVERYWHERE, NOWHERE, or the id of an academy as text."""
LIMITS = "pme_limits"
"""Where it keeps for how long it may hold up others."""
WRITES = "pme_write"
"""What is said of a connection whose transaction writes."""


def announce(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """At the start of a transaction: tell PostgreSQL what it may see, and for how long it may hold up others.

    Unset means that nothing is seen; who reads without seeing anything says nothing. It goes with the transaction's
    first statement, and its settings end with the transaction, so that a pooler may give the next one another
    connection.
    """
    sees = session.info.get(SEES, NOWHERE)
    limits: Limits = session.info.get(LIMITS, NO_LIMITS)
    is_writing = connection.get_execution_options().get(WRITES, False)
    says_anything = sees != NOWHERE or is_writing
    begin_telling(connection, {SETTING: sees, **limits.told(is_writing=is_writing)} if says_anything else {})


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
        tell(session.connection(), {SETTING: sees})
