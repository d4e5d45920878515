"""Redis where it is configured: counts as the database does, calls workers, shares pages; without it work goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import func, select

from pme import create_app
from pme.config import Settings
from pme.db import Database
from pme.errors import Refused
from pme.fleeting import counts, pages, relay
from pme.fleeting.relay import AGAIN_AFTER, Away, Relay
from pme.handouts import pdf as handouts
from pme.handouts.kept import Kept
from pme.jobs import registry, service
from pme.jobs.calls import Ear
from pme.jobs.models import Job, JobStatus
from pme.jobs.worker import Worker
from pme.people import tries
from pme.people.models import FailedSignIn
from pme.people.service import PER_ADDRESS
from tests.support.cast import START, email_of
from tests.support.client import Visit
from tests.support.redis import OwnRedis

SOON = 30.0
"""Seconds; the machine may be busy. Nothing waits for so long where all is well."""


@pytest.fixture(scope="module")
def server() -> Iterator[OwnRedis]:
    with TemporaryDirectory(prefix="pme-redis-") as folder:  # a socket's name must be short
        own = OwnRedis(Path(folder))
        own.start()
        yield own
        own.stop()


@pytest.fixture
def redis(server: OwnRedis) -> OwnRedis:
    """The server, empty and running."""
    server.stop()
    server.start()
    return server


@pytest.fixture
def apps(environment: dict[str, str], redis: OwnRedis, tmp_path: Path) -> Iterator[list[Flask]]:
    """Two servers beside each other, with memories of their own."""
    made = []
    for name in ("one", "two"):
        own = environment | {"PME_REDIS_URL": redis.url, "PME_INSTANCE_DIR": str(tmp_path / name)}
        relay._relay.cache_clear()  # as in a process of its own
        made.append(create_app(Settings.from_environment(own)))
    yield made
    for app in made:
        app.extensions["pme_database"].dispose()
        app.extensions["pme_renderer"].close()


def rows(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(FailedSignIn)) or 0


def fail(app: Flask, times: int) -> int:
    """Sign in with a wrong password so often; gives the last answer's status."""
    nobody, status = Visit(app), 0
    for _ in range(times):
        status = nobody.send("/sign-in", email=email_of("adams"), password="not this one").status_code
    return status


@pytest.mark.parametrize("home", ["database", "redis"])
def test_tries_are_counted_alike_wherever_they_are_counted(database: Database, redis: OwnRedis, home: str):
    own = (
        Database(database.url.render_as_string(hide_password=False), relay=Relay(redis.url, "k" * 40))
        if home == "redis"
        else database
    )
    one, two, minute = tries.subject_of(" One@x "), tries.subject_of("two@x"), timedelta(minutes=1)
    with own.writing() as session:
        assert tries.seen(session, one, at=START) == counts.NEVER
        for number in range(3):
            tries.note(session, [one, two], at=START + number * minute)
        tries.note(session, [one], at=START + 3 * minute)
        tries.note(session, [one], at=START + 3 * minute)  # at the same moment
    with own.writing() as session:
        found = tries.seen(session, one, at=START + 4 * minute)
        assert (found.count, found.oldest) == (5, START)
        assert tries.minutes_left(found, at=START + 4 * minute) == 11
        found = tries.seen(session, one, at=START + tries.WINDOW)  # the first is just over
        assert (found.count, found.oldest) == (4, START + minute)
        found = tries.seen(session, two, at=START - 4 * minute)  # by a clock that is some minutes behind
        assert found.count == 1
        assert tries.seen(session, one, at=START - timedelta(hours=1)).count == 0  # by one that was put back
        tries.note(session, [one, two], at=START - timedelta(hours=1))
        assert tries.seen(session, one, at=START + 4 * minute).count == 0, "and not when its hour comes again"
        assert tries.seen(session, one, at=START - timedelta(hours=1)).count == 1
        for number in range(3):
            tries.note(session, [one, two], at=START + number * minute)
        tries.forget(session, one)
        assert tries.seen(session, one, at=START + 4 * minute).count == 0
        assert tries.seen(session, two, at=START + 4 * minute).count == 3
    assert (rows(database) == 0) == (home == "redis")
    if own is not database:
        own.dispose()


