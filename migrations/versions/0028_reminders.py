"""How academies want reminders."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "reminder_setting",
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("recertification_days", sa.Integer(), nullable=False),
        sa.Column("marking_days", sa.Integer(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23",
            name=op.f("ck_reminder_setting_hours_of_a_day"),
        ),
        sa.CheckConstraint("due_days BETWEEN 1 AND 60", name=op.f("ck_reminder_setting_due_days_in_range")),
        sa.CheckConstraint(
            "recertification_days BETWEEN 1 AND 180",
            name=op.f("ck_reminder_setting_recertification_days_in_range"),
        ),
        sa.CheckConstraint(
            "marking_days BETWEEN 1 AND 60", name=op.f("ck_reminder_setting_marking_days_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_reminder_setting_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("academy_id", name=op.f("pk_reminder_setting")),
    )
    keep_apart(op, "reminder_setting")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("reminder_setting")
