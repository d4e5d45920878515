"""Acts on parts of a draft are undone: questions, nodes, outcomes, pages, files. What was done since stays.

A deletion is noted with its files as they were and as it left them. Where a file was changed since, both changes are
put together as those of two writers are; where they are at the same place, the part is left out and its words stay
to be read. Acts expect their draft locked in a writing transaction, flush, and never commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.authoring import queries, service
from pme.authoring.models import Draft
from pme.authoring.models_removal import DraftRemoval, DraftRemovalFile, Removed, Turned
from pme.authoring.naming import file_name
from pme.authoring.three_way import merge
from pme.content.yaml_edit import read
from pme.errors import Conflict
from pme.words.speech import _

BETWEEN = ", "
"""What stands between the names of parts that were deleted together."""
SHOWN = 20
"""The latest deletions that a draft's page lists."""


@dataclass(frozen=True)
class Part:
    """What an act turns, in the file that its page is about; most acts delete."""

    what: Removed
    name: str
    path: str
    did: Turned = Turned.DELETED


@dataclass(frozen=True)
class Standing:
    """A file as it is now, whether of the draft or published."""

    content: bytes | None
    is_in: bool
    base_sha256: str | None


def standing(session: Session, draft: Draft, paths: Iterable[str]) -> dict[str, Standing]:
    """Files of a draft, or as they are published where it has none of its own."""
    found = {}
    for path in paths:
        kept = queries.file_of(session, draft.id, path)
        content = kept.content if kept else queries.published_file(session, path)[1]
        found[path] = Standing(content, kept is not None, kept.base_sha256 if kept else None)
    return found


def note(
    session: Session, draft: Draft, part: Part, before: Mapping[str, Standing], *, by_id: int, at: datetime
) -> DraftRemoval | None:
    """Note what an act did to a part, by its files as they stood before; None where it changed none of them."""
    after = standing(session, draft, before)
    turned = [path for path in before if before[path].content != after[path].content]
    if not turned:
        return None
    taken = turned if part.did is Turned.DELETED else []
    texts = [_taken(before[path].content, after[path].content) for path in taken if file_name(path).is_text]
    removal = DraftRemoval(
        draft_id=draft.id,
        what=part.what,
        did=part.did,
        name=part.name[:300],
        path=part.path,
        words="\n\n".join(text for text in texts if text),
        by_id=by_id,
        at=at,
    )
    session.add(removal)
    session.flush()
    for path in turned:
        was = before[path]
        session.add(
            DraftRemovalFile(
                draft_removal_id=removal.id,
                path=path,
                was=was.content,
                was_in=was.is_in,
                base_sha256=was.base_sha256,
                became=after[path].content,
            )
        )
    session.flush()
    return removal


def put_back(session: Session, draft: Draft, number: int, *, by_id: int, at: datetime) -> DraftRemoval:
    """Undo what an act did to a part. Raises Conflict where it was undone, or its place was changed since."""
    service.must_be_open(draft)
    removal = session.scalar(
        select(DraftRemoval).where(DraftRemoval.id == number, DraftRemoval.draft_id == draft.id)
    )
    if removal is None:
        raise Conflict(_("This was put back before."))
    files = session.scalars(
        select(DraftRemovalFile)
        .where(DraftRemovalFile.draft_removal_id == removal.id)
        .order_by(DraftRemovalFile.path)
    ).all()
    now = standing(session, draft, [file.path for file in files])
    wanted = [(file, _wanted(file, now[file.path].content, removal.did)) for file in files]
    for file, content in wanted:
        _keep(session, draft, file, content, by_id=by_id, at=at)
    for file in files:
        session.delete(file)
    session.flush()
    session.delete(removal)
    session.flush()
    return removal


def removals_of(session: Session, draft: Draft) -> Sequence[DraftRemoval]:
    """What was deleted in a draft and can be put back, the latest first."""
    return session.scalars(
        select(DraftRemoval)
        .where(
            DraftRemoval.draft_id == draft.id,
            DraftRemoval.did == Turned.DELETED,
        )
        .order_by(DraftRemoval.id.desc())
        .limit(SHOWN)
    ).all()


def forget(session: Session, draft: Draft) -> None:
    """Forget what was deleted in a draft, once that is published."""
    of_draft = select(DraftRemoval.id).where(DraftRemoval.draft_id == draft.id)
    session.execute(delete(DraftRemovalFile).where(DraftRemovalFile.draft_removal_id.in_(of_draft)))
    session.execute(delete(DraftRemoval).where(DraftRemoval.draft_id == draft.id))


def _wanted(file: DraftRemovalFile, now: bytes | None, did: Turned) -> bytes | None:
    """A file with the part in it again."""
    if now in (file.became, file.was):
        return file.was
    changed = Conflict(
        _(
            "{path} was changed at the same place since, so this cannot be put back "
            "automatically. Its words are on the page of the draft, to be copied.",
            path=file.path,
        )
        if did is Turned.DELETED
        else _(
            "{path} was changed at the same place since, so this cannot be undone automatically. Change it by hand.",
            path=file.path,
        )
    )
    if file.was is None or now is None or file.became is None or not file_name(file.path).is_text:
        raise changed
    merged = merge(_text(file.became), _text(now), _text(file.was))
    if merged.clashes:
        raise changed
    if file.path.endswith(".yaml"):
        try:
            read(merged.text)
        except Conflict as error:
            raise changed from error
    return merged.text.encode()


def _keep(
    session: Session,
    draft: Draft,
    file: DraftRemovalFile,
    content: bytes | None,
    *,
    by_id: int,
    at: datetime,
) -> None:
    published = queries.published_file(session, file.path)[1]
    if content == published and not file.was_in:
        service.take_out(session, draft, file.path, at=at)
        return
    kept = queries.file_of(session, draft.id, file.path)
    seen = kept.revision if kept else 0
    saved = service.save_file(session, draft, file.path, content, seen=seen, by_id=by_id, at=at)
    if kept is None and file.was_in:
        saved.base_sha256 = file.base_sha256
        session.flush()


def _taken(was: bytes | None, became: bytes | None) -> str:
    """The lines of a text that are not in it any more."""
    before, after = _text(was).split("\n"), _text(became).split("\n")
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    gone = [line for kind, start, end, *_unused in steps if kind != "equal" for line in before[start:end]]
    return "\n".join(gone).strip("\n")


def _text(content: bytes | None) -> str:
    return (content or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n")
