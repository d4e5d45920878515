"""Connections are lent: whoever waits for something else gives theirs back, since others need it meanwhile; a replica
that lends none is done without.
"""

import structlog
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from pme.scope import WRITES

SOON = "3"
"""Seconds in which a replica must take a call: somebody waits for a file, and the database itself has it, too."""


def soon(url: str) -> str:
    """The address of a replica, which is not waited for for long unless the address says so."""
    found = make_url(url)
    if "connect_timeout" in found.query:
        return url
    return found.update_query_dict({"connect_timeout": SOON}).render_as_string(hide_password=False)


def lends(engine: Engine) -> bool:
    """Whether a replica can be asked just now; that it cannot is logged."""
    try:
        engine.connect().close()
    except (OperationalError, InterfaceError, NoConnection) as error:
        structlog.get_logger().error(
            "the replica is away: reports are read from the database", exc_info=error
        )
        return False
    return True


def let_go(session: Session) -> None:
    """Give a reader's connection back before it waits for a turn, a child process, somebody else's server or whatever
    a browser still has to send. What was loaded stays as it is; a session that writes keeps its own.
    """
    transaction = session.get_transaction()
    if transaction is not None and not session.connection().get_execution_options().get(WRITES, False):
        transaction.close()
