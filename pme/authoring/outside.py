"""Links for outside reviewers: make one, revoke it, open a draft by it, and what they say of it.

Acts expect a writing transaction and flush, never commit.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.authoring import queries
from pme.authoring.models import Draft
from pme.authoring.models_preview import OutsideComment, OutsideLink
from pme.errors import Conflict, Invalid
from pme.words.numbers import grouped
from pme.words.speech import _

USUAL_DAYS, MOST_DAYS = 7, 30
LONGEST_NAME = 80
MOST_LINKS = 20
"""Links of one draft that are open at a time."""
MOST_COMMENTS, LONGEST_COMMENT = 100, 4_000
"""Of one link."""


@dataclass(frozen=True)
class Made:
    """A link and its secret, which is nowhere else."""

    link: OutsideLink
    token: str


@dataclass(frozen=True)
class Remark:
    """What an outside reviewer said, as it is listed."""

    id: int
    by: str
    path: str
    place: str
    text: str
    at: datetime
    is_resolved: bool


def make(session: Session, draft: Draft, *, name: str, days: int, by_id: int, at: datetime) -> Made:
    """Make a link for a person. Raises Invalid for a bad name or time, Conflict where it cannot be."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(_("Say whom the link is for, in at most 80 characters."), field="name")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_("Give a whole number of days from 1 to {number}.", number=MOST_DAYS), field="days")
    if draft.status in queries.ENDED:
        raise Conflict(_("This draft is published or discarded already: there is nothing to review in it."))
    opened = [link for link in links_of(session, draft.id) if is_open(link, draft, at)]
    if len(opened) >= MOST_LINKS:
        raise Conflict(_("This draft has {number} open links already. Close one first.", number=MOST_LINKS))
    token = secrets.token_urlsafe(32)
    link = OutsideLink(
        draft_id=draft.id,
        name=name,
        token_sha256=_digest(token),
        made_by=by_id,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    return Made(link, token)


def revoke(session: Session, link: OutsideLink, *, at: datetime) -> None:
    """Close a link. Again changes nothing."""
    link.revoked_at = link.revoked_at or at
    session.flush()


def is_open(link: OutsideLink, draft: Draft, at: datetime) -> bool:
    """Whether a link still opens its draft."""
    return link.revoked_at is None and at < link.expires_at and draft.status not in queries.ENDED


def open_by(
    session: Session, token: str, *, at: datetime, for_update: bool = False
) -> tuple[OutsideLink, Draft] | None:
    """The link of this secret with its draft; None for one that is unknown, revoked, past, or of an ended draft."""
    wanted = select(OutsideLink).where(OutsideLink.token_sha256 == _digest(token))
    link = session.scalar(wanted.with_for_update() if for_update else wanted)
    draft = session.get(Draft, link.draft_id) if link else None
    if link is None or draft is None or not is_open(link, draft, at):
        return None
    return link, draft


def note_opened(session: Session, link: OutsideLink, *, at: datetime) -> None:
    """Count that the link was opened."""
    link.opened += 1
    link.used_at = at
    session.flush()


def links_of(session: Session, draft_id: int) -> Sequence[OutsideLink]:
    """Every link of a draft, the newest first."""
    return session.scalars(
        select(OutsideLink).where(OutsideLink.draft_id == draft_id).order_by(OutsideLink.id.desc())
    ).all()


def find_link(session: Session, draft_id: int, link_id: int) -> OutsideLink | None:
    """A link of a draft by id, or None."""
    return session.scalar(
        select(OutsideLink).where(OutsideLink.id == link_id, OutsideLink.draft_id == draft_id)
    )


def say(session: Session, link: OutsideLink, *, path: str, place: str, text: str, at: datetime) -> None:
    """Keep what an outside reviewer says. Raises Invalid for no words or too many, Conflict after too many comments."""
    text = text.strip()
    if not text:
        raise Invalid(_("Write your comment first."), field="text")
    if len(text) > LONGEST_COMMENT:
        raise Invalid(
            _("Keep the comment under {number} characters.", number=grouped(LONGEST_COMMENT)), field="text"
        )
    said = select(func.count()).select_from(OutsideComment).where(OutsideComment.link_id == link.id)
    if (session.scalar(said) or 0) >= MOST_COMMENTS:
        raise Conflict(
            _(
                "You have left {number} comments already. Write to whoever sent you the link.",
                number=MOST_COMMENTS,
            )
        )
    session.add(OutsideComment(link_id=link.id, path=path[:300], place=place[:300], text=text, at=at))
    link.used_at = at
    session.flush()


def remarks_of(session: Session, draft_id: int, *, link_id: int | None = None) -> list[Remark]:
    """What outside reviewers (or one of them) said of a draft, the oldest first."""
    wanted = (
        select(OutsideComment, OutsideLink.name)
        .join(OutsideLink, OutsideLink.id == OutsideComment.link_id)
        .where(OutsideLink.draft_id == draft_id)
        .order_by(OutsideComment.id)
    )
    if link_id is not None:
        wanted = wanted.where(OutsideLink.id == link_id)
    return [
        Remark(one.id, name, one.path, one.place, one.text, one.at, one.resolved_at is not None)
        for one, name in session.execute(wanted)
    ]


def resolve(session: Session, draft: Draft, remark_id: int, *, at: datetime) -> bool:
    """Say that a remark is dealt with; False when the draft has none of this id."""
    remark = session.scalar(
        select(OutsideComment)
        .join(OutsideLink, OutsideLink.id == OutsideComment.link_id)
        .where(OutsideComment.id == remark_id, OutsideLink.draft_id == draft.id)
    )
    if remark is None:
        return False
    remark.resolved_at = remark.resolved_at or at
    session.flush()
    return True


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
