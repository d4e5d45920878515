"""Writers of several processes wait in one line: nobody overtakes who is next, and one that dies holds nobody up."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from pme.config import ROOT
from pme.db import Database
from pme.errors import Unavailable
from pme.line import Line

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
