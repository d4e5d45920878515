"""What is stored about files that were brought into a draft from outside: what was found in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime


class DraftImport(Base):
    """One act of bringing something in. `what` is package, document or pages; `report` is what to tell of it."""

    __tablename__ = "draft_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    what: Mapped[str] = mapped_column(String(24))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
