"""Returns that are made by themselves."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "return_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.String(length=24), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("names_nobody", sa.Boolean(), nullable=False),
        sa.Column("hides_few", sa.Boolean(), nullable=False),
        sa.Column("marking", sa.String(length=60), nullable=False),
        sa.Column("way", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint("turn IN ('monthly', 'quarterly')", name=op.f("ck_return_schedule_turn_is_known")),
        sa.CheckConstraint("way IN ('letter', 'folder')", name=op.f("ck_return_schedule_way_is_known")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_return_schedule_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_return_schedule_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_schedule")),
    )
    op.create_index("ix_return_schedule_academy_id", "return_schedule", ["academy_id"], unique=False)
    op.create_index("ix_return_schedule_next_at", "return_schedule", ["next_at"], unique=False)
    keep_apart(op, "return_schedule")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("return_schedule")
