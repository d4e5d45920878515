"""PostgreSQL, Redis and a bucket over TLS, with an authority of one's own: where it did not sign, nothing is said."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text

from pme import schema
from pme.backups.postgres import reached
from pme.config import Settings
from pme.db import opened
from pme.errors import Unavailable
from pme.fleeting.relay import relay_of
from pme.stores.chosen import store_of
from tests.support.authority import Paper, papers
from tests.support.bucket import storage
from tests.support.engines import POOLER, OwnPooler, OwnPostgres, free_port, has_pooler
from tests.support.redis import OwnRedis

SECRET = {"PME_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"}
ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One that servers which are not root reach, too; a socket's name must be short."""
    with TemporaryDirectory(prefix="pme-tls-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def own(folder: Path, name: str) -> tuple[Path, Paper]:
    place = folder / name
    place.mkdir()
    return place, papers(place)


def settings_of(folder: Path, given: dict[str, str]) -> Settings:
    return Settings.from_environment(SECRET | {"PME_INSTANCE_DIR": str(folder)} | given)


@pytest.mark.soak
def test_postgresql_is_spoken_to_over_tls_and_only_where_the_certificate_is_right(folder: Path):
    place, paper = own(folder, "postgresql")
    _, other = own(folder, "another")
    server = OwnPostgres(place, paper=paper)
    try:
        url = server.make("kept")

        def told(address: str) -> str:
            with opened(settings_of(folder, {"PME_DATABASE_URL": address})) as database:
                schema.upgrade(database)
                with database.session() as session:
                    assert session.scalar(text(ENCRYPTED)) is True
                reach, environment = reached(database)
                asking = [str(server.program("psql")), "-Atc", ENCRYPTED, f"--dbname={reach}"]
                done = subprocess.run(asking, env=environment, text=True, capture_output=True, check=True)
                return done.stdout.strip()

        sure = f"{url}?sslmode=verify-full&sslrootcert="
        assert told(f"{sure}{paper.authority}") == "t", "as backups and restores reach it"
        for wrong in (
            f"{url}?sslmode=disable",
            f"{sure}{other.authority}",
            f"{sure}{paper.authority}".replace("127.0.0.1", "localhost"),
        ):
            with pytest.raises(Unavailable, match="cannot be used"):
                told(wrong)
    finally:
        server.stop()


@pytest.mark.soak
def test_pgbouncer_is_spoken_to_over_tls_and_speaks_so_itself_and_only_where_the_certificates_are_right(
    folder: Path,
):
    if not has_pooler():
        pytest.skip(POOLER)
    place, servers = own(folder, "behind")
    pooler_place, poolers = own(folder, "pooler")
    server = OwnPostgres(place, paper=servers)
    pooler = OwnPooler(pooler_place, server, paper=poolers, trusting=servers.authority)
    try:
        direct = server.make("kept")
        schema_of = f"{direct}?sslmode=verify-full&sslrootcert={servers.authority}"
        with opened(settings_of(folder, {"PME_DATABASE_URL": schema_of})) as database:
            schema.upgrade(database)
        url = server.url("kept", port=pooler.port)

        def asked(address: str) -> object:
            """Whether PostgreSQL is spoken to over TLS by whoever speaks for us."""
            given = {"PME_DATABASE_URL": address, "PME_DATABASE_POOLED": "yes"}
            with opened(settings_of(folder, given)) as database, database.session() as session:
                return session.scalar(text(ENCRYPTED))

        sure = f"{url}?sslmode=verify-full&sslrootcert={poolers.authority}"
        assert asked(sure) is True
        for wrong in (
            f"{url}?sslmode=disable",
            f"{url}?sslmode=verify-full&sslrootcert={servers.authority}",
            sure.replace("127.0.0.1", "localhost"),
        ):
            with pytest.raises(Unavailable, match="cannot be used"):
                asked(wrong)
        pooler.stop()
        deceived = OwnPooler(pooler_place, server, paper=poolers, trusting=poolers.authority)
        try:
            with pytest.raises(Unavailable, match="cannot be used"):
                asked(sure.replace(f":{pooler.port}/", f":{deceived.port}/"))
        finally:
            deceived.stop()
    finally:
        pooler.stop()
        server.stop()


def test_redis_is_spoken_to_over_tls_and_only_where_the_certificate_is_right(folder: Path):
    place, paper = own(folder, "redis")
    port = free_port()
    server = OwnRedis(place, tls=(port, paper))
    server.start()
    try:
        for query, answers in ((f"?ssl_ca_certs={paper.authority}", True), ("", False)):
            address = f"rediss://127.0.0.1:{port}/0{query}"
            relay = relay_of(settings_of(folder, {"PME_REDIS_URL": address}))
            assert relay is not None
            assert (relay.refusal() == "") is answers
            relay.close()
    finally:
        server.stop()


def test_a_bucket_is_spoken_to_over_tls_and_only_where_the_certificate_is_right(folder: Path):
    _, paper = own(folder, "bucket")
    with storage(paper) as kept:
        given = kept.environment()
        store = store_of(settings_of(folder, given | {"PME_STORE_CA": str(paper.authority)}))
        with store.written("a/file") as file:
            file.file.write(b"words")
        assert b"".join(store.open("a/file")) == b"words"
        assert store.refusal() == ""
        assert store_of(settings_of(folder, given)).refusal() == "it does not answer, or not as it should"
        assert list(kept.objects) == ["pme/a/file"]
