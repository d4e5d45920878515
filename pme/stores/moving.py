"""Moving files from one home to the other: each is compared after it was written, and taken away only then.

Broken off and begun again, it goes on with what is not there yet.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from pme.stores.home import (
    CERTIFICATES,
    JOBS,
    MEDIA,
    OFFPRINTS,
    OTHER_BYTES,
    RETURNS,
    Away,
    Missing,
    Store,
    digest_of,
)

HALF = (".part", ".rows")
"""Endings of what is being written, or read by one machine."""


@dataclass
class Moved:
    """How many files were written, how many were there already, and the bytes of those written."""

    written: int = 0
    same: int = 0
    size: int = 0


def move(source: Store, target: Store, *, keep: bool, tell: Callable[[str], None]) -> Moved:
    """Bring every file to the target, and take it from the source unless it is to be kept there.

    What the target has of a certificate stays, since it may have been handed out. Raises Away where a home does not
    answer, or does not hold what it was given.
    """
    moved = Moved()
    for folder in (RETURNS, MEDIA, CERTIFICATES, OFFPRINTS, JOBS):
        for each in source.list(folder):
            if each.name.endswith(HALF):
                continue
            try:
                size = _brought(source, target, each.name)
            except Missing:  # its days were over meanwhile
                continue
            if size is None:
                moved.same += 1
            else:
                moved.written, moved.size = moved.written + 1, moved.size + size
                tell(each.name)
            if not keep:
                source.delete(each.name)
    return moved


def _brought(source: Store, target: Store, name: str) -> int | None:
    """The bytes that were written, None where nothing had to be."""
    there = target.find(name)
    if there is not None and (
        name.startswith(CERTIFICATES) or digest_of(target, name) == digest_of(source, name)
    ):
        return None
    digest = hashlib.sha256()
    with target.written(name) as writing:
        for piece in source.open(name):
            digest.update(piece)
            writing.file.write(piece)
    if digest_of(target, name) != digest.hexdigest():
        target.delete(name)
        raise Away(f"{name} is not there as it was sent", OTHER_BYTES)
    return writing.size
