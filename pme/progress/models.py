"""What is stored about progress: pages read, modules completed, courses completed, and what came of these.

Completions and their events never change and are never deleted: the database refuses it (triggers of its
migrations). A correction is one more event.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.assessment.models_regrade import Regrade
from pme.content.models import CourseEdition
from pme.db import Base, UtcDateTime, choice, choice_check


class PageRead(Base):
    """A student marked a page as read, in the module version they read."""

    __tablename__ = "page_read"
    __table_args__ = (UniqueConstraint("enrolment_id", "module", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    module: Mapped[str] = mapped_column(String(80))
    page: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ModuleCompletion(Base):
    """A student completed a module, pinned to the version it was earned on."""

    __tablename__ = "module_completion"
    __table_args__ = (UniqueConstraint("enrolment_id", "module"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    module: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseCompletion(Base):
    """A student completed a course, in one edition. `percent` is the mean of the best marks of its tasks
    on that day, 0-100. `edition_id` is None where it was earned before editions were kept and cannot be told.
    """

    __tablename__ = "course_completion"
    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        Index("ix_course_completion_academy_id_completed_at", "academy_id", "completed_at"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey(CourseEdition.id), default=None)
    percent: Mapped[float]
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EventKind(StrEnum):
    """What can come of the completion of a course."""

    EARNED = "earned"
    AMENDED = "amended"
    """A regrade changed its result."""
    REVOKED = "revoked"
    RESTORED = "restored"
    """It was revoked in error."""
    REQUALIFIED = "requalified"
    """The holder did what was asked for another edition."""


class CompletionEvent(Base):
    """One thing that happened to the completion of a course; the last ones say how it stands (`in_force`).

    `percent` is the result in force after it, 0-100, `percent_before` the one before a regrade. `edition_id`
    is the edition that it speaks of. `reason` is that of whoever revoked or restored (`by`).
    """

    __tablename__ = "completion_event"
    __table_args__ = (
        Index("ix_completion_event_academy_id_at", "academy_id", "at"),
        Index("ix_completion_event_enrolment_id_id", "enrolment_id", "id"),
        Index(
            "uq_completion_event_earned_once",
            "enrolment_id",
            unique=True,
            sqlite_where=text("kind = 'earned'"),
            postgresql_where=text("kind = 'earned'"),
        ),
        choice_check("kind", EventKind),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),
        CheckConstraint("kind NOT IN ('revoked', 'restored') OR reason <> ''", name="reason_is_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    course: Mapped[str] = mapped_column(String(80))
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "event_kind"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey(CourseEdition.id), default=None)
    percent: Mapped[float]
    percent_before: Mapped[float | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    regrade_id: Mapped[int | None] = mapped_column(ForeignKey(Regrade.id), default=None)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
