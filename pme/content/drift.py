"""Where the content folder and the published files have gone apart, and what to do about each. Pure.

Three hashes decide for each file: what is published, what the folder holds, and what the folder held
when it was last published from. A side that did not change gives way to the one that did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pme.content.files import Tree
from pme.content.kept_files import KeptFile, KeptFiles, sha256_of_bytes


class Side(StrEnum):
    """Whose version of a file is taken where both have changed."""

    FOLDER = "folder"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Merged:
    """The files to publish from the folder. `edited` were changed in the browser and are not in the
    folder; `conflicts` were changed in both places, differently, and no side was chosen.
    """

    tree: Tree
    edited: tuple[str, ...]
    conflicts: tuple[str, ...]


def merge(folder: Tree, published: Mapping[str, bytes], kept: KeptFiles, take: Side | None = None) -> Merged:
    """The folder's files with the browser's edits in them. `take` decides where both have changed."""
    files: dict[str, bytes] = {}
    edited, conflicts = [], []
    for path in sorted({*folder.files, *kept}):
        ours = folder.files.get(path)
        side = _side(sha256_of_bytes(ours) if ours is not None else None, kept.get(path))
        if side is None:
            conflicts.append(path)
            side = take or Side.PUBLISHED
        chosen = ours if side is Side.FOLDER else published.get(path)
        if chosen is not None:
            files[path] = chosen
        if side is Side.PUBLISHED and chosen != ours:
            edited.append(path)
    return Merged(
        Tree(files, folder.problems, folder.bodies), tuple(edited), () if take else tuple(conflicts)
    )


@dataclass(frozen=True)
class Apart:
    """The files that differ: edited in the browser alone, in both places, and in the folder alone."""

    edited: tuple[str, ...]
    conflicts: tuple[str, ...]
    waiting: tuple[str, ...]


def apart(folder: Mapping[str, str], kept: KeptFiles) -> Apart:
    """Which files differ, by their hashes alone."""
    edited: list[str] = []
    conflicts: list[str] = []
    waiting: list[str] = []
    for path in sorted({*folder, *kept}):
        ours, theirs = folder.get(path), kept.get(path)
        side = _side(ours, theirs)
        if side is None:
            conflicts.append(path)
        elif ours != (theirs.published if theirs else None):
            (edited if side is Side.PUBLISHED else waiting).append(path)
    return Apart(tuple(edited), tuple(conflicts), tuple(waiting))


def _side(ours: str | None, kept: KeptFile | None) -> Side | None:
    if kept is None or not kept.is_edited or ours == kept.published:
        return Side.FOLDER
    return Side.PUBLISHED if ours == kept.folder else None
