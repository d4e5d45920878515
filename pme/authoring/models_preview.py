"""What is stored about previews: what somebody has done in one, for a while, and links for outside reviewers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class PreviewState(Base):
    """What somebody has done in a preview (`trial`), forgotten soon after. `owner` says whose and of what."""

    __tablename__ = "preview_state"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OutsideLink(Base):
    """A link by which somebody without an account sees one draft; only a hash of its secret is kept."""

    __tablename__ = "outside_link"
    __table_args__ = (CheckConstraint("opened >= 0", name="opened_is_count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    opened: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class OutsideComment(Base):
    """What an outside reviewer said of a place in a draft; `place` names it as they saw it."""

    __tablename__ = "outside_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("outside_link.id"), index=True)
    path: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
