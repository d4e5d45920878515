"""The worker beside the server: it works, and is gone when the server is, however that ended."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from pme.config import ROOT
from pme.db import Database
from pme.jobs.models import Duty
from tests.test_upkeep import until

SERVER = """
from pme.companion import Companion
companion = Companion()
companion.ensure()
first = companion.process
companion.ensure()
print(first == companion.process, companion.process, flush=True)
input()
"""


def is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.database("sqlite")
def test_it_works_and_is_gone_when_its_server_is_killed(
    database: Database, environment: dict[str, str], tmp_path: Path
):
    def has_worked() -> bool:
        with database.session() as session:
            return bool(session.scalars(select(Duty).where(Duty.ran_at.is_not(None))).all())

    mine = environment | {"PME_INSTANCE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], env=mine, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        same, pid = server.stdout.readline().split()
        worked = until(has_worked)
        server.kill()
    assert same == b"True"
    assert worked
    assert until(lambda: not is_alive(int(pid)))
