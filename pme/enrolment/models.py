"""What is stored about enrolment: who takes a course, and in which cohort."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.enrolment.plan import Arranged


class EnrolmentStatus(StrEnum):
    """Whether a student still takes the course."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Cohort(Base):
    """Students who take a course together at an academy. Its dates are days of the academy; a due date ends
    when its day does. `changed_at` is when what a calendar shows of it last changed.
    """

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("academy_id", "course", "name"),
        CheckConstraint(
            "starts_on IS NULL OR due_on IS NULL OR starts_on <= due_on", name="starts_before_due"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_on: Mapped[date | None] = mapped_column(Date, default=None)
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class AcademyCourse(Base):
    """An academy chose a published course to offer; `course` is its slug, `chosen_by` None for the installation.
    While `takes_requests` is set, its students may ask for it.
    """

    __tablename__ = "academy_course"
    __table_args__ = (UniqueConstraint("academy_id", "course"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    takes_requests: Mapped[bool] = mapped_column(default=True)


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


class CohortInstructor(Base):
    """An instructor of the course who teaches a cohort; who may do what goes by the course (`Teaching`)."""

    __tablename__ = "cohort_instructor"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class CohortModule(Base):
    """What a cohort does with a module that is optional in its course."""

    __tablename__ = "cohort_module"
    __table_args__ = (UniqueConstraint("cohort_id", "module"), choice_check("arranged", Arranged))

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    module: Mapped[str] = mapped_column(String(80))
    arranged: Mapped[Arranged] = mapped_column(choice(Arranged, "arranged"))


class Extension(Base):
    """A due date of one's own, the newest of which counts. The reason stays within the academy."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
