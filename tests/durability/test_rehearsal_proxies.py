"""Three servers and two workers behind nginx and behind Caddy as they are deployed, over TLS, while students answer and
three hundred browsers open a connection and say next to nothing.

Each server is killed, all are rolled, workers are killed in the middle of their jobs, the proxy itself is reloaded.
"""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from pme.jobs.models import JobStatus
from tests.durability.cluster import PREPARED, Cluster
from tests.durability.player import Form, Player, Reply, Wire
from tests.durability.slow import Crowd
from tests.durability.test_kill import acknowledged_by, new_postgres_database
from tests.durability.truth import faults
from tests.support.authority import papers
from tests.support.proxies import NAME, OwnProxy, lacking

STUDENTS, RELOADS, SLOW, REPORTS = 4, 5, 300, 6
AWAY = "The platform does not answer"
PATIENCE = 60.0
LEASES = 260.0
"""Seconds in which a job whose worker was killed is surely done by another: its lease is two minutes."""
SEEN_WITHIN = 3.0
"""Seconds in which a proxy sees that a server is not there; the machine may be busy."""
DEPLOYED = {
    "PME_PUBLIC_URL": f"https://{NAME}",
    "PME_ALLOWED_HOSTS": NAME,
    "PME_TRUSTED_PROXIES": "1",
}


class Covered(Wire):
    """A browser before the proxy. Where the proxy says that nobody answers, its person tries again."""

    says: Mapping[str, str] = {
        "Host": NAME,
        "Referer": f"https://{NAME}/",
    }  # without it no form is taken over TLS

    def __init__(self, proxy: OwnProxy) -> None:
        super().__init__(proxy.port)
        self._proxy, self.told = proxy, 0

    def send(self, method: str, path: str, form: Form | None = None) -> Reply:
        """One request."""
        until = time.monotonic() + PATIENCE
        while True:
            reply = super().send(method, path, form)
            if reply.status != 503 or AWAY not in reply.text or time.monotonic() > until:
                return reply
            self.told += 1
            time.sleep(0.2)

    def _reached(self) -> http.client.HTTPConnection:
        return self._proxy.connection(timeout=PATIENCE)


@dataclass
class Scene:
    """What there is, and who is at it."""

    cluster: Cluster
    proxy: OwnProxy
    players: list[Player]

    def go_on(self, acts: int = STUDENTS) -> None:
        """So much gets done."""
        wanted, until = acknowledged_by(self.players) + acts, time.monotonic() + PATIENCE
        while acknowledged_by(self.players) < wanted:
            assert time.monotonic() < until, [each.problem for each in self.players]
            time.sleep(0.02)

    @property
    def told(self) -> int:
        """How often somebody read that nobody answers."""
        return sum(each._wire.told for each in self.players if isinstance(each._wire, Covered))

    @property
    def broken(self) -> int:
        """How many requests came back without any answer."""
        return sum(player.broken for player in self.players)


@contextmanager
def playing(folder: Path, proxied: Path, kind: str) -> Iterator[Scene]:
    """Everything is there, and everybody is at it."""
    cluster, stop = Cluster(folder, new_postgres_database("proxied")), Event()
    for server in cluster.servers:
        server.environment |= DEPLOYED
    try:
        cluster.start()
        proxy = OwnProxy(kind, proxied, [server.port for server in cluster.servers], papers(proxied))
        proxy.start()
        try:
            players = [Player(proxy.port, email, stop) for email in cluster.first.add_students(STUDENTS)]
            for player in players:
                player._wire = Covered(proxy)
                player.start()
            played = Scene(cluster, proxy, players)
            played.go_on()
            yield played
            stop.set()
            for player in players:
                player.join(timeout=2 * PATIENCE)
            assert [player.problem for player in players if player.problem] == []
        finally:
            stop.set()
            proxy.stop()
    finally:
        cluster.stop()


def cookies_are_safe(proxy: OwnProxy) -> None:
    """What the platform knows of the address is what the proxy tells it."""
    _status, headers, _text = proxy.ask("GET", "/sign-in")
    cookies = headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


def kill_each(scene: Scene) -> None:
    """kill -9 for one server after the other, and for a worker with each."""
    for number, server in enumerate(scene.cluster.servers):
        before = scene.broken + scene.told
        server.kill_all()
        scene.cluster.kill_a_worker(number % 2)
        time.sleep(SEEN_WITHIN if scene.proxy.kind == "caddy" else 0)
        lost = scene.broken + scene.told - before
        scene.go_on()
        if scene.proxy.kind == "nginx":
            assert scene.broken + scene.told - before <= STUDENTS, "only those that were with it"
        else:  # until it has seen that the server is gone, forms read the page that says so (deploy.md)
            assert scene.broken + scene.told - before == lost, "once it is seen, nobody hears of it"
        server.start(PREPARED)
        scene.go_on()


def roll_and_reload(scene: Scene) -> None:
    """An upgrade of the servers, and new certificates for the proxy: nobody hears of either."""
    broken, told = scene.broken, scene.told
    scene.cluster.roll()
    scene.go_on()
    for _ in range(RELOADS):
        scene.proxy.reload()
        scene.go_on(2)
    assert scene.broken == broken, "a rolling restart and a reload break nothing"
    if scene.proxy.kind == "nginx":
        assert scene.told == told


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_behind_the_deployed_proxy_nothing_is_lost_whoever_is_killed_rolled_reloaded_or_slow(
    tmp_path: Path, kind: str
):
    if why := lacking(kind):
        pytest.skip(why)
    with (
        TemporaryDirectory(prefix="pme-proxied-") as proxied,
        playing(tmp_path, Path(proxied), kind) as scene,
    ):
        cookies_are_safe(scene.proxy)
        crowd = Crowd(scene.proxy, SLOW)
        crowd.start()
        try:
            crowd.wait(within=PATIENCE)
            scene.go_on(4 * STUDENTS)
            scene.cluster.ask_for_reports(REPORTS)
            kill_each(scene)
            crowd.wait(within=PATIENCE)
            roll_and_reload(scene)
            crowd.wait(within=PATIENCE)
            scene.go_on(4 * STUDENTS)
        finally:
            crowd.end()
        long = {"Cookie": "x" * 30_000, "X-Long": "y" * 30_000}
        status, _headers, text = scene.proxy.ask("GET", "/", headers=long)
        assert status in (400, 431)
        assert "Traceback" not in text
        assert scene.cluster.wait_for_reports(within=LEASES) == {JobStatus.DONE: REPORTS}
        for player in scene.players:
            player._stop_playing.set()
        for player in scene.players:
            player.join(timeout=2 * PATIENCE)
        acts = acknowledged_by(scene.players)
        print(
            f"{kind}: {acts} acts, {scene.broken} broken, {scene.told} told to try again, {crowd.ever} slow"
        )
        database = scene.cluster.first.database()
        assert faults(database, scene.players) == []
        database.dispose()
