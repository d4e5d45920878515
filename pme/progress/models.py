"""What is stored about progress: pages read, modules completed, courses completed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


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
    """A student completed a course. `percent` is the mean of the best marks of its tasks, 0-100."""

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
    percent: Mapped[float]
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
