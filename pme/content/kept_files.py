"""The files that the published content was made of, kept byte for byte beside what they became.

So a browser can edit what is published, a folder can be written from it again, and a file that was
edited in both places since the last publishing from the folder is found instead of overwritten.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.files import Tree
from pme.content.models import PublicationFile, SourceFile


@dataclass(frozen=True)
class KeptFile:
    """The hash of a file as it is published, and of the folder's own when it was last published from.

    None is a file that is not there.
    """

    published: str | None
    folder: str | None

    @property
    def is_edited(self) -> bool:
        """Whether it was edited in the browser and is not yet in the folder."""
        return self.published != self.folder


KeptFiles = Mapping[str, KeptFile]


def sha256_of_bytes(content: bytes) -> str:
    """The hash of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each file."""
    return {path: sha256_of_bytes(content) for path, content in files.items()}


def files_of(session: Session, publication_id: int | None) -> dict[str, KeptFile]:
    """The files of a publication, by path."""
    rows = session.execute(
        select(PublicationFile.path, PublicationFile.sha256, PublicationFile.folder_sha256).where(
            PublicationFile.publication_id == publication_id
        )
    )
    return {path: KeptFile(published, folder) for path, published, folder in rows}


def tree_of(session: Session, publication_id: int | None) -> Tree:
    """The published files with their bytes, as if they had been read from a folder."""
    rows = session.execute(
        select(PublicationFile.path, SourceFile.content)
        .join(SourceFile, SourceFile.sha256 == PublicationFile.sha256)
        .where(PublicationFile.publication_id == publication_id)
        .order_by(PublicationFile.path)
    )
    return Tree({path: content for path, content in rows})  # noqa: C416  (rows are not pairs to the type checker)


def next_files(
    kept: KeptFiles, published: Mapping[str, bytes], folder: Mapping[str, str] | None
) -> dict[str, KeptFile]:
    """What is on record after publishing these files; without `folder`, its side stays as it was."""
    new = hashes(published)
    old = {path: file.folder for path, file in kept.items() if file.folder} if folder is None else folder
    return {path: KeptFile(new.get(path), old.get(path)) for path in sorted({*new, *old})}


def keep(session: Session, publication_id: int, files: KeptFiles, content: Mapping[str, bytes]) -> None:
    """Store the files of a new publication; bytes that are known already are not stored again."""
    wanted = {file.published: path for path, file in files.items() if file.published is not None}
    session.add_all(
        SourceFile(sha256=sha256, content=content[wanted[sha256]]) for sha256 in _unknown(session, wanted)
    )
    session.flush()
    session.add_all(
        PublicationFile(
            publication_id=publication_id, path=path, sha256=file.published, folder_sha256=file.folder
        )
        for path, file in files.items()
    )


def _unknown(session: Session, wanted: Iterable[str]) -> list[str]:
    known = set(session.scalars(select(SourceFile.sha256).where(SourceFile.sha256.in_(wanted))))
    return sorted(set(wanted) - known)
