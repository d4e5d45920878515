"""Previews as a student, and links for outside reviewers with what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "preview_state",
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_preview_state")),
    )
    op.create_index(op.f("ix_preview_state_used_at"), "preview_state", ["used_at"], unique=False)
    op.create_table(
        "outside_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opened >= 0", name=op.f("ck_outside_link_opened_is_count")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_outside_link_draft_id_draft")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_outside_link_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_outside_link_token_sha256")),
    )
    op.create_index(op.f("ix_outside_link_draft_id"), "outside_link", ["draft_id"], unique=False)
    op.create_table(
        "outside_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["outside_link.id"], name=op.f("fk_outside_comment_link_id_outside_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_comment")),
    )
    op.create_index(op.f("ix_outside_comment_link_id"), "outside_comment", ["link_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_outside_comment_link_id"), table_name="outside_comment")
    op.drop_table("outside_comment")
    op.drop_index(op.f("ix_outside_link_draft_id"), table_name="outside_link")
    op.drop_table("outside_link")
    op.drop_index(op.f("ix_preview_state_used_at"), table_name="preview_state")
    op.drop_table("preview_state")
