"""Recordings and documents in pieces, and what was brought into a draft from outside."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "attachment_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attachment_file_sha256_is_whole")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachment_file")),
    )
    op.create_table(
        "attachment_part",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["attachment_file.sha256"],
            name=op.f("fk_attachment_part_sha256_attachment_file"),
        ),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_attachment_part")),
    )
    op.create_table(
        "draft_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_import_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_import")),
    )
    op.create_index(op.f("ix_draft_import_draft_id"), "draft_import", ["draft_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_draft_import_draft_id"), table_name="draft_import")
    op.drop_table("draft_import")
    op.drop_table("attachment_part")
    op.drop_table("attachment_file")
