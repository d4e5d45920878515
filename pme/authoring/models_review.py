"""What is stored about review: who must approve, what was said and decided of which state of a draft."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class ReviewFunction(Base):
    """What somebody approves content as, such as a legal adviser; `is_required`: nothing is published without."""

    __tablename__ = "review_function"
    __table_args__ = (UniqueConstraint("academy_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    name: Mapped[str] = mapped_column(String(80))
    is_required: Mapped[bool] = mapped_column(default=False)


class FunctionHolder(Base):
    """A reviewer speaks for a function."""

    __tablename__ = "function_holder"

    function_id: Mapped[int] = mapped_column(ForeignKey("review_function.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class ReviewKind(StrEnum):
    """What was done in a review."""

    REQUESTED = "requested"
    TAKEN_BACK = "taken-back"
    CHANGES_ASKED = "changes-asked"
    APPROVED = "approved"


class ReviewAct(Base):
    """One act of a review, never changed. `digest` is the state of the draft's files that it is about.

    Somebody who approves for several functions leaves one act for each; `function_id` None is for none.
    """

    __tablename__ = "review_act"
    __table_args__ = (
        choice_check("kind", ReviewKind),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    kind: Mapped[ReviewKind] = mapped_column(choice(ReviewKind, "review_kind"))
    digest: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    function_id: Mapped[int | None] = mapped_column(ForeignKey("review_function.id"), default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftComment(Base):
    """A remark on a place of a file in a draft, or (`reply_to`) an answer to one.

    `anchor` names the place (`paragraph 3`, `at items.first.stem`, "" for the whole file), `words` are what
    people know it by: the comment stays when the draft changes, and the words tell whether the place is there.
    """

    __tablename__ = "draft_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    path: Mapped[str] = mapped_column(String(300))
    anchor: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("draft_comment.id"), default=None)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
