"""What is stored of an act on parts of a draft, so that it can be undone while the draft is open."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class Removed(StrEnum):
    """What a part was."""

    QUESTION = "question"
    NODE = "node"
    ENDING = "ending"
    OUTCOME = "outcome"
    MODULE = "module"
    PAGE = "page"
    MEDIUM = "medium"
    FILE = "file"
    """Files as a whole, whatever they hold."""


class Turned(StrEnum):
    """What an act did to parts."""

    DELETED = "deleted"
    MOVED = "moved"
    CHANGED = "changed"
    TAKEN_OUT = "taken-out"
    """They are as they are published."""


class DraftRemoval(Base):
    """What an act `did` to a part, or to several: what it was and how it was called, in which file, and of what was
    deleted its `words`, to be read again.
    """

    __tablename__ = "draft_removal"
    __table_args__ = (choice_check("what", Removed), choice_check("did", Turned))

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    what: Mapped[Removed] = mapped_column(choice(Removed, "draft_removal_what"))
    did: Mapped[Turned] = mapped_column(choice(Turned, "draft_removal_did"), server_default=Turned.DELETED)
    name: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftRemovalFile(Base):
    """A file that the deletion changed, as it `was` and as it `became`; None where there was none.

    `was_in` tells whether the draft had it then, begun on the published `base_sha256`.
    """

    __tablename__ = "draft_removal_file"
    __table_args__ = (UniqueConstraint("draft_removal_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_removal_id: Mapped[int] = mapped_column(ForeignKey("draft_removal.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(300))
    was: Mapped[bytes | None] = mapped_column(LargeBinary)
    was_in: Mapped[bool]
    base_sha256: Mapped[str | None] = mapped_column(ForeignKey("source_file.sha256"))
    became: Mapped[bytes | None] = mapped_column(LargeBinary)
