"""Reads about what a draft changes, shaped for those who review it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring.file_diff import FileChange, compare_file
from pme.authoring.models import DraftFile
from pme.authoring.naming import file_name
from pme.authoring.queries import bytes_of, file_of
from pme.content.models import PublicationFile, SourceFile


@dataclass(frozen=True)
class Sides:
    """A file of a draft as it was when its change was begun, and as it shall be; None is not there."""

    path: str
    base_sha256: str | None
    before: bytes | None
    after: bytes | None

    def compared(self) -> FileChange:
        """What changes in it."""
        return compare_file(file_name(self.path), self.before, self.after)


def sides_of(session: Session, draft_id: int) -> list[Sides]:
    """Every file of a draft, before and after, by path."""
    rows = session.execute(
        select(DraftFile.path, DraftFile.base_sha256, SourceFile.content, DraftFile.content)
        .outerjoin(SourceFile, SourceFile.sha256 == DraftFile.base_sha256)
        .where(DraftFile.draft_id == draft_id)
        .order_by(DraftFile.path)
    )
    return [Sides(*row) for row in rows]


def sides_at(session: Session, draft_id: int, path: str) -> Sides | None:
    """One file of a draft, before and after; None where the draft does not touch it."""
    file = file_of(session, draft_id, path)
    if file is None:
        return None
    return Sides(path, file.base_sha256, bytes_of(session, file.base_sha256), file.content)


def picture_of(session: Session, sha256: str, name: str) -> bytes | None:
    """A picture that was published once under this name, by the hash of its file; else None."""
    return session.scalar(
        select(SourceFile.content)
        .join(PublicationFile, PublicationFile.sha256 == SourceFile.sha256)
        .where(
            SourceFile.sha256 == sha256,
            PublicationFile.path.endswith(f"/media/{name}", autoescape=True),
        )
        .limit(1)
    )
