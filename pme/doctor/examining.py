"""The whole examination: every probe and every check, each with a net of its own, so that one that breaks is a line."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from pme.backups.belongings import LAST
from pme.config import Settings
from pme.db import Database
from pme.doctor import on_database, on_machine, on_settings, on_work, seen_database, seen_machine
from pme.doctor.facts import Backups, Clocks
from pme.doctor.finding import Finding, wrong
from pme.errors import PmeError
from pme.outbox.sending import unreachable

Check = Callable[[], Finding | Iterable[Finding]]
Read = Callable[[Session], Finding | Iterable[Finding]]
Told = Callable[[int, int], object]
BREAKS = (PmeError, SQLAlchemyError, OSError, ValueError, LookupError)
UNSEEN = "Put right what stands above first; if this stays, the log says more."


@dataclass(frozen=True)
class Patient:
    """An installation that is looked at. `asks_mail`: whether its mail server may be called.

    `is_brief`: without what takes seconds or grows with the installation: printing, soundness, drift of content.
    """

    settings: Settings
    database: Database
    at: datetime
    asks_mail: bool = True
    is_brief: bool = False


def examine(patient: Patient, *, told: Told = lambda _done, _of: None) -> list[Finding]:
    """Every finding, in the order in which they are told; `told` hears how many of how many looks are done, now and
    then within a long one, too.
    """
    away, done = _away(patient.database), 0
    looks: list[tuple[str, Check]] = []

    def still() -> None:
        told(done, len(looks))

    looks += _outside(patient, is_away=bool(away))
    looks += () if away else _inside(patient, still=still)
    found: list[Finding] = []
    for done, (about, check) in enumerate(looks):  # noqa: B007 (`still` tells it)
        still()
        found += _looked(about, check)
    return [*found, *away]


def _outside(patient: Patient, *, is_away: bool) -> Iterator[tuple[str, Check]]:
    """What is looked at on the machine and beside it."""
    settings = patient.settings
    yield "Packages", lambda: on_machine.check_programs(seen_machine.programs())
    yield "Settings", lambda: _settings(patient, is_away=is_away)
    yield "Disk", lambda: _disks(settings, patient.database)
    yield "Files", lambda: on_machine.check_store(seen_machine.shelf(settings))
    if not patient.is_brief:
        yield "Printing", lambda: on_machine.check_printing(seen_machine.printing())
    yield "Mail", lambda: _mail(patient)
    yield "Backups", lambda: on_work.check_backups(last_backup(settings.instance_dir, at=patient.at))


def _inside(patient: Patient, *, still: Callable[[], object]) -> Iterator[tuple[str, Check]]:
    """What is found in the database."""
    settings, began = patient.settings, time.time() - time.monotonic()
    yield (
        "Database",
        lambda: on_database.check_engine(
            seen_database.engine(patient.database, is_brief=patient.is_brief, still=still)
        ),
    )
    reads: dict[str, Read] = {
        "Clock": lambda s: _clock(s, patient, began),
        "Worker": lambda s: on_work.check_work(seen_database.work(s, at=patient.at)),
        "Keys": lambda s: on_work.check_signing(seen_database.signing(s, settings), at=patient.at),
    }
    if not patient.is_brief:
        reads["Content"] = lambda s: on_work.check_content(seen_database.content(s, settings))
        reads["Recordings"] = lambda s: on_work.check_unnamed(
            seen_database.unnamed(s, settings, at=patient.at)
        )
    reads["Erasures"] = lambda s: on_work.check_erasures(seen_database.erasures(s, settings))
    for about, read in reads.items():
        yield about, partial(_read, patient, read)


def _away(database: Database) -> list[Finding]:
    """That the database is not there, or nothing. A file of SQLite is never made by looking."""
    if database.is_sqlite and not Path(str(database.url.database)).exists():
        path = database.url.database
        return [wrong("Database", f"{path} is not there.", "Run pme migrate, or pme restore FILE.")]
    try:
        with database.engine.connect():
            return []
    except DBAPIError as error:
        return [wrong("Database", database.unreachable(error).says, "Then run pme doctor again.")]


def last_backup(instance_dir: Path, *, at: datetime) -> Backups:
    """The last backup that was made here, as it was noted."""
    try:
        told = json.loads((instance_dir / LAST).read_text(encoding="utf-8"))
        age, file = at - datetime.fromisoformat(told["made_at"]), str(told["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return Backups(None, "", is_there=False)
    return Backups(max(age, timedelta(0)), file, is_there=Path(file).exists())


def _settings(patient: Patient, *, is_away: bool) -> list[Finding]:
    real, demos = 0, 0
    if not is_away:
        with patient.database.session() as session:
            real, demos = seen_database.academies(session)
    return on_settings.check_settings(patient.settings, has_real_academies=real > 0, has_demo=demos > 0)


def _disks(settings: Settings, database: Database) -> Iterator[Finding]:
    folder = settings.instance_dir
    yield from on_machine.check_storage(seen_machine.storage("Disk", folder, key=settings.secret_key_file))
    if database.is_sqlite and (beside := Path(str(database.url.database)).parent) != folder:
        yield from on_machine.check_storage(seen_machine.storage("Disk of the database", beside))
    if (export := settings.export_dir) is not None:
        seen = seen_machine.storage("Export folder", export) if export.is_dir() else None
        yield from on_machine.check_export(str(export), seen)


def _clock(session: Session, patient: Patient, began: float) -> Finding:
    seen = Clocks(
        database=seen_database.clock_of(session),
        folder=seen_machine.clock_of(patient.settings.instance_dir),
        jump=time.time() - time.monotonic() - began,
        newest_act=seen_database.newest_act(session),
    )
    return on_machine.check_clocks(seen, at=patient.at)


def _mail(patient: Patient) -> Finding | Iterable[Finding]:
    mail = patient.settings.mail
    if mail.is_set and not patient.asks_mail:
        return ()
    return on_work.check_mail(mail.host, unreachable(mail) if mail.is_set else "")


def _read(patient: Patient, read: Read) -> list[Finding]:
    with patient.database.session() as session:
        found = read(session)
        return [found] if isinstance(found, Finding) else list(found)


def _looked(about: str, check: Check) -> list[Finding]:
    """What a check finds; where it breaks, that."""
    try:
        found = check()
        return [found] if isinstance(found, Finding) else list(found)
    except BREAKS as error:
        why = error.says if isinstance(error, PmeError) else _first_line(error)
        return [wrong(about, f"This could not be looked at: {why.rstrip('.')}.", UNSEEN)]


def _first_line(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return (str(origin).strip().splitlines() or [type(error).__name__])[0]
