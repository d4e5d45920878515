"""What is stored of figures that take long to work out: the figures, and the moment that they are as of."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class KeptFigures(Base):
    """Figures of an academy as they were `as_of` a moment; None while they are worked out for the first time.

    `name` says of what, `asked` narrowed to what, and `narrowed` is its hash. `basis` counts the first attempts
    that they rest on, by course. `changes` counts how often something else that they rest on was changed, by a
    regrade or an erasure; `changes_seen` is what that was when they were read. `job_id` is the job that was last
    asked to work them out; it may be gone.
    """

    __tablename__ = "kept_figures"
    __table_args__ = (
        UniqueConstraint("academy_id", "name", "narrowed"),
        CheckConstraint("length(narrowed) = 64", name="narrowed_is_whole"),
        CheckConstraint("(as_of IS NULL) = (figures IS NULL)", name="figures_have_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    name: Mapped[str] = mapped_column(String(40))
    narrowed: Mapped[str] = mapped_column(String(64))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    figures: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True, default=None)
    basis: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    changes: Mapped[int] = mapped_column(default=0)
    changes_seen: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column(default=None)
