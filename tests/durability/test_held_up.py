"""A session of PostgreSQL that hangs holds up the others for a bounded time only, and nothing is lost."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from pme import config_limits, schema
from pme.config import Settings
from pme.config_limits import Limits
from pme.db import Database
from pme.errors import Unavailable
from pme.scope import LIMITS
from tests.conftest import Visits
from tests.durability.test_faults import begun, refused, saved, taken

pytestmark = pytest.mark.database("postgresql")
WITHIN = 60.0
"""Seconds; the machine may be busy."""


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lasts seconds lasts a twentieth of it."""
    monkeypatch.setattr(config_limits, "MILLISECONDS", 50)


@contextmanager
def limited(app: Flask, limits: Limits) -> Iterator[Database]:
    """The app's database with other limits than those of its settings."""
    own: Database = app.extensions["pme_database"]
    before = own._carried[LIMITS]
    own._carried[LIMITS] = limits
    try:
        yield own
    finally:
        own._carried[LIMITS] = before


def until(holds: Callable[[], Any]) -> None:
    """Look until it holds."""
    last = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < last, "it did not come to that"
        time.sleep(0.01)


def test_the_web_has_limits_by_default_and_a_worker_may_take_its_time(app: Flask):
    own: Database = app.extensions["pme_database"]
    settings: Settings = app.extensions["pme_settings"]
    assert own._carried[LIMITS] == settings.limits == Limits(lock=10, statement=60, silence=60)
    assert settings.limits.of_work == Limits(lock=10, statement=0, silence=60)


def test_who_waits_for_somebody_that_hangs_is_told_after_a_bounded_wait(
    visit: Visits, database: Database, app: Flask
):
    adams = visit("adams")
    question = begun(adams)
    with limited(app, Limits(lock=1)), database.session() as hanging:
        assert hanging.execute(text("SELECT id FROM attempt FOR UPDATE")).all()
        reply = adams.send(question, answer="1")
        assert reply.status_code == 503
        assert "very busy just now" in reply.get_data(as_text=True)
        assert "nothing was lost" in reply.get_data(as_text=True)
        assert reply.headers["Retry-After"] == "10"
        assert adams.get("/learn").status == 200, "reading goes on"
    assert saved(database) == 0
    taken(adams, question)
    assert saved(database) == 1


def test_a_process_that_freezes_in_the_middle_of_a_save_lets_go_and_says_that_nothing_was_saved(
    visit: Visits, database: Database, app: Flask
):
    adams = visit("adams")
    question = begun(adams)
    frozen: list[int] = []

    def freeze(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        if not frozen:
            frozen.append(raw.info.backend_pid)
            gone = text("SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = :pid")
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as beside:
                until(lambda: beside.execute(gone, {"pid": frozen[0]}).scalar())

    with limited(app, Limits(silence=1)) as own:
        event.listen(own.engine, "commit", freeze)
        try:
            refused(adams, question)
        finally:
            event.remove(own.engine, "commit", freeze)
    assert frozen
    assert saved(database) == 0
    taken(adams, question)
    assert saved(database) == 1


def test_a_statement_without_end_is_ended_and_a_reader_may_be_silent(app: Flask):
    with limited(app, Limits(statement=1, silence=1, lock=1)) as own, own.seeing("*").session() as session:
        shown = text("SELECT current_setting('idle_in_transaction_session_timeout')")
        assert session.scalar(shown) == "0", "a browser may be slow to take a long report"
        with pytest.raises(OperationalError, match="statement timeout"):
            session.execute(text("SELECT pg_sleep(60)"))


def test_a_migration_waits_for_another_but_not_for_whoever_holds_a_table(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(schema, "WAITS_FOR_A_TABLE", 100)
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    old = text(
        "SELECT now() - query_start > interval '0.3 s' FROM pg_stat_activity WHERE query LIKE '%advisory_lock(%' "
        "AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as hands, database.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(:key)"), {"key": schema.ADVISORY_LOCK})
        other.commit()
        second = hands.submit(schema.upgrade, database)
        other.execution_options(isolation_level="AUTOCOMMIT")
        until(lambda: other.execute(waits).scalar() and other.execute(old).scalar())
        assert not second.done(), "longer than for a table"
        other.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": schema.ADVISORY_LOCK})
        other.commit()
        second.result(WITHIN)
    with database.engine.begin() as reading:
        reading.execute(text("SELECT count(*) FROM attempt"))
        monkeypatch.setattr(
            "alembic.command.upgrade",
            lambda config, _to: config.attributes["connection"].execute(text("LOCK TABLE attempt")),
        )
        with pytest.raises(Unavailable, match="nothing was changed"):
            schema.upgrade(database)
