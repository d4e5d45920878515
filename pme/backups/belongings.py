"""What of the instance folder goes into a backup: everything but secrets, locks, databases and what is half-written."""

import re
from collections.abc import Iterator
from pathlib import Path

SUFFIX = ".pme-backup"
LAST = "last-backup.json"
BEFORE = "before-restore-"
LEFT_OUT = re.compile(
    rf"""
    \..*                                    # hidden: what is being written
    | secret-key | .*-sign-ins\.json        # secrets
    | .*\.(part|lock|migrating)
    | .*\.(sqlite3?|db)(-wal|-shm|-journal)?  # databases are not copied as files
    | .*{re.escape(SUFFIX)} | backups | {LAST} | {BEFORE}.*
    """,
    re.VERBOSE,
)
"""Names that are left out, wherever they are in the folder."""


def belongings(folder: Path, *, but: Path | None = None) -> list[Path]:
    """The files of the instance folder that a backup holds, in order. `but`: the folder that backups are written to."""
    return sorted(_inside(folder, but.resolve() if but else None))


def entries(folder: Path) -> list[Path]:
    """What stands in the folder itself, files and folders, of which a backup may hold something."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not LEFT_OUT.fullmatch(path.name))


def _inside(folder: Path, but: Path | None) -> Iterator[Path]:
    for path in entries(folder):
        if path.is_symlink() or (but is not None and path.resolve() == but):
            continue
        if path.is_dir():
            yield from _inside(path, but)
        elif path.is_file():
            yield path
