"""Where PostgreSQL has a replica, and a pooler before it."""

from collections.abc import Iterator
from pathlib import Path
from socket import socket
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import QueuePool, text

from pme import create_app, lent
from pme.config import Settings
from pme.db import Database, database_of
from pme.errors import Refused
from tests.support.client import Visit


@pytest.fixture
def replicated(environment: dict[str, str]) -> Iterator[Flask]:
    """An application whose replica is the same database by other connections, which bear a name."""
    url = environment["PME_DATABASE_URL"]
    named = f"{url}{'&' if '?' in url else '?'}application_name=replica"
    app = create_app(Settings.from_environment(environment | {"PME_REPORTS_DATABASE_URL": named}))
    yield app
    app.extensions["pme_database"].dispose()
    app.extensions["pme_renderer"].close()


@pytest.mark.database("postgresql")
def test_files_of_reports_are_read_from_the_replica_and_pages_are_not(replicated: Flask):
    own: Database = replicated.extensions["pme_database"]
    replica = own._replica
    assert replica is not None
    evans = Visit(replicated, "evans")
    evans.get("/academy/reports/completions")
    assert _taken(replica) == 0, "a page asks the database itself"
    form = {"csrf_token": evans.token(), "form": "csv"}
    file = evans.http.post("/academy/reports/completions/file", data=form)
    assert file.status_code == 200
    assert "certificate" in file.get_data(as_text=True)
    assert _taken(replica) == 1
    with replica.session() as session:
        assert session.scalar(text("SHOW application_name")) == "replica"
    assert own.seeing("1").for_reports().sees == "1", "an academy sees its own rows there, too"


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("away", ["gone", "silent"])
def test_while_the_replica_is_away_reports_are_read_from_the_database_itself(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, away: str
):
    monkeypatch.setattr(lent, "SOON", "2")
    with socket() as other:
        other.bind(("127.0.0.1", 0))
        if away == "silent":
            other.listen()  # takes the call, and never says a word
        nowhere = f"postgresql://pme@127.0.0.1:{other.getsockname()[1]}/pme"
        app = create_app(Settings.from_environment(environment | {"PME_REPORTS_DATABASE_URL": nowhere}))
        evans = Visit(app, "evans")
        began = monotonic()
        file = evans.send("/academy/reports/completions/file", form="csv")
        assert file.status_code == 200, file.get_data(as_text=True)
        assert "certificate" in file.get_data(as_text=True)
        assert monotonic() - began < 30, "and nobody waits for it for long"
        app.extensions["pme_database"].dispose()
        app.extensions["pme_renderer"].close()


@pytest.mark.database("postgresql")
def test_nothing_is_prepared_where_each_transaction_may_have_another_connection(environment: dict[str, str]):
    for said, kept in (("yes", None), ("no", 5)):
        database = database_of(Settings.from_environment(environment | {"PME_DATABASE_POOLED": said}))
        with database.engine.connect() as connection:
            assert getattr(connection.connection, "prepare_threshold") == kept  # noqa: B009  (the driver's own)
        database.dispose()


def test_a_replica_of_sqlite_is_refused(tmp_path: Path):
    given = {
        "PME_INSTANCE_DIR": str(tmp_path),
        "PME_SECRET_KEY": "k" * 40,
        "PME_REPORTS_DATABASE_URL": "postgresql://pme@replica/pme",
    }
    with pytest.raises(Refused, match="PME_REPORTS_DATABASE_URL is for a replica"):
        Settings.from_environment(given)


def _taken(database: Database) -> int:
    """How many connections were opened so far."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin() + pool.checkedout()
