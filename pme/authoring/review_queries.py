"""Reads about what a draft changes, shaped for those who review it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring.file_diff import FileChange, anchors_of, compare_file
from pme.authoring.models import DraftFile
from pme.authoring.models_review import DraftComment, ReviewAct, ReviewFunction, ReviewKind
from pme.authoring.naming import file_name
from pme.authoring.queries import bytes_of, file_of, files_digest
from pme.content.models import PublicationFile, SourceFile
from pme.people.models import Person


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


@dataclass(frozen=True)
class Said:
    """A comment or an answer as it is shown."""

    id: int
    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Thread:
    """A comment with its answers. `is_there`: its place is still in the draft as it is now."""

    id: int
    path: str
    anchor: str
    words: str
    is_there: bool
    is_resolved: bool
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Decided:
    """An act of the review as it is listed. `is_of_now`: it is about the files as they are now."""

    kind: ReviewKind
    by: str
    function: str | None
    note: str
    at: datetime
    is_of_now: bool


def threads_of(session: Session, draft_id: int) -> list[Thread]:
    """Every comment on a draft with its answers, in the order they were made, found again in the files of now."""
    rows = session.execute(
        select(DraftComment, Person.name)
        .join(Person, Person.id == DraftComment.by_id)
        .where(DraftComment.draft_id == draft_id)
        .order_by(DraftComment.id)
    ).all()
    answers: dict[int, list[Said]] = {}
    for comment, name in rows:
        first = comment.reply_to or comment.id
        answers.setdefault(first, []).append(Said(comment.id, name, comment.text, comment.at))
    paths = {comment.path for comment, _ in rows}
    known = {path: _places(sides_at(session, draft_id, path)) for path in paths}
    return [_thread(comment, known[comment.path], answers) for comment, _ in rows if not comment.reply_to]


def decided(session: Session, draft_id: int) -> list[Decided]:
    """What was done in the review of a draft, the newest first."""
    now = files_digest(session, draft_id)
    rows = session.execute(
        select(
            ReviewAct.kind, Person.name, ReviewFunction.name, ReviewAct.note, ReviewAct.at, ReviewAct.digest
        )
        .join(Person, Person.id == ReviewAct.by_id)
        .outerjoin(ReviewFunction, ReviewFunction.id == ReviewAct.function_id)
        .where(ReviewAct.draft_id == draft_id)
        .order_by(ReviewAct.id.desc())
    )
    return [
        Decided(kind, name, function, note, at, digest == now)
        for kind, name, function, note, at, digest in rows
    ]


def _places(sides: Sides | None) -> Mapping[str, str] | None:
    """The places of a file as it is now, and the fields that the draft takes away. None: not in the draft."""
    if sides is None:
        return None
    name = file_name(sides.path)
    before = anchors_of(name, sides.before)
    is_kept = sides.after is None
    gone = {place: words for place, words in before.items() if is_kept or place.startswith("at ")}
    return {**gone, **anchors_of(name, sides.after), "": ""}


def _thread(
    comment: DraftComment, places: Mapping[str, str] | None, answers: Mapping[int, list[Said]]
) -> Thread:
    anchor = None
    if places is not None:
        anchor = comment.anchor if places.get(comment.anchor, "") == comment.words else None
        if anchor is None and comment.anchor.startswith("paragraph"):
            alike = (place for place, words in places.items() if words == comment.words)
            anchor = next((place for place in alike if place.startswith("paragraph")), None)
    return Thread(
        id=comment.id,
        path=comment.path,
        anchor=comment.anchor if anchor is None else anchor,
        words=comment.words,
        is_there=anchor is not None,
        is_resolved=comment.resolved_at is not None,
        said=tuple(answers[comment.id]),
    )
