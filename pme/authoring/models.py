"""What is stored about drafts: the draft, and its files as they shall be."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class DraftStatus(StrEnum):
    """Where a draft stands. While it is in review, approved, published or discarded, no file of it changes."""

    EDITING = "editing"
    IN_REVIEW = "in-review"
    CHANGES_ASKED = "changes-asked"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Draft(Base):
    """A change of content on its way. `report` is what the last check said (`checked_at`), with the
    `checked_digest` of the files and the publication that were checked, so that an old report is known as such.
    `discarded_from` is where a discarded draft stood before, so that it can be brought back.
    """

    __tablename__ = "draft"
    __table_args__ = (choice_check("status", DraftStatus), choice_check("discarded_from", DraftStatus))

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[DraftStatus] = mapped_column(choice(DraftStatus, "draft_status"))
    report: Mapped[list[Any] | None] = mapped_column(JSON, default=None)
    checked_digest: Mapped[str] = mapped_column(String(64), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"), default=None)
    discarded_from: Mapped[DraftStatus | None] = mapped_column(
        choice(DraftStatus, "draft_discarded_from"), default=None
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftFile(Base):
    """A file as it shall be; `content` None takes it away. `base_sha256` is the published file that the
    change was begun on, None for a new one. `revision` counts the saves from 1.
    """

    __tablename__ = "draft_file"
    __table_args__ = (
        UniqueConstraint("draft_id", "path"),
        CheckConstraint("revision > 0", name="revision_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    path: Mapped[str] = mapped_column(String(300))
    base_sha256: Mapped[str | None] = mapped_column(ForeignKey("source_file.sha256"))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    revision: Mapped[int]
    saved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftFileOut(Base):
    """A file as it was when somebody took it out of a draft, to be put in again; the latest of each path."""

    __tablename__ = "draft_file_out"
    __table_args__ = (UniqueConstraint("draft_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    path: Mapped[str] = mapped_column(String(300))
    base_sha256: Mapped[str | None] = mapped_column(ForeignKey("source_file.sha256"))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    out_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    out_at: Mapped[datetime] = mapped_column(UtcDateTime)
