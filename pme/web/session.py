"""The request's database session: one a request, opened lazily, and the only commit in a request."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.orm import Session

from pme.audit import SOURCE
from pme.db import Database, begin_writing
from pme.web.network import coarse
from pme.web.personal import require_personal


def install(app: Flask, database: Database) -> None:
    """Give the app its database, and close each request's session at its end."""
    app.extensions["pme_database"] = database
    app.teardown_appcontext(_close)


def database() -> Database:
    """The app's database."""
    found: Database = current_app.extensions["pme_database"]
    return found


def db_session() -> Session:
    """The request's session. It reads; writes go through `transaction()`."""
    require_personal()
    if "session" not in g:
        g.session = database().session()
    session: Session = g.session
    return session


@contextmanager
def transaction() -> Iterator[Session]:
    """A write: begins at once, commits at the end of the block, rolls back on any error."""
    session = db_session()
    session.rollback()  # a reader that waits in line would keep the log from being tidied
    g.pop("newest", None)  # what is published is asked again by who writes
    if has_request_context():
        session.info[SOURCE] = coarse(request.remote_addr)
    with database().turn():
        begin_writing(session)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
