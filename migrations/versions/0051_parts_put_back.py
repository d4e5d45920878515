"""Parts that are deleted in a draft can be put back while it is open."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

WHAT = ("question", "node", "ending", "outcome", "module", "page", "medium")


def upgrade() -> None:
    """Keep what was deleted."""
    op.create_table(
        "draft_removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"what IN {WHAT}", name=op.f("ck_draft_removal_what_is_known")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_removal_draft_id_draft")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_draft_removal_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_removal")),
    )
    op.create_index(op.f("ix_draft_removal_draft_id"), "draft_removal", ["draft_id"])
    op.create_table(
        "draft_removal_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_removal_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("was", sa.LargeBinary(), nullable=True),
        sa.Column("was_in", sa.Boolean(), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("became", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_removal_id"],
            ["draft_removal.id"],
            name=op.f("fk_draft_removal_file_draft_removal_id_draft_removal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["base_sha256"],
            ["source_file.sha256"],
            name=op.f("fk_draft_removal_file_base_sha256_source_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_removal_file")),
        sa.UniqueConstraint(
            "draft_removal_id", "path", name=op.f("uq_draft_removal_file_draft_removal_id_path")
        ),
    )
    keep_apart(op, "draft_removal", parent="draft")
    keep_apart(op, "draft_removal_file", parent="draft_removal")


def downgrade() -> None:
    """Forget what was deleted: drafts stay as they are."""
    op.drop_table("draft_removal_file")
    op.drop_index(op.f("ix_draft_removal_draft_id"), table_name="draft_removal")
    op.drop_table("draft_removal")
