"""A running server whose machine misbehaves, and students who are told: what the tests of such faults share."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from tests.durability.installation import Installation
from tests.durability.player import Form, Player, Reply, Wire
from tests.durability.test_faults import AWAY, NO_ROOM
from tests.durability.test_kill import acknowledged_by
from tests.durability.truth import faults

STUDENTS = 3
PATIENCE = 90.0
BACK_WITHIN = 10.0
"""Seconds in which it must answer again once the machine is well, without a restart."""
BUSY = "very busy just now"
KNOWN = (BUSY, NO_ROOM, AWAY)


class Listening(Wire):
    """A browser whose person sends the same again where the page asks to, and remembers what it said."""

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


@contextmanager
def playing(installation: Installation) -> Iterator[tuple[list[Player], list[Listening]]]:
    """Students are at it; in the end nothing that they were told is missing, and they were told nothing else."""
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
        acts, broken = acknowledged_by(players), sum(player.broken for player in players)
        print(f"{acts} acts acknowledged, {broken} broken, told: {dict(said)}")
        assert set(said) <= set(KNOWN), said
    finally:
        stop.set()


def wait_for_acts(players: list[Player], number: int) -> None:
    """So many acts are taken."""
    wanted, until = acknowledged_by(players) + number, time.monotonic() + PATIENCE
    while acknowledged_by(players) < wanted:
        assert time.monotonic() < until, [player.problem for player in players]
        assert not any(player.problem for player in players), [player.problem for player in players]
        time.sleep(0.05)


def goes_on(players: list[Player], installation: Installation, *, since: float) -> None:
    """Within seconds of the moment it was mended, without a restart."""
    while not installation.answers():
        assert time.monotonic() - since < BACK_WITHIN
    print(f"ready after {time.monotonic() - since:.1f} s", end=", ")
    wait_for_acts(players, 1)
    took = time.monotonic() - since
    print(f"an answer taken after {took:.1f} s", end="; ")
    assert took < BACK_WITHIN
    wait_for_acts(players, STUDENTS)
