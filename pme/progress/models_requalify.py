"""What is stored about keeping a completion up to date: calls of an academy, what each holder is asked, and
how long a completion is valid.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.progress.completion import StepKind


class Ending(StrEnum):
    """How a requalification came to its end."""

    DONE = "done"
    REPLACED = "replaced"
    """A later one asks for what is left of it."""
    WITHDRAWN = "withdrawn"


class EditionCall(Base):
    """An academy asks the holders of a course for what changed up to an edition; `note` is shown to them."""

    __tablename__ = "edition_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    course: Mapped[str] = mapped_column(String(80))
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"))
    due_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Requalification(Base):
    """What one holder is asked to do for an edition, by a call or (None) by their own will.

    `parts` are [kind, module, slug] of steps, settled when it was asked. Tasks count when they are begun
    after that and passed; what is read again is a `RequalifiedPart`.
    """

    __tablename__ = "requalification"
    __table_args__ = (
        Index(
            "uq_requalification_one_open",
            "enrolment_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_requalification_academy_id_closed_at", "academy_id", "closed_at"),
        choice_check("ending", Ending),
        CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="closed_somehow"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("edition_call.id"), index=True, default=None)
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"))
    parts: Mapped[list[list[str]]] = mapped_column(JSON)
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ending: Mapped[Ending | None] = mapped_column(choice(Ending, "ending"), default=None)


class RequalifiedPart(Base):
    """A part of a requalification that was done otherwise than by passing a task: a page read again."""

    __tablename__ = "requalified_part"
    __table_args__ = (
        UniqueConstraint("requalification_id", "kind", "module", "slug"),
        choice_check("kind", StepKind),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    requalification_id: Mapped[int] = mapped_column(ForeignKey("requalification.id"))
    kind: Mapped[StepKind] = mapped_column(choice(StepKind, "step_kind"))
    module: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CourseValidity(Base):
    """For how long an academy holds a completion of a course to be valid; without one, for good: for so many
    months, or until the same day of every year.
    """

    __tablename__ = "course_validity"
    __table_args__ = (
        UniqueConstraint("academy_id", "course"),
        CheckConstraint("months BETWEEN 1 AND 120", name="months_in_range"),
        CheckConstraint(
            "(months IS NULL) = (until_month IS NOT NULL) AND (until_month IS NULL) = (until_day IS NULL)",
            name="months_or_day",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    months: Mapped[int | None] = mapped_column(default=None)
    until_month: Mapped[int | None] = mapped_column(default=None)
    until_day: Mapped[int | None] = mapped_column(default=None)
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
