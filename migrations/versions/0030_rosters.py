"""Rosters: spreadsheets of people, with what they would do."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("separator", sa.String(length=1), nullable=False),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("table_rows", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("says", sa.String(length=500), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('looked-through', 'under-way', 'done', 'refused')",
            name=op.f("ck_roster_status_is_known"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_roster_sha256_is_whole")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_roster_academy_id_academy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_person_id_person")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_roster_job_id_job"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
    )
    op.create_index(op.f("ix_roster_academy_id_sent_at"), "roster", ["academy_id", "sent_at"])
    keep_apart(op, "roster")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("roster")
