"""What is stored about attempts: the attempt, its responses, its decisions and the reflection."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class Task(StrEnum):
    """What is attempted."""

    QUIZ = "quiz"
    SCENARIO = "scenario"


class AttemptStatus(StrEnum):
    """Where an attempt stands. `debrief`: every decision is taken, the reflection is not written."""

    OPEN = "open"
    DEBRIEF = "debrief"
    FINISHED = "finished"


class Attempt(Base):
    """One attempt at a quiz or scenario.

    `number` counts a student's attempts at the task from 1. `draw` is the order of items and
    options that this attempt was dealt. `percent` (0-100), `is_passed` and `result` are set once,
    when the last answer or decision is in.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "task", "slug", "number"),
        Index(
            "uq_attempt_one_unfinished",
            "enrolment_id",
            "task",
            "slug",
            unique=True,
            sqlite_where=text("status <> 'finished'"),
            postgresql_where=text("status <> 'finished'"),
        ),
        choice_check("task", Task),
        choice_check("status", AttemptStatus),
        CheckConstraint("percent IS NULL OR (percent >= 0 AND percent <= 100)", name="percent_in_range"),
        CheckConstraint(
            "status = 'open' OR (percent IS NOT NULL AND is_passed IS NOT NULL)", name="marked_unless_open"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    task: Mapped[Task] = mapped_column(choice(Task, "task"))
    course: Mapped[str] = mapped_column(String(80))
    module: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    number: Mapped[int]
    status: Mapped[AttemptStatus] = mapped_column(choice(AttemptStatus, "status"), default=AttemptStatus.OPEN)
    draw: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    percent: Mapped[float | None] = mapped_column(default=None)
    is_passed: Mapped[bool | None] = mapped_column(default=None)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)


class Response(Base):
    """The last saved answer to one item of a quiz attempt."""

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("attempt_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item: Mapped[str] = mapped_column(String(80))
    answer: Mapped[list[str]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Base):
    """One choice in a scenario attempt. `sequence` counts from 1 and never repeats.

    A choice taken back (formative scenarios only) stays, with the moment it was taken back.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("attempt_id", "sequence"),
        CheckConstraint("sequence > 0", name="sequence_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    sequence: Mapped[int]
    node: Mapped[str] = mapped_column(String(80))
    choice: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Reflection(Base):
    """What a student wrote in a debrief, private to them. `prompt` counts from 0."""

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("attempt_id", "prompt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    prompt: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
