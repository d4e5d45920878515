"""Whether the machine is fit: programs, room on disk, clocks, what printing needs. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pme.doctor.facts import Clocks, Printing, Programs, Shelf, Storage
from pme.doctor.finding import Finding, count, fine, look, wrong

OLDEST, NEWEST = (3, 11), (3, 14)
SHOWN = 5
FULL, NEARLY = 500_000_000, 2_000_000_000
"""Bytes that must be free, and that should be."""
NEARLY_SHARE = 0.05
APART, FAR_APART = 2.0, 60.0  # seconds
JUMPED = 0.5
PRIVATE, OTHERS = 0o600, 0o006


def check_programs(seen: Programs) -> list[Finding]:
    """Python and the packages, beside those that the tests run with."""
    number = ".".join(map(str, seen.python))
    if not OLDEST <= seen.python[:2] <= NEWEST:
        python = look(
            "Python",
            f"{number} is not one that PME is tested with.",
            "Use Python 3.11 to 3.14 (docs/install.md).",
        )
    else:
        python = fine("Python", f"{number}.")
    if not seen.other:
        return [python, fine("Packages", f"{count(seen.tested, 'package')}, each as tested.")]
    named = [
        f"{name} {here or 'is missing'} (tested: {tested})"
        for name, (here, tested) in sorted(seen.other.items())
    ]
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    found = f"Not as tested: {', '.join(named[:SHOWN])}{more}."
    return [python, look("Packages", found, "Run make install, which takes the versions in requirements/.")]


def check_storage(seen: Storage) -> Iterator[Finding]:
    """Room, and who may write and read."""
    about = seen.name
    if seen.refuses:
        yield wrong(
            about,
            f"{seen.path} cannot be written: {seen.refuses}.",
            "Give it to the user that the platform runs as; look whether the disk is mounted read-only.",
        )
        return
    share = seen.free / seen.total if seen.total else 0.0
    room = f"{seen.path}: {seen.free / 1e9:,.1f} GB free ({share:.0%})"
    if seen.free < FULL:
        yield wrong(
            about, f"{room}. It is nearly full.", "Make room now: when it is full, nothing can be saved."
        )
    elif seen.free < NEARLY or share < NEARLY_SHARE:
        yield look(about, f"{room}.", "Make room soon: old backups, before-restore-* and logs are large.")
    else:
        yield fine(about, f"{room}, can be written.")
    if seen.mode & OTHERS:
        yield look(
            about, f"Every user of this machine may look into {seen.path}.", f"Run: chmod o-rwx {seen.path}"
        )
    if seen.key_mode is not None and seen.key_mode != PRIVATE:
        path = f"{seen.path}/secret-key"
        yield wrong(about, f"Others may read {path}.", f"Run: chmod 600 {path}")


def check_export(folder: str, seen: Storage | None) -> Iterator[Finding]:
    """The folder that others collect reports from: None where it is not there."""
    if seen is None:
        yield look(
            "Export folder",
            f"{folder} is not there.",
            "Mount or make it, and give it to the user that the platform runs as; or correct PME_EXPORT_DIR.",
        )
    else:
        yield from check_storage(seen)


def check_store(seen: Shelf) -> Iterator[Finding]:
    """The home of files that all processes share, by a small file that was written, read and taken away."""
    if seen.refuses:
        do = (
            "Give it to the user that the platform runs as; look whether the disk is full."
            if seen.is_folder
            else "Look whether the storage runs, and at PME_STORE_URL, PME_STORE_ENDPOINT and what the keys may do. "
            "Until then files cannot be had, and what is made in the background is tried again."
        )
        yield wrong("Files", f"{seen.describes} cannot be used: {seen.refuses}.", do)
    else:
        yield fine("Files", f"In {seen.describes}: written, read and taken away.")
    if seen.is_open:
        yield look(
            "Files",
            "The storage is reached without TLS.",
            "Give PME_STORE_ENDPOINT with https:// unless the network between is yours alone.",
        )


def check_clocks(seen: Clocks, *, at: datetime) -> Finding:
    """Whether what is written down with a time has the right one."""
    about = "Clock"
    do = "Keep the machines' clocks right with NTP (timedatectl): a wrong clock ends attempts early or late."
    if abs(seen.jump) > JUMPED:
        return look(about, f"The clock was set by {seen.jump:+.1f} seconds while this looked.", do)
    for whose, apart in (("the database server", seen.database), ("the instance folder", seen.folder)):
        if apart is not None and abs(apart) > APART:
            found = f"The clock of {whose} is {apart:+.1f} seconds from this machine's."
            return (wrong if abs(apart) > FAR_APART else look)(about, found, do)
    if seen.newest_act is not None and seen.newest_act > at + timedelta(seconds=FAR_APART):
        found = f"The last act on record is of {seen.newest_act:%Y-%m-%d %H:%M} UTC, which is still to come."
        return wrong(about, f"{found} This clock is behind, or was ahead.", do)
    return fine(about, f"{at:%Y-%m-%d %H:%M:%S} UTC, the same everywhere.")


def check_printing(seen: Printing) -> Finding:
    """Whether certificates and pages become PDF files."""
    about = "Printing"
    if seen.refuses:
        return wrong(
            about,
            f"WeasyPrint cannot be loaded: {seen.refuses}.",
            "Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0 (docs/install.md).",
        )
    if seen.broken or not seen.fonts:
        named = ", ".join(seen.broken) or "all of them"
        return wrong(
            about, f"Fonts are missing or no fonts: {named}.", "Bring the checkout back: git status."
        )
    return fine(about, f"WeasyPrint and its libraries load; {count(seen.fonts, 'font')} of our own.")
