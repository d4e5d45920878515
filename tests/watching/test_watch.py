"""What an operator sees: health, readiness, figures, the log; and that none of it says who somebody is."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

import pytest
from flask import Flask
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import select, text
from structlog.testing import capture_logs

from pme import create_app
from pme.config import Settings
from pme.db import Database
from pme.errors import Refused
from pme.people.models import Person
from pme.watching import queries, tracing
from pme.watching.health import readiness
from pme.watching.meters import fresh_folder
from pme.watching.story import story_of
from pme.web.watch import request_id
from tests.support.client import Visit

TOKEN = "for-the-collector-" + "t" * 16
Made = Callable[..., Flask]


@pytest.fixture
def made(environment: dict[str, str]) -> Iterator[Made]:
    """An application with further settings."""
    apps = []

    def make(**given: str) -> Flask:
        apps.append(create_app(Settings.from_environment(environment | given)))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["pme_database"].dispose()
        app.extensions["pme_renderer"].close()


def test_a_process_lives_and_is_ready_by_any_host_name(app: Flask):
    client = app.test_client()
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"
    answer = client.get("/readyz", headers={"Host": "10.9.8.7:8000"})
    assert answer.status_code == 200
    assert answer.get_json() == {"content": "ok", "database": "ok", "schema": "ok", "store": "ok"}
    assert client.get("/sign-in", headers={"Host": "10.9.8.7:8000"}).status_code == 400


def test_it_is_not_ready_with_an_older_schema_and_ready_with_a_newer_one(app: Flask, database: Database):
    def to(revision: str) -> int:
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
        return app.test_client().get("/readyz").status_code

    assert to("0001") == 503
    assert to("9999") == 200


def test_it_is_not_ready_before_anything_is_published(tmp_path: Path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert not readiness(empty).is_ready
    away = Database(f"sqlite:///{tmp_path / 'no-such-folder' / 'pme.sqlite3'}")
    assert readiness(away).database == "away"
    for each in (empty, away):
        each.dispose()


def test_figures_are_for_whoever_sends_the_token(app: Flask, made: Made):
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    missing = Visit(app).fetch("/no-such-page")
    assert app.test_client().get("/metrics", headers=bearer).status_code == missing.status_code == 404
    counted = made(PME_METRICS_TOKEN=TOKEN).test_client()
    assert counted.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    counted.get("/sign-in")
    counted.get("/verify/NOSUCHCODE")
    told = counted.get("/metrics", headers=bearer).get_data(as_text=True)
    assert 'pme_requests_total{endpoint="public.sign_in",method="GET",status="200"} 1.0' in told
    assert "NOSUCHCODE" not in told
    assert 'pme_jobs{state="waiting"} 0.0' in told
    assert "pme_worker_missed 1.0" in told
    assert "pme_requests_under_way 1.0" in told, "this request, and no other"


def test_the_figures_of_a_process_that_was_killed_are_forgotten(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = fresh_folder(tmp_path / "metrics")
    (folder / "gauge_livesum_999999999.db").write_bytes(b"")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(folder))
    app = made(PME_METRICS_TOKEN=TOKEN)
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert list(folder.iterdir()) == []
    (folder / "counter_1.db").write_bytes(b"")
    assert list(fresh_folder(folder).iterdir()) == []


def test_each_request_is_a_line_by_its_route_and_not_by_its_address(made: Made):
    app = made(PME_LOG="requests")
    with capture_logs() as lines:
        answer = app.test_client().get("/verify/SECRETCODE1234?mail=adams@home.example")
    (line,) = [each for each in lines if each["event"] == "request"]
    assert (line["endpoint"], line["method"], line["status"]) == (
        "public.verified",
        "GET",
        answer.status_code,
    )
    assert line["queries"] >= 1
    assert "SECRETCODE" not in str(lines)
    assert "adams" not in str(lines)


@pytest.mark.database("sqlite")
def test_where_the_log_cannot_be_written_people_are_answered_all_the_same(
    made: Made, monkeypatch: pytest.MonkeyPatch
):
    app = made(PME_LOG="requests")
    with Path("/dev/full").open("wb", buffering=0) as full, monkeypatch.context() as patched:
        stream = TextIOWrapper(full, write_through=True)
        patched.setattr("sys.stderr", stream)
        with pytest.raises(OSError, match="No space"):
            stream.write("it cannot be written\n")
        assert app.test_client().get("/sign-in").status_code == 200
        assert app.test_client().get("/nowhere").status_code == 404
        stream.detach()


def test_an_error_is_told_by_its_kind_and_place_with_the_number_on_the_page(
    made: Made, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    app = made()

    def broken() -> str:
        try:
            nothing: dict[str, str] = {}
            return nothing["adams@home.example"]
        except KeyError as error:
            raise RuntimeError("of adams@home.example") from error

    monkeypatch.setitem(app.view_functions, "public.home", broken)
    page = app.test_client().get("/")
    assert page.status_code == 500
    (line,) = [json.loads(each) for each in capsys.readouterr().err.splitlines() if each.startswith("{")]
    assert line["request_id"] == page.headers["X-Request-Id"]
    assert line["request_id"] in page.get_data(as_text=True)
    assert line["error"][0] == "builtins.RuntimeError"
    assert any("in broken" in each for each in line["error"])
    assert "builtins.KeyError" in line["error"]
    assert "adams" not in json.dumps(line)


def test_an_error_of_the_database_does_not_repeat_what_was_typed(database: Database):
    with database.session() as session, pytest.raises(Exception, match="no_such") as raised:
        session.execute(
            text("SELECT no_such FROM person WHERE email = :email"), {"email": "adams@home.example"}
        )
    assert "adams" not in str(raised.value), "parameters are hidden in the message, too"
    told = " ".join(story_of(raised.value))
    assert "SQLSTATE 42703" in told or "SQLITE_ERROR" in told
    assert "adams" not in told


def test_a_slow_statement_is_told_with_places_for_its_values(database_url: str):
    database = Database(database_url)  # one of its own, since who listens goes on listening
    queries.listen(database.engine, slow_ms=1)
    slow = (
        "SELECT pg_sleep(0.005), :mail"
        if not database.is_sqlite
        else "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000) "
        "SELECT count(*), :mail FROM n"
    )
    tally = queries.new_tally()
    with capture_logs() as lines, database.session() as session:
        session.execute(text(slow), {"mail": "adams@home.example"})
        session.scalars(select(Person.id).limit(1)).all()
    told = [line for line in lines if line["event"] == "slow query"]
    assert told[0]["ms"] >= 1
    assert "adams" not in str(lines)
    assert tally.queries >= 2
    assert tally.slow == len(told)
    database.dispose()


def test_the_number_of_a_request_is_taken_over_from_a_trusted_proxy_only(app: Flask):
    settings = app.extensions["pme_settings"]
    with app.test_request_context(headers={"X-Request-Id": "edge-123456"}):
        assert request_id(settings) != "edge-123456"
        assert request_id(replace(settings, trusted_proxies=1)) == "edge-123456"
    with app.test_request_context(headers={"X-Request-Id": "a b"}):
        assert request_id(replace(settings, trusted_proxies=1)) != "a b"


def test_traces_bear_routes_and_kinds_of_statements(made: Made, monkeypatch: pytest.MonkeyPatch):
    spans = InMemorySpanExporter()
    tracing.install("http://127.0.0.1:9/v1/traces", exporter=spans)
    try:
        made(PME_TRACES_TO="http://127.0.0.1:9/v1/traces").test_client().get("/verify/SECRETCODE1234")
    finally:
        tracing.stop()
    told = spans.get_finished_spans()
    names = {span.name for span in told}
    assert {"GET public.verified", "sql SELECT"} <= names
    assert "SECRETCODE" not in "".join(span.to_json() for span in told)
    monkeypatch.setattr(tracing, "find_spec", lambda _name: None)
    with pytest.raises(Refused, match=r"requirements/traces\.txt"):
        made(PME_TRACES_TO="http://127.0.0.1:9/v1/traces")


def test_settings_that_cannot_be_used_are_refused_with_a_sentence(environment: dict[str, str]):
    wrong = {
        "PME_LOG": "all",
        "PME_TRACES_TO": "collector",
        "PME_SLOW_QUERY_MS": "-1",
        "PME_METRICS_TOKEN": "x",
    }
    with pytest.raises(Refused) as refused:
        Settings.from_environment(environment | wrong)
    assert all(name in refused.value.says for name in wrong)
