"""The connection to PostgreSQL is lost before any one of a request's statements: 503 with a page, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, text

from pme.db import Database
from tests.conftest import Visits
from tests.durability.test_faults import begun
from tests.support.student import BASICS

pytestmark = pytest.mark.database("postgresql")
MOST = 60
"""Statements of a request."""


@contextmanager
def cut_before(
    database: Database, wanted: int, *, what: str = "before_cursor_execute"
) -> Iterator[list[int]]:
    """End the session of whoever is about to send the statement of this number; tells how many there were."""
    seen = [0]

    def cut(connection: Connection, *_: Any) -> None:
        seen[0] += 1
        if seen[0] == wanted:
            raw: Any = connection.connection.dbapi_connection
            other = create_engine(database.url)
            with other.connect() as beside:
                beside.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": raw.info.backend_pid})
            other.dispose()

    event.listen(database.engine, what, cut)
    try:
        yield seen
    finally:
        event.remove(database.engine, what, cut)


@pytest.mark.parametrize("what", ["question", "module", "answer"])
def test_a_connection_that_is_lost_before_any_statement_is_told_with_a_page(
    visit: Visits, app: Flask, what: str
):
    adams = visit("adams")
    question = begun(adams)
    paths = {"question": question, "answer": question, "module": BASICS}
    path = paths[what]
    own: Database = app.extensions["pme_database"]
    for number in range(1, MOST):
        with cut_before(own, number) as seen:
            reply = adams.send(path, answer="1") if what == "answer" else adams.fetch(path)
        if seen[0] < number:
            assert reply.status_code in (200, 303, 308)
            assert number > 1, "no statement was sent"
            return
        said = reply.get_data(as_text=True)
        assert reply.status_code == 503, (number, said[:300])
        assert "cannot reach its records just now" in said, number
    raise AssertionError("a request without end")


def test_a_connection_that_is_lost_after_the_page_was_made_costs_nobody_the_page(visit: Visits, app: Flask):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    with cut_before(own, 1, what="rollback") as seen:
        assert adams.fetch(question).status_code == 200
    assert seen[0] == 1
    assert adams.fetch(question).status_code == 200
