"""Reads about drafts, shaped for pages."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.authoring.models import Draft, DraftFile, DraftStatus
from pme.authoring.models_import import DraftImport
from pme.content import kept_files
from pme.content.models import SourceFile
from pme.content.publish import newest
from pme.people.models import Academy, Person

if TYPE_CHECKING:
    from pme.content.edit import Edits

ENDED = (DraftStatus.PUBLISHED, DraftStatus.DISCARDED)


@dataclass(frozen=True)
class DraftLine:
    """A draft as it is listed."""

    id: int
    title: str
    author: str
    status: DraftStatus
    changed_at: datetime
    files: int


@dataclass(frozen=True)
class FileLine:
    """A file of a draft as it is listed. `is_moved`: another version was published since it was begun."""

    path: str
    is_new: bool
    is_removed: bool
    is_moved: bool
    saved_at: datetime
    saved_by: str


def content_keeper(session: Session, slug: str) -> int | None:
    """The academy that keeps the shared content: the one named in the settings, else the one made first."""
    wanted = select(Academy.id).order_by(Academy.id).limit(1)
    return session.scalar(wanted.where(Academy.slug == slug) if slug else wanted)


def find_draft(session: Session, draft_id: int, academy_id: int, *, for_update: bool = False) -> Draft | None:
    """A draft of an academy by id, or None. `for_update` holds it until the transaction ends."""
    wanted = select(Draft).where(Draft.id == draft_id, Draft.academy_id == academy_id)
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def drafts_of(
    session: Session,
    academy_id: int,
    *,
    with_ended: bool = False,
    status: DraftStatus | None = None,
    words: str = "",
    at_most: int | None = None,
) -> list[DraftLine]:
    """The drafts of an academy, those changed last first: of one status, or all under way; with these words in
    their title or their author's name.
    """
    files = (
        select(func.count()).select_from(DraftFile).where(DraftFile.draft_id == Draft.id).scalar_subquery()
    )
    wanted = (
        select(Draft.id, Draft.title, Person.name, Draft.status, Draft.changed_at, files)
        .join(Person, Person.id == Draft.author_id)
        .where(Draft.academy_id == academy_id)
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
    )
    for word in words.split():
        wanted = wanted.where((Draft.title + " " + Person.name).icontains(word, autoescape=True))
    if status is not None:
        wanted = wanted.where(Draft.status == status)
    elif not with_ended:
        wanted = wanted.where(Draft.status.not_in(ENDED))
    return [DraftLine(*row) for row in session.execute(wanted.limit(at_most))]


def file_of(session: Session, draft_id: int, path: str) -> DraftFile | None:
    """A file of a draft, or None where the draft does not touch it."""
    return session.scalar(select(DraftFile).where(DraftFile.draft_id == draft_id, DraftFile.path == path))


def files_of(session: Session, draft_id: int) -> Sequence[DraftFile]:
    """Every file of a draft, by path."""
    return session.scalars(
        select(DraftFile).where(DraftFile.draft_id == draft_id).order_by(DraftFile.path)
    ).all()


def file_lines(session: Session, draft_id: int) -> list[FileLine]:
    """Every file of a draft as it is listed, by path."""
    current = newest(session)
    published = kept_files.files_of(session, current.id if current else None)
    rows = session.execute(
        select(
            DraftFile.path,
            DraftFile.base_sha256,
            DraftFile.content.is_(None),
            DraftFile.saved_at,
            Person.name,
        )
        .join(Person, Person.id == DraftFile.saved_by)
        .where(DraftFile.draft_id == draft_id)
        .order_by(DraftFile.path)
    )
    return [
        FileLine(path, base is None, is_removed, base != _sha256_at(published, path), saved_at, name)
        for path, base, is_removed, saved_at, name in rows
    ]


def report_of(draft: Draft) -> list[dict[str, Any]]:
    """What the last check said; one that was kept before warnings could be answered has no answers."""
    unanswered = {"rule": "", "block": "", "answer": ""}
    return [{**unanswered, **problem} for problem in draft.report or ()]


def edits_of(session: Session, draft_id: int) -> "Edits":
    """What a draft changes, as content is prepared from it."""
    return {file.path: file.content for file in files_of(session, draft_id)}


def paths_of(session: Session, draft_id: int) -> list[str]:
    """Every file that there is with a draft in it, by path."""
    current = newest(session)
    published = kept_files.files_of(session, current.id if current else None)
    gone = {path: stamp[-1] for path, stamp in stamps_of(session, draft_id).items()}
    there = [path for path, kept in published.items() if kept.published is not None]
    return sorted(path for path in {*there, *gone} if not gone.get(path))


def is_brought(session: Session, draft_id: int) -> bool:
    """Whether something was brought into a draft from outside."""
    return session.scalar(select(DraftImport.id).where(DraftImport.draft_id == draft_id).limit(1)) is not None


def stamps_of(session: Session, draft_id: int) -> dict[str, tuple[object, ...]]:
    """What tells each file of a draft from itself after another save, without reading its bytes."""
    rows = session.execute(
        select(
            DraftFile.path,
            DraftFile.id,
            DraftFile.revision,
            DraftFile.saved_at,
            DraftFile.content.is_(None),
        ).where(DraftFile.draft_id == draft_id)
    )
    return {path: tuple(stamp) for path, *stamp in rows}


def published_file(session: Session, path: str) -> tuple[str | None, bytes | None]:
    """The hash and the bytes of a published file; None where there is none."""
    current = newest(session)
    sha256 = _sha256_at(kept_files.files_of(session, current.id if current else None), path)
    return sha256, bytes_of(session, sha256)


def bytes_of(session: Session, sha256: str | None) -> bytes | None:
    """The bytes of a kept file by their hash, or None."""
    return session.scalar(select(SourceFile.content).where(SourceFile.sha256 == sha256))


def digest_of(session: Session, draft_id: int) -> str:
    """What a check was made of: the draft's files and the publication below them, as one hash."""
    current = newest(session)
    lines = [str(current.id if current else None)]
    lines += [f"{file.path} {_sha256_of(file)}" for file in files_of(session, draft_id)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def files_digest(session: Session, draft_id: int) -> str:
    """What a reviewer reads: the draft's files and the version that each was begun on, as one hash."""
    lines = [f"{file.path} {file.base_sha256} {_sha256_of(file)}" for file in files_of(session, draft_id)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sha256_of(file: DraftFile) -> str:
    return kept_files.sha256_of_bytes(file.content) if file.content is not None else "-"


def _sha256_at(files: kept_files.KeptFiles, path: str) -> str | None:
    kept = files.get(path)
    return kept.published if kept else None
