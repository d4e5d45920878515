"""The file of a backup: a ZIP that any tool opens, whose manifest names the SHA-256 of each part.

It is written beside its place under another name, reaches the disk, and gets its name last: a file with the name of
a backup is a whole one.
"""

import hashlib
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pme.backups import manifest
from pme.backups.manifest import Manifest, Part
from pme.errors import Conflict, Invalid

PIECE = 1 << 20
PRIVATE = 0o600
PACKED = 5
"""Of zlib: most of what it can do, at a good part of its speed."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
NO_BACKUP = "{path} is no backup of PME, or its end is missing. Use another backup."
DAMAGED = "The backup is damaged: {name} is not as it was when it was made. Use another backup."


class Writer:
    """Puts parts into a backup, counting and hashing what goes through."""

    def __init__(self, packing: zipfile.ZipFile) -> None:
        self._packing = packing
        self.parts: list[Part] = []

    def add(self, name: str, pieces: Iterable[bytes], *, is_packed: bool = False) -> None:
        """Add a part, piece by piece. `is_packed`: it would not get smaller."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        info.external_attr = PRIVATE << 16
        digest, size = hashlib.sha256(), 0
        with self._packing.open(info, "w", force_zip64=True) as into:
            for piece in pieces:
                into.write(piece)
                digest.update(piece)
                size += len(piece)
        self.parts.append(Part(name, size, digest.hexdigest()))

    def finish(self, about: Manifest) -> None:
        """Add the manifest, last."""
        self._packing.writestr(zipfile.ZipInfo(manifest.NAME), about.as_json())


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A backup that is being written; gets its name only when nothing is raised. Raises Conflict where it is taken."""
    if os.path.lexists(path):
        raise Conflict(f"{path} is there already; a backup is never written over another. Give another name.")
    part = aside(path)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE), "w+b") as file:
            with zipfile.ZipFile(file, "w", compresslevel=PACKED) as packing:
                yield Writer(packing)
            file.flush()
            os.fsync(file.fileno())
        _named(part, path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def aside(path: Path, kind: str = "part") -> Path:
    """A hidden name beside a path, for what is not whole yet."""
    return path.with_name(f".{path.name}-{secrets.token_hex(4)}.{kind}")


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


class Archive:
    """A backup that is being read."""

    def __init__(self, packed: zipfile.ZipFile, about: Manifest) -> None:
        self._packed = packed
        self.manifest = about

    def check(self) -> None:
        """Read all of it. Raises Invalid, naming the first part that is not as it was."""
        for part in self.manifest.parts:
            for _ in self._read(part):
                pass

    def write(self, part: Part, path: Path) -> None:
        """Write a part to a new file that only its owner may read, and see that it is on disk."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file:
            for piece in self._read(part):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, part: Part) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        try:
            with self._packed.open(part.name) as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    yield piece
        except (*BROKEN, KeyError) as error:
            raise Invalid(DAMAGED.format(name=part.name)) from error
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise Invalid(DAMAGED.format(name=part.name))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup, opened for reading. Raises Invalid where it is none."""
    try:
        packed = zipfile.ZipFile(path)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    except BROKEN as error:
        raise Invalid(NO_BACKUP.format(path=path)) from error
    with packed:
        try:
            about = packed.read(manifest.NAME)
        except KeyError as error:
            raise Invalid(NO_BACKUP.format(path=path)) from error
        except BROKEN as error:
            raise Invalid(DAMAGED.format(name=manifest.NAME)) from error
        yield Archive(packed, manifest.read(about))


def _named(part: Path, path: Path) -> None:
    """Give a file its name, unless somebody else took it meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError as error:
        raise Conflict(f"{path} was made by somebody else meanwhile; this backup was not kept.") from error
    except OSError:  # a file system without hard links
        with suppress(FileNotFoundError):
            if path.lstat():
                raise Conflict(f"{path} was made by somebody else meanwhile.") from None
        part.rename(path)
