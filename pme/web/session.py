"""The request's database session: one a request, opened lazily, and the only commit in a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme.audit import SOURCE
from pme.db import Database, begin_writing
from pme.lent import let_go
from pme.quick import Quick
from pme.scope import see_academy
from pme.web.network import coarse
from pme.web.personal import require_personal

V = TypeVar("V", bound=Callable[..., Any])
_AT_ONCE = "at_once"


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
        _let_go()
        g.session = database().session()
        if "sees" in g:
            see_academy(g.session, g.sees)
    session: Session = g.session
    return session


def sees(academy_id: int) -> None:
    """From now on this request's session sees the rows of one academy, whether there is one already or not."""
    g.sees = academy_id
    if "session" in g:
        see_academy(g.session, academy_id)


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


def meanwhile() -> None:
    """Before this request waits for something that is not the database: hold no connection that others need."""
    _let_go()
    if (session := g.get("session")) is not None:
        let_go(session)


def at_once(view: V) -> V:
    """Mark a view of students that, on SQLite, takes the short way where it can: many come to it at the same moment."""
    setattr(view, _AT_ONCE, True)
    return view


def is_at_once() -> bool:
    """Whether this request takes the short way."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _AT_ONCE, False) and database().is_sqlite


def takes_short_way() -> bool:
    """Whether this request takes the short way, and nothing has asked for its session yet."""
    return is_at_once() and "session" not in g


def quick() -> Quick:
    """The request's connection for statements that are ready."""
    require_personal()
    if "quick" not in g:
        g.quick = Quick(database().engine)
    found: Quick = g.quick
    return found


def _let_go() -> None:
    lent: Quick | None = g.pop("quick", None)
    if lent is not None:
        lent.close()


def _close(_error: BaseException | None) -> None:
    _let_go()
    session: Session | None = g.pop("session", None)
    if session is None:
        return
    try:
        session.close()
    except (
        DBAPIError
    ) as error:  # the connection was lost just now: the answer is made, and nothing was left to keep
        structlog.get_logger().warning("a connection was lost after its request", exc_info=error)
        session.invalidate()
