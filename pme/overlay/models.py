"""What is stored of an academy's own texts: each as it stands, every version of it, and what tells of changes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class BlockState(StrEnum):
    """What an academy has said of a place. `EMPTY` is a text that was taken away."""

    FILLED = "filled"
    NOT_APPLICABLE = "not-applicable"
    EMPTY = "empty"


class LocalBlock(Base):
    """An academy's text for a place in one language. `html` is rendered and sanitised when it is saved.

    `prompt_sha256` and `title` are those of the place as it was when the text was written.
    """

    __tablename__ = "local_block"
    __table_args__ = (
        UniqueConstraint("academy_id", "module", "place", "language"),
        choice_check("state", BlockState),
        CheckConstraint("revision > 0", name="revision_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    module: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[BlockState] = mapped_column(choice(BlockState, "local_block_state"))
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(300))
    prompt_sha256: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    saved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LocalBlockVersion(Base):
    """A text as it was saved once; never changed."""

    __tablename__ = "local_block_version"
    __table_args__ = (choice_check("state", BlockState),)

    block_id: Mapped[int] = mapped_column(ForeignKey("local_block.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[BlockState] = mapped_column(choice(BlockState, "local_version_state"))
    text: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    prompt_sha256: Mapped[str] = mapped_column(String(64))
    saved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LocalStamp(Base):
    """What tells a process that its copy of an academy's texts is old: another stamp after each change.

    Drawn, not counted, so that a database that was restored is never mistaken for another.
    """

    __tablename__ = "local_stamp"

    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(32))
