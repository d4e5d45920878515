"""What is stored of files: which copy they are of, and each with its size and hash once it is made."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime
from pme.offprints.forms import Form
from pme.stores.home import OFFPRINTS


class Offprint(Base):
    """The files of one copy of a module or, where `module` is empty, of a course; `digest` names the copy, and `basis`
    its edition, whatever the academy says in it itself.

    `files` tell of each that is made its size and hash, by its form; the bytes lie in the store. `problem` says why
    one could not be made. `job_id` is the job that was last asked to make them; it may be gone.
    """

    __tablename__ = "offprint"
    __table_args__ = (
        UniqueConstraint("academy_id", "digest"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
        Index("ix_offprint_academy_id_basis", "academy_id", "basis"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    digest: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(64))
    course: Mapped[str] = mapped_column(String(100))
    module: Mapped[str] = mapped_column(String(100), default="")
    language: Mapped[str] = mapped_column(String(8))
    files: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    problem: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    job_id: Mapped[int | None] = mapped_column(default=None)

    @property
    def is_made(self) -> bool:
        """Whether its files are there."""
        return self.made_at is not None

    def stored_as(self, form: Form) -> str:
        """The name of a file in the store."""
        return stored_name(self.academy_id, self.digest, form)


def stored_name(academy_id: int, digest: str, form: Form) -> str:
    """The name in the store of a file of a copy."""
    return f"{OFFPRINTS}{academy_id}/{digest}.{form}"
