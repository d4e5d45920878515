"""What is stored about panels: the panel, its panellists, what they rated and why, and when they were done."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.assessment.models import Task
from pme.db import Base, UtcDateTime, choice, choice_check


class Method(StrEnum):
    """What a panel is asked: to rate every option, or how many candidates get an item right."""

    RATING = "rating"
    ANGOFF = "angoff"


class PanelState(StrEnum):
    """Where a panel stands. Ratings are seen by nobody else while a round is open."""

    ROUND_ONE = "round-one"
    BETWEEN = "between"
    ROUND_TWO = "round-two"
    CLOSED = "closed"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class Trade(StrEnum):
    """What a panellist knows about by profession or by life."""

    LEGAL = "legal"
    MEDICAL = "medical"
    POLICE = "police"
    GBV = "gender-based-violence"
    SURVIVOR = "survivor-adviser"
    COMMANDER = "military-commander"
    EDUCATOR = "educator"
    OTHER = "other"


class Panel(Base):
    """People asked to judge one published version of a scenario or quiz. `due_at` is a wish, not a lock."""

    __tablename__ = "panel"
    __table_args__ = (
        choice_check("task", Task),
        choice_check("method", Method),
        choice_check("state", PanelState),
        CheckConstraint(
            "(state = 'adopted') = (adopted_version_id IS NOT NULL)", name="adopted_is_a_version"
        ),
        Index("ix_panel_academy_id_course", "academy_id", "course"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    course: Mapped[str] = mapped_column(String(80))
    task: Mapped[Task] = mapped_column(choice(Task, "task"))
    slug: Mapped[str] = mapped_column(String(80))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    method: Mapped[Method] = mapped_column(choice(Method, "method"))
    title: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[PanelState] = mapped_column(choice(PanelState, "state"), default=PanelState.ROUND_ONE)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    adopted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    adopted_version_id: Mapped[int | None] = mapped_column(ForeignKey("content_version.id"), default=None)

    @property
    def open_round(self) -> int | None:
        """The round that takes ratings now, or None."""
        return {PanelState.ROUND_ONE: 1, PanelState.ROUND_TWO: 2}.get(self.state)

    @property
    def closed_rounds(self) -> int:
        """How many rounds are over, so that their ratings may be looked at."""
        if self.state in (PanelState.BETWEEN, PanelState.ROUND_TWO):
            return 1
        return 2 if self.state in (PanelState.CLOSED, PanelState.ADOPTED) else 0


class Panellist(Base):
    """Somebody invited, who needs no account: their link holds a secret of which only the hash is kept."""

    __tablename__ = "panellist"
    __table_args__ = (
        UniqueConstraint("panel_id", "email"),
        choice_check("trade", Trade),
        CheckConstraint("years IS NULL OR (years BETWEEN 0 AND 70)", name="years_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    trade: Mapped[Trade] = mapped_column(choice(Trade, "trade"))
    years: Mapped[int | None]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class PanelRating(Base):
    """One value: a rating of 1-4 of an option, or 0-100 candidates of an item (whose `option` is empty)."""

    __tablename__ = "panel_rating"
    __table_args__ = (
        UniqueConstraint("panellist_id", "round", "subject", "option"),
        CheckConstraint("round IN (1, 2)", name="round_is_known"),
        CheckConstraint(
            "(option = '' AND value BETWEEN 0 AND 100) OR (option <> '' AND value BETWEEN 1 AND 4)",
            name="value_in_range",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panellist_id: Mapped[int] = mapped_column(ForeignKey("panellist.id"))
    round: Mapped[int]
    subject: Mapped[str] = mapped_column(String(80))
    option: Mapped[str] = mapped_column(String(80), default="")
    value: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PanelReason(Base):
    """Why a panellist rated as they did; shown without a name."""

    __tablename__ = "panel_reason"
    __table_args__ = (
        UniqueConstraint("panellist_id", "round", "subject"),
        CheckConstraint("round IN (1, 2)", name="round_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panellist_id: Mapped[int] = mapped_column(ForeignKey("panellist.id"))
    round: Mapped[int]
    subject: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PanelSubmission(Base):
    """A panellist has finished a round; only finished rounds count."""

    __tablename__ = "panel_submission"
    __table_args__ = (
        UniqueConstraint("panellist_id", "round"),
        CheckConstraint("round IN (1, 2)", name="round_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panellist_id: Mapped[int] = mapped_column(ForeignKey("panellist.id"))
    round: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
