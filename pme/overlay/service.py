"""Acts on an academy's own texts: write one, say that it does not apply, say that it still fits, take it away.

Every act expects a writing transaction, flushes, and never commits. Two people never overwrite each other.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.local_places import LocalPlace
from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.overlay.models import BlockState, LocalBlock, LocalBlockVersion, LocalStamp
from pme.words.speech import _

LONGEST_REASON, LONGEST_TITLE = 500, 300


@dataclass(frozen=True)
class Where:
    """A place of an academy, in one language."""

    academy_id: int
    module: str
    place: str
    language: str


@dataclass(frozen=True)
class Content:
    """What an academy says of a place."""

    state: BlockState
    text: str = ""
    html: str = ""
    reason: str = ""


def find_block(session: Session, where: Where, *, for_update: bool = False) -> LocalBlock | None:
    """What an academy has at a place, or None."""
    wanted = select(LocalBlock).where(
        LocalBlock.academy_id == where.academy_id,
        LocalBlock.module == where.module,
        LocalBlock.place == where.place,
        LocalBlock.language == where.language,
    )
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def not_applicable(reason: str) -> Content:
    """That a place does not apply. Raises Invalid without a reason, or with one that is too long."""
    reason = reason.strip()
    if not reason:
        raise Invalid(
            _("Say why this does not apply, so that others can understand the reason."), field="reason"
        )
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {longest_reason} characters.", longest_reason=LONGEST_REASON),
            field="reason",
        )
    return Content(BlockState.NOT_APPLICABLE, reason=reason)


def save(
    session: Session,
    where: Where,
    place: LocalPlace,
    content: Content,
    *,
    seen: int,
    by_id: int,
    at: datetime,
) -> LocalBlock:
    """Keep what an academy says of a place. `seen` is the revision that its writer had before them, 0 for none.

    Raises Conflict when somebody else has saved since.
    """
    # The academy's own row is held first, so that two writers of a new text wait for each other.
    _stamp(session, where.academy_id)
    block = find_block(session, where, for_update=True)
    if (block.revision if block else 0) != seen:
        raise Conflict(_("Somebody else has saved this place since you opened it. Both texts stand below."))
    if block is None:
        block = LocalBlock(
            academy_id=where.academy_id,
            module=where.module,
            place=where.place,
            language=where.language,
            revision=0,
        )
        session.add(block)
    block.title, block.prompt_sha256 = place.title[:LONGEST_TITLE], place.digest
    _write(session, block, content, by_id=by_id, at=at)
    return block


def take_away(session: Session, block: LocalBlock, *, by_id: int, at: datetime) -> None:
    """Take a text off the list; its versions stay. Again changes nothing."""
    if block.state is not BlockState.EMPTY:
        _stamp(session, block.academy_id)
        _write(session, block, Content(BlockState.EMPTY), by_id=by_id, at=at)


def _write(session: Session, block: LocalBlock, content: Content, *, by_id: int, at: datetime) -> None:
    block.state, block.text = content.state, content.text
    block.html, block.reason = content.html, content.reason
    block.revision += 1
    block.saved_by, block.saved_at = by_id, at
    session.flush()
    session.add(
        LocalBlockVersion(
            block_id=block.id,
            revision=block.revision,
            state=content.state,
            text=content.text,
            reason=content.reason,
            prompt_sha256=block.prompt_sha256,
            saved_by=by_id,
            saved_at=at,
        )
    )
    session.flush()


def _stamp(session: Session, academy_id: int) -> None:
    """Tell every process that its copy of this academy's texts is old."""
    stamp = secrets.token_hex(16)
    session.execute(
        insert_into(session, LocalStamp)
        .values(academy_id=academy_id, stamp=stamp)
        .on_conflict_do_update(index_elements=["academy_id"], set_={"stamp": stamp})
    )
