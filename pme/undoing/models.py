"""What is stored about acts that can be undone: the act, and each row of it as it was and as it became."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.undoing.verdict import Why


class Did(StrEnum):
    """What was done to many rows at once."""

    WITHDRAWN = "withdrawn"
    READMITTED = "readmitted"
    MOVED = "moved"
    ENROLLED = "enrolled"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    LAST_DAY = "last-day"
    ROSTER = "roster"
    TEACHERS = "teachers"
    MODULES = "modules"
    INVITED = "invited"
    """Letters to many, which can be called back as long as they wait."""
    APPROVED = "approved"
    """Requests for courses, whose students were enrolled."""
    SENT_AGAIN = "sent-again"
    """Letters that were given up, which can be called back as long as they wait."""


LETTERS = (Did.INVITED, Did.SENT_AGAIN)
"""Acts whose letters are called back, rather than put back."""


class Thing(StrEnum):
    """Which table a row is of."""

    ENROLMENT = "enrolment"
    EXTENSION = "extension"
    MEMBERSHIP = "membership"
    RECORD = "record"
    """What an academy knows of a person."""
    ALLOWANCE = "allowance"
    """The time that a person has in timed tasks."""
    COHORT = "cohort"
    """Who teaches a cohort and what it does with optional modules; `was` None for one that the act made."""
    LETTER = "letter"
    REQUEST = "request"
    """What a student asked for: whether it waits for an answer. Words are not kept."""


class Change(Base):
    """An act on many rows. `course` is "" where it is about none; it can be undone `until` then, and is undone once.

    `people` is about how many people it is, 0 where it is about a cohort.
    """

    __tablename__ = "change"
    __table_args__ = (choice_check("did", Did), Index("ix_change_academy_id_at", "academy_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    did: Mapped[Did] = mapped_column(choice(Did, "did"))
    course: Mapped[str] = mapped_column(String(80), default="")
    people: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)


class ChangedRow(Base):
    """One row of an act: `was` None where the act made it. `thing_id` is kept without a reference: the row may go.
    `why` says, after undoing, why it was left as it is. `person_id` is None for a cohort, and for somebody whom
    undoing took back.
    """

    __tablename__ = "changed_row"
    __table_args__ = (
        choice_check("thing", Thing),
        choice_check("why", Why),
        Index("ix_changed_row_change_id", "change_id"),
        Index("ix_changed_row_academy_id_person_id", "academy_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    thing: Mapped[Thing] = mapped_column(choice(Thing, "thing"))
    thing_id: Mapped[int]
    was: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    became: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[Why | None] = mapped_column(choice(Why, "why"), default=None)
