"""Every publication there was: what changed with each, any two compared, and the way back to one.

Going back is going forward: it is a new draft that holds the files as they were then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring import queries, service
from pme.authoring.file_diff import FileChange, compare_file
from pme.authoring.models import Draft
from pme.authoring.naming import FileName, file_name
from pme.content.models import Publication, PublicationFile
from pme.content.publish import newest
from pme.errors import Conflict, Invalid
from pme.people.models import Person
from pme.words.isolating import undivided
from pme.words.speech import _
from pme.words.times import day

SHOWN = 30
LONGEST_TITLE = 120


@dataclass(frozen=True)
class FileAt:
    """A file that two publications hold differently: its hash in each, None where it is not there."""

    name: FileName
    older: str | None
    newer: str | None

    @property
    def what(self) -> str:
        """New, removed or changed, from the older to the newer."""
        if self.older is None:
            return "new"
        return "removed" if self.newer is None else "changed"


@dataclass(frozen=True)
class PublicationLine:
    """A publication as it is listed. `by` is None where it came from the files of the folder."""

    id: int
    at: datetime
    by: str | None
    note: str
    files: tuple[FileAt, ...]


def publications(session: Session, *, before: int | None = None) -> list[PublicationLine]:
    """The latest publications (or those before one), the newest first, with what each of them changed."""
    wanted = (
        select(Publication.id, Publication.at, Person.name, Publication.note)
        .outerjoin(Person, Person.id == Publication.by_id)
        .order_by(Publication.id.desc())
        .limit(SHOWN + 1)
    )
    rows = session.execute(wanted.where(Publication.id < before) if before else wanted).all()
    kept = _files(session, [row[0] for row in rows])
    lines = []
    for at, (publication_id, moment, by, note) in enumerate(rows[:SHOWN]):
        previous = kept.get(rows[at + 1][0], {}) if at + 1 < len(rows) else {}
        files = tuple(_differing(previous, kept.get(publication_id, {})))
        lines.append(PublicationLine(publication_id, moment, by, note, files))
    return lines


def find_publication(session: Session, publication_id: int) -> Publication | None:
    """A publication by id, or None."""
    return session.scalar(select(Publication).where(Publication.id == publication_id))


def differing(session: Session, older: int, newer: int) -> list[FileAt]:
    """The files that two publications hold differently, by path."""
    kept = _files(session, [older, newer])
    return list(_differing(kept.get(older, {}), kept.get(newer, {})))


def compared(session: Session, file: FileAt) -> FileChange:
    """What differs in a file between two publications."""
    return compare_file(
        file.name, queries.bytes_of(session, file.older), queries.bytes_of(session, file.newer)
    )


def bring_back(
    session: Session,
    publication: Publication,
    *,
    path: str | None,
    academy_id: int,
    by_id: int,
    at: datetime,
) -> Draft:
    """Begin a draft that makes a file (or everything) what it was in an older publication.

    Raises Conflict when that is what is published now, or when nothing was kept of that publication's files.
    """
    current = newest(session)
    if not _files(session, [publication.id]):
        raise Conflict(
            _(
                "The files of this publication were not kept: it is from before the platform "
                "began to keep them."
            )
        )
    files = differing(session, current.id if current else 0, publication.id)
    files = [file for file in files if path in (None, file.name.path)]
    if not files:
        raise Conflict(_("That is what is published now: nothing would change."))
    title = _(
        "As it was on {day} (publication {publication})", day=day(publication.at), publication=publication.id
    )
    title = undivided(f"{title}: {path}" if path else title)
    draft = service.begin_draft(
        session, academy_id=academy_id, author_id=by_id, title=title[:LONGEST_TITLE], at=at
    )
    for file in files:
        content = queries.bytes_of(session, file.newer)
        service.save_file(session, draft, file.name.path, content, seen=0, by_id=by_id, at=at)
    return draft


def _files(session: Session, publication_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The hash of every content file of these publications."""
    rows = session.execute(
        select(PublicationFile.publication_id, PublicationFile.path, PublicationFile.sha256).where(
            PublicationFile.publication_id.in_(list(publication_ids)), PublicationFile.sha256.is_not(None)
        )
    )
    found: dict[int, dict[str, str]] = {}
    for publication_id, path, sha256 in rows:
        if sha256 is not None:
            found.setdefault(publication_id, {})[path] = sha256
    return found


def _differing(older: Mapping[str, str], newer: Mapping[str, str]) -> Iterable[FileAt]:
    for path in sorted({*older, *newer}):
        if older.get(path) != newer.get(path) and (name := _name(path)) is not None:
            yield FileAt(name, older.get(path), newer.get(path))


def _name(path: str) -> FileName | None:
    try:
        return file_name(path)
    except Invalid:
        return None
