"""Which function does which kind of job, and what comes due by itself.

A room that has work to do names its module in `ROOMS_WITH_WORK`; whoever works loads them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from pme.jobs.work import Cancelled, Interrupted, LostLease, Round, Work

__all__ = ["Cancelled", "Interrupted", "LostLease", "Round", "Work", "handler", "periodic"]

Handler = Callable[[Work], None]
Act = Callable[[Round], None]

ROOMS_WITH_WORK: tuple[str, ...] = (
    "pme.jobs.tidying",
    "pme.content.tidying",
    "pme.outbox.sending",
    "pme.inviting",
    "pme.privacy.due",
    "pme.privacy.daily",
    "pme.notebook.daily",
    "pme.reports.export",
    "pme.reports.scheduled",
    "pme.reports.keeping",
    "pme.reminders.sending",
    "pme.rosters.work",
    "pme.undoing.work",
    "pme.completing",
    "pme.correcting",
    "pme.returns.making",
    "pme.returns.keeping",
    "pme.returns.scheduled",
    "pme.bundles.making",
    "pme.offprints.making",
    "pme.offprints.tidying",
    "pme.xapi.work",
    "pme.doctor.full_check",
    "pme.guests",
)
"""The modules that hold handlers and duties."""


@dataclass(frozen=True)
class Periodic:
    """A duty: what is done, and how long after one time comes the next.

    A duty that talks to somebody else's server has a `line` of its own: where that one hangs, no other duty waits.
    """

    name: str
    every: timedelta
    act: Act
    line: str = ""


HANDLERS: dict[str, Handler] = {}
DUTIES: dict[str, Periodic] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Says of a function that it does the jobs of a kind."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def periodic(name: str, *, every: timedelta, line: str = "") -> Callable[[Act], Act]:
    """Says of a function that it is to be called every so often, by one worker of all, beside the other lines.

    It may be called again after a crash, so it must be safe to repeat.
    """

    def register(function: Act) -> Act:
        DUTIES[name] = Periodic(name, every, function, line)
        return function

    return register


def load() -> None:
    """Load every room that has work to do."""
    for room in ROOMS_WITH_WORK:
        import_module(room)
