"""Acts of review: ask for it, take the draft back, ask for changes, approve, comment.

Every act expects its draft locked in a writing transaction, flushes, and never commits.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring import approvals, queries
from pme.authoring.file_diff import anchors_of
from pme.authoring.models import Draft, DraftFile, DraftStatus
from pme.authoring.models_review import DraftComment, ReviewAct, ReviewKind
from pme.authoring.naming import file_name
from pme.authoring.review_queries import sides_at
from pme.authoring.service import must_be_open
from pme.errors import Conflict, Invalid
from pme.words.speech import _

LONGEST_NOTE = 4_000
MOST_COMMENTS = 1_000


def request_review(session: Session, draft: Draft, *, note: str, by_id: int, at: datetime) -> None:
    """Ask for review of a draft whose last check was of this very state and found no error.

    Raises Conflict when it is not ready, with what to do first.
    """
    must_be_open(draft)
    if not queries.files_of(session, draft.id):
        raise Conflict(_("There is nothing in this draft yet. Change a file first."))
    moved = [line.path for line in queries.file_lines(session, draft.id) if line.is_moved]
    if moved:
        raise Conflict(
            _(
                "Another version was published since you began: {files}. Compare the two first, so that "
                "your reviewers see what will be published.",
                files=", ".join(moved),
            )
        )
    if draft.checked_digest != queries.digest_of(session, draft.id):
        raise Conflict(_("Check everything first: the draft has changed since the last check."))
    if any(problem["severity"] == "error" for problem in draft.report or ()):
        raise Conflict(_("The last check found errors. Correct them first, then check again."))
    draft.note = _worded(note, "note", _("Say what you changed and what the reviewers should look at."))
    _act(session, draft, ReviewKind.REQUESTED, by_id=by_id, note=draft.note, at=at)
    draft.status, draft.changed_at = DraftStatus.IN_REVIEW, at
    session.flush()


def take_back(session: Session, draft: Draft, *, by_id: int, at: datetime) -> None:
    """Open a draft for changes again; what was approved has to be approved anew. Again changes nothing."""
    if draft.status is DraftStatus.EDITING:
        return
    _must_be_under_review(draft)
    _act(session, draft, ReviewKind.TAKEN_BACK, by_id=by_id, note="", at=at)
    draft.status, draft.changed_at = DraftStatus.EDITING, at
    session.flush()


def ask_for_changes(session: Session, draft: Draft, *, reason: str, by_id: int, at: datetime) -> None:
    """Give a draft back to its author with a reason. Raises Conflict when it is not under review."""
    _must_be_under_review(draft)
    _must_be_anothers(session, draft, by_id)
    reason = _worded(reason, "reason", _("Say what should change, so that the author can do it."))
    _act(session, draft, ReviewKind.CHANGES_ASKED, by_id=by_id, note=reason, at=at)
    draft.status, draft.changed_at = DraftStatus.CHANGES_ASKED, at
    session.flush()


def approve(session: Session, draft: Draft, *, seen: str, note: str, by_id: int, at: datetime) -> None:
    """Approve the state of a draft that the reviewer has `seen` (its files' digest), for each function they hold.

    Raises Conflict when the draft is not under review, is the reviewer's own, or has changed since.
    """
    _must_be_under_review(draft)
    _must_be_anothers(session, draft, by_id)
    if seen != queries.files_digest(session, draft.id):
        raise Conflict(_("The draft has changed since you opened it. Read it again before you approve it."))
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("Keep the note under {number} characters.", number=LONGEST_NOTE), field="note")
    held: list[int | None] = [
        each.id for each in approvals.functions_of(session, draft.academy_id) if by_id in each.holders
    ]
    for function_id in held or [None]:
        _act(session, draft, ReviewKind.APPROVED, by_id=by_id, note=note.strip(), at=at, function=function_id)
    if not approvals.missing(session, draft):
        draft.status = DraftStatus.APPROVED
    draft.changed_at = at
    session.flush()


def comment(
    session: Session, draft: Draft, *, path: str, anchor: str, text: str, by_id: int, at: datetime
) -> DraftComment:
    """Say something of a place in a file of a draft. Raises Invalid without words, Conflict when it is not there."""
    _must_be_under_way(draft)
    text = _worded(text, "text", _("Write your comment first."))
    sides = sides_at(session, draft.id, path)
    if sides is None:
        raise Conflict(_("This file is not part of the draft any more."))
    name = file_name(path)
    known = {**anchors_of(name, sides.before), **anchors_of(name, sides.after), "": ""}
    if anchor not in known:
        raise Conflict(_("This place has changed since you opened the page. Comment on it as it is now."))
    _must_be_few(session, draft)
    said = DraftComment(
        draft_id=draft.id, path=path, anchor=anchor, words=known[anchor][:300], by_id=by_id, text=text, at=at
    )
    session.add(said)
    session.flush()
    return said


def reply(session: Session, draft: Draft, to: DraftComment, *, text: str, by_id: int, at: datetime) -> None:
    """Answer a comment. Raises Invalid without words."""
    _must_be_under_way(draft)
    text = _worded(text, "text", _("Write your answer first."))
    _must_be_few(session, draft)
    session.add(DraftComment(draft_id=draft.id, path=to.path, reply_to=to.id, by_id=by_id, text=text, at=at))
    session.flush()


def resolve(session: Session, draft: Draft, said: DraftComment, *, at: datetime) -> None:
    """Say that a comment is dealt with. Again changes nothing."""
    _must_be_under_way(draft)
    said.resolved_at = said.resolved_at or at
    session.flush()


def find_comment(session: Session, draft: Draft, comment_id: int) -> DraftComment | None:
    """A comment (no answer) on a draft by id, or None."""
    return session.scalar(
        select(DraftComment).where(
            DraftComment.id == comment_id, DraftComment.draft_id == draft.id, DraftComment.reply_to.is_(None)
        )
    )


def _act(
    session: Session,
    draft: Draft,
    kind: ReviewKind,
    *,
    by_id: int,
    note: str,
    at: datetime,
    function: int | None = None,
) -> None:
    digest = queries.files_digest(session, draft.id)
    session.add(
        ReviewAct(
            draft_id=draft.id, kind=kind, digest=digest, by_id=by_id, function_id=function, note=note, at=at
        )
    )
    session.flush()


def _worded(text: str, field: str, says: str) -> str:
    if not text.strip():
        raise Invalid(says, field=field)
    if len(text) > LONGEST_NOTE:
        raise Invalid(_("Keep this under {number} characters.", number=LONGEST_NOTE), field=field)
    return text.strip()


def _must_be_under_review(draft: Draft) -> None:
    if draft.status not in approvals.UNDER_REVIEW:
        raise Conflict(_("This draft is no longer in review. See its present state."))


def _must_be_under_way(draft: Draft) -> None:
    if draft.status in queries.ENDED:
        raise Conflict(_("This draft is published or discarded already."))


def _must_be_anothers(session: Session, draft: Draft, person_id: int) -> None:
    wrote = select(DraftFile.id).where(DraftFile.draft_id == draft.id, DraftFile.saved_by == person_id)
    if draft.author_id == person_id or session.scalar(wrote.limit(1)) is not None:
        raise Conflict(_("You have written in this draft yourself. Another person has to review it."))


def _must_be_few(session: Session, draft: Draft) -> None:
    if (
        len(session.scalars(select(DraftComment.id).where(DraftComment.draft_id == draft.id)).all())
        >= MOST_COMMENTS
    ):
        raise Conflict(
            _(
                "This draft has {number} comments already. Talk to each other.",
                number=MOST_COMMENTS,
            )
        )
