"""Probes of the machine. They change nothing, but for a small file that is written and taken away again."""

import io
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from pme.certificates.press.assets import FONTS, FONTS_KNOWN
from pme.config import ROOT, Settings
from pme.doctor.facts import Printing, Programs, Shelf, Storage
from pme.stores.chosen import store_of
from pme.stores.home import PROBES, Away, put, read

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;)?", re.MULTILINE)
FONT = (b"\x00\x01\x00\x00", b"OTTO", b"true")
LOAD = "import weasyprint"
LOADING = 60  # seconds
LONGEST = 200  # characters of what a program says


def programs() -> Programs:
    """The Python in use, and packages beside those that are locked."""
    locked = ROOT / "requirements" / "base.txt"
    pinned = PINNED.findall(locked.read_text(encoding="utf-8")) if locked.exists() else []
    other, tested = {}, 0
    for name, version, is_elsewhere in pinned:
        here = _version(name)
        if here or not is_elsewhere:  # what is for other machines only need not be here
            tested += 1
            if here != version:
                other[name] = (here, version)
    return Programs(sys.version_info[:3], other, tested)


def storage(name: str, folder: Path, *, key: Path | None = None) -> Storage:
    """A folder that is written to; `key` is a file that its owner alone may read."""
    usage = shutil.disk_usage(folder)
    return Storage(
        name=name,
        path=str(folder),
        free=usage.free,
        total=usage.total,
        refuses=_refusal(folder),
        mode=stat.S_IMODE(folder.stat().st_mode),
        key_mode=stat.S_IMODE(key.stat().st_mode) if key is not None and key.exists() else None,
    )


def shelf(settings: Settings) -> Shelf:
    """The store of files, tried with a small file."""
    store, shared = store_of(settings), settings.shared
    name, content = f"{PROBES}{secrets.token_hex(8)}", secrets.token_bytes(64)
    refuses = store.refusal()
    if not refuses:
        try:
            put(store, name, io.BytesIO(content))
            refuses = "" if read(store, name) == content else "it gives back other bytes than it was given"
            store.delete(name)
        except Away as error:
            refuses = error.why
    return Shelf(store.describe(), not shared.bucket, refuses, shared.endpoint.startswith("http://"))


def clock_of(folder: Path) -> float | None:
    """Seconds by which the clock that stamps files in a folder is ahead of ours; None where nothing can be written."""
    path = folder / f".clock-{secrets.token_hex(4)}"
    try:
        before = time.time()
        path.touch()
        stamped = path.stat().st_mtime
        return _apart(stamped, before, time.time())
    except OSError:
        return None
    finally:
        path.unlink(missing_ok=True)


def apart(there: datetime, before: datetime) -> float:
    """Seconds by which a clock that was read since a moment is ahead of ours."""
    return _apart(there.timestamp(), before.timestamp(), datetime.now(UTC).timestamp())


def printing() -> Printing:
    """Whether what prints can be loaded, in a process of its own, and whether our fonts are there."""
    fonts = sorted(path for path in FONTS.glob("*.[to]tf"))
    broken = [path.name for path in fonts if path.read_bytes()[:4] not in FONT]
    if not FONTS_KNOWN.exists():
        broken.append(FONTS_KNOWN.name)
    try:
        done = subprocess.run(  # noqa: S603 (our own Python, with words of ours)
            [sys.executable, "-c", LOAD], capture_output=True, text=True, timeout=LOADING, check=False
        )
        said = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        refuses = said[:LONGEST].rstrip(".") if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        refuses = type(error).__name__
    return Printing(refuses, tuple(broken), len(fonts))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _refusal(folder: Path) -> str:
    path = folder / f".doctor-{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror or type(error).__name__
    finally:
        path.unlink(missing_ok=True)
    return ""


def _apart(there: float, before: float, after: float) -> float:
    """0 where a moment lies between two of ours, else by how much it lies outside."""
    return there - before if there < before else there - after if there > after else 0.0
