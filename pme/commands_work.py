"""The command that works in the background: jobs, reminders, schedules, e-mail.

Beside a server it begins a little later and steps back behind it, and ends when the server is gone.
"""

import argparse
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

FIRST_PAGES = 4.0
"""Seconds that a server that has just started has for itself."""
NICE = 5
GRACE = 8.0
"""Seconds from the end of the server to that of its worker, whatever it does."""


def work(given: argparse.Namespace) -> int:
    """Do what is due, until ended."""
    if given.beside_server:
        os.nice(NICE)
        if _is_gone(FIRST_PAGES):
            return 0

    from pme.commands_content import opened  # noqa: PLC0415  (a server that starts need not wait for all this)
    from pme.config import Settings  # noqa: PLC0415
    from pme.jobs.worker import Worker  # noqa: PLC0415
    from pme.watching import log, queries, tracing  # noqa: PLC0415

    settings = Settings.from_environment()
    log.install()
    tracing.install(settings.watch.traces_to)
    with opened(settings, limits=settings.limits.of_work) as database:
        queries.listen(database.engine, slow_ms=settings.watch.slow_query_ms)
        worker = Worker(database, settings, _now)
        if given.once:
            print(f"Jobs worked on: {worker.drain()}.")
            return 0
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: worker.end())
        if given.beside_server:
            Thread(target=_end_with_the_server, args=(worker.end,), name="server", daemon=True).start()
        else:
            print(f"Working on {database.describe()}. End it with Ctrl+C.", flush=True)
        worker.run()
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


def _is_gone(seconds: float | None) -> bool:
    """Whether the pipe from the server closes within so many seconds; None waits for it."""
    readable, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(readable)


def _end_with_the_server(end: Callable[[], None]) -> None:
    _is_gone(None)
    end()
    time.sleep(GRACE)
    os._exit(1)
