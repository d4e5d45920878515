"""What is stored about certificates: frozen rows, what came of them, the numbers that were drawn, and what an
academy states of a course on them.

Certificates, their events and drawn numbers never change: the database refuses it (triggers of their migration).
A correction is one more certificate, which replaces the one before.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pme.certificates.designs.models import DesignVersion
from pme.content.edition_labels import edition_said
from pme.content.models import CourseEdition
from pme.db import Base, UtcDateTime, choice, choice_check


class Cause(StrEnum):
    """Why a certificate was issued."""

    EARNED = "earned"
    CORRECTED = "corrected"
    """Something on the one before was wrong."""
    RENEWED = "renewed"
    """The holder did what was asked to keep it."""
    RESTORED = "restored"
    """The one before had been revoked with a completion that counts again."""


class Certificate(Base):
    """Every printed field, as it was on the day of issue. Nothing here changes afterwards, but for what an
    erasure empties: name, rank and `reason`.

    `hours` is the workload in hours and `ects` the same in ECTS credits, where the academy states how many hours
    one is; `frameworks` are (name, level) as the academy states them; `outcomes` are (id, text, level), the id and
    level of those issued before these were kept being empty. `percent` is the result (0-100), `course_sha256` the
    hash of the course version, `edition_sha256` that of the course with all that completes it. `earned_on` is the
    day of the completion or its renewal, `valid_until` the last valid day, None for no end. `code` is the
    unguessable part of the verification address; `design_version_id` the design it is printed in, None for the
    house's; `status_index` the place in the academy's `status_list`.

    A certificate that follows another of the same enrolment names it in `replaces_id`, `cause` says why, and
    where a person issued it `issued_by` and `reason` who and why. Each has one follower at most and one of an
    enrolment follows none, so one is in force at most.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("code"),
        UniqueConstraint("replaces_id"),
        UniqueConstraint("academy_id", "status_list", "status_index"),
        Index(
            "uq_certificate_first_of_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=text("replaces_id IS NULL"),
            postgresql_where=text("replaces_id IS NULL"),
        ),
        choice_check("cause", Cause),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),
        CheckConstraint("(cause = 'earned') = (replaces_id IS NULL)", name="follower_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(40))
    status_list: Mapped[int] = mapped_column(default=1)
    status_index: Mapped[int]
    cause: Mapped[Cause] = mapped_column(choice(Cause, "cause"), default=Cause.EARNED)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), default=None)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    design_version_id: Mapped[int | None] = mapped_column(ForeignKey(DesignVersion.id), default=None)
    holder_name: Mapped[str] = mapped_column(String(120))
    holder_rank: Mapped[str] = mapped_column(String(60))
    academy_name: Mapped[str] = mapped_column(String(200))
    academy_nation: Mapped[str] = mapped_column(String(80))
    course: Mapped[str] = mapped_column(String(80))
    course_title: Mapped[str] = mapped_column(String(200))
    course_sha256: Mapped[str] = mapped_column(String(64))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey(CourseEdition.id), default=None)
    edition: Mapped[str] = mapped_column(String(80), default="")
    edition_sha256: Mapped[str] = mapped_column(String(64), default="")
    certificate_title: Mapped[str] = mapped_column(String(200))
    statement: Mapped[str] = mapped_column(Text)
    outcomes: Mapped[list[Any]] = mapped_column(JSON)
    hours: Mapped[float]
    ects: Mapped[float | None] = mapped_column(default=None)
    frameworks: Mapped[list[Any]] = mapped_column(JSON, default=list)
    percent: Mapped[float]
    language: Mapped[str] = mapped_column(String(10))
    signatories: Mapped[list[Any]] = mapped_column(JSON)
    earned_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date, default=None)
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def edition_said(self) -> str:
        """What the edition is called, in the language spoken now."""
        return edition_said(self.edition)

    @property
    def outcome_texts(self) -> tuple[str, ...]:
        """What the holder can do, in the order of the course."""
        return tuple(str(words) for _, words, _ in self.outcomes)


class CertificateEventKind(StrEnum):
    """What can come of a certificate."""

    SUPERSEDED = "superseded"
    """Another one replaces it."""
    REVOKED = "revoked"


class Ground(StrEnum):
    """Why a certificate is revoked, as anybody may know it."""

    ERROR = "error"
    HOLDER = "holder"
    MISCONDUCT = "misconduct"
    REQUEST = "request"
    COMPLETION = "completion"
    OTHER = "other"


class CertificateEvent(Base):
    """One thing that came of a certificate. `ground` is public, `reason` for the holder and the academy's staff;
    it is emptied when the holder is erased.
    """

    __tablename__ = "certificate_event"
    __table_args__ = (
        UniqueConstraint("certificate_id", "kind"),
        Index("ix_certificate_event_academy_id_at", "academy_id", "at"),
        choice_check("kind", CertificateEventKind),
        choice_check("ground", Ground),
        CheckConstraint("(kind = 'revoked') = (ground IS NOT NULL)", name="revocation_has_ground"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[CertificateEventKind] = mapped_column(choice(CertificateEventKind, "certificate_event_kind"))
    ground: Mapped[Ground | None] = mapped_column(choice(Ground, "ground"), default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertificateCounter(Base):
    """The last number given by an academy in a year; raised in the transaction that issues."""

    __tablename__ = "certificate_counter"
    __table_args__ = (UniqueConstraint("academy_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class CertificateNumber(Base):
    """A number that was drawn: a certificate bears it, or the explanation says why none does."""

    __tablename__ = "certificate_number"
    __table_args__ = (
        UniqueConstraint("academy_id", "year", "sequence"),
        CheckConstraint("is_issued = (explanation = '')", name="gap_is_explained"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    is_issued: Mapped[bool]
    explanation: Mapped[str] = mapped_column(String(200), default="")
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseStatement(Base):
    """What an academy states of a course on its certificates from then on: how many hours one credit is, and the
    levels in frameworks of qualifications; None and empty where it states nothing.
    """

    __tablename__ = "course_statement"
    __table_args__ = (
        UniqueConstraint("academy_id", "course"),
        CheckConstraint("hours_per_credit BETWEEN 25 AND 30", name="hours_per_credit_in_range"),
        CheckConstraint("eqf_level BETWEEN 1 AND 8", name="eqf_level_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    hours_per_credit: Mapped[int | None] = mapped_column(default=None)
    eqf_level: Mapped[int | None] = mapped_column(default=None)
    milof_level: Mapped[str] = mapped_column(String(40), default="")
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
