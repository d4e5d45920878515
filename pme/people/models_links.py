"""What is stored about links that open an account to its owner: invitations, new passwords, new addresses."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"
    ADDRESS = "address"


class AccountLink(Base):
    """A link for one person, good once and for a while; only the hash of its secret is kept.

    `academy_id` is that which sent it, None where the person asked by themselves; `email` is where it goes:
    for a new address, that address.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        choice_check("purpose", Purpose),
        Index("ix_account_link_person_id", "person_id"),
        Index("ix_account_link_academy_id", "academy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    academy_id: Mapped[int | None] = mapped_column(ForeignKey("academy.id"), default=None)
    email: Mapped[str] = mapped_column(String(254))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def is_open(self, at: datetime) -> bool:
        """Whether the link still opens something."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > at
