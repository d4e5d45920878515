"""What is stored of a notebook: one row a note, a highlighted passage or a bookmark."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.notebook.quoting import Quote


class EntryKind(StrEnum):
    """What a student kept."""

    NOTE = "note"
    HIGHLIGHT = "highlight"
    BOOKMARK = "bookmark"


class Colour(StrEnum):
    """How a passage is marked; each has a shape of its own too, so that nothing is told by colour alone."""

    AMBER = "amber"
    TEAL = "teal"
    CLEAR = "clear"


class Entry(Base):
    """One thing that a person keeps for themselves at a page of a module.

    `quote` is the passage of a highlight as it stood, with what stood `before` and `after` it and where it
    `begins` in the text of the page, by which it is found again in another edition. `language` is that of the
    text, `page_title` what the page was called. What is deleted stays for a day, so that it can be put back.
    """

    __tablename__ = "notebook_entry"
    __table_args__ = (
        Index("ix_notebook_entry_person", "person_id", "academy_id", "module"),
        Index(
            "uq_notebook_entry_one_bookmark",
            "person_id",
            "academy_id",
            "module",
            "page",
            unique=True,
            sqlite_where=text("kind = 'bookmark'"),
            postgresql_where=text("kind = 'bookmark'"),
        ),
        choice_check("kind", EntryKind),
        choice_check("colour", Colour),
        CheckConstraint("(kind = 'highlight') = (quote <> '')", name="highlight_has_quote"),
        CheckConstraint("(kind = 'highlight') = (colour IS NOT NULL)", name="highlight_has_colour"),
        CheckConstraint("kind <> 'note' OR text <> ''", name="note_has_text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind, "entry_kind"))
    course: Mapped[str] = mapped_column(String(80))
    module: Mapped[str] = mapped_column(String(80))
    page: Mapped[str] = mapped_column(String(80))
    page_title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    colour: Mapped[Colour | None] = mapped_column(choice(Colour, "colour"), default=None)
    quote: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[str] = mapped_column(String(40), default="")
    after: Mapped[str] = mapped_column(String(40), default="")
    begins: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def quoted(self) -> Quote:
        """The passage as it is looked for in a text."""
        return Quote(self.quote, self.before, self.after, self.begins)
