"""Acts on drafts: begin, save a file, check, publish, discard.

Every act expects its draft locked in a writing transaction, flushes, and never commits.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from pme.authoring import approvals, queries, tasks
from pme.authoring.models import Draft, DraftFile, DraftStatus
from pme.authoring.naming import file_name
from pme.content.edit import Prepared, publish_edit
from pme.content.files import LIMITS, MEDIA_LIMIT
from pme.content.problems import Problem
from pme.content.publish import Published
from pme.errors import Conflict, Invalid
from pme.words.speech import _

CAN_CHANGE = (DraftStatus.EDITING, DraftStatus.CHANGES_ASKED)


def begin_draft(session: Session, *, academy_id: int, author_id: int, title: str, at: datetime) -> Draft:
    """Begin a draft with nothing in it. Raises Invalid when it has no title."""
    if not title.strip():
        raise Invalid(_("Give the draft a name, so that you and others can find it again."), field="title")
    draft = Draft(
        academy_id=academy_id,
        author_id=author_id,
        title=title.strip(),
        status=DraftStatus.EDITING,
        created_at=at,
        changed_at=at,
    )
    session.add(draft)
    session.flush()
    return draft


def save_file(
    session: Session, draft: Draft, path: str, content: bytes | None, *, seen: int, by_id: int, at: datetime
) -> DraftFile:
    """Keep a file as it shall be; None takes it away. The first save notes what was published then.

    `seen` is the revision that the writer had before them, 0 for a file not yet in the draft. Raises
    Conflict when someone has saved another since, Invalid when the file is too large or has no such name.
    """
    must_be_open(draft)
    _must_fit(path, content)
    file = queries.file_of(session, draft.id, path)
    if (file.revision if file else 0) != seen:
        raise Conflict(
            _("Somebody else has saved this file since you opened it. Both versions are kept: compare.")
        )
    if file is None:
        base, _entry = queries.published_file(session, path)
        file = DraftFile(draft_id=draft.id, path=path, base_sha256=base, revision=0)
        session.add(file)
    file.content, file.revision = content, file.revision + 1
    file.saved_by, file.saved_at, draft.changed_at = by_id, at, at
    session.flush()
    return file


def take_out(session: Session, draft: Draft, path: str, *, at: datetime) -> None:
    """Take a file out of a draft: it stays as it is published. Again changes nothing."""
    must_be_open(draft)
    file = queries.file_of(session, draft.id, path)
    if file is not None:
        session.delete(file)
        draft.changed_at = at
    session.flush()


def move_base(session: Session, draft: Draft, path: str, *, at: datetime) -> None:
    """Say that a file takes account of what is published now, after its author has compared the two."""
    must_be_open(draft)
    file = queries.file_of(session, draft.id, path)
    if file is None:
        raise Conflict(_("This file is not part of the draft any more."))
    file.base_sha256, _entry = queries.published_file(session, path)
    draft.changed_at = at
    session.flush()


def keep_report(
    session: Session, draft: Draft, problems: Iterable[Problem], *, digest: str, at: datetime
) -> None:
    """Keep what a check said, and of what it was made."""
    draft.report = [
        {
            "file": p.file,
            "line": p.line,
            "says": p.says,
            "severity": p.severity.value,
            "rule": p.rule,
            "block": p.block,
            "answer": p.answer,
        }
        for p in problems
    ]
    draft.checked_digest, draft.checked_at = digest, at
    session.flush()


def publish_draft(
    session: Session,
    draft: Draft,
    prepared: Prepared,
    *,
    digest: str,
    by_id: int,
    at: datetime,
    note: str | None = None,
) -> Published:
    """Publish everything in a draft as one. `digest` is what was prepared; `note` is what students read of it,
    the draft's name unless the author wrote something else.

    Raises Conflict when the draft or what is published has changed since, when a file was begun on a version
    that is not the published one any more, or when a required approval of this very state is missing;
    Refused when the check found errors.
    """
    if draft.status not in queries.ENDED and digest != queries.digest_of(session, draft.id):
        raise Conflict(
            _("The draft or the published content has changed since it was checked. Check it again.")
        )
    for says in hindrances(session, draft):
        raise Conflict(says)
    done = publish_edit(session, prepared, by_id=by_id, at=at, note=draft.title if note is None else note)
    draft.status, draft.publication_id, draft.changed_at = DraftStatus.PUBLISHED, done.publication_id, at
    session.flush()
    tasks.after_publishing(
        session, academy_id=draft.academy_id, before=prepared.publication_id, after=done.publication_id, at=at
    )
    return done


def must_be_open(draft: Draft) -> None:
    """Raises Conflict when no file of a draft may change now."""
    if draft.status not in CAN_CHANGE:
        raise Conflict(_("This draft is not open for changes: it is in review, approved or ended."))


def hindrances(session: Session, draft: Draft) -> list[str]:
    """What keeps a draft from being published, whatever the check says of it: sentences, none when nothing does."""
    if draft.status in queries.ENDED:
        return [_("This draft is published or discarded already.")]
    if not queries.files_of(session, draft.id):
        return [_("There is nothing in this draft yet. Change a file first.")]
    found = []
    if moved := [line.path for line in queries.file_lines(session, draft.id) if line.is_moved]:
        found.append(
            _(
                "Another version was published since you began: {files}. Compare it first.",
                files=", ".join(moved),
            )
        )
    if wanted := approvals.missing(session, draft):
        found.append(
            _(
                "Your academy publishes only what was approved. Approval is still missing from: {functions}.",
                functions=", ".join(wanted),
            )
        )
    return found


def discard(session: Session, draft: Draft, *, at: datetime) -> None:
    """Give a draft up; it can be brought back. Again changes nothing. Raises Conflict once it is published."""
    if draft.status is DraftStatus.PUBLISHED:
        raise Conflict(_("This draft is published. To take it back, publish the older version again."))
    if draft.status is DraftStatus.DISCARDED:
        return
    draft.discarded_from, draft.status, draft.changed_at = draft.status, DraftStatus.DISCARDED, at
    session.flush()


def _must_fit(path: str, content: bytes | None) -> None:
    name = file_name(path)
    suffix = "." + path.rpartition(".")[2]
    limit = LIMITS.get(suffix, MEDIA_LIMIT) if name.is_text else MEDIA_LIMIT
    if content is not None and len(content) > limit:
        raise Invalid(
            _("This file is larger than {number} kB. Shorten it or split it.", number=limit // 1000),
            field="content",
        )
