"""Who opened the attempts of whom."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "attempt_opened",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("attempt", "reflection", "script", name="opened_part", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "part IN ('attempt', 'reflection', 'script')", name=op.f("ck_attempt_opened_part_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_attempt_opened_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_opened_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attempt_opened_person_id_person")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_attempt_opened_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_opened")),
    )
    op.create_index(
        "ix_attempt_opened_academy_id_person_id_at", "attempt_opened", ["academy_id", "person_id", "at"]
    )
    op.create_index("ix_attempt_opened_attempt_id", "attempt_opened", ["attempt_id"])
    keep_apart(op, "attempt_opened")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("attempt_opened")
