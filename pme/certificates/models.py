"""What is stored about certificates: the frozen row, and the counter that numbers them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class Certificate(Base):
    """Every printed field, as it was on the day of issue. Nothing here changes afterwards.

    `hours` is the workload in hours, `percent` the result (0-100), `course_sha256` the hash of the
    course version it was earned on, `code` the unguessable part of the verification address.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("code"),
        UniqueConstraint("enrolment_id"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(40))
    holder_name: Mapped[str] = mapped_column(String(120))
    holder_rank: Mapped[str] = mapped_column(String(60))
    academy_name: Mapped[str] = mapped_column(String(200))
    academy_nation: Mapped[str] = mapped_column(String(80))
    course: Mapped[str] = mapped_column(String(80))
    course_title: Mapped[str] = mapped_column(String(200))
    course_sha256: Mapped[str] = mapped_column(String(64))
    certificate_title: Mapped[str] = mapped_column(String(200))
    statement: Mapped[str] = mapped_column(Text)
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    hours: Mapped[float]
    percent: Mapped[float]
    language: Mapped[str] = mapped_column(String(10))
    signatories: Mapped[list[Any]] = mapped_column(JSON)
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateCounter(Base):
    """The last number given by an academy in a year; raised in the transaction that issues."""

    __tablename__ = "certificate_counter"
    __table_args__ = (UniqueConstraint("academy_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)
