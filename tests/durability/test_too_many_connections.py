"""PostgreSQL lets nobody else in: whoever needs another connection is told, whoever has one goes on, and once there is
room again the next request works.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from pme.db import Database
from tests.conftest import Visits
from tests.durability.machine import goes_on, playing
from tests.durability.test_faults import AWAY, begun, refused, saved, taken
from tests.durability.test_kill import acknowledged_by, running
from tests.support import postgres
from tests.support.engines import OwnPostgres

CONNECTIONS, ROUNDS = 24, 10
NAME, HOLDS = "crowded", "holds"
LASTS = 6.0
EXHAUSTED = ("too many clients already", "remaining connection slots are reserved")


@contextmanager
def no_more_than(name: str | None, number: int) -> Iterator[None]:
    """Let a database have so many connections."""
    server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} CONNECTION LIMIT {number}"))
            try:
                yield
            finally:
                connection.execute(text(f"ALTER DATABASE {name} CONNECTION LIMIT -1"))
    finally:
        server.dispose()


@pytest.mark.database("postgresql")
def test_whoever_needs_another_connection_is_told_and_whoever_has_one_goes_on(
    visit: Visits, database: Database, app: Flask
):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    database.dispose()
    with no_more_than(own.url.database, 0):
        taken(adams, question)  # by the connection that it has
        own.dispose()
        refused(adams, question)
        assert app.test_client().get("/readyz").status_code == 503
    taken(adams, question)
    assert app.test_client().get("/readyz").status_code == 200
    assert saved(database) == 1


def take_all(held: ExitStack, url: str) -> None:
    """Connect until nobody is let in. Raises OperationalError then."""
    while True:
        held.enter_context(psycopg.connect(url, application_name=HOLDS))


def hold_all(held: ExitStack, own: OwnPostgres, url: str) -> None:
    """Take every connection that is to be had, also those that the servers have."""
    for _ in range(ROUNDS):
        own.end_sessions(NAME, but=HOLDS)
        with pytest.raises(psycopg.OperationalError) as told:
            take_all(held, url)
        assert any(words in str(told.value) for words in EXHAUSTED)


@pytest.mark.soak
def test_a_server_without_any_connection_left_loses_nothing_and_goes_on_once_there_are(tmp_path: Path):
    with TemporaryDirectory(prefix="pme-engines-") as folder:
        Path(folder).chmod(0o711)
        (Path(folder) / "postgres").mkdir()
        own = OwnPostgres(Path(folder) / "postgres", connections=CONNECTIONS)
        try:
            url = own.make(NAME)
            with running(tmp_path, url) as installation, playing(installation) as (players, wires):
                with ExitStack() as held:
                    hold_all(held, own, url)
                    time.sleep(1)
                    before = acknowledged_by(players)
                    time.sleep(LASTS)
                    assert acknowledged_by(players) == before, "nobody has a connection"
                goes_on(players, installation, since=time.monotonic())
                assert any(wire.said[AWAY] for wire in wires)
        finally:
            own.stop()
