"""The databases of the tests: each test finds them as the template was, whatever the one before did."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pme.db import Database

VERSIONS = text("SELECT count(*) FROM alembic_version")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_removed_the_next_finds_again(database: Database, turn: str):
    with database.session() as session:
        assert session.scalar(VERSIONS) == 1, turn
    with database.writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
    with database.session() as session:
        assert session.scalar(VERSIONS) == 0


@pytest.mark.parametrize("end", ["closes its end of the pipe", "is killed"])
def test_the_server_goes_when_the_run_that_asked_for_it(end: str):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    folder = Path(owner.stdout.readline().strip())
    assert (folder / "data" / "postmaster.pid").exists()
    if end == "is killed":
        owner.kill()
    owner.stdin.close()
    owner.stdout.close()
    owner.wait(timeout=30)
    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


OWNER = """
from tests.support.postgres import Keeper, server_url
with Keeper() as keeper:
    server_url()
    print(keeper.folder, flush=True)
    input()
"""
