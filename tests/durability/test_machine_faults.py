"""The machine under a running server misbehaves while students answer: no more files may be open, the clock jumps.
Nothing acknowledged is lost, nobody reads of the inside, and it goes on by itself.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from pme.people.models import BrowserSession
from tests.durability.faulty import NO_COMPILER, faulty_clock, has_compiler
from tests.durability.installation import Installation
from tests.durability.machine import goes_on, playing, wait_for_acts
from tests.durability.player import Player
from tests.durability.test_kill import acknowledged_by

LASTS = 6.0
JUMPED = 12
"""Acts to be taken while the clock is wrong."""


def limit_files(installation: Installation, most: int | None) -> None:
    """Let each process of the server open so few more files, or as many as before."""
    for pid in installation.workers():
        if most is None:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
            continue
        numbers = [int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()]
        lowest = next(number for number in range(len(numbers) + 1) if number not in numbers)
        hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest + most, hard))


@contextmanager
def served(folder: Path, **more: str) -> Iterator[Installation]:
    installation = Installation(folder)
    installation.environment |= more
    try:
        installation.start()
        yield installation
    finally:
        installation.kill_all()


@pytest.mark.soak
@pytest.mark.parametrize("spare", [0, 1, 3])
def test_where_no_more_files_may_be_open_people_wait_or_are_told_and_are_served_again_at_once(
    tmp_path: Path, spare: int
):
    with served(tmp_path) as installation, playing(installation) as (players, _wires):
        processes = installation.workers()
        limit_files(installation, spare)
        time.sleep(LASTS / 2)
        before = acknowledged_by(players)
        time.sleep(LASTS)
        meanwhile = acknowledged_by(players) - before
        limit_files(installation, None)
        goes_on(players, installation, since=time.monotonic())
        assert meanwhile == 0 or spare, "nobody can be let in"
        assert installation.workers() == processes, "without a restart"
        print(f"{meanwhile} meanwhile", end=" ")


@pytest.mark.soak
@pytest.mark.skipif(not has_compiler(), reason=NO_COMPILER)
@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_clock_that_jumps_by_an_hour_loses_no_answer(tmp_path: Path, seconds: int):
    clock = faulty_clock(tmp_path)
    with served(tmp_path, **clock.environment) as installation, playing(installation) as (players, wires):
        with clock.wrong(seconds):
            wait_for_acts(players, JUMPED)
            assert abs(hours_told(installation, players[0].email) - seconds / 3600) < 0.1, (
                "it is wrong for the server"
            )
        goes_on(players, installation, since=time.monotonic())
        assert not any(wire.said for wire in wires), "nobody hears of it"


def hours_told(installation: Installation, email: str) -> float:
    """Somebody signs in once more; gives by how much the server notes another time than now, in hours."""
    Player(installation.port, email, Event()).sign_in()
    database = installation.database()
    with database.session() as session:
        newest = select(BrowserSession.started_at).order_by(BrowserSession.id.desc()).limit(1)
        at = session.scalars(newest).one()
    database.dispose()
    return (at - datetime.now(UTC)).total_seconds() / 3600
