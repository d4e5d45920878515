"""What is stored about regrades: the correction of a question, and the results revised by it.

An attempt's row keeps what was earned on the day. The result in force is its current revision, or its own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.assessment.corrections import CorrectionKind
from pme.assessment.levels import Level
from pme.db import Base, UtcDateTime, choice, choice_check


class Regrade(Base):
    """One correction of one question, in one version of a quiz, for one course of one academy.

    `detail` is the key or answer it speaks of. `seal` names exactly what the dry run showed, so that the
    same dry run is applied at most once. `effects` is who was touched, as counted when it was applied;
    `undone_effects` the same of undoing it. `undone_at` is None while it is in force.
    """

    __tablename__ = "regrade"
    __table_args__ = (
        UniqueConstraint("academy_id", "seal"),
        Index("ix_regrade_academy_id_course_version_id", "academy_id", "course", "version_id"),
        choice_check("kind", CorrectionKind),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    item: Mapped[str] = mapped_column(String(80))
    kind: Mapped[CorrectionKind] = mapped_column(choice(CorrectionKind, "correction_kind"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    seal: Mapped[str] = mapped_column(String(64))
    effects: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    undone_effects: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Revision(Base):
    """The result of a finished attempt under the corrections that were in force at a moment.

    `number` counts an attempt's revisions from 1; `regrades` are the ids of those corrections. At most one
    is current; with none, the attempt's own result is in force again.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        Index(
            "uq_revision_one_current",
            "attempt_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        choice_check("level", Level),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent_in_range"),
        CheckConstraint("number > 0", name="number_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    number: Mapped[int]
    percent: Mapped[float]
    is_passed: Mapped[bool]
    level: Mapped[Level] = mapped_column(choice(Level, "level"))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    regrades: Mapped[list[int]] = mapped_column(JSON)
    is_current: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
