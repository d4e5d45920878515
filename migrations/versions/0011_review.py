"""Review of drafts: functions and who holds them, what was decided of which state, comments."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "review_function",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_review_function_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_function")),
        sa.UniqueConstraint("academy_id", "name", name=op.f("uq_review_function_academy_id_name")),
    )
    op.create_table(
        "function_holder",
        sa.Column("function_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["review_function.id"],
            name=op.f("fk_function_holder_function_id_review_function"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_function_holder_person_id_person")
        ),
        sa.PrimaryKeyConstraint("function_id", "person_id", name=op.f("pk_function_holder")),
    )
    op.create_table(
        "review_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "requested",
                "taken-back",
                "changes-asked",
                "approved",
                name="review_kind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("function_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('requested', 'taken-back', 'changes-asked', 'approved')",
            name=op.f("ck_review_act_kind_is_known"),
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_review_act_digest_is_whole")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_review_act_draft_id_draft")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_review_act_by_id_person")),
        sa.ForeignKeyConstraint(
            ["function_id"], ["review_function.id"], name=op.f("fk_review_act_function_id_review_function")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_act")),
    )
    op.create_index(op.f("ix_review_act_draft_id"), "review_act", ["draft_id"], unique=False)
    op.create_table(
        "draft_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("anchor", sa.String(length=300), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_comment_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["reply_to"], ["draft_comment.id"], name=op.f("fk_draft_comment_reply_to_draft_comment")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_draft_comment_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comment")),
    )
    op.create_index(op.f("ix_draft_comment_draft_id"), "draft_comment", ["draft_id"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_draft_comment_draft_id"), table_name="draft_comment")
    op.drop_table("draft_comment")
    op.drop_index(op.f("ix_review_act_draft_id"), table_name="review_act")
    op.drop_table("review_act")
    op.drop_table("function_holder")
    op.drop_table("review_function")
