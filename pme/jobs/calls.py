"""Calls to workers that there is work: sent when a job is committed, heard within a moment.

A call says nothing and may be lost: the row is the truth, and workers look for themselves every so often. Through Redis
where there is one, else through PostgreSQL itself (NOTIFY, LISTEN); SQLite has neither, nor has a pooler.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Event, Thread

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from pme.db import Database
from pme.fleeting.relay import Away, Relay, relay_in

CHANNEL = "pme_jobs"
LISTEN = 1.0
"""Seconds after which a listener looks whether it is to end."""
AGAIN_AFTER = 5.0
"""Seconds after which a connection that broke is tried again."""


def call_workers(session: Session) -> None:
    """Call whoever listens, once this transaction is committed."""
    relay = relay_in(session)
    if relay is not None:
        event.listen(session, "after_commit", lambda _: _publish(relay), once=True)
    elif session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"NOTIFY {CHANNEL}"))


def _publish(relay: Relay) -> None:
    with suppress(Away):
        relay.ask(lambda client: client.publish(relay.name("jobs"), ""))


class Ear:
    """Hears calls in a thread of its own, and lets whoever waits know."""

    def __init__(self, database: Database) -> None:
        self._heard, self._ended = Event(), Event()
        self._database, self._relay = database, database.relay
        self.is_listening = False

    def start(self) -> None:
        """Begin to listen, where there is something to listen to."""
        has_calls = not self._database.is_sqlite and not self._database.is_pooled
        if self._relay is not None or has_calls:
            Thread(target=self._run, name="calls", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Wait for a call, for so many seconds at most."""
        self._heard.wait(seconds)
        if not self._ended.is_set():
            self._heard.clear()

    def end(self) -> None:
        """Let nobody wait any more."""
        self._ended.set()
        self._heard.set()

    def _run(self) -> None:
        relay = self._relay
        faults: tuple[type[Exception], ...] = relay.faults if relay else self._database.faults
        while not self._ended.is_set():
            with suppress(*faults):
                for is_call in _of_redis(relay) if relay else _of_postgres(self._database):
                    if is_call or not self.is_listening:  # what came while nobody listened is looked for once
                        self._heard.set()
                    self.is_listening = True
                    if self._ended.is_set():
                        return
            self.is_listening = False
            self._ended.wait(AGAIN_AFTER)


def _of_redis(relay: Relay) -> Iterator[bool]:
    with closing(relay.listener()) as listener:
        listener.subscribe(relay.name("jobs"))
        while True:
            yield listener.get_message(timeout=LISTEN) is not None


def _of_postgres(database: Database) -> Iterator[bool]:
    with closing(database.own_connection()) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while True:
            yield bool(list(connection.notifies(timeout=LISTEN, stop_after=1)))
