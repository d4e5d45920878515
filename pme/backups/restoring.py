"""Bringing an installation back from a backup: checked whole first, brought beside what is there, swapped in last.

Between the two it is brought to the newest schema, whoever was erased since is erased again, and all are signed out.
What was there before stays, under another name, for whoever runs the platform to delete.
"""

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from pme import audit, schema
from pme.backups import archive, belongings, postgres, sqlite_copy, standing
from pme.backups.archive import Archive
from pme.backups.manifest import DATABASE, INSTANCE, Manifest
from pme.config import Settings
from pme.db import Database, sqlite_build
from pme.errors import Conflict, Invalid, Unavailable
from pme.people.sessions import end_all
from pme.privacy import journal
from pme.privacy.journal import Line
from pme.privacy.replaying import Replayed, replay
from pme.stores.chosen import store_of
from pme.stores.folder import Folder

ROOM = 1.1
"""What is needed of the disk, over the size of the parts."""


@dataclass(frozen=True)
class Restored:
    """What was done. `kept_as` is where that lies which was there before, "" where nothing was."""

    manifest: Manifest
    revision: str
    replayed: Replayed
    signed_out: int
    kept_as: str


def check(path: Path) -> Manifest:
    """Read a whole backup and say what it is. Raises Invalid, naming what is damaged."""
    with archive.opened(path) as backup:
        backup.check()
        return backup.manifest


def restore(
    path: Path, settings: Settings, *, replacing: bool, erasures: Path | None, at: datetime
) -> Restored:
    """Bring a backup to life. Raises Invalid, Conflict or Unavailable with everything as it was before."""
    given = journal.read_file(erasures) if erasures else []
    with archive.opened(path) as backup:
        _can_be_read(backup.manifest, settings)
        backup.check()
        known = [*journal.read(settings.instance_dir), *given]
        with standing.still(settings), _staging(settings, backup.manifest) as staging:
            try:
                _unpack(backup, staging, known)
                act = _of_sqlite if backup.manifest.kind == "sqlite" else _of_postgres
                return act(backup, settings, staging, replacing, at)
            except (OSError, sqlite_build().driver.Error) as error:
                why = getattr(error, "strerror", None) or str(error)
                raise Unavailable(
                    f"The backup could not be brought back: {why}. Everything is as before."
                ) from error


def _can_be_read(about: Manifest, settings: Settings) -> None:
    ours = "sqlite" if settings.database_url.startswith("sqlite") else "postgresql"
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    if about.kind != ours:
        raise Invalid(
            f"This is a backup of a {names.get(about.kind, about.kind)} database, and PME_DATABASE_URL names "
            f"{names[ours]}. Set it to a database of the same kind."
        )
    if not schema.knows(about.revision):
        raise Invalid(
            f"This backup was made by a newer PME ({about.product}, schema {about.revision}); this one knows "
            f"schemas up to {schema.newest()}. Install that version, then try again."
        )


