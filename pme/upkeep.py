"""What the server does by itself, at its start and every minute: hand in attempts whose time is over, forget
previews that nobody uses any more, and see that a worker runs beside the server.

Each worker has a thread for it; the one that holds the lock file works, the others stand by, so that a worker
may die at any moment. Servers on other machines may work at the same time: every act is safe to do twice.
"""

import fcntl
import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from pme import create_app
from pme.companion import Companion
from pme.config import Settings
from pme.errors import PmeError
from pme.later import later
from pme.scope import EVERYWHERE

if TYPE_CHECKING:
    import structlog
    from flask import Flask
    from sqlalchemy import exc

    from pme import invigilation
    from pme.authoring import previews
    from pme.db import Database
else:  # `create_app` loads them without looking for garbage meanwhile
    exc, structlog = later("sqlalchemy.exc"), later("structlog")
    invigilation, previews = later("pme.invigilation"), later("pme.authoring.previews")

EVERY, AGAIN = 60.0, 5.0
"""Seconds; and after how many what did not work is tried again."""
SWITCHES = 0.001
"""Seconds after which a thread that works out something lets another one go on (Python's own: 0.005). Whoever holds
the database's only turn to write waits for it after each statement.
"""


def serving() -> "Flask":
    """The application as a server runs it: the web, and the upkeep beside it."""
    sys.setswitchinterval(SWITCHES)
    gc.disable()  # until all is loaded: whoever looks before would look through all of it
    settings = Settings.from_environment()
    app = create_app(settings, is_late=True)
    gc.freeze()  # what is there now stays, and is not looked through for garbage again
    gc.set_threshold(NEW_OBJECTS, 20, 20)
    gc.enable()
    database: Database = app.extensions["pme_database"]
    companion = Companion() if settings.worker else None
    lock = settings.instance_dir / "upkeep.lock"
    Upkeep(database.seeing(EVERYWHERE), lock, companion=companion).start()
    return app


NEW_OBJECTS = 10_000
"""Objects after which Python looks for garbage (its own: 700). A page makes thousands, and leaves next to none behind.
"""


class Upkeep:
    """A thread that does what is due, as long as its process lives."""

    def __init__(
        self, database: "Database", lock: Path, *, every: float = EVERY, companion: Companion | None = None
    ) -> None:
        self._database, self._lock, self._every, self._companion = database, lock, every, companion
        self._ended = Event()
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin at once."""
        self._thread.start()

    def end(self) -> None:
        """Stop after what is being done now."""
        self._ended.set()
        self._thread.join()
        if self._companion is not None:
            self._companion.end()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with self._lock.open("w") as lock:
                    self._work(lock.fileno())
            except OSError as error:  # the disk is full or read-only, no more files may be open
                structlog.get_logger().error("upkeep cannot begin", exc_info=error)
                self._ended.wait(min(self._every, AGAIN))

    def _work(self, lock: int) -> None:
        is_ours = False
        while not self._ended.is_set():
            is_ours = is_ours or _taken(lock)
            went_well = self._do() if is_ours else True
            self._ended.wait(self._every if went_well else min(self._every, AGAIN))

    def _do(self) -> bool:
        acts = (self._begin_to_work, self._close_overdue, self._purge, self._database.look_at_sizes)
        went_well = [self._is_done(act) for act in acts]  # each, whatever became of the others
        return all(went_well)

    def _is_done(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except (PmeError, exc.SQLAlchemyError, OSError, MemoryError) as error:  # it may be mended in a minute
            structlog.get_logger().error("upkeep failed", exc_info=error)
            return False
        return True

    def _begin_to_work(self) -> None:
        if self._companion is not None:
            self._companion.ensure()

    def _close_overdue(self) -> None:
        invigilation.close_overdue(self._database, at=datetime.now(UTC))

    def _purge(self) -> None:
        with self._database.writing() as session:
            previews.purge(session, at=datetime.now(UTC))


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
