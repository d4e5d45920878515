"""Modules and courses as files to take along: which are made, and of what size."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "offprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_offprint_digest_is_whole")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_offprint_academy_id_academy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offprint")),
        sa.UniqueConstraint("academy_id", "digest", name=op.f("uq_offprint_academy_id_digest")),
    )
    keep_apart(op, "offprint")
    op.create_index("ix_offprint_academy_id_basis", "offprint", ["academy_id", "basis"], unique=False)


def downgrade() -> None:
    """Forget the files; they can be made anew."""
    op.drop_table("offprint")
