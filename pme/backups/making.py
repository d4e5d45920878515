"""Making a backup while the platform serves: the database as it was at one moment, then the instance folder's files.

In this order every file that a row of the database names is in the backup too: files are written before their rows.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from pme.backups import archive, belongings, postgres, sqlite_copy
from pme.backups.archive import Writer
from pme.backups.manifest import DATABASE, INSTANCE, Manifest
from pme.config import Settings
from pme.db import Database, sqlite_build
from pme.errors import Invalid, Unavailable
from pme.keys.keyring import Keyring


@dataclass(frozen=True)
class Made:
    """A backup that was made: where, what it says of itself, its size and its own SHA-256."""

    path: Path
    manifest: Manifest
    size: int
    sha256: str


def back_up(database: Database, settings: Settings, path: Path, *, product: str, at: datetime) -> Made:
    """Write a backup to a new file. Raises Unavailable, with nothing left behind, where it cannot be done."""
    driver = sqlite_build().driver
    try:
        with archive.written(path) as writer:
            blank = _blank(settings, product, at)
            about = (
                _of_sqlite(database, path, writer, blank)
                if database.is_sqlite
                else _of_postgres(database, writer, blank)
            )
            if not about.revision:
                raise Invalid("There is nothing to back up yet: the database has no tables. Run: pme migrate")
            _add_files(writer, settings.instance_dir, path.parent)
            about = replace(about, parts=tuple(writer.parts))
            writer.finish(about)
    except (OSError, driver.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unavailable(
            f"The backup could not be written to {path.parent}: {why}. Nothing was left behind; make room or name "
            "another folder, then try again."
        ) from error
    with path.open("rb") as file:
        made = Made(path, about, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    _note(settings.instance_dir, made)
    return made


def _blank(settings: Settings, product: str, at: datetime) -> Manifest:
    names = Keyring.of(settings).names
    return Manifest(
        product=product,
        revision="",
        kind="",
        database_version="",
        made_at=at,
        rows={},
        keys_secret=names.own,
        secret_key=names.install,
        parts=(),
    )


def _of_sqlite(database: Database, path: Path, writer: Writer, about: Manifest) -> Manifest:
    if not Path(str(database.url.database)).exists():
        raise Invalid(f"There is nothing to back up yet: {database.url.database} is not there.")
    copied = archive.aside(path, "copy")
    try:
        os.close(os.open(copied, os.O_WRONLY | os.O_CREAT | os.O_EXCL, archive.PRIVATE))
        sqlite_copy.copy(database, copied)
        rows, revision = sqlite_copy.rows_in(copied), sqlite_copy.revision_in(copied)
        writer.add(DATABASE, archive.pieces_of(copied))
    finally:
        copied.unlink(missing_ok=True)
    version = ".".join(map(str, sqlite_build().version))
    return replace(about, kind="sqlite", revision=revision, rows=rows, database_version=version)


def _of_postgres(database: Database, writer: Writer, about: Manifest) -> Manifest:
    with postgres.snapshot(database) as moment:
        writer.add(DATABASE, postgres.dump(database, moment), is_packed=True)
        return replace(
            about,
            kind="postgresql",
            revision=moment.revision,
            rows=moment.rows,
            database_version=moment.server,
        )


def _add_files(writer: Writer, folder: Path, target: Path) -> None:
    for path in belongings.belongings(folder, but=target):
        name = INSTANCE + path.relative_to(folder).as_posix()
        with suppress(FileNotFoundError), path.open("rb") as file:  # else its days were over meanwhile
            writer.add(name, iter(partial(file.read, archive.PIECE), b""))


def _note(instance_dir: Path, made: Made) -> None:
    """Keep a word of the last backup, by which `pme doctor` knows how old it is. The backup is good without it."""
    told = {
        "made_at": made.manifest.made_at.isoformat(),
        "file": str(made.path.resolve()),
        "size": made.size,
        "sha256": made.sha256,
    }
    note = instance_dir / belongings.LAST
    with suppress(OSError):
        part = archive.aside(note)
        part.write_text(json.dumps(told), encoding="utf-8")
        part.replace(note)
