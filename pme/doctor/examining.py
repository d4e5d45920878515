"""The whole examination: every probe and every check, each with a net of its own, so that one that breaks is a line."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
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


def examine(patient: Patient) -> list[Finding]:
    """Every finding, in the order in which they are told."""
    settings, began = patient.settings, time.time() - time.monotonic()
    away = _away(patient.database)
    return [
        *_looked("Packages", lambda: on_machine.check_programs(seen_machine.programs())),
        *_looked("Settings", lambda: _settings(patient, is_away=bool(away))),
        *_looked("Disk", lambda: _disks(settings, patient.database)),
        *_looked("Files", lambda: on_machine.check_store(seen_machine.shelf(settings))),
        *_unless_brief(patient, "Printing", lambda: on_machine.check_printing(seen_machine.printing())),
        *_looked("Mail", lambda: _mail(patient)),
        *_looked("Backups", lambda: on_work.check_backups(last_backup(settings.instance_dir, at=patient.at))),
        *(away or _inside(patient, began)),
    ]


def _inside(patient: Patient, began: float) -> list[Finding]:
    """What is found in the database."""
    settings = patient.settings
    return [
        *_looked(
            "Database",
            lambda: on_database.check_engine(
                seen_database.engine(patient.database, is_brief=patient.is_brief)
            ),
        ),
        *_read(patient, "Clock", lambda s: _clock(s, patient, began)),
        *_read(patient, "Worker", lambda s: on_work.check_work(seen_database.work(s, at=patient.at))),
        *_read(
            patient,
            "Keys",
            lambda s: on_work.check_signing(seen_database.signing(s, settings), at=patient.at),
        ),
        *(
            ()
            if patient.is_brief
            else _read(
                patient, "Content", lambda s: on_work.check_content(seen_database.content(s, settings))
            )
        ),
        *_read(patient, "Erasures", lambda s: on_work.check_erasures(seen_database.erasures(s, settings))),
    ]


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


def _read(
    patient: Patient, about: str, check: Callable[[Session], Finding | Iterable[Finding]]
) -> list[Finding]:
    def run() -> list[Finding]:
        with patient.database.session() as session:
            found = check(session)
            return [found] if isinstance(found, Finding) else list(found)

    return _looked(about, run)


def _unless_brief(patient: Patient, about: str, check: Check) -> list[Finding]:
    return [] if patient.is_brief else _looked(about, check)


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
