"""What is stored about marking: the plan, each script, each marker's judgement, each release."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.marking.plan import Plan, Second
from pme.marking.standing import MarkStatus, Moderation, Rule, ScriptState


class MarkingPlan(Base):
    """The plan of one quiz in one cohort, or (`cohort_id` None) for students without a cohort.

    `seed` is drawn when the plan is first made and never changes, so that a draw can be repeated.
    """

    __tablename__ = "marking_plan"
    __table_args__ = (
        Index(
            "uq_marking_plan_in_cohort",
            "cohort_id",
            "slug",
            unique=True,
            sqlite_where=text("cohort_id IS NOT NULL"),
            postgresql_where=text("cohort_id IS NOT NULL"),
        ),
        Index(
            "uq_marking_plan_without_cohort",
            "academy_id",
            "course",
            "slug",
            unique=True,
            sqlite_where=text("cohort_id IS NULL"),
            postgresql_where=text("cohort_id IS NULL"),
        ),
        choice_check("second", Second),
        CheckConstraint("sample_percent BETWEEN 1 AND 100", name="sample_percent_in_range"),
        CheckConstraint("moderation_percent BETWEEN 0 AND 100", name="moderation_percent_in_range"),
        CheckConstraint("tolerance >= 0", name="tolerance_is_not_negative"),
        CheckConstraint("border BETWEEN 0 AND 50", name="border_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), default=None)
    second: Mapped[Second] = mapped_column(choice(Second, "second"))
    sample_percent: Mapped[int]
    border: Mapped[int]
    tolerance: Mapped[int]
    is_blind: Mapped[bool]
    moderation_percent: Mapped[int]
    is_named: Mapped[bool]
    is_prompt: Mapped[bool]
    seed: Mapped[str] = mapped_column(String(32))
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def rules(self) -> Plan:
        """The plan as the pure rules take it."""
        return Plan(
            second=self.second,
            sample_percent=self.sample_percent,
            border=self.border,
            tolerance=self.tolerance,
            is_blind=self.is_blind,
            moderation_percent=self.moderation_percent,
            is_named=self.is_named,
            is_prompt=self.is_prompt,
            seed=self.seed,
        )


class Script(Base):
    """One answered essay of an attempt that waits for marks, or whose marks were released.

    `code` stands for the name. `points` and `rule` are set once something stands. `is_sampled`: drawn for
    a second marker, or near the pass mark. `moderator_id` and `moderation_note` are the last moderator's.
    """

    __tablename__ = "script"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item"),
        UniqueConstraint("academy_id", "code"),
        Index("ix_script_academy_id_course_slug", "academy_id", "course", "slug"),
        choice_check("state", ScriptState),
        choice_check("rule", Rule),
        choice_check("moderation", Moderation),
        CheckConstraint(
            "state NOT IN ('moderation', 'ready', 'released') OR points IS NOT NULL",
            name="points_once_settled",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(12))
    state: Mapped[ScriptState] = mapped_column(choice(ScriptState, "state"), default=ScriptState.WAITING)
    points: Mapped[float | None] = mapped_column(default=None)
    rule: Mapped[Rule | None] = mapped_column(choice(Rule, "rule"), default=None)
    is_sampled: Mapped[bool] = mapped_column(default=False)
    moderation: Mapped[Moderation] = mapped_column(choice(Moderation, "moderation"), default=Moderation.NONE)
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    moderation_note: Mapped[str] = mapped_column(Text, default="")


class Mark(Base):
    """One person's judgement of a script.

    `place` is 1 or 2 for markers, 3 for what decides between them, None for what was set aside.
    `claimed_until` is how long a draft keeps others away. `first_levels` are the levels when the mark was
    first finished: what agreement is computed from, whatever was changed later. `reason` says why a
    deciding judgement decides so, and `agreed_by` names the other marker who agreed to it.
    """

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("script_id", "place"),
        Index(
            "uq_mark_one_place_a_marker",
            "script_id",
            "marker_id",
            unique=True,
            sqlite_where=text("place IN (1, 2)"),
            postgresql_where=text("place IN (1, 2)"),
        ),
        choice_check("status", MarkStatus),
        CheckConstraint("place IS NULL OR place IN (1, 2, 3)", name="place_is_known"),
        CheckConstraint(
            "status <> 'finished' OR (points IS NOT NULL AND place IS NOT NULL)", name="finished_is_whole"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[int] = mapped_column(ForeignKey("script.id"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[int | None]
    status: Mapped[MarkStatus] = mapped_column(choice(MarkStatus, "status"), default=MarkStatus.DRAFT)
    judgement: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_levels: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True), default=None)
    points: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    claimed_until: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Release(Base):
    """The marks of one quiz in one cohort were released; `attempts` counts those that this act closed."""

    __tablename__ = "mark_release"
    __table_args__ = (Index("ix_mark_release_academy_id_course_slug", "academy_id", "course", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), default=None)
    attempts: Mapped[int]
    released_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
