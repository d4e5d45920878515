"""What is stored of keys: one row each, never taken away, so that what it signed can be checked for ever."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pme.db import Base, UtcDateTime, choice, choice_check
from pme.keys.public import KeyKind, PublicKey

CURRENT = text("retired_at IS NULL AND revoked_at IS NULL")


class SigningKey(Base):
    """A key pair of an academy. `public` is raw (Ed25519) or a SubjectPublicKeyInfo in DER; `private_sealed` is the
    private part under the secret of the keyring, "" once the key no longer signs. `certificate_chain` is in PEM,
    its own certificate first. One key of each kind is current; `is_demo` never signs for an academy that is real.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        UniqueConstraint("academy_id", "label"),
        UniqueConstraint("public"),
        choice_check("kind", KeyKind),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_with_a_reason"),
        Index(
            "ix_signing_key_current",
            "academy_id",
            "kind",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    academy_id: Mapped[int] = mapped_column(ForeignKey("academy.id"))
    kind: Mapped[KeyKind] = mapped_column(choice(KeyKind, "kind"))
    label: Mapped[str] = mapped_column(String(40))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private_sealed: Mapped[str] = mapped_column(Text)
    certificate_chain: Mapped[str] = mapped_column(Text, default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_reason: Mapped[str] = mapped_column(String(300), default="")

    @property
    def as_public(self) -> PublicKey:
        """What everybody may know of it."""
        return PublicKey(
            label=self.label,
            kind=self.kind,
            public=self.public,
            created_at=self.created_at,
            retired_at=self.retired_at,
            revoked_at=self.revoked_at,
            revoked_reason=self.revoked_reason,
            chain=self.certificate_chain,
            is_demo=self.is_demo,
        )
