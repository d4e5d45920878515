"""Writers of several processes wait in one line: nobody overtakes who is next, and one that dies holds nobody up."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from pme.config import ROOT, Settings
from pme.db import Database, database_of
from pme.errors import Unavailable
from pme.line import Line, Threads

HOLDS = """
import sys, time
from pathlib import Path
from pme.line import Line
line = Line(Path(sys.argv[1]))
assert line.enter(seconds=5)
print("writes", flush=True)
time.sleep(60)
"""


def holder(file: Path) -> subprocess.Popen[str]:
    """Another process that has its turn and keeps it."""
    command = [sys.executable, "-c", HOLDS, str(file)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writes\n"
    return process


def test_a_process_waits_while_another_writes_and_goes_on_when_that_is_killed(tmp_path: Path):
    file = tmp_path / "pme.sqlite3.line"
    with holder(file) as other:
        line = Line(file)
        assert not line.enter(seconds=0.05)
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert line.enter(seconds=5)
        line.leave()
        assert other.stdout is not None
    line.close()


def test_whoever_waits_in_vain_is_told_so_and_leaves_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("pme.db.BUSY_MILLISECONDS", 50)
    database = Database(f"sqlite:///{tmp_path / 'pme.sqlite3'}")
    with holder(tmp_path / "pme.sqlite3.line") as other:
        with pytest.raises(Unavailable, match="very busy"), database.turn():
            pass
        other.kill()
    with database.turn():
        assert not database._line.enter(seconds=0)
    database.dispose()


def test_where_the_file_cannot_be_made_writers_do_without_it(tmp_path: Path):
    line = Line(tmp_path / "nowhere" / "pme.sqlite3.line")
    assert line.enter(seconds=1)
    assert not line.enter(seconds=0)
    line.leave()
    line.close()


def test_whoever_has_the_turn_gets_a_connection_while_many_wait_with_theirs(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'pme.sqlite3'}")
    with ExitStack() as waiting:
        for _ in range(40):  # more threads than connections are kept
            waiting.enter_context(database.engine.connect()).exec_driver_sql("SELECT 1")
        with database.writing() as session:
            session.execute(text("CREATE TABLE t (n INTEGER)"))
    database.dispose()


def test_threads_have_their_turn_in_the_order_in_which_they_came():
    line, came, had = Threads(), [], []
    assert line.enter(seconds=0)

    def write(number: int) -> None:
        assert line.enter(seconds=30)
        had.append(number)
        line.leave()

    for number in range(20):
        came.append(Thread(target=write, args=(number,)))
        came[-1].start()
        while len(line._waiting) <= number:
            sleep(0.001)
    for _ in range(3):
        assert not line.enter(seconds=0.01), "whoever waits in vain leaves the line"
    line.leave()
    for each in came:
        each.join(30)
    assert had == list(range(20))
    assert line.enter(seconds=0)


def test_whoever_lets_go_and_comes_again_at_once_waits_behind_the_others():
    """A lock of Python would let them in again: whoever waits has to wake up first."""
    line, may_end, has_turn = Threads(), Event(), Event()

    def write() -> None:
        assert line.enter(seconds=30)
        has_turn.set()
        assert may_end.wait(30)
        line.leave()

    for _ in range(20):
        may_end.clear()
        has_turn.clear()
        assert line.enter(seconds=30)
        other = Thread(target=write)
        other.start()
        while not line._waiting:
            sleep(0.001)
        line.leave()
        assert not line.enter(seconds=0)
        assert has_turn.wait(30)
        may_end.set()
        other.join(30)


def test_a_process_has_a_connection_to_postgresql_for_each_of_its_threads(environment: dict[str, str]):
    url = "postgresql+psycopg://pme@127.0.0.1/pme"
    for threads, connections in ((4, 20), (64, 128)):
        given = environment | {"PME_DATABASE_URL": url, "PME_THREADS": str(threads)}
        pool = database_of(Settings.from_environment(given)).engine.pool
        assert isinstance(pool, QueuePool)
        assert pool.size() == connections
