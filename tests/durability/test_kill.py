"""The server is killed again and again while students answer and decide: nothing acknowledged is lost."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from threading import Event

import pytest
from sqlalchemy import create_engine, func, select, text

from pme.certificates.models import Certificate
from pme.content.models import Publication
from pme.people.models import Person
from tests.durability.installation import COURSE, MODULE, Installation
from tests.durability.player import Player
from tests.durability.truth import faults
from tests.support import postgres

STUDENTS = 4
SHORT, LONG, LONGEST = 4.0, 150.0, 240.0  # seconds
NUMBERS = count()
ENOUGH = 60
"""Acts acknowledged."""
KILLS = ("one", "workers", "all")
"""What is killed, in turns: one process that answers, all that answer, everything."""
"""Of computing, so that a busy machine does not matter; alone it takes about three."""


@contextmanager
def running(folder: Path, database_url: str | None = None) -> Iterator[Installation]:
    """An installation that is started, and gone at the end."""
    installation = Installation(folder, database_url)
    try:
        installation.start()
        yield installation
    finally:
        installation.kill_all()


def kill_now_and_then(installation: Installation, players: Sequence[Player], seconds: float) -> int:
    """Kill something every second or so, for so long, and on a busy machine until enough was played;
    tells how often."""
    dice, began, kills = Random(2026), time.monotonic(), 0
    while time.monotonic() < began + LONGEST:
        is_time, is_enough = time.monotonic() > began + seconds, acknowledged_by(players) > ENOUGH
        if (is_time and is_enough and kills >= len(KILLS)) or any(player.problem for player in players):
            break
        time.sleep(dice.uniform(0.5, 1.5))
        wait_for_acts(players, STUDENTS)
        match KILLS[kills % len(KILLS)]:
            case "one":
                installation.kill(*installation.workers()[:1])
            case "workers":
                installation.kill(*installation.workers())
            case _:
                installation.kill_all()
        kills += 1
        installation.start_unless_running()
    return kills


def wait_for_acts(players: Sequence[Player], number: int) -> None:
    """Let so many acts be taken between two kills, however busy the machine is."""
    known, until = acknowledged_by(players), time.monotonic() + 10
    while acknowledged_by(players) < known + number and time.monotonic() < until:
        time.sleep(0.05)


def acknowledged_by(players: Sequence[Player]) -> int:
    """How many acts the server has taken from these players."""
    return sum(player.acknowledged for player in players)


def survive(installation: Installation, seconds: float) -> None:
    """Play and kill for so long, then compare what was acknowledged with what is kept, and play on."""
    stop = Event()
    players = [Player(installation.port, email, stop) for email in installation.add_students(STUDENTS)]
    for player in players:
        player.start()
    kills = kill_now_and_then(installation, players, seconds)
    installation.kill_all()
    database = installation.database()
    try:
        before = faults(database, players)  # as the last kill left it
        installation.start()
        stop.set()
        for player in players:
            player.join(timeout=90)
        acknowledged, broken = acknowledged_by(players), sum(player.broken for player in players)
        print(f"{acknowledged} acts acknowledged, {broken} connections broken, {kills} kills")
        assert [player.problem for player in players if player.problem] == []
        assert not any(player.is_alive() for player in players)
        assert before == []
        assert broken > 0
        assert acknowledged > ENOUGH
        for player in players:
            known = player.broken
            player.take_quiz()
            player.take_scenario()
            assert player.broken == known
        assert faults(database, players) == []
    finally:
        stop.set()
        database.dispose()


@pytest.mark.database("sqlite")
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path):
    with running(tmp_path) as installation:
        survive(installation, SHORT)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_in_a_long_time_of_kills(tmp_path: Path, kind: str):
    url = None if kind == "sqlite" else new_postgres_database("kill")
    with running(tmp_path, url) as installation:
        survive(installation, LONG)


def test_starting_again_overwrites_nothing(tmp_path: Path):
    with running(tmp_path) as installation:
        sign_ins = installation.sign_ins()
        before = state_of(installation)
        email = next(email for email in sign_ins if email.startswith("adams"))
        adams = Player(installation.port, email, Event(), password=sign_ins[email])
        adams.sign_in()
        adams.take_scenario()
        installation.kill_all()
        installation.start()
        assert installation.sign_ins() == sign_ins
        assert state_of(installation) == before
        adams.take_quiz()  # still signed in, by the same cookie
        assert adams.broken == 0
        database = installation.database()
        assert faults(database, [adams]) == []
        database.dispose()
        assert f"/learn/{COURSE}/{MODULE}/" not in installation.log.read_text(encoding="utf-8")


def state_of(installation: Installation) -> dict[str, object]:
    """What the demo consists of."""
    database = installation.database()
    with database.session() as session:
        found: dict[str, object] = {
            "people": session.execute(select(Person.email, Person.password_hash).order_by(Person.id)).all(),
            "certificates": session.scalars(select(Certificate.code).order_by(Certificate.id)).all(),
            "publications": session.scalar(select(func.count()).select_from(Publication)),
            "key": (installation.instance / "secret-key").read_bytes(),
        }
    database.dispose()
    return found


def new_postgres_database(what: str, *, template: str = "template1") -> str:
    """A database on the run's server, with a name of its own: empty, or a copy of another."""
    name = f"{what}_{os.getpid()}_{next(NUMBERS)}"
    server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    server.dispose()
    return postgres.server_url(name)
