"""What breaks beneath the platform is told as it is: nothing is said to be saved that is not, and when it is
mended the next request works, without a restart.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from pme.assessment.models import Response
from pme.db import Database
from tests.conftest import Visits
from tests.support import postgres
from tests.support.client import Visit
from tests.support.student import BASICS

AWAY = "cannot reach its records just now"
NO_ROOM = "has no room on its disk just now"
KEPT = "What you saved before is safe"
RECOVERS_WITHIN = 10.0
"""Seconds."""
LIKE = """INSERT INTO response (attempt_id, item, answer, seconds, saved_at)
    SELECT id, :item, '["1"]', 0, '2026-01-01 00:00:00' FROM attempt"""


def begun(visit: Visit) -> str:
    """The address of the first question of a quiz that was just begun."""
    return visit.get(f"{BASICS}/quiz/check").submit().path


def saved(database: Database) -> int:
    """How many answers are kept."""
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0


def refused(visit: Visit, question: str, *, why: str = AWAY) -> None:
    """Answer; it is told that nothing can be kept now, why, and when to try again."""
    reply = visit.send(question, answer="1")
    words = reply.get_data(as_text=True)
    assert reply.status_code == 503, (reply.status_code, words[:500])
    assert why in words
    assert KEPT in words
    assert reply.headers["Retry-After"] == "10"


def taken(visit: Visit, question: str) -> None:
    """Answer as soon as the fault is mended; it is saved within seconds, without a restart."""
    began = time.monotonic()
    assert visit.send(question, answer="1").status_code == 303
    assert time.monotonic() - began < RECOVERS_WITHIN


@contextmanager
def each_connection(database: Database, statement: str, after: str) -> Iterator[None]:
    """Say something on every connection as it is used, and take it back."""

    def said(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(statement)

    def unsaid(connection: Any, _record: Any) -> None:
        connection.execute(after)

    event.listen(database.engine, "checkout", said)
    event.listen(database.engine, "checkin", unsaid)
    try:
        yield
    finally:
        event.remove(database.engine, "checkout", said)
        event.remove(database.engine, "checkin", unsaid)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("name", ["disk full", "read-only disk"])
def test_on_a_disk_that_takes_nothing_an_answer_is_refused_and_taken_when_it_is_mended(
    visit: Visits, database: Database, app: Flask, name: str
):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    fault = (
        each_connection(own, "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000")
        if name == "disk full"
        else each_connection(own, "PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    )
    with fault:
        if name == "disk full":
            _fill(own)
        before = saved(database)
        refused(adams, question, why=NO_ROOM if name == "disk full" else AWAY)
        assert adams.get("/learn").status == 200, "reading goes on"
    assert saved(database) == before
    taken(adams, question)
    assert saved(database) == before + 1


def _fill(database: Database) -> None:
    """Use up the room that is left in the pages of answers and of their index, down to the last small one."""
    for width in (400, 60, 1):
        for number in range(1_000):
            try:
                with database.seeing("*").writing() as session:
                    session.execute(text(LIKE), {"item": f"{number:03}".rjust(width, "-")})
            except OperationalError:
                break


@pytest.mark.database("postgresql")
def test_when_the_database_goes_and_comes_back_the_next_request_works(
    visit: Visits, database: Database, app: Flask
):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    name = own.url.database
    server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND usename = current_user"
    )
    try:
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            try:
                connection.execute(text(others))
                refused(adams, question)
                refused(adams, question)
                assert app.test_client().get("/readyz").status_code == 503
                assert app.test_client().get("/healthz").status_code == 200
            finally:
                connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    finally:
        server.dispose()
    taken(adams, question)
    assert app.test_client().get("/readyz").status_code == 200
    database.dispose()
    assert saved(database) == 1


@pytest.mark.database("postgresql")
def test_a_connection_that_is_lost_before_the_commit_saves_nothing_and_says_so(
    visit: Visits, database: Database, app: Flask
):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    lost: list[int] = []

    def lose(connection: Any) -> None:
        if not lost:
            lost.append(1)
            raw = connection.connection.dbapi_connection
            other = create_engine(own.url)
            with other.connect() as beside:
                beside.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": raw.info.backend_pid})
            other.dispose()

    event.listen(own.engine, "commit", lose)
    try:
        refused(adams, question)
    finally:
        event.remove(own.engine, "commit", lose)
    assert lost
    assert saved(database) == 0
    taken(adams, question)
    assert saved(database) == 1


@pytest.mark.database("sqlite")
def test_while_another_program_holds_the_file_an_answer_waits_and_is_refused_at_last(
    visit: Visits, database: Database, app: Flask
):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    with (
        each_connection(own, "PRAGMA busy_timeout = 50", "PRAGMA busy_timeout = 10000"),
        database.session() as session,
    ):
        session.connection(execution_options={"pme_write": True})
        refused(adams, question)
        session.rollback()
        taken(adams, question)
    assert saved(database) == 1
