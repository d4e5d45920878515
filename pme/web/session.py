"""The request's database session: one a request, opened lazily, and the only commit in a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from flask import Flask, has_request_context, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme.audit import SOURCE
from pme.db import Database, begin_writing
from pme.lent import let_go
from pme.quick import Quick
from pme.scope import see_academy
from pme.web.at_hand import this_app, this_g, this_request
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
    found: Database = this_app().extensions["pme_database"]
    return found


def db_session() -> Session:
    """The request's session. It reads; writes go through `transaction()`."""
    require_personal()
    notes = this_g()
    session: Session | None = notes.get("session")
    if session is None:
        _let_go()
        notes.session = session = database().session()
        if "sees" in notes:
            see_academy(session, notes.sees)
    return session


def sees(academy_id: int) -> None:
    """From now on this request's session sees the rows of one academy, whether there is one already or not."""
    notes = this_g()
    notes.sees = academy_id
    if "session" in notes:
        see_academy(notes.session, academy_id)


@contextmanager
def transaction() -> Iterator[Session]:
    """A write: begins at once, commits at the end of the block, rolls back on any error."""
    session = db_session()
    session.rollback()  # a reader that waits in line would keep the log from being tidied
    this_g().pop("newest", None)  # what is published is asked again by who writes
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
    if (session := this_g().get("session")) is not None:
        let_go(session)


def at_once(view: V) -> V:
    """Mark a view of students that, on SQLite, takes the short way where it can: many come to it at the same moment."""
    setattr(view, _AT_ONCE, True)
    return view


def is_at_once() -> bool:
    """Whether this request takes the short way."""
    view = this_app().view_functions.get(this_request().endpoint or "")
    return getattr(view, _AT_ONCE, False) and database().is_sqlite


def takes_short_way() -> bool:
    """Whether this request takes the short way, and nothing has asked for its session yet."""
    return is_at_once() and "session" not in this_g()


def quick() -> Quick:
    """The request's connection for statements that are ready."""
    require_personal()
    notes = this_g()
    found: Quick | None = notes.get("quick")
    if found is None:
        notes.quick = found = Quick(database().engine)
    return found


def _let_go() -> None:
    lent: Quick | None = this_g().pop("quick", None)
    if lent is not None:
        lent.close()


def _close(_error: BaseException | None) -> None:
    _let_go()
    session: Session | None = this_g().pop("session", None)
    if session is None:
        return
    try:
        session.close()
    except (
        DBAPIError
    ) as error:  # the connection was lost just now: the answer is made, and nothing was left to keep
        structlog.get_logger().warning("a connection was lost after its request", exc_info=error)
        session.invalidate()
