"""Files on their way into the store are noted, so that what was never written down is taken away again."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the notes."""
    op.create_table(
        "brought_file",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("going_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_brought_file")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_brought_file_sha256_is_whole")),
    )


def downgrade() -> None:
    """Forget the notes; the files stay."""
    op.drop_table("brought_file")
