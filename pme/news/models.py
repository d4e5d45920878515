"""What is stored of news: up to when somebody said that they have seen them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class NewsSeen(Base):
    """A person has seen what was new at an academy up to a moment."""

    __tablename__ = "news_seen"
    __table_args__ = (
        UniqueConstraint("academy_id", "person_id"),
        Index("ix_news_seen_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
