"""Saved views of reports, and when each is made by itself."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "report_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("sort", sa.String(length=60), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_report_view_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_view")),
        sa.UniqueConstraint(
            "academy_id",
            "person_id",
            "dataset",
            "name",
            name=op.f("uq_report_view_academy_id_person_id_dataset_name"),
        ),
    )
    op.create_index("ix_report_view_academy_id", "report_view", ["academy_id"], unique=False)
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(length=24), nullable=False),
        sa.Column("covers", sa.String(length=24), nullable=False),
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("way", sa.String(length=24), nullable=False),
        sa.Column("marking", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "rhythm IN ('daily', 'weekly', 'monthly')", name=op.f("ck_report_schedule_rhythm_is_known")
        ),
        sa.CheckConstraint("covers IN ('view', 'before')", name=op.f("ck_report_schedule_covers_is_known")),
        sa.CheckConstraint(
            "form IN ('csv', 'xlsx', 'json', 'pdf')", name=op.f("ck_report_schedule_form_is_known")
        ),
        sa.CheckConstraint("way IN ('letter', 'folder')", name=op.f("ck_report_schedule_way_is_known")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_report_schedule_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["report_view.id"], name=op.f("fk_report_schedule_view_id_report_view")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_report_schedule_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
    )
    op.create_index("ix_report_schedule_academy_id", "report_schedule", ["academy_id"], unique=False)
    op.create_index("ix_report_schedule_next_at", "report_schedule", ["next_at"], unique=False)
    keep_apart(op, "report_view")
    keep_apart(op, "report_schedule")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("report_schedule")
    op.drop_table("report_view")
