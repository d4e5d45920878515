"""A disk under a server that can be made read-only or slow while it serves, and a clock that can be set
(`faulty_disk.c`, `faulty_clock.c`): each a small library before the C library, compiled when it is needed.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DISK, CLOCK = (Path(__file__).with_name(f"faulty_{what}.c") for what in ("disk", "clock"))
NO_COMPILER = "no C compiler is there to make a disk or clock that fails: scripts/setup.sh soak"


def has_compiler() -> bool:
    """Whether they can be made here."""
    return shutil.which("cc") is not None


@dataclass(frozen=True)
class FaultyDisk:
    """What lies below `root` is on it, for whoever is started with its environment."""

    root: Path
    library: Path
    control: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its programs are started with."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAULTY_ROOT": str(self.root.resolve()),
            "FAULTY_CONTROL": str(self.control),
        }

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """As the kernel makes a file system that it trusts no more."""
        with self._being("r"):
            yield

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """So long until something is on the disk for good."""
        with self._being(f"s{seconds * 1000:.0f}"):
            yield

    @contextmanager
    def _being(self, what: str) -> Iterator[None]:
        self._say(what)
        try:
            yield
        finally:
            self._say("")

    def _say(self, what: str) -> None:
        _put(self.control, what)


@dataclass(frozen=True)
class FaultyClock:
    """The clock of whoever is started with its environment."""

    library: Path
    control: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its programs are started with."""
        return {"LD_PRELOAD": str(self.library), "FAULTY_CLOCK": str(self.control)}

    @contextmanager
    def wrong(self, seconds: int) -> Iterator[None]:
        """As if somebody had set it, and then right again."""
        _put(self.control, str(seconds))
        try:
            yield
        finally:
            _put(self.control, "0")


def faulty_disk(folder: Path, root: Path) -> FaultyDisk:
    """A disk for what lies below `root`; what it is made of lies in `folder`."""
    return FaultyDisk(root, _compiled(DISK, folder), _put(folder / "disk", ""))


def faulty_clock(folder: Path) -> FaultyClock:
    """A clock; what it is made of lies in `folder`."""
    return FaultyClock(_compiled(CLOCK, folder), _put(folder / "clock", "0"))


def _compiled(source: Path, folder: Path) -> Path:
    library = folder / f"{source.stem}.so"
    words = ["cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(words, check=True, capture_output=True)
    return library


def _put(control: Path, what: str) -> Path:
    """Write it down in one step, since it is read at every call."""
    new = control.with_suffix(".new")
    new.write_text(what, encoding="ascii")
    return new.replace(control)
