"""What is stored about practice: the last answer to each check within a page."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class CheckAnswer(Base):
    """A student's answer to one check, by its bank and item; `digest` is of the item that was answered.

    Until it `is_told` it is what was put together so far (steps that were moved), and nothing of the key
    has been shown. `sure` is how sure the student said they were, 1-3. No mark comes from here.
    """

    __tablename__ = "check_answer"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "bank", "item"),
        CheckConstraint("sure IS NULL OR (sure BETWEEN 1 AND 3)", name="sure_in_range"),
        CheckConstraint("length(digest) = 32", name="digest_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    bank: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(32))
    answer: Mapped[list[str]] = mapped_column(JSON)
    sure: Mapped[int | None] = mapped_column(default=None)
    is_told: Mapped[bool]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
