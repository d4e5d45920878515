"""What a home of files can do, whichever it is, and what is said when it cannot."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from pme.errors import NotFound, Unavailable
from pme.words.lazily import lazy

JOBS, RETURNS, CERTIFICATES, MEDIA = "jobs/", "returns/", "certificates/", "media/"
ERASURES, OFFPRINTS, PROBES = "erasures/", "offprints/", "probe/"
"""The folders of a store. A name is one of these and a path of letters, digits, dots and dashes."""
PIECE = 1 << 20
AWAY = lazy("The platform cannot reach its files just now. What you saved before is safe.")
MISSING = lazy("This file is not there.")
OTHER_BYTES = lazy(
    "The platform's files could not be written as they were sent. Nothing was kept; try again."
)


class Away(Unavailable):
    """The home cannot be reached, or takes nothing; `why` is for whoever runs the platform, without any secret."""

    def __init__(self, why: str, says: str = AWAY) -> None:
        super().__init__(says)
        self.why = why


class Missing(NotFound):
    """There is no file of this name."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@dataclass(frozen=True)
class Stored:
    """A file that is kept: its name, its bytes, and when it was written."""

    name: str
    size: int
    at: datetime


@dataclass
class Writing:
    """A file that is being written, which may be read and sought in; its size and SHA-256 once it is kept."""

    file: IO[bytes]
    size: int = 0
    sha256: str = ""


class Store(Protocol):
    """A home of files. Everything raises Away where it cannot be reached."""

    def describe(self) -> str:
        """Where it is, in one sentence, without secrets."""

    def written(self, name: str) -> AbstractContextManager[Writing]:
        """Write a file: kept under its name, whole and for good, when the block ends without an error, else not."""

    def put_once(self, name: str, content: bytes) -> bytes:
        """Keep a small file unless there is one of this name; gives what is kept there now."""

    def find(self, name: str) -> Stored | None:
        """What is known of a file, None where there is none."""

    def open(self, name: str, *, start: int = 0) -> Iterator[bytes]:
        """A file from a place on, piece by piece. Raises Missing where there is none."""

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""

    def list(self, prefix: str) -> Iterator[Stored]:
        """The files whose names begin so, in the order of their names; in a folder, also what is half-written."""

    def refusal(self) -> str:
        """Why it does not answer at this moment, "" where it does; asked often, so it takes two seconds at most."""


def put(store: Store, name: str, content: IO[bytes], *, sha256: str = "") -> Writing:
    """Keep a file. Raises Away, with nothing kept, where its bytes are not those of the hash."""
    with store.written(name) as writing:
        digest = hashlib.sha256()
        while piece := content.read(PIECE):
            digest.update(piece)
            writing.file.write(piece)
        if sha256 and digest.hexdigest() != sha256:
            raise Away("the bytes changed on their way", OTHER_BYTES)  # not words
    return writing


def read(store: Store, name: str) -> bytes | None:
    """A small file as a whole, None where there is none."""
    try:
        return b"".join(store.open(name))
    except Missing:
        return None


def digest_of(store: Store, name: str) -> str:
    """The SHA-256 of a file as it is kept. Raises Missing."""
    digest = hashlib.sha256()
    for piece in store.open(name):
        digest.update(piece)
    return digest.hexdigest()