def test_all_processes_count_together_and_redis_may_go_and_come(
    apps: list[Flask],
    database: Database,
    redis: OwnRedis,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    one, two = apps
    assert fail(one, PER_ADDRESS // 2) == 422
    assert rows(database) == 0
    redis.stop()
    assert fail(two, PER_ADDRESS // 2) == 422  # nobody waits, nobody is shut out
    assert rows(database) == 2 * (PER_ADDRESS // 2)
    told = capsys.readouterr().err
    assert told.count("Redis is away") == 1
    redis.start()
    monkeypatch.setattr("pme.fleeting.relay.AGAIN_AFTER", 0.0)
    link: Relay = two.extensions["pme_database"].relay
    link._rests_until = 0.0  # as after some seconds
    assert AGAIN_AFTER < 10
    assert fail(two, PER_ADDRESS // 2) == 422
    assert "Redis is back" in capsys.readouterr().err
    assert fail(one, 1) == 429  # what both homes counted is too much
    assert Visit(one).get("/sign-in").status == 200


def test_a_wrong_link_is_counted_by_all_together(apps: list[Flask], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.web.wrong_links.MOST_WRONG", 2)
    one, two = (Visit(app) for app in apps)
    assert [visit.fetch("/reset/unknown").status_code for visit in (one, two, one)] == [404, 404, 429]


@pytest.mark.parametrize("way", ["redis", "postgresql"])
def test_a_worker_begins_when_a_job_is_committed(
    database: Database,
    redis: OwnRedis,
    way: str,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
):
    if way == "postgresql" and database.is_sqlite:
        assert not _starts_a_thread(database)
        return
    link = Relay(redis.url, "k" * 40) if way == "redis" else None
    own = Database(database.url.render_as_string(hide_password=False), relay=link)
    monkeypatch.setattr("pme.jobs.worker.LOOK_EVERY", SOON * 2)
    monkeypatch.setattr("pme.jobs.worker.LISTENING_EVERY", SOON * 2)
    worker: Worker
    monkeypatch.setitem(registry.HANDLERS, "called", lambda _: worker.end())
    worker = Worker(own, Settings.from_environment(environment), lambda: START)
    thread = Thread(target=worker.run, daemon=True)
    thread.start()
    until = monotonic() + SOON
    while not worker._ear.is_listening and monotonic() < until:
        thread.join(0.01)
    with own.writing() as session:
        service.enqueue(session, "called", academy_id=None, person_id=None, payload={}, at=START)
    thread.join(SOON)
    has_ended = not thread.is_alive()
    worker.end()
    assert has_ended
    with own.session() as session:
        assert session.scalars(select(Job.status).where(Job.kind == "called")).one() is JobStatus.DONE
    own.dispose()


def _starts_a_thread(database: Database) -> bool:
    ear = Ear(database)
    ear.start()
    ear.end()
    ear.wait(SOON)
    return ear.is_listening


def test_a_printed_page_is_printed_once_for_all(redis: OwnRedis, monkeypatch: pytest.MonkeyPatch):
    link = Relay(redis.url, "k" * 40)
    pages.keep(link, "digest", b"%PDF")
    monkeypatch.setattr(handouts, "digest_of", lambda _: "digest")
    monkeypatch.setattr(handouts, "_kept", Kept())  # another process
    assert handouts.render(None, relay=link) == b"%PDF"  # type: ignore[arg-type]
    pages.keep(link, "large", bytes(pages.LARGEST + 1))
    assert [pages.find(other, "large") for other in (link, None)] == [None, None]
    assert pages.find(Relay(redis.url, "another installation"), "digest") is None
    redis.stop()
    pages.keep(link, "late", b"%PDF")
    assert pages.find(link, "late") is None
    with pytest.raises(Away):
        link.ask(lambda client: client.get("x"))


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    settings = Settings.from_environment({"PME_SECRET_KEY": "s" * 40, "PME_REDIS_URL": "redis://127.0.0.1"})
    monkeypatch.setattr(relay, "find_spec", lambda _: None)
    with pytest.raises(Refused, match=r"requirements/redis\.txt"):
        relay.relay_of(settings)
