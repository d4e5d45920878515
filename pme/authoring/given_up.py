"""What was given up and comes back: discarded drafts with their history, and files taken out of a draft.

Acts expect their draft locked in a writing transaction, flush, and never commit.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring import queries, service
from pme.authoring.models import Draft, DraftFile, DraftFileOut, DraftStatus
from pme.errors import Conflict
from pme.words.numbers import listed
from pme.words.speech import _

MOST_NAMED = 3
"""How many files a refusal names."""


def bring_back(session: Session, draft: Draft, *, at: datetime) -> None:
    """Take a discarded draft out of the bin: its files, comments and approvals are as they were.

    Raises Conflict where it is not there, and where a draft that was begun since changes the same files.
    """
    if draft.status is not DraftStatus.DISCARDED:
        raise Conflict(_("This draft is not discarded: there is nothing to restore."))
    for other, paths in _clashes(session, draft):
        shown = listed(paths[:MOST_NAMED])
        raise Conflict(
            _(
                "“{other}” was begun since and changes the same: {files}. Publish or discard that "
                "draft first, or remove those changes from it; then this one can be restored.",
                other=other,
                files=shown if len(paths) <= MOST_NAMED else f"{shown} …",
            )
        )
    draft.status, draft.discarded_from = draft.discarded_from or DraftStatus.EDITING, None
    draft.changed_at = at
    session.flush()


def take_out(session: Session, draft: Draft, path: str, *, by_id: int, at: datetime) -> bool:
    """Take a file out of a draft, to be put in again if that was wrong; says whether it was in it."""
    service.must_be_open(draft)
    file = queries.file_of(session, draft.id, path)
    if file is None:
        return False
    out = find_out(session, draft.id, path) or DraftFileOut(draft_id=draft.id, path=path)
    out.base_sha256, out.content = file.base_sha256, file.content
    out.out_by, out.out_at = by_id, at
    session.add(out)
    service.take_out(session, draft, path, at=at)
    return True


def put_in_again(session: Session, draft: Draft, path: str, *, by_id: int, at: datetime) -> None:
    """Put a file that was taken out into its draft again, as it was. Raises Conflict where it is in it by now."""
    service.must_be_open(draft)
    out = find_out(session, draft.id, path)
    if out is None:
        raise Conflict(_("This file has already been put back into the draft."))
    if queries.file_of(session, draft.id, path) is not None:
        raise Conflict(
            _("This file was changed in the draft since. Take that change out first, then put this one back.")
        )
    session.add(
        DraftFile(
            draft_id=draft.id,
            path=path,
            base_sha256=out.base_sha256,
            content=out.content,
            revision=1,
            saved_by=by_id,
            saved_at=at,
        )
    )
    session.delete(out)
    draft.changed_at = at
    session.flush()


def find_out(session: Session, draft_id: int, path: str) -> DraftFileOut | None:
    """A file that was taken out of a draft, or None."""
    return session.scalar(
        select(DraftFileOut).where(DraftFileOut.draft_id == draft_id, DraftFileOut.path == path)
    )


def files_out(session: Session, draft: Draft) -> Sequence[str]:
    """The files that were taken out of a draft and are not in it, by path."""
    inside = select(DraftFile.path).where(DraftFile.draft_id == draft.id)
    return session.scalars(
        select(DraftFileOut.path)
        .where(DraftFileOut.draft_id == draft.id, DraftFileOut.path.not_in(inside))
        .order_by(DraftFileOut.path)
    ).all()


def _clashes(session: Session, draft: Draft) -> list[tuple[str, list[str]]]:
    """Drafts under way that were begun since a draft was discarded and change files of it: title, paths."""
    own = select(DraftFile.path).where(DraftFile.draft_id == draft.id)
    rows = session.execute(
        select(Draft.id, Draft.title, DraftFile.path)
        .join(DraftFile, DraftFile.draft_id == Draft.id)
        .where(
            Draft.academy_id == draft.academy_id,
            Draft.id != draft.id,
            Draft.status.not_in(queries.ENDED),
            Draft.created_at >= draft.changed_at,
            DraftFile.path.in_(own),
        )
        .order_by(Draft.id, DraftFile.path)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for number, title, path in rows:
        found.setdefault(number, (title, []))[1].append(path)
    return list(found.values())
