"""Sealed returns, and the keys that sign them."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "return_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_return_key_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_key")),
        sa.UniqueConstraint("public", name=op.f("uq_return_key_public")),
    )
    op.create_index(op.f("ix_return_key_academy_id"), "return_key", ["academy_id"])
    op.create_table(
        "sealed_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("pseudonyms", sa.String(length=200), nullable=False),
        sa.Column("hides_few", sa.Boolean(), nullable=False),
        sa.Column("marking", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("since <= until", name=op.f("ck_sealed_return_since_before_until")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_sealed_return_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_sealed_return_by_id_person")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_sealed_return_job_id_job"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["return_key.id"], name=op.f("fk_sealed_return_key_id_return_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_return")),
        sa.UniqueConstraint("academy_id", "number", name=op.f("uq_sealed_return_academy_id_number")),
    )
    keep_apart(op, "return_key")
    keep_apart(op, "sealed_return")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("sealed_return")
    op.drop_table("return_key")
