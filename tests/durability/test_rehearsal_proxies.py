"""Three servers behind nginx and behind Caddy as they are deployed, over TLS, while students answer.

A server is killed, all are rolled, the proxy itself is reloaded, and hundreds of browsers open a connection and say
next to nothing.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from tests.durability.cluster import ENDS_WITHIN, PREPARED, Cluster
from tests.durability.player import Form, Player, Reply, Wire
from tests.durability.test_kill import acknowledged_by, new_postgres_database, wait_for_acts
from tests.durability.truth import faults
from tests.support.authority import papers
from tests.support.proxies import NAME, OwnProxy, lacking

STUDENTS, RELOADS, SLOW = 4, 5, 300
AWAY = "The platform does not answer"
PATIENCE = 60.0
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


@contextmanager
def playing(folder: Path, proxied: Path, kind: str) -> Iterator[tuple[Cluster, OwnProxy, list[Player]]]:
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
            wait_for_acts(players, STUDENTS)
            assert acknowledged_by(players), [player.problem for player in players]
            yield cluster, proxy, players
            stop.set()
            for player in players:
                player.join(timeout=2 * PATIENCE)
        finally:
            stop.set()
            proxy.stop()
    finally:
        cluster.stop()


def told(players: list[Player]) -> int:
    """How often somebody read that nobody answers."""
    return sum(player._wire.told for player in players if isinstance(player._wire, Covered))


def broken(players: list[Player]) -> int:
    """How many requests came back without an answer."""
    return sum(player.broken for player in players)


def hold(held: ExitStack, proxy: OwnProxy, number: int, said: bytes) -> None:
    """Open so many connections and say no more than this."""
    context = ssl.create_default_context(cafile=str(proxy.paper.authority))
    for _ in range(number):
        plain = socket.create_connection(("127.0.0.1", proxy.port), timeout=30)
        slow = held.enter_context(context.wrap_socket(plain, server_hostname=NAME))
        slow.sendall(said)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_behind_the_deployed_proxy_nothing_is_lost_whoever_is_killed_rolled_reloaded_or_slow(
    tmp_path: Path, kind: str
):
    if why := lacking(kind):
        pytest.skip(why)
    with (
        TemporaryDirectory(prefix="pme-proxied-") as proxied,
        playing(tmp_path, Path(proxied), kind) as (cluster, proxy, players),
    ):
        _status, headers, _text = proxy.ask("GET", "/sign-in")
        cookies = headers.get_all("Set-Cookie") or []
        assert cookies
        assert all("Secure" in cookie for cookie in cookies)

        cluster.servers[0].kill_all()
        wait_for_acts(players, STUDENTS)
        cluster.servers[0].start(PREPARED)
        assert broken(players) <= STUDENTS, "only those that were with it"
        assert kind == "caddy" or told(players) <= STUDENTS

        before, told_before = broken(players), told(players)
        for server in cluster.servers:
            server.end(within=ENDS_WITHIN)
            server.start(PREPARED)
            wait_for_acts(players, STUDENTS)
        for _ in range(RELOADS):
            proxy.reload()
            wait_for_acts(players, 2)
        assert broken(players) == before, "a rolling restart and a reload break nothing"
        if kind == "nginx":
            assert told(players) == told_before

        with ExitStack() as held:
            hold(held, proxy, SLOW // 2, b"GET / HTTP/1.1\r\nHost: ")
            hold(held, proxy, SLOW // 2, b"")
            wait_for_acts(players, 4 * STUDENTS)
            body = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9999\r\n\r\na="
            hold(held, proxy, 20, body.encode())
            wait_for_acts(players, 4 * STUDENTS)
        status, _headers, text = proxy.ask(
            "GET", "/", headers={"Cookie": "x" * 30_000, "X-Long": "y" * 30_000}
        )
        assert status in (400, 431)
        assert "Traceback" not in text
        database = cluster.first.database()
        for player in players:
            player._stop_playing.set()
        for player in players:
            player.join(timeout=2 * PATIENCE)
        print(f"{kind}: {broken(players)} broken, {told(players)} told to try again")
        assert [player.problem for player in players if player.problem] == []
        assert faults(database, players) == []
        database.dispose()
