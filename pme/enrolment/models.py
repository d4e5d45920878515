"""What is stored about enrolment: who takes a course."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class EnrolmentStatus(StrEnum):
    """Whether a student still takes the course."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class Enrolment(Base):
    """A student takes a course at an academy."""

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
    status: Mapped[EnrolmentStatus] = mapped_column(
        choice(EnrolmentStatus, "status"), default=EnrolmentStatus.ACTIVE
    )
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
