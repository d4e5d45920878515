"""Answers to the checks within pages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a student answers to a check."""
    op.create_table(
        "check_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("sure", sa.Integer(), nullable=True),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sure IS NULL OR (sure BETWEEN 1 AND 3)", name=op.f("ck_check_answer_sure_in_range")
        ),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_check_answer_digest_is_whole")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_check_answer_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_answer")),
        sa.UniqueConstraint(
            "enrolment_id", "bank", "item", name=op.f("uq_check_answer_enrolment_id_bank_item")
        ),
    )


def downgrade() -> None:
    """Take the answers to checks away."""
    op.drop_table("check_answer")
