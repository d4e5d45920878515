"""The machine under a running server misbehaves while students answer: no more files may be open, the clock jumps.
Nothing acknowledged is lost, nobody reads of the inside, and it goes on by itself.
"""

import resource
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.durability.installation import Installation
from tests.durability.player import Form, Player, Reply, Wire
from tests.durability.test_faults import AWAY, NO_ROOM
from tests.durability.test_kill import acknowledged_by, wait_for_acts
from tests.durability.truth import faults

STUDENTS = 3
PATIENCE = 90.0
LASTS = 6.0
BACK_WITHIN = 10.0
BUSY = "very busy just now"
KNOWN = (BUSY, NO_ROOM, AWAY)
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


class Listening(Wire):
    """A browser whose person sends the same again where the page asks to, and remembers what it said."""

    patience = 20.0

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.said: Counter[str] = Counter()

    def send(self, method: str, path: str, form: Form | None = None) -> Reply:
        """One request."""
        until = time.monotonic() + PATIENCE
        while True:
            reply = super().send(method, path, form)
            if reply.status != 503 or time.monotonic() > until:
                return reply
            self.said[next((words for words in KNOWN if words in reply.text), reply.text)] += 1
            time.sleep(0.2)


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
def playing(installation: Installation) -> Iterator[tuple[list[Player], list[Listening]]]:
    """Students are at it."""
    stop = Event()
    players = [Player(installation.port, email, stop) for email in installation.add_students(STUDENTS)]
    wires = [Listening(installation.port) for _ in players]
    try:
        for player, wire in zip(players, wires, strict=True):
            player._wire = wire
            player.start()
        wait_for_acts(players, 2 * STUDENTS)
        yield players, wires
        stop.set()
        for player in players:
            player.join(timeout=PATIENCE)
        assert [player.problem for player in players if player.problem] == []
        database = installation.database()
        assert faults(database, players) == []
        database.dispose()
        said = sum((wire.said for wire in wires), Counter[str]())
        print(dict(said), sum(player.broken for player in players), "broken")
        assert set(said) <= set(KNOWN), said
    finally:
        stop.set()


def goes_on(players: list[Player], installation: Installation) -> None:
    """Within seconds, without a restart."""
    mended, there = time.monotonic(), acknowledged_by(players)
    while not installation.answers():
        assert time.monotonic() - mended < BACK_WITHIN
    while acknowledged_by(players) < there + STUDENTS:
        assert time.monotonic() - mended < PATIENCE
        time.sleep(0.05)
    print(f"back after {time.monotonic() - mended:.1f} s", end=" ")


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
        limit_files(installation, spare)
        time.sleep(LASTS / 2)
        before = acknowledged_by(players)
        time.sleep(LASTS)
        meanwhile = acknowledged_by(players) - before
        limit_files(installation, None)
        goes_on(players, installation)
        assert meanwhile == 0 or spare, "nobody can be let in"
        print(f"{meanwhile} meanwhile", end=" ")


@pytest.mark.soak
@pytest.mark.parametrize("jumps", ["-3600", "+3600"])
def test_a_clock_that_jumps_by_an_hour_loses_no_answer(tmp_path: Path, jumps: str):
    if FAKETIME is None:
        pytest.skip("faketime is not there: scripts/setup.sh soak")
    clock = tmp_path / "clock"
    clock.write_text("+0\n", encoding="ascii")
    faked = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with served(tmp_path, **faked) as installation, playing(installation) as (players, _wires):
        clock.write_text(f"{jumps}\n", encoding="ascii")
        wait_for_acts(players, 6 * STUDENTS)
        clock.write_text("+0\n", encoding="ascii")
        goes_on(players, installation)
