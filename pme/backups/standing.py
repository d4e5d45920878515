"""An installation that stands still while it is replaced, and the swap of old for new by renaming alone."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

from pme.backups import archive, belongings, sqlite_copy
from pme.config import Settings
from pme.errors import Conflict
from pme.privacy import journal

SERVERS = "upkeep.lock"
"""In the instance folder; a server holds it for as long as it runs."""
RUNNING = "The platform is running ({what}). Stop its servers and workers first, then try again."
LOG = ("-wal", "-shm", "-journal")


@contextmanager
def still(settings: Settings) -> Iterator[None]:
    """Hold what servers hold. Raises Conflict where one runs, or where somebody has the SQLite file open."""
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    with (settings.instance_dir / SERVERS).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(RUNNING.format(what="a server works on this instance folder")) from error
        url = make_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and (users := _users_of(Path(str(url.database)))):
            numbers = ", ".join(map(str, users))
            raise Conflict(RUNNING.format(what=f"the database is open in process {numbers}"))
        yield


@contextmanager
def swapped(new: Path, place: Path, aside: Path) -> Iterator[None]:
    """Put every entry of a folder in its place; what a backup would hold of the place before goes aside.

    Where something cannot be moved, or what is done inside fails, all is moved back, and the error is raised. The
    journal of erasures only ever grows, so it takes the place of the one before at once.
    """
    if (ours := new / journal.NAME).exists():
        ours.replace(place / journal.NAME)
    moves = [(old, aside / old.name) for old in belongings.entries(place) if old.name != journal.NAME]
    moves += [(each, place / each.name) for each in sorted(new.iterdir())]
    if any(to.parent == aside for _, to in moves):
        aside.mkdir(mode=0o700)
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            source.rename(target)
            done.append((source, target))
        archive.sync_folder(place)
        yield
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        with suppress(OSError):
            aside.rmdir()
        raise


def swap_database(new: Path, place: Path, aside: Path, *, keep: bool) -> None:
    """Put a SQLite file in its place in one step; the one before is kept aside, with its log if it still has one."""
    if place.exists():
        sqlite_copy.settle(place)
    if keep:
        aside.mkdir(mode=0o700, exist_ok=True)
        _linked(place, aside / place.name)
    for end in LOG:
        log = place.with_name(place.name + end)
        if log.exists() and keep:
            log.replace(aside / log.name)
        log.unlink(missing_ok=True)
    new.replace(place)
    archive.sync_folder(place.parent)


def _linked(path: Path, to: Path) -> None:
    try:
        to.hardlink_to(path)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(path, to)


def _users_of(path: Path) -> list[int]:
    """The other processes that have a file open, as far as this user may see."""
    found = []
    target = os.path.realpath(path)
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            handles = list((process / "fd").iterdir())
            if int(process.name) != os.getpid() and any(_leads_to(handle, target) for handle in handles):
                found.append(int(process.name))
    return sorted(found)


def _leads_to(handle: Path, target: str) -> bool:
    try:
        return str(handle.readlink()) == target
    except OSError:  # closed meanwhile
        return False
