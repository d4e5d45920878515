"""What is stored about enrolment: who takes a course, and in which cohort."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class EnrolmentStatus(StrEnum):
    """Whether a student still takes the course."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Cohort(Base):
    """Students who take a course together at an academy."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("academy_id", "course", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AcademyCourse(Base):
    """An academy chose a published course to offer; `course` is its slug, `chosen_by` None for the installation."""

    __tablename__ = "academy_course"
    __table_args__ = (UniqueConstraint("academy_id", "course"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Enrolment(Base):
    """A student takes a course at an academy, alone or in a cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "academy_id", "course"),
        Index("ix_enrolment_academy_id_course", "academy_id", "course"),
        choice_check("status", EnrolmentStatus),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True, default=None)
    status: Mapped[EnrolmentStatus] = mapped_column(
        choice(EnrolmentStatus, "status"), default=EnrolmentStatus.ACTIVE
    )
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