@contextmanager
def _staging(settings: Settings, about: Manifest) -> Iterator[Path]:
    """A folder of its own beside what is there, gone at the end."""
    folder = settings.instance_dir
    for left in folder.glob(".restoring-*"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    free = shutil.disk_usage(folder).free
    if free < about.size * ROOM:
        raise Unavailable(
            f"The backup needs {about.size * ROOM / 1e6:,.0f} MB in {folder}, where {free / 1e6:,.0f} MB are free. "
            "Make room, then try again."
        )
    staging = folder / f".restoring-{secrets.token_hex(4)}"
    staging.mkdir(mode=0o700)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _unpack(backup: Archive, staging: Path, known: Sequence[Line]) -> None:
    """Write the files of the backup, and put every journal of erasures together: each may know of others."""
    for part in backup.manifest.parts:
        if part.name.startswith(INSTANCE):
            backup.write(part, staging / "instance" / part.name.removeprefix(INSTANCE))
    (staging / "instance").mkdir(exist_ok=True)
    journal.keep(staging / "instance", known)


def _of_sqlite(backup: Archive, settings: Settings, staging: Path, replacing: bool, at: datetime) -> Restored:
    place = Path(str(Database(settings.database_url).url.database)).absolute()
    was_empty = sqlite_copy.is_empty(place)
    _may_replace(replacing or was_empty, settings)
    if not place.parent.is_dir():
        place.parent.mkdir(parents=True)
    beside = archive.aside(place, "copy")
    try:
        part = next(part for part in backup.manifest.parts if part.name == DATABASE)
        backup.write(part, beside)
        _same_rows(backup.manifest, sqlite_copy.rows_in(beside))
        replayed, signed_out = _made_ready(
            settings, f"sqlite:///{beside}", staging / "instance", backup.manifest, at=at
        )
        sqlite_copy.settle(beside)
        aside = _aside(settings, at)
        with standing.swapped(staging / "instance", settings.instance_dir, aside):
            standing.swap_database(beside, place, aside, keep=not was_empty)
    finally:
        for end in ("", "-wal", "-shm", ".migrating"):
            beside.with_name(beside.name + end).unlink(missing_ok=True)
    return Restored(
        backup.manifest, schema.newest() or "", replayed, signed_out, str(aside) if aside.is_dir() else ""
    )


def _of_postgres(
    backup: Archive, settings: Settings, staging: Path, replacing: bool, at: datetime
) -> Restored:
    database = Database(settings.database_url, pool_size=1)
    try:
        with database.session() as session:
            was_empty, others = postgres.is_empty(session), postgres.in_use(session)
        _may_replace(replacing or was_empty, settings)
        if others:
            raise Conflict(
                f"{others} others are connected to the database. Stop the servers and workers of this "
                "installation, PgBouncer where it stands before them (it keeps connections that nobody uses), and "
                "whoever else looks into it, then try again."
            )
        dumped = staging / DATABASE
        backup.write(next(part for part in backup.manifest.parts if part.name == DATABASE), dumped)
        before = f"{belongings.BEFORE}{_stamp(at)}".replace("-", "_")
        postgres.bring_back(database, dumped, keep_as=before)
        try:
            with database.session() as session:
                _same_rows(backup.manifest, postgres.rows_in(session))
            replayed, signed_out = _made_ready(
                settings, settings.database_url, staging / "instance", backup.manifest, at=at
            )
            aside = _aside(settings, at)
            with standing.swapped(staging / "instance", settings.instance_dir, aside):
                pass
        except BaseException:
            with database.writing() as session:
                postgres.take_back(session, kept_as=before)
            raise
        if was_empty:
            with database.writing() as session:
                postgres.drop(session, before)
    finally:
        database.dispose()
    places = [] if was_empty else [f"the schema {before} of the database"]
    places += [str(aside)] if aside.is_dir() else []
    return Restored(backup.manifest, schema.newest() or "", replayed, signed_out, " and ".join(places))


def _may_replace(is_fine: bool, settings: Settings) -> None:
    if not is_fine:
        raise Conflict(
            f"There are people in the installation in {settings.instance_dir} already, so nothing was done. To put the "
            "backup in its place, say --replace; what is there now is kept under another name."
        )


def _same_rows(about: Manifest, found: dict[str, int]) -> None:
    apart = [name for name in sorted({*found, *about.rows}) if about.rows.get(name) != found.get(name)]
    if apart:
        raise Invalid(
            f"The backup does not hold what it says: other rows in {', '.join(apart)}. Use another backup."
        )


def _made_ready(
    settings: Settings, url: str, files: Path, about: Manifest, *, at: datetime
) -> tuple[Replayed, int]:
    """The newest schema, nobody in it who was erased, nobody signed in, and a record of it."""
    database = Database(url, pool_size=1)
    try:
        schema.upgrade(database)
        store = store_of(settings) if settings.shared.bucket else Folder(files)
        replayed = replay(database, files, store, at=at)
        with database.writing() as session:
            signed_out = end_all(session, at=at)
            audit.record(
                session,
                "restored from a backup",
                actor="command line",
                subject=f"backup of {about.made_at:%Y-%m-%dT%H:%M:%SZ}",
                at=at,
                detail={
                    "schema": about.revision,
                    "erased again": len(replayed.again),
                    "signed out": signed_out,
                },
            )
            if not database.is_sqlite:
                session.execute(text("ANALYZE"))
    finally:
        database.dispose()
    return replayed, signed_out


def _aside(settings: Settings, at: datetime) -> Path:
    return settings.instance_dir / f"{belongings.BEFORE}{_stamp(at)}"


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%d-%H%M%S}"
