"""What is stored about attempts: the attempt, its breaks, responses, decisions and reflection; and what is
arranged for them: windows, accommodations, further attempts.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.assessment.levels import Level
from pme.db import Base, UtcDateTime, choice, choice_check


class Task(StrEnum):
    """What is attempted."""

    QUIZ = "quiz"
    SCENARIO = "scenario"


class AttemptStatus(StrEnum):
    """Where an attempt stands. `marking`: a quiz is handed in and waits for marks by hand; `debrief`:
    every decision of a scenario is taken, the reflection is not written.
    """

    OPEN = "open"
    MARKING = "marking"
    DEBRIEF = "debrief"
    FINISHED = "finished"


class Attempt(Base):
    """One attempt at a quiz or scenario.

    `number` counts a student's attempts at the task from 1. `draw` is the order of items and
    options that this attempt was dealt. `percent` (0-100), `is_passed`, `level` and `result` are set
    once: when the last answer or decision is in, or for essays when the marks are released.
    `ends_at` is when a timed attempt is over (None: untimed); it never moves earlier. `latest_at` is
    the latest moment at which anything was accepted from the student, so that a clock set back opens
    nothing again. `language` is the translation that it was begun in and keeps to, None for the source; its
    texts are those of its version, and nothing that is graded differs. `reflection_shared_at` is since when
    the student shares the reflection of a debrief with their instructors; None while it is private.
    `carried_at` is when a practice was first given to a device whole, to be played without a connection.
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
        Index(
            "ix_attempt_edition",
            "academy_id",
            "number",
            "course",
            "task",
            "slug",
            "version_id",
            "status",
        ),
        Index(
            "ix_attempt_open_until",
            "ends_at",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        choice_check("task", Task),
        choice_check("status", AttemptStatus),
        choice_check("level", Level),
        CheckConstraint("percent IS NULL OR (percent >= 0 AND percent <= 100)", name="percent_in_range"),
        CheckConstraint(
            "status IN ('open', 'marking') OR (percent IS NOT NULL AND is_passed IS NOT NULL)",
            name="marked_unless_waiting",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    task: Mapped[Task] = mapped_column(choice(Task, "task"))
    course: Mapped[str] = mapped_column(String(80))
    module: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    number: Mapped[int]
    status: Mapped[AttemptStatus] = mapped_column(choice(AttemptStatus, "status"), default=AttemptStatus.OPEN)
    draw: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    latest_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reflection_shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    percent: Mapped[float | None] = mapped_column(default=None)
    is_passed: Mapped[bool | None] = mapped_column(default=None)
    level: Mapped[Level | None] = mapped_column(choice(Level, "level"), default=None)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    language: Mapped[str | None] = mapped_column(String(2), default=None)
    carried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Break(Base):
    """A pause in a timed attempt, by a person's accommodation.

    `ended_at` is None while it lasts; `until` is when it ends by itself, the allowance being used up.
    """

    __tablename__ = "attempt_break"
    __table_args__ = (
        Index(
            "uq_attempt_break_one_at_a_time",
            "attempt_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_attempt_break_attempt_id", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Response(Base):
    """The last saved answer to one item of a quiz attempt.

    `confidence` is how sure the student said they are, 1-3. `seconds` is the time spent on the item. `form` is
    the key of the page that sent it, and `turn` the how-manieth change there; None without a script.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item"),
        CheckConstraint("confidence IS NULL OR (confidence BETWEEN 1 AND 3)", name="confidence_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item: Mapped[str] = mapped_column(String(80))
    answer: Mapped[list[str]] = mapped_column(JSON)
    confidence: Mapped[int | None] = mapped_column(default=None)
    seconds: Mapped[float] = mapped_column(default=0.0)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    form: Mapped[str | None] = mapped_column(String(32), default=None)
    turn: Mapped[int | None] = mapped_column(default=None)


class RefusedResponse(Base):
    """An answer that was not accepted, kept as evidence and never scored: too late, or not this draw's."""

    __tablename__ = "refused_response"
    __table_args__ = (Index("ix_refused_response_attempt_id", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item: Mapped[str] = mapped_column(String(80))
    answer: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Window(Base):
    """When a cohort may begin a quiz or scenario. An attempt begun in time has its whole time.

    `changed_at` is when that was last set, as far as it is known.
    """

    __tablename__ = "task_window"
    __table_args__ = (
        UniqueConstraint("cohort_id", "task", "slug"),
        choice_check("task", Task),
        CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="opens_before_it_closes"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    task: Mapped[Task] = mapped_column(choice(Task, "task"))
    slug: Mapped[str] = mapped_column(String(80))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Accommodation(Base):
    """What a person needs in timed tasks: time in percent of the usual, and minutes of breaks an attempt.

    Set once, applied to every timed task at this academy, shown in no report.
    """

    __tablename__ = "accommodation"
    __table_args__ = (
        UniqueConstraint("person_id", "academy_id"),
        CheckConstraint("time_percent BETWEEN 100 AND 400", name="time_percent_in_range"),
        CheckConstraint("break_minutes BETWEEN 0 AND 240", name="break_minutes_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"), index=True)
    time_percent: Mapped[int] = mapped_column(default=100)
    break_minutes: Mapped[int] = mapped_column(default=0)
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FurtherAttempt(Base):
    """One more attempt at a task than its author allows, given to one student by an instructor."""

    __tablename__ = "further_attempt"
    __table_args__ = (
        choice_check("task", Task),
        Index("ix_further_attempt_enrolment_id", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    task: Mapped[Task] = mapped_column(choice(Task, "task"))
    slug: Mapped[str] = mapped_column(String(80))
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Base):
    """One choice in a scenario attempt. `sequence` counts from 1 and never repeats.

    A choice taken back (formative scenarios only) stays, with the moment it was taken back. `key` was made with
    the page that it was taken on: the same decision sent twice is known by it, and stored once.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("attempt_id", "sequence"),
        Index("uq_decision_key", "attempt_id", "key", unique=True),
        CheckConstraint("sequence > 0", name="sequence_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    sequence: Mapped[int]
    node: Mapped[str] = mapped_column(String(80))
    choice: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    key: Mapped[str | None] = mapped_column(String(32), default=None)


class Reflection(Base):
    """What a student wrote in a debrief, private to them. `prompt` counts from 0."""

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("attempt_id", "prompt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    prompt: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
