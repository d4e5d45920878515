"""Files in a folder of this machine, or of a file system that several machines mount."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import IO, cast

from pme.stores.home import Away, Missing, Stored, Writing

PART = ".part"
PIECE = 1 << 20


class Folder:
    """A store in a folder: written aside, brought to the disk, then named."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def describe(self) -> str:
        """Where it is."""
        return f"the folder {self.root}"

    @contextmanager
    def written(self, name: str) -> Iterator[Writing]:
        """Write a file: kept under its name when the block ends without an error."""
        path = self.root / name
        part = path.with_name(f"{path.name}.{token_hex(4)}{PART}")
        try:
            with _told():
                path.parent.mkdir(parents=True, exist_ok=True)
                file = part.open("w+b")
            with file:
                writing = Writing(cast("IO[bytes]", file))
                yield writing
                with _told():
                    file.flush()
                    os.fsync(file.fileno())
                    writing.size = os.fstat(file.fileno()).st_size
                    file.seek(0)
                    writing.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            with _told():
                part.replace(path)
                _sync(path.parent)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def put_once(self, name: str, content: bytes) -> bytes:
        """Keep a small file unless there is one of this name; gives what is kept there now."""
        path = self.root / name
        part = path.with_name(f"{path.name}.{token_hex(4)}{PART}")
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with part.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                path.hardlink_to(part)
                _sync(path.parent)
            except FileExistsError:  # somebody else was at it at the same moment: the first counts
                return path.read_bytes()
            finally:
                part.unlink(missing_ok=True)
        return content

    def find(self, name: str) -> Stored | None:
        """What is known of a file."""
        path = self.root / name
        with _told():
            return _stored(name, path) if path.is_file() else None

    def open(self, name: str, *, start: int = 0) -> Iterator[bytes]:
        """A file from a place on, piece by piece."""
        try:
            with _told():
                file = (self.root / name).open("rb")
        except FileNotFoundError as error:
            raise Missing from error
        with file:
            file.seek(start)
            while piece := file.read(PIECE):
                yield piece

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        with _told():
            (self.root / name).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[Stored]:
        """The files whose names begin so."""
        folder = self.root / prefix.rpartition("/")[0]
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if name.startswith(prefix):
                with suppress(FileNotFoundError):
                    if path.is_file():
                        yield _stored(name, path)

    def refusal(self) -> str:
        """Why it cannot be written."""
        there = next(
            path for path in (self.root, *self.root.parents) if path.exists()
        )  # else it is made when needed
        is_fit = there.is_dir() and os.access(there, os.R_OK | os.W_OK | os.X_OK)
        return "" if is_fit else f"{there} cannot be read and written"


def _stored(name: str, path: Path) -> Stored:
    facts = path.stat()
    return Stored(name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError as error:
        raise Away(error.strerror or type(error).__name__) from error
