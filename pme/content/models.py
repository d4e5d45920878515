"""What content stores: immutable versions, the media they show, and which set is current.

A version never changes. A publication names one version of everything; what it does not name is
retired, and stays readable for the attempts and certificates that were earned on it.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pme.content.library import Kind
from pme.db import Base, UtcDateTime, choice, choice_check
from pme.words.speech import _
from pme.words.times import day


class ContentVersion(Base):
    """One state of one piece of content, as students are served it.

    `compiled` is the canonical JSON of its shape and `sha256` its hash; `source` is a JSON object
    of the files it was written in; `format` is the number of the compiled form.
    """

    __tablename__ = "content_version"
    __table_args__ = (
        UniqueConstraint("kind", "slug", "sha256"),
        choice_check("kind", Kind),
        CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind, "content_kind"))
    slug: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    compiled: Mapped[str] = mapped_column(Text)
    format: Mapped[int]
    published_by: Mapped[int | None]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VersionSource(Base):
    """A source that a version cites, by its key in the bibliography of then."""

    __tablename__ = "version_source"

    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"), primary_key=True)
    source_key: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class MediaFile(Base):
    """A file that pages show, kept once by the hash of its bytes. That of an attachment is empty: see there."""

    __tablename__ = "media_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AttachmentFile(Base):
    """A recording or document, kept once by the hash of its bytes, which lie in pieces."""

    __tablename__ = "attachment_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BroughtFile(Base):
    """A recording or document that is on its way into the store of files, or came there and was never written down.

    The row goes in the transaction that writes it down (`AttachmentFile`). What is left is taken away again after a
    day; from `going_at` on nobody may bring it anew until that is done.
    """

    __tablename__ = "brought_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    going_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class AttachmentPart(Base):
    """One piece of it, counted from 0; all but the last are of one length, so that any place is found at once."""

    __tablename__ = "attachment_part"

    sha256: Mapped[str] = mapped_column(ForeignKey("attachment_file.sha256"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Publication(Base):
    """One act of publishing; the newest is what students see.

    `digest` names the exact set of versions, so that a cache can never mistake one for another.
    """

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_is_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text)


class PublicationEntry(Base):
    """One version that a publication names."""

    __tablename__ = "publication_entry"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"), primary_key=True, index=True)


class SourceFile(Base):
    """The bytes of a content file as an author wrote it, kept once by their hash."""

    __tablename__ = "source_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class PublicationFile(Base):
    """A file that a publication was made of, or (`sha256` None) one that it left out.

    `folder_sha256` is what the content folder held at this path when it was last published from the
    folder, None for nothing: where the two differ, the file was edited in the browser since.
    """

    __tablename__ = "publication_file"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("source_file.sha256"))
    folder_sha256: Mapped[str | None] = mapped_column(String(64))


class CourseEdition(Base):
    """A course with everything that completes it, each in one version, as it was first published.

    `digest` names exactly that set, `number` counts the editions of a course from 1; `version_id` is the
    version of the course itself.
    """

    __tablename__ = "course_edition"
    __table_args__ = (
        UniqueConstraint("course", "digest"),
        UniqueConstraint("course", "number"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def label(self) -> str:
        """What people call it, as certificates keep it: “Edition 3 (2 March 2026)”."""
        return f"Edition {self.number} ({self.published_at.day} {self.published_at:%B %Y})"  # not words

    @property
    def shown(self) -> str:
        """The same, in the language spoken now."""
        return _("Edition {number} ({day})", number=self.number, day=day(self.published_at))


class EditionPart(Base):
    """One version that an edition is made of."""

    __tablename__ = "edition_part"

    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("content_version.id"), primary_key=True)
