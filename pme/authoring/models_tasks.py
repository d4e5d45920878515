"""What is stored about reviews that are due: a task for each file that rests on a source that was superseded."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class TaskStatus(StrEnum):
    """Whether a task waits, was done, or was found not to be needed."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not-needed"


class ReviewTask(Base):
    """A file to be looked at again, because the publication superseded a source that it cites in `places` places.

    `authors` are those whom its module names; `holder_id` is who will do it. `outcome` says what was done, or why
    nothing had to be. One publication opens one task for a source and a file. `arranged_at` is when it was last said
    who does it and until when; `was_holder_id` and `was_due_on` are what stood before.
    """

    __tablename__ = "review_task"
    __table_args__ = (
        UniqueConstraint("publication_id", "source_key", "path"),
        choice_check("status", TaskStatus),
        CheckConstraint("status = 'open' OR outcome <> ''", name="outcome_is_told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    source_key: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300))
    module: Mapped[str] = mapped_column(String(100))
    places: Mapped[int]
    authors: Mapped[str] = mapped_column(Text)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    status: Mapped[TaskStatus] = mapped_column(choice(TaskStatus, "task_status"), default=TaskStatus.OPEN)
    outcome: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    was_holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    was_due_on: Mapped[date | None] = mapped_column(Date, default=None)
    arranged_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
