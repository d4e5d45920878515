"""Where a backup goes, and which earlier ones stay: names that sort by their moment."""

import re
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pme.backups.belongings import SUFFIX
from pme.errors import Invalid

NAMED = re.compile(rf"pme-\d{{8}}T\d{{6}}Z{re.escape(SUFFIX)}")
LEFT_BEHIND = re.compile(rf"\..*{re.escape(SUFFIX)}-[0-9a-f]{{8}}\.(part|copy)")
OLD_SECONDS = 24 * 3600


def place_for(given: Path, *, at: datetime) -> Path:
    """The file to write: a name of its own in a folder, or the one given. Raises Invalid where none can be."""
    path = given.expanduser().absolute()
    if path.is_dir():
        return path / f"pme-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    if not path.parent.is_dir():
        raise Invalid(f"The folder {path.parent} is not there; create it or name another.")
    if path.suffix != SUFFIX:
        raise Invalid(
            f"{path} is no folder that is there. Create it, or name a file that ends with {SUFFIX}."
        )
    return path


def superfluous(names: Iterable[str], *, keep: int) -> Sequence[str]:
    """Of the names in a folder, the backups that go where so many are kept: the oldest."""
    return sorted((name for name in names if NAMED.fullmatch(name)), reverse=True)[keep:]


def keep_newest(folder: Path, keep: int) -> Sequence[str]:
    """Delete all but the newest backups that were named by themselves; tells which went."""
    gone = superfluous((path.name for path in folder.iterdir()), keep=keep)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def sweep(folder: Path) -> None:
    """Take away what a backup that was killed more than a day ago left half-written."""
    before = time.time() - OLD_SECONDS
    for path in folder.iterdir():
        if LEFT_BEHIND.fullmatch(path.name) and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
