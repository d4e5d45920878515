"""What is stored about coming into a course: what it builds on, waivers, codes, and requests."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class RequestStatus(StrEnum):
    """How a request to take a course stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"


class Prerequisite(Base):
    """At an academy, a course asks that another one is completed before. Both are slugs."""

    __tablename__ = "prerequisite"
    __table_args__ = (
        UniqueConstraint("academy_id", "course", "needs"),
        CheckConstraint("course <> needs", name="not_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    needs: Mapped[str] = mapped_column(String(80))


class Waiver(Base):
    """A person may take a course without what it builds on. The reason stays within the academy."""

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("person_id", "academy_id", "course"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EnrolmentCode(Base):
    """A code with which students come into a cohort by themselves; `capacity` None is any number."""

    __tablename__ = "enrolment_code"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("used >= 0 AND (capacity IS NULL OR used <= capacity)", name="within_capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    code: Mapped[str] = mapped_column(String(16))
    capacity: Mapped[int | None] = mapped_column(default=None)
    used: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EnrolmentRequest(Base):
    """A student asks to take a course; staff answer in words."""

    __tablename__ = "enrolment_request"
    __table_args__ = (
        choice_check("status", RequestStatus),
        CheckConstraint("status <> 'declined' OR answer <> ''", name="declined_in_words"),
        Index(
            "uq_enrolment_request_one_waits",
            "person_id",
            "academy_id",
            "course",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_enrolment_request_academy_id_status", "academy_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[RequestStatus] = mapped_column(
        choice(RequestStatus, "status"), default=RequestStatus.WAITING
    )
    answer: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)


class CalendarFeed(Base):
    """A secret address at which a person's dates can be read; only a hash of its secret is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("ix_calendar_feed_person_id_academy_id", "person_id", "academy_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
