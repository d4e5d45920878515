"""What is stored about designs: the draft of an academy, its versions, and the pictures that these show.

Versions and pictures never change: the database refuses it (triggers of their migration).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class PictureKind(StrEnum):
    """What a picture is for."""

    CREST = "crest"
    FACSIMILE = "facsimile"


class DesignImage(Base):
    """A picture as it was written anew when it came in: a PNG with nothing in it but its points. `says` is what it
    shows, for those who cannot see it.
    """

    __tablename__ = "certificate_design_image"
    __table_args__ = (
        Index("ix_certificate_design_image_academy_id", "academy_id"),
        choice_check("kind", PictureKind),
        CheckConstraint("says <> ''", name="says_what_it_shows"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    kind: Mapped[PictureKind] = mapped_column(choice(PictureKind, "picture_kind"))
    says: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    png: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DesignDraft(Base):
    """What an academy is trying out; `begun_from` is the number of the version that it was made from, if any."""

    __tablename__ = "certificate_design_draft"
    __table_args__ = (UniqueConstraint("academy_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_from: Mapped[int | None] = mapped_column(default=None)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DesignVersion(Base):
    """A published design; the highest number is what certificates are issued in. `sha256` is of all that it prints."""

    __tablename__ = "certificate_design_version"
    __table_args__ = (UniqueConstraint("academy_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(200), default="")
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
