"""Connections are lent: whoever waits for something else gives theirs back, since others need it meanwhile."""

from sqlalchemy.orm import Session

from pme.scope import WRITES


def let_go(session: Session) -> None:
    """Give a reader's connection back before it waits for a turn, a child process, somebody else's server or whatever
    a browser still has to send. What was loaded stays as it is; a session that writes keeps its own.
    """
    transaction = session.get_transaction()
    if transaction is not None and not session.connection().get_execution_options().get(WRITES, False):
        transaction.close()
