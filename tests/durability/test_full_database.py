"""PostgreSQL on a disk that becomes full while students answer: nothing is said to be saved that is not, nothing is
half-done, and once there is room again everything goes on by itself.
"""

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from threading import Event

import pytest

from tests.durability.installation import Installation
from tests.durability.player import Form, Player, Reply, Wire
from tests.durability.test_faults import AWAY, NO_ROOM
from tests.durability.test_kill import acknowledged_by
from tests.durability.truth import faults
from tests.support.engines import OwnPostgres

MEGABYTES = 120
STUDENTS = 3
PATIENCE = 150.0
FULL_FOR = 6.0
BACK_WITHIN = 10.0
BLOCK = 4_096
KNOWN = (NO_ROOM, AWAY)


class Listening(Wire):
    """A browser whose person sends the same again where the page asks to, and remembers what it said."""

    patience = PATIENCE

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
            known = (words for words in KNOWN if words in reply.text)
            self.said[next(known, reply.text)] += 1
            time.sleep(0.2)


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder with a disk of its own; it takes root to have one."""
    folder = Path(mkdtemp(prefix="pme-disk-"))
    folder.chmod(0o711)
    size = f"size={MEGABYTES}m,mode=0711"
    if shutil.which("mount") is None or os.getuid() != 0:
        pytest.skip("only root can make a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=False)
    try:
        if made.returncode != 0:
            pytest.skip("no small disk can be made here")
        yield folder
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def fill(ballast: Path) -> None:
    """Take whatever room is left, and go on doing so."""
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * BLOCK)


def wait_until(holds: Callable[[], bool], *, within: float, keep: Callable[[], None] = lambda: None) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, "it did not come to that"
        keep()
        time.sleep(0.1)


@pytest.mark.soak
@pytest.mark.parametrize("what", ["tables", "log"])
def test_postgresql_on_a_full_disk_refuses_with_a_sentence_and_goes_on_once_there_is_room(
    tmp_path: Path, what: str
):
    with small_disk() as disk:
        place, ballast, stop = disk / "postgres", disk / "ballast", Event()
        place.mkdir()
        server = OwnPostgres(place, is_small=True)
        installation = Installation(tmp_path, server.make("small"))
        players: list[Player] = []
        try:
            installation.start()
            players = [
                Player(installation.port, email, stop) for email in installation.add_students(STUDENTS)
            ]
            wires = [Listening(installation.port) for _ in players]
            for player, wire in zip(players, wires, strict=True):
                player._wire = wire
                player.start()
            wait_until(lambda: acknowledged_by(players) >= 2 * STUDENTS, within=PATIENCE)

            def refused() -> int:
                return sum(wire.said.total() for wire in wires)

            before = refused()
            wait_until(lambda: refused() > before, within=PATIENCE, keep=lambda: fill(ballast))
            until = time.monotonic() + FULL_FOR
            while time.monotonic() < until:
                fill(ballast)
                if what == "log" and server.is_up():
                    server.use_up_its_log()  # it crashes, as PostgreSQL does where its log has no room
                time.sleep(0.1)
            print(f"PostgreSQL is {'up' if server.is_up() else 'down'} after {refused()} refusals")
            database = installation.database()
            ballast.unlink()
            mended = time.monotonic()
            if not server.is_up():
                server.start()  # as its operator does
            there = acknowledged_by(players)
            wait_until(installation.answers, within=BACK_WITHIN)
            wait_until(lambda: acknowledged_by(players) >= there + 2 * STUDENTS, within=PATIENCE)
            print(f"back after {time.monotonic() - mended:.1f} s")
            stop.set()
            for player in players:
                player.join(timeout=PATIENCE)
            assert [player.problem for player in players if player.problem] == []
            assert faults(database, players) == []
            said = sum((wire.said for wire in wires), Counter[str]())
            print(dict(said))
            assert set(said) <= set(KNOWN)
            database.dispose()
        finally:
            stop.set()
            installation.kill_all()
            server.stop()
